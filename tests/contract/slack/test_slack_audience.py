"""Slack's audience against a Slack that behaves: who reads where, who is an outsider, and when that is not certain.

Private notes rest on these answers, so each doubt must come out as a doubt.
"""

from collections.abc import AsyncIterator

import pytest

from bot.conversation import ConversationKind, Place
from bot.errors import TemporaryError
from bot.person import Identity, identity_id
from bot.ports import Audience, Profile, Readers
from tests.contract.slack.connected import connected
from tests.fakes.clock import FrozenClock
from tests.fakes.faults import Fault, http_error, rate_limited, refused
from tests.fakes.slack import BOT_USER, TEAM, LocalSlack


@pytest.fixture
async def server() -> AsyncIterator[LocalSlack]:
    async with LocalSlack() as slack:
        slack.add_user("U1", name="Maria Chen", email="Maria@Example.com", locale="de-DE", tz="Europe/Berlin")
        slack.add_user("U2", name="Sam Okoro", email="sam@example.com")
        slack.add_user("UGUEST", name="Gus", email="gus@other.example", is_restricted=True)
        slack.add_user("UEXT", name="Eve", email="eve@other.example", team_id="T9OTHER", is_stranger=True)
        slack.add_user("UBOT", name="Other bot", is_bot=True)
        slack.add_user("UGONE", name="Gone", email="gone@example.com", deleted=True)
        slack.add_channel("C0SUPPORT", private=True, members=["U1", "U2"])
        yield slack


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
async def audience(server: LocalSlack, clock: FrozenClock) -> AsyncIterator[Audience]:
    slack = connected(server, clock)
    yield slack.audience
    await slack.close()


def place(channel: str = "C0SUPPORT", kind: ConversationKind = "support") -> Place:
    return Place(platform="slack", tenant=TEAM, channel=channel, kind=kind)


def person(user: str) -> Identity:
    return Identity(id=identity_id("slack", TEAM, user), platform="slack", tenant=TEAM, user=user)


async def readers(audience: Audience, channel: str = "C0SUPPORT") -> Readers:
    found = await audience.readers(place(channel))
    assert found is not None
    return found


async def test_the_members_of_a_private_channel_read_it(audience: Audience) -> None:
    """By identity and by e-mail, and not the bot."""
    assert await audience.readers(place()) == Readers(
        identities=frozenset({f"slack:{TEAM}:U1", f"slack:{TEAM}:U2"}),
        emails=frozenset({"maria@example.com", "sam@example.com"}),
    )


async def test_a_persons_id_stands_for_their_direct_chat(audience: Audience) -> None:
    """Admins are told of trouble there, and Slack knows no channel of that id."""
    assert (await readers(audience, "U2")).emails == {"sam@example.com"}


async def test_nobody_is_said_to_read_an_archived_channel(server: LocalSlack, audience: Audience) -> None:
    """It takes no posts, so what is meant for it must be held until it is back."""
    server.set_channel("C0SUPPORT", is_archived=True)

    assert await audience.readers(place()) is None


async def test_all_pages_are_read(server: LocalSlack, audience: Audience) -> None:
    """Whoever is on the last page reads as well."""
    server.workspace.page_size = 1

    assert (await readers(audience)).emails == {"maria@example.com", "sam@example.com"}


async def test_a_direct_channel_is_read_by_one(server: LocalSlack, audience: Audience) -> None:
    """The person, and the bot, which is no reader."""
    direct = server.open_direct("U1")

    found = await audience.readers(place(direct, "direct"))

    assert found == Readers(identities=frozenset({f"slack:{TEAM}:U1"}), emails=frozenset({"maria@example.com"}))


async def test_everyone_reads_a_public_channel(server: LocalSlack, audience: Audience) -> None:
    """Whether they have joined or not, so nobody is asked about one by one."""
    server.add_channel("C0OPEN", members=["U2"])

    found = await readers(audience, "C0OPEN")

    assert (found.everyone, server.calls_to("users.info")) == (True, [])


@pytest.mark.parametrize("stranger", ["UGUEST", "UEXT"])
async def test_guests_and_strangers_are_outsiders(server: LocalSlack, audience: Audience, stranger: str) -> None:
    """Their e-mail is not one of ours."""
    server.set_channel("C0SUPPORT", members=["U1", stranger, BOT_USER])

    found = await readers(audience)

    assert (found.outsiders, found.certain) == (True, True)
    assert found.emails == {"maria@example.com"}
    assert f"slack:{TEAM}:{stranger}" in found.identities


