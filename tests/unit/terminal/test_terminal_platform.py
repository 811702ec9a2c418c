"""The terminal keeps the promises of a chat platform."""

from datetime import UTC, datetime

import pytest

from adapters.terminal.arrivals import LIMIT, arrival, press, private_message
from adapters.terminal.platform import TerminalAudience, TerminalMessenger
from bot.conversation import Conversation, Place
from bot.errors import PermanentError
from bot.message import Press
from bot.person import Identity, identity_id
from bot.ports import Audience, Messenger, Profile, Readers
from bot.reply import Reply
from tests.unit.terminal.terminal_stage import HOME, IT, reply, support

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
AUDIENCE = TerminalAudience(
    people={"June@Example.com": "June Park"}, channels={"support-it-support": ["sam@example.com", "Ravi@example.com"]}
)


class Shown:
    """A screen that keeps what it is shown."""

    def __init__(self) -> None:
        self.posts: list[str] = []
        self.changes: list[str] = []

    def posted(self, item: Reply, _: Conversation, /) -> None:
        """Keep a post."""
        self.posts.append(item.text)

    def changed(self, item: Reply, _: Conversation, /) -> None:
        """Keep a change."""
        self.changes.append(item.text)


def place(channel: str, kind: str = "support") -> Place:
    """Return a place on the terminal."""
    return Place(platform="terminal", tenant="local", channel=channel, kind="support" if kind == "support" else "admin")


async def test_a_post_is_shown_once_and_found_exactly() -> None:
    """`find` knows what was posted and nothing else."""
    screen = Shown()
    messenger: Messenger = TerminalMessenger(screen)
    first, second = reply("first"), reply("second")

    post = await messenger.post(first, HOME)
    await messenger.post(first, HOME)

    assert ["first"] == screen.posts
    assert post == await messenger.find(first, HOME)
    assert await messenger.find(second, HOME) is None


async def test_a_change_is_shown_in_place_of_its_post() -> None:
    """And it needs a post."""
    screen = Shown()
    messenger = TerminalMessenger(screen)
    post = await messenger.post(reply("first"), HOME)

    await messenger.change(reply("second"), HOME, post)

    assert ["second"] == screen.changes
    with pytest.raises(PermanentError, match="post the reply anew"):
        await messenger.change(reply("third"), HOME, "")


async def test_the_first_post_of_a_private_thread_begins_it() -> None:
    """The thread is the post, also for the next process."""
    messenger = TerminalMessenger(Shown())
    header = reply("header", to=support(IT, None), kind="header")

    post = await messenger.post(header, support(IT, None))

    assert support(IT, post) == messenger.thread_of(support(IT, None), post)
    assert post == await TerminalMessenger(Shown()).post(header, support(IT, None))


async def test_a_direct_chat_has_one_reader_and_a_support_channel_its_agents() -> None:
    """All of them certain, none an outsider."""
    audience: Audience = AUDIENCE
    sam, ravi = "sam@example.com", "ravi@example.com"

    assert Readers(
        identities=frozenset({identity_id("terminal", "local", "june@example.com")}),
        emails=frozenset({"june@example.com"}),
    ) == await audience.readers(HOME.place)
    assert Readers(
        identities=frozenset({identity_id("terminal", "local", sam), identity_id("terminal", "local", ravi)}),
        emails=frozenset({sam, ravi}),
    ) == await audience.readers(place("support-it-support"))
    assert (
        frozenset({sam})
        == (await AUDIENCE.readers(place(sam, "admin")) or Readers(identities=frozenset(), emails=frozenset())).emails
    )


@pytest.mark.parametrize(
    "where",
    [place("support-nowhere"), place("general"), Place(platform="slack", tenant="T1", channel="me:x@y", kind="direct")],
)
async def test_a_place_that_the_terminal_does_not_have_is_unknown(where: Place) -> None:
    """So that nothing private goes there."""
    assert await AUDIENCE.readers(where) is None


async def test_the_person_at_the_terminal_is_their_email() -> None:
    """The name is the known one, else what the identity says."""
    june = arrival("June@Example.com ", "J.", "hi", "1", NOW).author
    new = arrival("new@example.com", "New", "hi", "1", NOW).author

    profiles = [await AUDIENCE.profile(june), await AUDIENCE.profile(new)]

    said = [(item.identity.name, item.identity.email) for item in profiles if isinstance(item, Profile)]
    assert [("June Park", "june@example.com"), ("New", "new@example.com")] == said


async def test_another_platforms_user_is_not_known_here() -> None:
    """Nobody is given an e-mail that the terminal cannot vouch for."""
    slack = Identity(id=identity_id("slack", "T1", "U1"), platform="slack", tenant="T1", user="U1")
    odd = Identity(id=identity_id("terminal", "local", "x"), platform="terminal", tenant="local", user="x")

    assert [None, None] == [await AUDIENCE.profile(slack), await AUDIENCE.profile(odd)]


def test_words_for_atom_arrive_in_the_persons_direct_chat() -> None:
    """Each number is a message of its own; the same number is the same message."""
    first = arrival("june@example.com", "June Park", "slow", "1", NOW)

    assert HOME == first.conversation
    assert ("text", "slow", True, "June Park") == (
        first.message.kind,
        first.message.text,
        first.message.addresses_atom,
        first.message.author_name,
    )
    assert first == arrival("june@example.com", "June Park", "slow", "1", NOW)
    assert first.message.id != arrival("june@example.com", "June Park", "slow", "2", NOW).message.id


def test_a_message_is_cut_at_its_limit() -> None:
    """As on every platform."""
    assert LIMIT == len(arrival("june@example.com", "June", "x" * 50_000, "1", NOW).message.text)


def test_a_private_message_and_a_press_arrive_in_the_requests_thread() -> None:
    """By channel and thread, as an event of a chat platform names them."""
    written = private_message(support(IT), "sam@example.com", "Sam", "look", "5", NOW)
    pressed = press(support(IT), "sam@example.com", "Sam", "take_over", "r-1", "6", NOW)

    assert ("support-it-support", "t-1", "support") == (
        written.conversation.channel,
        written.conversation.thread,
        written.conversation.kind,
    )
    assert written.conversation == pressed.conversation
    assert not written.message.addresses_atom
    assert Press(action="take_over", subject="r-1") == pressed.message.press
    assert "press" == pressed.message.kind


def test_a_thread_that_has_not_begun_cannot_be_written_to() -> None:
    """The error says when to try again."""
    with pytest.raises(ValueError, match="try again"):
        private_message(support(IT, None), "sam@example.com", "Sam", "look", "5", NOW)
