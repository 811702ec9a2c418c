"""A small workforce for tests of the core: three workspaces, their coworkers, the people around them."""

from dataclasses import replace

from bot.conversation import Conversation, conversation_id
from bot.ids import CoworkerId, IdentityId, PersonId, WorkspaceId
from bot.person import Identity, Person, Role
from bot.ports import Profile as SaidProfile
from bot.ports import Readers
from bot.workspace import CoworkerKind, Workspace
from coworkers.profile import Mode, Profile, Skill, Workforce, digest
from tests.fakes.tools import JUMPCLOUD

IT, HR, SEC = WorkspaceId("it-support"), WorkspaceId("people-ops"), WorkspaceId("security")

WORKSPACES = (
    Workspace(
        id=IT,
        name="IT Support",
        prefix="IT",
        about="Laptops, accounts, apps.",
        triage=CoworkerId("it-triage"),
        support_channels={"slack": "CIT"},
        sees=frozenset({SEC}),
        default=True,
        groups={"devices": ("sam@example.com", "hardware-engineer")},
    ),
    Workspace(
        id=HR,
        name="People Ops",
        prefix="HR",
        about="Leave, contracts.",
        triage=CoworkerId("hr-triage"),
        support_channels={"slack": "CHR"},
    ),
    Workspace(
        id=SEC,
        name="Security",
        prefix="SEC",
        about="Malware, phishing.",
        triage=CoworkerId("security-triage"),
        support_channels={"slack": "CSEC"},
    ),
)

GRANTS: dict[str, dict[str, Mode]] = {
    "jumpcloud": {
        "get_device": "allow",
        "get_device_logs": "allow",
        "read_mail": "allow",
        "tag_device": "allow",
        "lock_device": "allow",
        "reset_password": "ask",
        "wipe_device": "allow",
        "launch_rocket": "allow",
    }
}


def coworker(key: str, kind: CoworkerKind = "specialist", workspace: WorkspaceId | None = IT) -> Profile:
    """Return a coworker; specialists of IT Support have grants."""
    granted = GRANTS if kind == "specialist" and workspace == IT else {}
    name = key.replace("-", " ").title()
    return Profile(
        id=CoworkerId(key),
        name=name,
        kind=kind,
        workspace=workspace,
        grants=granted,
        version=digest(key),
        manager="lead@example.com",
    )


COWORKERS = (
    coworker("global-triage", "global_triage", None),
    coworker("it-triage", "triage"),
    coworker("hr-triage", "triage", HR),
    coworker("security-triage", "triage", SEC),
    replace(coworker("hardware-engineer"), skills=("slow-laptop-diagnosis",)),
    coworker("software-engineer"),
    coworker("leave-specialist", workspace=HR),
    coworker("security-specialist", workspace=SEC),
    replace(coworker("retired-engineer"), state="retired"),
)

WORKFORCE = Workforce(
    name="Example",
    time_zone="UTC",
    workspaces={item.id: item for item in WORKSPACES},
    coworkers={item.id: item for item in COWORKERS},
    tools={JUMPCLOUD.id: JUMPCLOUD},
    skills={
        "slow-laptop-diagnosis": Skill(name="slow-laptop-diagnosis", description="Slow laptops.", body="Read the logs.")
    },
)


def with_coworkers(*changed: Profile) -> Workforce:
    """Return the workforce with some coworkers replaced."""
    return replace(WORKFORCE, coworkers={**WORKFORCE.coworkers, **{item.id: item for item in changed}})


def person(key: str, *roles: Role) -> Person:
    """Return a person known by e-mail."""
    return Person(
        id=PersonId(key),
        name=key.title(),
        email=f"{key}@example.com",
        roles=(Role(name="employee"), *roles),
    )


PEOPLE = (
    person("maria"),
    person("bo"),
    person("sam", Role(name="agent", workspace=IT)),
    person("ida", Role(name="agent", workspace=IT)),
    person("ann", Role(name="agent", workspace=SEC)),
)
"""Maria asks; Bo is another employee; Sam and Ida are agents of IT Support, Ann of Security."""


def account(key: str, platform: str = "slack") -> Identity:
    """Return somebody's chat account, not linked yet."""
    where = "slack" if platform == "slack" else "teams"
    return Identity(
        id=IdentityId(f"{where}:T1:U{key.upper()}"),
        platform="slack" if platform == "slack" else "teams",
        tenant="T1",
        user=f"U{key.upper()}",
        name=key.title(),
    )


def said_profile(key: str, platform: str = "slack", *, guest: bool = False) -> SaidProfile:
    """Return what the platform says of somebody: name and verified e-mail."""
    return SaidProfile(identity=replace(account(key, platform), email=f"{key}@example.com", guest=guest))


def direct(key: str = "maria", thread: str | None = "1") -> Conversation:
    """Return somebody's conversation with Atom."""
    channel = f"D{key.upper()}"
    return Conversation(
        id=conversation_id("slack", "T1", channel, thread),
        platform="slack",
        tenant="T1",
        channel=channel,
        thread=thread,
        kind="direct",
    )


STAFF = Readers(
    identities=frozenset({"slack:T1:USAM", "slack:T1:UIDA", "slack:T1:UANN"}),
    emails=frozenset({"sam@example.com", "ida@example.com", "ann@example.com"}),
)
"""Who reads the support channels."""
