"""Who can read, and who somebody is, as Teams says; what Teams does not say is None."""

import pytest

from bot.conversation import ConversationKind, Place
from bot.errors import TemporaryError
from bot.person import Identity, identity_id
from tests.contract.teams.teams_at_work import CHANNEL, ERIN, SAM, SUPPORT, TEAM, teams_at_work
from tests.fakes.faults import Fault, http_error, rate_limited, refused, reset
from tests.fakes.memory import MemoryStorage
from tests.fakes.teams_graph import READ_TEAM
from tests.fakes.teams_state import TENANT


def at(channel: str, kind: ConversationKind = "support") -> Place:
    """Give a place in the tenant."""
    return Place(platform="teams", tenant=TENANT, channel=channel, kind=kind)


def somebody(user: str) -> Identity:
    """Give an identity as it arrives: by the directory's id."""
    return Identity(id=identity_id("teams", TENANT, user), platform="teams", tenant=TENANT, user=user)


async def test_the_members_of_a_channel_are_its_readers() -> None:
    """By both of their ids, and by their mail, lower case."""
    async with teams_at_work() as bench:
        readers = await bench.teams.audience.readers(at(CHANNEL, "channel"))

        assert readers is not None
        assert readers.emails == {"erin@example.com", "sam@example.com"}
        assert {f"teams:{TENANT}:aad-erin", f"teams:{TENANT}:{SAM}"} <= readers.identities
        assert (readers.outsiders, readers.everyone, readers.certain) == (False, False, True)


async def test_a_roster_is_read_to_its_last_page() -> None:
    """Half a roster would hide the requester."""
    async with teams_at_work() as bench:
        people = [bench.platform.add_person(f"29:p{n}", name=f"P {n}", email=f"p{n}@example.com") for n in range(7)]
        bench.platform.set_place(SUPPORT, members=people)
        bench.platform.connector.page_size = 3

        readers = await bench.teams.audience.readers(at(SUPPORT))

        assert readers is not None
        assert len(readers.emails) == 7


@pytest.mark.parametrize(
    "fields",
    [
        {"email": "x@partner.com", "role": "guest"},
        {"email": "x@partner.com", "role": "anonymous"},
        {"email": "x@partner.com", "tenant": "another-tenant"},
        {"email": "x_partner.com#EXT#@example.onmicrosoft.com"},
    ],
)
async def test_guests_and_strangers_are_outsiders(fields: dict[str, str]) -> None:
    """By role, by home tenant, or by the directory's mark; their addresses are not believed."""
    async with teams_at_work() as bench:
        bench.platform.add_person("29:guest", name="Guest", **fields)
        bench.platform.set_place(SUPPORT, members=[SAM, "29:guest"])

        readers = await bench.teams.audience.readers(at(SUPPORT))

        assert readers is not None
        assert readers.outsiders
        assert readers.emails == {"sam@example.com"}


async def test_a_member_without_an_address_makes_it_uncertain() -> None:
    """It could be the requester under another account."""
    async with teams_at_work() as bench:
        bench.platform.add_person("29:nomail", name="No Mail")
        bench.platform.set_place(SUPPORT, members=[SAM, "29:nomail"])

        readers = await bench.teams.audience.readers(at(SUPPORT))

        assert readers is not None
        assert not readers.certain


async def test_a_personal_chat_has_one_reader() -> None:
    """Named by the chat or by the person."""
    async with teams_at_work() as bench:
        by_chat = await bench.teams.audience.readers(at(bench.platform.open_personal(ERIN), "direct"))
        by_person = await bench.teams.audience.readers(at(ERIN, "admin"))

        assert by_chat is not None
        assert by_chat.emails == {"erin@example.com"}
        assert by_chat == by_person


async def test_what_teams_refuses_to_say_is_none() -> None:
    """A refusal is never an empty audience."""
    async with teams_at_work() as bench:
        bench.platform.faults.inject("members", refused("BotNotInConversationRoster"))

        assert await bench.teams.audience.readers(at(SUPPORT)) is None


@pytest.mark.parametrize("fault", [http_error(500), rate_limited(), reset()])
async def test_what_teams_cannot_say_now_is_asked_again(fault: Fault) -> None:
    """The note waits, and nobody is alarmed."""
    async with teams_at_work() as bench:
        bench.platform.faults.inject("members", fault, fault)

        with pytest.raises(TemporaryError):
            await bench.teams.audience.readers(at(SUPPORT))


async def test_half_a_roster_is_no_answer() -> None:
    """The second page fails."""
    async with teams_at_work() as bench:
        bench.platform.connector.page_size = 1
        bench.platform.faults.inject("members", Fault(kind="hang", seconds=0), http_error(500))

        with pytest.raises(TemporaryError):
            await bench.teams.audience.readers(at(CHANNEL))


async def test_an_empty_roster_and_an_unknown_place_are_none() -> None:
    """Nobody there is what a mistake looks like."""
    async with teams_at_work() as bench:
        bench.platform.set_place(SUPPORT, members=[])

        empty = await bench.teams.audience.readers(at(SUPPORT))
        unknown = await bench.teams.audience.readers(at("19:nowhere@thread.tacv2"))

        assert (empty, unknown) == (None, None)


async def test_a_colleague_has_a_verified_address() -> None:
    """Asked where the person wrote last."""
    async with teams_at_work() as bench:
        await bench.platform.says(ERIN, CHANNEL, "hello")

        profile = await bench.teams.audience.profile(bench.desk.arrivals[0].author)

        assert profile is not None
        identity = profile.identity
        assert (identity.name, identity.email, identity.guest) == ("Erin Employee", "erin@example.com", False)


async def test_a_guest_has_no_verified_address() -> None:
    """A guest's mail is another organisation's word."""
    async with teams_at_work() as bench:
        bench.platform.add_person("29:guest", name="Guest", email="ceo@example.com", role="guest")
        bench.platform.set_place(CHANNEL, members=["29:guest"])
        await bench.platform.says("29:guest", CHANNEL, "hello")

        profile = await bench.teams.audience.profile(bench.desk.arrivals[0].author)

        assert profile is not None
        assert (profile.identity.guest, profile.identity.email) == (True, None)


async def test_somebody_who_never_wrote_is_asked_about_in_their_own_chat() -> None:
    """After a restart no place is remembered."""
    async with teams_at_work() as bench:
        profile = await bench.teams.audience.profile(somebody(SAM))

        assert profile is not None
        assert profile.identity.email == "sam@example.com"


async def test_an_unknown_person_has_no_profile() -> None:
    """Teams refuses, and that is no answer."""
    async with teams_at_work() as bench:
        assert await bench.teams.audience.profile(somebody("29:nobody")) is None


async def test_somebody_who_asked_where_atom_is_no_member_is_known_from_their_own_chat() -> None:
    """The message action can be used anywhere; who used it must be known all the same."""
    async with teams_at_work() as bench:
        said = await bench.platform.says(ERIN, CHANNEL, "slow", mention=False)
        await bench.platform.dialogues.opens_on(SAM, said["conversation"]["id"], said["id"])
        bench.platform.set_place(CHANNEL, refuses="BotNotInConversationRoster")

        profile = await bench.teams.audience.profile(somebody("aad-sam"))

        assert profile is not None
        assert "sam@example.com" == profile.identity.email


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
