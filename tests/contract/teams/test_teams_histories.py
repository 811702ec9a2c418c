"""Whatever comes and goes in a team: a private note is let through only where nobody reads who must not, at that moment.

The clock stands still, so that what was remembered of an audience is forgotten by Teams' announcements alone. What the note is judged by is
the real chain: announcements over HTTP, the memory of audiences, the firewall. What is right is read from the local Teams.
"""

import asyncio
from dataclasses import dataclass, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.audience_changes import AudienceChanges
from bot.clearance import Case, cleared
from bot.conversation import Conversation
from bot.desk.desk import Desk
from bot.firewall import Allowed
from bot.ids import ConversationId, CoworkerId, WorkspaceId
from bot.labels import Visibility
from bot.person import Identity, identity_id
from bot.remembered import RememberedAudience
from bot.reply import Reply
from bot.request import Request
from bot.workspace import Workspace
from tests.contract.teams.teams_at_work import ERIN, SAM, SUPPORT, TEAM, AtWork, teams_at_work
from tests.fakes.clock import FrozenClock
from tests.fakes.memory import MemoryStorage
from tests.fakes.records import example
from tests.fakes.teams_state import TENANT, RefusalError
from tests.unit.desk.outbox_scene import OneWorkspace

DESK, SHARED = "19:desk@thread.tacv2", "19:shared@thread.tacv2"
WELCOME = ("29:gus", "29:olga", "29:nemo", ERIN)
"""A guest, somebody of another organisation, somebody without an address, and the requester."""
OWN = st.sampled_from([SUPPORT, SHARED])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["joins_team", "leaves_team"]), st.sampled_from(WELCOME), st.just(TEAM)),
        st.tuples(st.sampled_from(["joins_channel", "leaves_channel"]), st.sampled_from(WELCOME), OWN),
        st.tuples(st.sampled_from(["installs", "uninstalls"]), st.just(""), st.sampled_from([TEAM, SUPPORT])),
        st.tuples(st.just("note"), st.just(""), st.sampled_from([SUPPORT, SHARED, DESK])),
        st.tuples(st.just("note"), st.just(""), st.sampled_from([SUPPORT, DESK])),
    ),
    min_size=6,
    max_size=18,
)
ERINS = Identity(
    id=identity_id("teams", TENANT, "aad-erin"),
    platform="teams",
    tenant=TENANT,
    user="aad-erin",
    email="erin@example.com",
)


@dataclass(frozen=True, kw_only=True)
class Office:
    """What judges a note."""

    bench: AtWork
    desk: Desk
    audience: RememberedAudience

    async def let_through(self, channel: str) -> bool:
        """Tell whether a private note about Erin's request may be posted in a channel now."""
        thread = Conversation(
            id=ConversationId("support"), platform="teams", tenant=TENANT, channel=channel, kind="support"
        )
        case = Case(
            reply=replace(example(Reply), visibility=Visibility.PRIVATE, kind="note"),
            conversation=thread,
            request=example(Request),
            workspace=workspace(channel),
            accounts=(ERINS,),
            email=ERINS.email,
        )
        return isinstance(await cleared(case, self.desk, self.audience), Allowed)

    def may(self, channel: str) -> bool:
        """Tell whether nobody reads there who must not, as Teams alone knows."""
        try:
            roster = [self.bench.platform.tenant.people[key] for key in self.bench.platform.tenant.roster(channel)]
        except RefusalError:
            return False
        ours = [one for one in roster if one.role == "user" and one.tenant == TENANT and one.email and one.id != ERIN]
        shared = self.bench.platform.tenant.places[channel].access == "shared"
        return bool(roster) and len(ours) == len(roster) and not shared


def workspace(channel: str) -> Workspace:
    """Give the workspace, with this support channel."""
    return Workspace(
        id=WorkspaceId("it"),
        name="IT",
        prefix="IT",
        about="",
        triage=CoworkerId("t"),
        support_channels={"teams": channel},
    )


async def play(steps: list[tuple[str, str, str]]) -> tuple[list[str], int]:
    """Live through a history; return the notes that were wrongly let through, and how many were let through at all."""
    storage = MemoryStorage()
    changes = AudienceChanges(storage)
    wrong, through = [], 0
    async with teams_at_work(storage=storage, changed=changes.noticed, private=[SUPPORT, SHARED, DESK]) as bench:
        furnish(bench)
        clock = FrozenClock()
        desk = Desk(directory=OneWorkspace(workspace(DESK)), clock=clock, platforms=frozenset({"teams"}))
        audience = RememberedAudience(bench.teams.audience, clock)
        changes.serve(desk, audience)
        office = Office(bench=bench, desk=desk, audience=audience)
        for channel in (TEAM, SUPPORT, SHARED):
            await bench.platform.members.installs(channel)
        for verb, who, where in steps:
            if verb != "note":
                await happens(bench, verb, who, where)
            elif await office.let_through(where):
                through += 1
                wrong += [] if office.may(where) else [where]
    return wrong, through


def furnish(bench: AtWork) -> None:
    """Add those who must not read, and channels where Sam alone does."""
    platform = bench.platform
    platform.tenant.change("19:help@thread.tacv2", members=(SAM,))
    platform.add_channel(DESK, team=TEAM, members=[SAM])
    platform.add_channel(SHARED, team=TEAM, members=[SAM], access="shared")
    platform.add_person("29:gus", name="Gus", email="gus@partner.com", role="guest")
    platform.add_person("29:olga", name="Olga", email="olga@other.com", tenant="elsewhere")
    platform.add_person("29:nemo", name="Nemo")


async def happens(bench: AtWork, verb: str, who: str, where: str) -> None:
    """Let Teams do and announce something."""
    members = bench.platform.members
    if verb in {"installs", "uninstalls"}:
        await getattr(members, verb)(where)
    elif verb.endswith("team"):
        await getattr(members, verb)(who, team=where)
    else:
        await getattr(members, verb)(who, channel=where)


@settings(max_examples=6)
@given(STEPS)
def test_a_private_note_never_stands_where_somebody_reads_who_must_not(steps: list[tuple[str, str, str]]) -> None:
    """The requester, a guest, somebody of another organisation, somebody unknown; joined by whichever door."""
    wrong, _ = asyncio.run(play(steps))

    assert [] == wrong


def test_a_private_note_goes_where_the_agents_alone_read() -> None:
    """And again once whoever must not read has left."""
    history = [("note", "", SUPPORT), ("note", "", DESK), ("joins_team", ERIN, TEAM), ("note", "", DESK)]
    after = [("leaves_team", ERIN, TEAM), ("note", "", DESK), ("uninstalls", "", TEAM), ("note", "", DESK)]

    assert ([], 4) == asyncio.run(play([*history, *after, ("installs", "", TEAM), ("note", "", DESK)]))
