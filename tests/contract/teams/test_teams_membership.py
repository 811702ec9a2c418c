"""Who comes to a team or leaves it is told of each channel of ours that they can read, before Teams is answered, and once."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from adapters.teams.whereabouts import Whereabouts, told_by
from bot.errors import TemporaryError
from bot.known_channel import KnownChannel, known_channel_id
from bot.readership import AudienceChange
from tests.contract.teams.teams_at_work import CHANNEL, ERIN, SAM, SUPPORT, TEAM, AtWork, teams_at_work
from tests.fakes.faults import http_error, refused
from tests.fakes.memory import MemoryStorage
from tests.fakes.teams_state import TENANT

DESK = "19:desk@thread.tacv2"
SHARED = "19:shared@thread.tacv2"


@dataclass
class Told:
    """Keeps what was announced; raises what `failures` holds first."""

    changes: list[AudienceChange] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)

    async def noticed(self, change: AudienceChange) -> None:
        """Keep the change."""
        if self.failures:
            raise self.failures.pop(0)
        self.changes.append(change)

    def of(self, channel: str) -> list[tuple[str, str]]:
        """Give what was told of a channel: what, and of whom."""
        found = [one for one in self.changes if one.place is not None and one.place.channel == channel]
        return [(one.what, one.identity.user if one.identity else "") for one in found]


@asynccontextmanager
async def telling(
    storage: MemoryStorage | None = None, private: Sequence[str] = (SUPPORT, DESK, SHARED)
) -> AsyncIterator[tuple[AtWork, Told]]:
    """Run both sides, with a private channel (SUPPORT), a shared one, and one of ours that the whole team reads (DESK)."""
    told = Told()
    kept = storage or MemoryStorage()
    async with teams_at_work(storage=kept, changed=told.noticed, private=private) as bench:
        bench.platform.add_channel(DESK, team=TEAM, name="Desk", members=[SAM])
        bench.platform.add_channel(SHARED, team=TEAM, name="Shared", members=[SAM], access="shared")
        bench.platform.add_person("29:june", name="June", email="june@example.com")
        yield bench, told


async def test_who_joins_a_team_can_read_each_channel_that_the_whole_team_reads() -> None:
    """The announcement names the team alone; which channel of ours is in it is asked once, and a private one is not meant."""
    async with telling() as (bench, told):
        await bench.platform.members.joins_team("29:june", team=TEAM)
        await bench.platform.members.leaves_team("29:june", team=TEAM)

        assert [("joined", "aad-june"), ("left", "aad-june")] == told.of(DESK)
        assert [] == [what for what, _ in told.of(SUPPORT) if what == "joined"]
        assert 1 == len(bench.platform.calls_to("team"))


async def test_who_joins_a_private_channel_is_told_of_that_channel() -> None:
    """Its announcement comes under its own id."""
    async with telling() as (bench, told):
        await bench.platform.members.joins_channel("29:june", channel=SUPPORT)
        await bench.platform.members.leaves_channel("29:june", channel=SUPPORT)

        assert [("joined", "aad-june"), ("left", "aad-june")] == told.of(SUPPORT)
        assert [] == told.of(DESK)


async def test_each_of_several_who_join_is_told_of() -> None:
    """By a key of their own: what is told once is told once of each."""
    async with telling() as (bench, told):
        await bench.platform.members.joins_channel("29:june", SUPPORT, [ERIN])

        assert 2 == len({change.key for change in told.changes})


async def test_it_is_asked_who_joined_in_the_channel_that_they_joined() -> None:
    """They never wrote to Atom, and it need not be installed for them."""
    async with telling() as (bench, told):
        bench.platform.add_person("29:guest", name="Gus", email="gus@partner.com", role="guest", installed=False)

        await bench.platform.members.joins_channel("29:guest", channel=SUPPORT)

        assert told.changes[0].identity is not None
        profile = await bench.teams.audience.profile(told.changes[0].identity)
        assert profile is not None
        assert profile.identity.guest


@pytest.mark.parametrize(
    ("event", "what"),
    [
        ("teamArchived", "archived"),
        ("teamUnarchived", "unarchived"),
        ("teamDeleted", "deleted"),
        ("teamHardDeleted", "deleted"),
        ("teamRestored", "unarchived"),
    ],
)
async def test_what_happens_to_a_team_happens_to_its_channels(event: str, what: str) -> None:
    """To those with members of their own too, once they are known."""
    async with telling() as (bench, told):
        await bench.platform.members.joins_channel(ERIN, channel=SUPPORT)
        await bench.platform.members.happens(TEAM, event)

        assert (what, "") == told.of(DESK)[-1]
        assert (what, "") == told.of(SUPPORT)[-1]


async def test_what_happens_to_a_channel_happens_to_it_alone() -> None:
    """It is shared, taken back, deleted, restored; a new name changes no audience."""
    async with telling() as (bench, told):
        await bench.platform.members.shares(SHARED, team="19:else@thread.tacv2", tenant="elsewhere")
        await bench.platform.members.unshares(SHARED, team="19:else@thread.tacv2", tenant="elsewhere")
        for event in ("channelDeleted", "channelRestored", "channelRenamed", "channelCreated"):
            await bench.platform.members.happens(SHARED, event)
        await bench.platform.members.happens(TEAM, "teamRenamed")

        assert ["shared", "unshared", "deleted", "unarchived"] == [what for what, _ in told.of(SHARED)]
        assert [] == told.of(DESK)


async def test_atoms_leaving_is_told_once_though_teams_says_it_twice() -> None:
    """And again when it was there in between."""
    async with telling() as (bench, told):
        await bench.platform.members.installs(TEAM)
        await bench.platform.members.uninstalls(TEAM)
        first = [what for what, _ in told.of(DESK)]
        await bench.platform.members.installs(TEAM)
        await bench.platform.members.uninstalls(TEAM)
        keys = {change.key for change in told.changes if change.what == "atom_left"}

        assert ["atom_joined", "atom_joined", "atom_left"] == first
        assert 2 == len(keys)


async def test_whoever_writes_where_atom_was_removed_shows_that_it_is_back() -> None:
    """Though the announcement of that was lost; its next leaving is told again."""
    async with telling() as (bench, told):
        await bench.platform.says(SAM, DESK, "hello")
        await bench.platform.members.uninstalls(TEAM)
        bench.platform.set_place(DESK, refuses="")
        await bench.platform.says(SAM, DESK, "hello")
        await bench.platform.members.uninstalls(TEAM)

        assert 2 == len([what for what, _ in told.of(DESK) if what == "atom_left"])


async def test_atom_is_removed_from_one_private_channel() -> None:
    """The team keeps it."""
    async with telling() as (bench, told):
        await bench.platform.members.installs(TEAM)
        await bench.platform.members.installs(SUPPORT)
        await bench.platform.members.uninstalls(SUPPORT)

        assert "atom_left" == told.of(SUPPORT)[-1][0]
        assert "atom_left" not in [what for what, _ in told.of(DESK)]


async def test_what_could_not_be_handled_is_brought_again() -> None:
    """503, and with the same key, so that nothing is told twice."""
    async with telling() as (bench, told):
        told.failures.append(TemporaryError("the database is away"))

        refused_then = (await bench.platform.members.joins_channel("29:june", channel=SUPPORT)).status
        await bench.platform.redeliver_unanswered()

        assert 503 == refused_then
        assert [("joined", "aad-june")] == told.of(SUPPORT)


async def test_channels_that_cannot_be_listed_now_are_asked_for_again() -> None:
    """Somebody may have joined a channel of ours."""
    async with telling() as (bench, told):
        bench.platform.faults.inject("team", http_error(500))

        first = (await bench.platform.members.joins_team("29:june", team=TEAM)).status
        await bench.platform.redeliver_unanswered()

        assert 503 == first
        assert ("joined", "aad-june") in told.of(DESK)


async def test_a_channel_that_is_known_is_told_of_before_others_are_asked_for() -> None:
    """Whoever joined reads there already; and what comes again has the same key."""
    async with telling() as (bench, told):
        await bench.platform.says(SAM, DESK, "hello")
        bench.platform.faults.inject("team", http_error(500))

        await bench.platform.members.joins_team("29:june", team=TEAM)
        at_once = told.of(DESK)[1:]
        await bench.platform.redeliver_unanswered()
        keys = {change.key for change in told.changes if change.what == "joined"}

        assert [("joined", "aad-june")] == at_once
        assert 1 == len(keys)


async def test_a_team_whose_channels_are_not_told_is_no_obstacle() -> None:
    """A refusal is final."""
    async with telling() as (bench, told):
        bench.platform.faults.inject("team", refused("BotNotInConversationRoster"))

        assert 202 == (await bench.platform.members.joins_team("29:june", team=TEAM)).status
        assert [("joined", "aad-june")] == told.of(TEAM)


async def test_what_is_known_of_channels_survives_a_restart() -> None:
    """Nothing is asked again, and nothing was said in the channel since."""
    storage = MemoryStorage()
    async with telling(storage) as (bench, _):
        await bench.platform.members.installs(TEAM)
    async with telling(storage, private=[DESK]) as (bench, told):
        await bench.platform.members.joins_team("29:june", team=TEAM)

        assert [("joined", "aad-june")] == told.of(DESK)
        assert [] == [call for call in bench.platform.calls_to("team") if call.path.endswith("/conversations")]


async def test_a_chat_teaches_nothing_of_a_team_whatever_it_names() -> None:
    """Teams writes channelData, not the person; even if somebody could, their own chat says nothing about a team."""
    storage = MemoryStorage()
    async with telling(storage) as (bench, told):
        said = await bench.platform.says(ERIN, ERIN, "hello")
        named = {"team": {"id": "19:forged@thread.tacv2"}, "channel": {"id": SUPPORT, "type": "private"}}
        forged = {**said, "id": "2", "channelData": {**said["channelData"], **named, "eventType": "teamMemberAdded"}}
        update = {**forged, "id": "3", "type": "conversationUpdate", "membersAdded": [{"id": ERIN}]}
        await bench.platform.deliver(forged)
        await bench.platform.deliver(update)

        assert [] == told.changes
        assert [] == await storage.read(lambda reader: reader.find(KnownChannel))


async def test_a_message_in_one_channel_teaches_nothing_of_another() -> None:
    """What it says of its channel is believed of the channel that it came from."""
    storage = MemoryStorage()
    async with telling(storage) as (bench, _):
        said = await bench.platform.says(ERIN, CHANNEL, "hello")
        named = {"channel": {"id": SUPPORT, "type": "standard"}}
        await bench.platform.deliver({**said, "id": "2", "channelData": {**said["channelData"], **named}})
        key = known_channel_id("teams", TENANT, SUPPORT)

        assert await storage.read(lambda reader: reader.get(KnownChannel, key)) is None


async def test_a_message_that_tells_of_which_team_a_channel_is_has_its_notes_looked_at_anew() -> None:
    """They were held while nobody knew whether the team is public; what is said later tells nothing new, nor after a restart."""
    storage = MemoryStorage()
    async with telling(storage) as (bench, told):
        await bench.platform.says(SAM, SUPPORT, "hello")
        again = await bench.platform.says(SAM, SUPPORT, "hello again")
        after_a_restart = await Whereabouts(storage).learn(told_by(again))

        assert [("atom_joined", "")] == told.of(SUPPORT)
        assert [] == after_a_restart


async def test_it_is_kept_where_the_channels_of_a_team_are_reached() -> None:
    """Nobody need have written there before the first post."""
    storage = MemoryStorage()
    async with telling(storage) as (bench, _):
        await bench.platform.members.installs(TEAM)
        found = await storage.read(lambda reader: reader.find(KnownChannel))

        assert {bench.platform.service_url} == {item.service_url for item in found}
        assert {DESK, CHANNEL, TEAM} == {item.channel for item in found}


async def test_a_welcome_comes_once_however_often_atom_is_added() -> None:
    """In a team nobody is welcomed; somebody's own chat is, as before."""
    async with telling() as (bench, _):
        await bench.platform.members.installs(TEAM)
        await bench.platform.joins(ERIN, ERIN, bot=True)

        assert ["opened"] == [arrival.message.kind for arrival in bench.desk.arrivals]
