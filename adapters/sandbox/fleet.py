"""The fictional people of the sandbox, their accounts and their devices.

All of them work for the same invented company, and every system knows them by e-mail. June's story needs a Mac whose
logs show an endpoint agent at work; the others differ so that a diagnosis has something to find or nothing to find.
The rows are the same on every machine.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Employee:
    """Somebody who works at the invented company."""

    email: str
    name: str
    department: str
    title: str
    location: str
    manager: str
    """E-mail."""
    groups: tuple[str, ...] = ("all-staff", "vpn")
    mfa: bool = True
    status: str = "active"


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A managed device."""

    device_id: str
    hostname: str
    model: str
    os: str
    os_version: str
    owner: str
    memory_gb: int
    disk_gb: int
    disk_free_gb: float
    seen: int
    """Minutes since it was last seen."""
    encrypted: bool = True


PEOPLE: Final = (
    Employee(email="june@example.com", name="June Park", department="Marketing", title="Content Strategist",
             location="London", manager="priya@example.com"),
    Employee(email="omar@example.com", name="Omar Haddad", department="Data", title="Analyst",
             location="London", manager="david@example.com", groups=("all-staff", "vpn", "warehouse-readers")),
    Employee(email="lena@example.com", name="Lena Vogel", department="Design", title="Video Producer",
             location="Berlin", manager="priya@example.com", groups=("all-staff", "vpn", "creative-suite")),
    Employee(email="sam@example.com", name="Sam Okafor", department="IT", title="Support Lead",
             location="London", manager="david@example.com", groups=("all-staff", "vpn", "it-admins")),
    Employee(email="priya@example.com", name="Priya Nair", department="Marketing", title="Head of Marketing",
             location="London", manager="david@example.com"),
    Employee(email="mateo@example.com", name="Mateo Silva", department="Sales", title="Account Executive",
             location="Lisbon", manager="ingrid@example.com", groups=("all-staff", "vpn", "crm")),
    Employee(email="aiko@example.com", name="Aiko Tanaka", department="Engineering", title="Software Engineer",
             location="Tokyo", manager="noah@example.com", groups=("all-staff", "vpn", "developers")),
    Employee(email="noah@example.com", name="Noah Clarke", department="Engineering", title="Engineering Manager",
             location="London", manager="david@example.com", groups=("all-staff", "vpn", "developers")),
    Employee(email="fatima@example.com", name="Fatima Zahra", department="Finance", title="Accountant",
             location="London", manager="david@example.com", groups=("all-staff", "vpn", "ledger"), mfa=False),
    Employee(email="ingrid@example.com", name="Ingrid Larsen", department="Sales", title="Head of Sales",
             location="Oslo", manager="david@example.com", groups=("all-staff", "vpn", "crm")),
    Employee(email="david@example.com", name="David Cohen", department="Operations", title="Chief Operating Officer",
             location="London", manager=""),
)  # fmt: skip

MACHINES: Final = (
    Machine(device_id="dev-1001", hostname="JUNE-MBP-14", model="MacBook Pro 14 (M2 Pro, 2023)", os="macOS",
            os_version="14.4.1", owner="june@example.com", memory_gb=16, disk_gb=512, disk_free_gb=183.4, seen=4),
    Machine(device_id="dev-1002", hostname="OMAR-MBA-13", model="MacBook Air 13 (M1, 2020)", os="macOS",
            os_version="14.6.1", owner="omar@example.com", memory_gb=8, disk_gb=256, disk_free_gb=71.2, seen=2),
    Machine(device_id="dev-1003", hostname="LENA-MBP-16", model="MacBook Pro 16 (M1 Max, 2021)", os="macOS",
            os_version="14.5", owner="lena@example.com", memory_gb=32, disk_gb=512, disk_free_gb=2.1, seen=11),
    Machine(device_id="dev-1004", hostname="SAM-X1C-11", model="ThinkPad X1 Carbon Gen 11", os="Windows",
            os_version="11 23H2", owner="sam@example.com", memory_gb=32, disk_gb=1024, disk_free_gb=640.0, seen=1),
    Machine(device_id="dev-1005", hostname="PRIYA-XPS-13", model="Dell XPS 13 9320", os="Windows",
            os_version="11 22H2", owner="priya@example.com", memory_gb=16, disk_gb=512, disk_free_gb=210.7, seen=8),
    Machine(device_id="dev-1006", hostname="MATEO-MBA-15", model="MacBook Air 15 (M2, 2023)", os="macOS",
            os_version="14.6.1", owner="mateo@example.com", memory_gb=16, disk_gb=512, disk_free_gb=301.0, seen=95),
    Machine(device_id="dev-1007", hostname="MATEO-IPHONE", model="iPhone 14", os="iOS",
            os_version="17.6", owner="mateo@example.com", memory_gb=6, disk_gb=128, disk_free_gb=40.3, seen=6),
    Machine(device_id="dev-1008", hostname="AIKO-MBP-14", model="MacBook Pro 14 (M1 Pro, 2021)", os="macOS",
            os_version="13.6.9", owner="aiko@example.com", memory_gb=32, disk_gb=1024, disk_free_gb=498.9, seen=17),
    Machine(device_id="dev-1009", hostname="NOAH-T14-4", model="ThinkPad T14 Gen 4", os="Ubuntu",
            os_version="22.04", owner="noah@example.com", memory_gb=32, disk_gb=512, disk_free_gb=120.5, seen=3),
    Machine(device_id="dev-1010", hostname="FATIMA-LAT-54", model="Dell Latitude 5440", os="Windows",
            os_version="11 22H2", owner="fatima@example.com", memory_gb=16, disk_gb=512, disk_free_gb=333.3, seen=26,
            encrypted=False),
    Machine(device_id="dev-1011", hostname="INGRID-SRF-5", model="Surface Laptop 5", os="Windows",
            os_version="11 23H2", owner="ingrid@example.com", memory_gb=16, disk_gb=256, disk_free_gb=88.8, seen=40),
    Machine(device_id="dev-1012", hostname="DAVID-MBP-14", model="MacBook Pro 14 (M3, 2023)", os="macOS",
            os_version="14.6.1", owner="david@example.com", memory_gb=18, disk_gb=1024, disk_free_gb=702.6, seen=5),
)  # fmt: skip


def folded(email: str) -> str:
    """Return an e-mail as the books keep it."""
    return email.strip().casefold()
