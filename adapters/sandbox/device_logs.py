"""What the fictional devices wrote into their logs during the last day.

Every device has the same ordinary lines. On top come the lines of what ails it: blocks by the endpoint agent (June),
memory pressure (Omar), a full disk (Lena), a failing disk (Ingrid), heat, an old battery, Wi-Fi, a pending update.
A line is kept by its age in minutes, never by its date.
"""

from typing import Final, NamedTuple

BLOCKED_PROCESS: Final = "com.acme.updater-helper"
BLOCK_AGES: Final = (9, 23, 37, 51, 66, 94, 141, 188, 306)
"""Minutes since the endpoint agent killed June's process; the endpoint console shows the same blocks."""


class Line(NamedTuple):
    """A log line."""

    age: int
    """Minutes."""
    level: str
    source: str
    process: str
    message: str
    action: str = "none"


_ORDINARY: Final = (
    Line(6, "info", "system", "healthd", "Storage health check passed: SMART status verified, 0 reallocated sectors"),
    Line(31, "info", "system", "powerd", "Woke from sleep on lid open"),
    Line(47, "info", "network", "dhcp", "Lease renewed for 12 hours"),
    Line(
        120, "info", "jumpcloud-agent", "jumpcloud-agent", "Policies in force: disk encryption, screen lock, firewall"
    ),
    Line(263, "info", "system", "timed", "Clock synchronised, offset 3 ms"),
    Line(415, "info", "backup", "backupd", "Backup finished: 1.2 GB in 4 minutes"),
    Line(780, "info", "system", "loginwindow", "Signed in"),
    Line(1150, "info", "jumpcloud-agent", "jumpcloud-agent", "Agent is up to date"),
)

_AILMENTS: Final[dict[str, tuple[Line, ...]]] = {
    "dev-1001": (
        *(
            Line(age, "error", "endpoint-security", BLOCKED_PROCESS,
                 f"Process {BLOCKED_PROCESS} killed by rule 'suspicious-persistence'; it was started again by launchd",
                 "blocked")
            for age in BLOCK_AGES
        ),
        Line(14, "warning", "system", "launchd", f"{BLOCKED_PROCESS} exited (signal 9), will start again in 10 s"),
        Line(58, "info", "system", "memoryd", "Memory pressure normal: 9.1 of 16 GB used, no swap"),
    ),
    "dev-1002": (
        Line(3, "warning", "system", "memoryd", "Memory pressure critical: 7.8 of 8 GB used, swap 11.4 GB"),
        Line(19, "warning", "system", "memoryd", "Memory pressure critical: 7.9 of 8 GB used, swap 10.9 GB"),
        Line(20, "warning", "system", "jetsam", "Browser tab ended to free memory: 41 tabs, 5.2 GB", "ended"),
        Line(88, "warning", "system", "memoryd", "Memory pressure high: 7.5 of 8 GB used, swap 6.1 GB"),
    ),
    "dev-1003": (
        Line(5, "error", "system", "storaged", "Volume almost full: 2.1 of 512 GB free"),
        Line(64, "warning", "backup", "backupd", "Backup skipped: not enough free space for a local snapshot"),
        Line(210, "warning", "video-editor", "media-cache", "Media cache is 214 GB"),
    ),
    "dev-1005": (
        Line(12, "warning", "system", "thermald", "CPU throttled to 1.4 GHz: 97 °C, fan at its highest speed"),
        Line(75, "warning", "system", "thermald", "CPU throttled to 1.6 GHz: 95 °C"),
    ),
    "dev-1006": (Line(130, "warning", "network", "wifid", "Roamed between access points 14 times in 10 minutes"),),
    "dev-1008": (
        Line(22, "warning", "system", "powerd", "Battery service recommended: 61 % of design capacity, 1012 cycles"),
        Line(200, "info", "update", "softwareupdated", "Update waits for a restart: macOS 14.6.1"),
    ),
    "dev-1009": (Line(33, "warning", "network", "NetworkManager", "Dock Ethernet lost its link 6 times in an hour"),),
    "dev-1010": (
        Line(15, "warning", "update", "wuauserv", "Update failed three times: 0x80070643, waits for a restart"),
        Line(300, "warning", "print", "spooler", "Print spooler stopped and was started again"),
    ),
    "dev-1011": (
        Line(7, "error", "system", "healthd", "SMART warning: 148 reallocated sectors, predicted to fail"),
        Line(25, "error", "system", "kernel", "I/O error on disk0, sector 81223344, retried"),
        Line(29, "error", "system", "kernel", "I/O error on disk0, sector 81223352, retried"),
    ),
}  # fmt: skip


def lines(device_id: str) -> tuple[Line, ...]:
    """Return the device's lines, newest first; a disk that fails has no line that says it is well."""
    ailments = _AILMENTS.get(device_id, ())
    failing = any(line.source == "system" and line.process == "healthd" for line in ailments)
    ordinary = tuple(line for line in _ORDINARY if not (failing and line.process == "healthd"))
    return tuple(sorted(ordinary + ailments))