async def test_a_shared_channel_has_outsiders(server: LocalSlack, audience: Audience) -> None:
    """Even while no member of the other organisation is in it."""
    server.set_channel("C0SUPPORT", is_ext_shared=True)

    assert (await readers(audience)).outsiders


async def test_bots_and_former_colleagues_do_not_read(server: LocalSlack, audience: Audience) -> None:
    """They are left out, and make nothing uncertain."""
    server.set_channel("C0SUPPORT", members=["U1", "UBOT", "UGONE", BOT_USER])

    found = await readers(audience)

    assert found.identities == {f"slack:{TEAM}:U1"}
    assert (found.certain, found.outsiders) == (True, False)


async def test_a_member_without_an_email_is_a_doubt(server: LocalSlack, audience: Audience) -> None:
    """The requester in Teams may be that member; the app lacks users:read.email."""
    server.add_user("U3", name="Unknown")
    server.set_channel("C0SUPPORT", members=["U1", "U3", BOT_USER])

    assert not (await readers(audience)).certain


async def test_a_member_who_cannot_be_looked_up_is_a_doubt(server: LocalSlack, audience: Audience) -> None:
    """And next time, those who could be looked up are not asked about again."""
    server.faults.inject("users.info", refused("user_not_found"))

    doubtful, sure = await readers(audience), await readers(audience)

    assert (doubtful.certain, sure.certain) == (False, True)


async def test_a_crowd_is_a_doubt(server: LocalSlack, audience: Audience) -> None:
    """More members than are worth asking about, one call each."""
    server.set_channel("C0SUPPORT", members=[BOT_USER, *(f"U{number}" for number in range(1000))])

    found = await readers(audience)

    assert (found.certain, server.calls_to("users.info")) == (False, [])


@pytest.mark.parametrize("method", ["conversations.info", "conversations.members"])
async def test_slack_may_not_say(server: LocalSlack, audience: Audience, method: str) -> None:
    """Then the place is unknown."""
    server.faults.inject(method, refused("channel_not_found"))

    assert await audience.readers(place()) is None


@pytest.mark.parametrize("method", ["conversations.info", "conversations.members", "users.info"])
@pytest.mark.parametrize("fault", [http_error(503), rate_limited(7)])
async def test_no_answer_is_no_doubt(server: LocalSlack, audience: Audience, method: str, fault: Fault) -> None:
    """Slack is busy or down: the note waits, and no admin is told that something is wrong with the channel."""
    server.faults.inject(method, fault)

    with pytest.raises(TemporaryError):
        await audience.readers(place())


async def test_who_somebody_is_is_kept_for_a_while(server: LocalSlack, audience: Audience, clock: FrozenClock) -> None:
    """Who is in the channel is asked every time, because that is what changes."""
    await readers(audience)
    server.set_user("U2", is_restricted=True)
    kept = await readers(audience)
    clock.advance(301)
    fresh = await readers(audience)

    assert (kept.outsiders, fresh.outsiders) == (False, True)
    assert len(server.calls_to("conversations.members")) == 3


async def test_a_colleague_has_a_profile(audience: Audience) -> None:
    """Name, verified e-mail in lower case, language and time zone."""
    found = await audience.profile(person("U1"))

    assert found is not None
    assert (found.identity.name, found.identity.email, found.identity.guest) == (
        "Maria Chen",
        "maria@example.com",
        False,
    )
    assert (found.language, found.time_zone) == ("de", "Europe/Berlin")


@pytest.mark.parametrize("user", ["UGUEST", "UEXT", "UBOT", "UGONE"])
async def test_whoever_is_no_colleague_is_never_linked(audience: Audience, user: str) -> None:
    """A guest has no e-mail here, so nothing can be linked by it."""
    found = await audience.profile(person(user))

    assert isinstance(found, Profile)
    assert (found.identity.guest, found.identity.email) == (True, None)


async def test_an_unknown_user_has_no_profile(server: LocalSlack, audience: Audience) -> None:
    """Unknown, or Slack cannot be asked now."""
    server.faults.inject("users.info", rate_limited(0))

    assert [await audience.profile(person("U1")), await audience.profile(person("U404"))] == [None, None]
