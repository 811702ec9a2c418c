"""Where a tenant is reached: the latest that Teams said, then what is stored, then Microsoft's global address."""

from dataclasses import replace
from datetime import UTC, datetime

from adapters.teams.account import DEFAULT_SERVICE, ServiceHosts
from adapters.teams.addresses import Addresses
from adapters.teams.whereabouts import Whereabouts
from bot.conversation import Conversation
from bot.ids import ConversationId, IdentityId, MessageId
from bot.known_channel import KnownChannel
from bot.message import Arrival, Message
from bot.person import Identity
from tests.fakes.memory import MemoryStorage

EMEA = "https://smba.trafficmanager.net/emea/"
AMER = "https://smba.trafficmanager.net/amer/"
ERIN = IdentityId("teams:t:erin")
HERE = Conversation(
    id=ConversationId("c"), platform="teams", tenant="t", channel="a:1", kind="direct", address={"service_url": EMEA}
)
SAID = Message(
    id=MessageId("m"), event_id="m", conversation_id=HERE.id, author_id=ERIN, at=datetime(2026, 11, 20, tzinfo=UTC)
)
ARRIVED = Arrival(message=SAID, conversation=HERE, author=Identity(id=ERIN, platform="teams", tenant="t", user="erin"))
ELSEWHERE = replace(HERE, address={})


def addresses(stored: dict[str, str], whereabouts: Whereabouts | None = None) -> Addresses:
    """Give addresses with these stored."""

    async def look_up(tenant: str) -> str | None:
        return stored.get(tenant)

    return Addresses(ServiceHosts(), look_up, whereabouts=whereabouts or Whereabouts(MemoryStorage()))


async def test_what_teams_said_last_wins() -> None:
    """For every conversation of the tenant that has no address of its own."""
    known = addresses({"t": AMER})
    known.seen(ARRIVED.conversation, ARRIVED.author)

    assert await known.conversation(ELSEWHERE) == EMEA


async def test_after_a_restart_the_stored_one_is_used() -> None:
    """And a conversation's own before it."""
    known = addresses({"t": AMER})

    assert (await known.conversation(ELSEWHERE), await known.conversation(HERE)) == (AMER, EMEA)


async def test_a_tenant_that_never_wrote_is_reached_globally() -> None:
    """A support channel has to be posted to before anybody writes there."""
    assert await addresses({}).conversation(ELSEWHERE) == DEFAULT_SERVICE


async def test_a_channel_is_reached_where_it_was_last_heard_of() -> None:
    """The tenant may have been heard of elsewhere since, or by another process."""
    storage, channel = MemoryStorage(), "19:support@thread.tacv2"
    told = KnownChannel(id="teams:t:" + channel, platform="teams", tenant="t", channel=channel, service_url=AMER)
    await Whereabouts(storage).learn([told])
    known = addresses({}, Whereabouts(storage))
    known.reached("t", EMEA)

    assert AMER == await known.conversation(replace(ELSEWHERE, channel=channel))
    assert EMEA == await known.conversation(replace(ELSEWHERE, channel="19:other@thread.tacv2"))


async def test_what_is_stored_is_checked_again() -> None:
    """The list of hosts may have become shorter."""
    known = addresses({"t": "https://evil.com/"})

    assert await known.conversation(replace(HERE, address={"service_url": "http://x/"})) == DEFAULT_SERVICE


async def test_the_last_place_of_a_person_is_known() -> None:
    """To ask who they are."""
    known = addresses({})
    known.seen(ARRIVED.conversation, ARRIVED.author)

    assert (known.place_of(ERIN), known.place_of(IdentityId("teams:t:sam"))) == ("a:1", None)
