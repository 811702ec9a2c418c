"""Who reads standard, private and shared channels, public teams and group chats; and that unknown means no."""

import pytest

from bot.errors import TemporaryError
from tests.contract.teams.teams_at_work import CHANNEL, SAM, SUPPORT, TEAM, at, teams_at_work
from tests.fakes.faults import http_error
from tests.fakes.memory import MemoryStorage
from tests.fakes.teams_graph import READ_TEAM


async def test_a_channel_of_the_whole_team_is_read_by_the_whole_team() -> None:
    """Whatever the channel's own roster leaves out."""
    async with teams_at_work(storage=MemoryStorage()) as bench:
        bench.platform.add_channel("19:desk@thread.tacv2", team=TEAM, members=[SAM])
        await bench.platform.says(SAM, "19:desk@thread.tacv2", "hello")

        readers = await bench.teams.audience.readers(at("19:desk@thread.tacv2"))

        assert readers is not None
        assert {"erin@example.com", "sam@example.com"} == readers.emails
        asked = [call.path.partition("/conversations/")[2] for call in bench.platform.calls_to("members")]
        assert {f"{channel}/pagedmembers" for channel in ("19:desk@thread.tacv2", TEAM)} == set(asked)


async def test_a_private_channel_is_read_by_its_own_members() -> None:
    """Not by the team, however public that is."""
    async with teams_at_work(storage=MemoryStorage(), graph=True) as bench:
        bench.platform.graph.set_visibility(TEAM, "public")
        await bench.platform.says(SAM, SUPPORT, "hello")

        readers = await bench.teams.audience.readers(at(SUPPORT))

        assert readers is not None
        assert ({"sam@example.com"}, False, True) == (set(readers.emails), readers.everyone, readers.certain)


async def test_a_shared_channel_counts_as_read_by_outsiders() -> None:
    """It may be shared on at any moment, and who comes in through another team need not be on its roster."""
    async with teams_at_work(storage=MemoryStorage()) as bench:
        bench.platform.add_channel("19:shared@thread.tacv2", team=TEAM, members=[SAM], access="shared")
        await bench.platform.says(SAM, "19:shared@thread.tacv2", "hello")

        readers = await bench.teams.audience.readers(at("19:shared@thread.tacv2"))

        assert readers is not None
        assert readers.outsiders


@pytest.mark.parametrize(
    ("visibility", "everyone", "certain"),
    [("public", True, True), ("private", False, True), ("hiddenMembership", False, True), ("moonlit", False, False)],
)
async def test_everybody_reads_a_public_team(visibility: str, *, everyone: bool, certain: bool) -> None:
    """Whoever wants to may join it; what Graph says and we do not know means no."""
    async with teams_at_work(storage=MemoryStorage(), graph=True) as bench:
        bench.platform.graph.set_visibility(TEAM, visibility)
        await bench.platform.says(SAM, CHANNEL, "hello")

        readers = await bench.teams.audience.readers(at(CHANNEL))

        assert readers is not None
        assert (everyone, certain) == (readers.everyone, readers.certain)


async def test_a_team_of_which_graph_says_nothing_is_unknown() -> None:
    """The permission is missing, or nobody has told yet of which team the channel is."""
    async with teams_at_work(storage=MemoryStorage(), graph=True) as bench:
        untold = await bench.teams.audience.readers(at(CHANNEL))
        bench.platform.graph.refuse_graph(TEAM, READ_TEAM)
        await bench.platform.says(SAM, CHANNEL, "hello")
        refused_then = await bench.teams.audience.readers(at(CHANNEL))

        assert untold is not None
        assert refused_then is not None
        assert (False, False) == (untold.certain, refused_then.certain)


async def test_a_channel_that_was_listed_when_the_app_was_added_is_known_before_anybody_writes_there() -> None:
    """The list names no group of the directory; the team's own announcement did."""
    async with teams_at_work(storage=MemoryStorage(), graph=True) as bench:
        await bench.platform.members.installs(TEAM)

        readers = await bench.teams.audience.readers(at(CHANNEL))

        assert readers is not None
        assert readers.certain


async def test_the_first_channel_of_a_team_is_known_before_anybody_writes_there() -> None:
    """Its id is the team's."""
    async with teams_at_work(storage=MemoryStorage(), graph=True) as bench:
        bench.platform.add_team("19:first@thread.tacv2", name="First")
        bench.platform.add_channel("19:first@thread.tacv2", team="19:first@thread.tacv2", members=[SAM])

        private = await bench.teams.audience.readers(at("19:first@thread.tacv2"))
        bench.platform.graph.set_visibility("19:first@thread.tacv2", "public")
        public = await bench.teams.audience.readers(at("19:first@thread.tacv2"))

        assert private is not None
        assert public is not None
        assert [(False, True), (True, True)] == [(one.everyone, one.certain) for one in (private, public)]


async def test_graph_that_fails_is_asked_again() -> None:
    """The note waits."""
    async with teams_at_work(storage=MemoryStorage(), graph=True) as bench:
        await bench.platform.says(SAM, CHANNEL, "hello")
        bench.platform.faults.inject("graph", http_error(503), http_error(503))

        with pytest.raises(TemporaryError):
            await bench.teams.audience.readers(at(CHANNEL))


async def test_a_group_chat_is_no_support_channel() -> None:
    """It has no threads, so that one request's notes would stand among another's; for what is public it is a chat like others."""
    async with teams_at_work() as bench:
        chat = bench.platform.add_chat("19:few@thread.v2", members=[SAM])

        assert await bench.teams.audience.readers(at(chat)) is None
        assert await bench.teams.audience.readers(at(chat, "group")) is not None


async def test_an_app_on_a_roster_is_no_reader() -> None:
    """It has no mailbox, and would make every audience uncertain."""
    async with teams_at_work() as bench:
        bench.platform.add_person("28:calendar", name="Calendar")
        bench.platform.set_place(SUPPORT, members=[SAM, "28:calendar"])

        readers = await bench.teams.audience.readers(at(SUPPORT))

        assert readers is not None
        assert readers.certain
