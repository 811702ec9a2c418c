"""Who can read, and who somebody is, as Teams says; what Teams does not say is None."""

import pytest

from bot.errors import TemporaryError
from bot.person import Identity, identity_id
from tests.contract.teams.teams_at_work import CHANNEL, ERIN, SAM, SUPPORT, at, teams_at_work
from tests.fakes.faults import Fault, http_error, rate_limited, refused, reset
from tests.fakes.teams_state import TENANT


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


async def test_somebody_is_found_in_the_roster_where_their_entra_id_is_not_taken() -> None:
    """Page by page, in the place where they wrote."""
    async with teams_at_work() as bench:
        bench.platform.connector.members_by = ("id",)
        bench.platform.connector.page_size = 1
        await bench.platform.says(ERIN, CHANNEL, "hello")

        profile = await bench.teams.audience.profile(bench.desk.arrivals[0].author)

        assert "erin@example.com" == (profile.identity.email if profile is not None else None)


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


async def test_a_wrong_password_is_named_in_the_log_when_somebody_writes(caplog: pytest.LogCaptureFixture) -> None:
    """It is the first thing that goes wrong then, and whoever wrote gets no answer."""
    async with teams_at_work() as bench:
        bench.platform.issuer.password = "changed in Azure"

        nobody = await bench.teams.audience.profile(somebody(SAM))

        assert nobody is None
        assert "Microsoft refuses the bot's login: check MICROSOFT_APP_ID, MICROSOFT_APP_PASSWORD" in caplog.text


async def test_somebody_who_asked_where_atom_is_no_member_is_known_from_their_own_chat() -> None:
    """The message action can be used anywhere; who used it must be known all the same."""
    async with teams_at_work() as bench:
        said = await bench.platform.says(ERIN, CHANNEL, "slow", mention=False)
        await bench.platform.dialogues.opens_on(SAM, said["conversation"]["id"], said["id"])
        bench.platform.set_place(CHANNEL, refuses="BotNotInConversationRoster")

        profile = await bench.teams.audience.profile(somebody("aad-sam"))

        assert profile is not None
        assert "sam@example.com" == profile.identity.email
