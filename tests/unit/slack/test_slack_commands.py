"""A slash command is a message that is known by its trigger; only `new` alone opens a form instead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.arrivals import FormWish, Ignored
from adapters.slack.commands import command, is_command
from bot.message import Arrival
from tests.unit.slack.doors import HOOKS, NOW, setting
from tests.unit.slack.interactions import typed
from tests.unit.slack.payloads import Payload


def arrived(body: Payload) -> Arrival:
    """Translate what must be stored."""
    came = command(body, setting=setting())
    assert isinstance(came, Arrival), came
    return came


def test_a_command_is_answered_aside() -> None:
    """Where it was typed, and only to whoever typed it."""
    came = arrived(typed("status IT-1042"))

    assert ("command", "status IT-1042", NOW) == (came.message.kind, came.message.text, came.message.at)
    assert "slack:T1:C1:aside:U2" == came.conversation.id == came.message.conversation_id
    assert ("aside", "C1", None) == (came.conversation.kind, came.conversation.channel, came.conversation.thread)
    assert {"user": "U2", "response_url": HOOKS} == came.conversation.address
    assert ("slack:T1:U2", "sam") == (came.author.id, came.author.name)


def test_a_command_that_comes_again_is_the_same() -> None:
    """By its trigger; the same words typed again are another command."""
    first, again, other = (arrived(typed("take IT-1", trigger_id=key)) for key in ("1.a", "1.a", "2.b"))

    assert first.message.id == again.message.id
    assert first.message.event_id == again.message.event_id
    assert first.message.id != other.message.id


def test_a_mention_says_who_is_meant() -> None:
    """By the account; its label is a name that its owner may change."""
    came = arrived(typed("assign IT-1042 to <@U0SAM|ravi> &amp; co"))

    assert came.message.text == "assign IT-1042 to @U0SAM & co"


@pytest.mark.parametrize("words", ["new", " New ", "NEW"])
def test_new_alone_opens_a_form(words: str) -> None:
    """It comes back to where it was typed."""
    wish = command(typed(words), setting=setting())

    assert isinstance(wish, FormWish)
    assert ("new", "1.2.abc", "slack:T1:C1:aside:U2") == (wish.kind, wish.trigger, wish.where.id)


def test_new_with_words_is_a_command() -> None:
    """The words are the request."""
    assert "new my laptop is slow" == arrived(typed("new my laptop is slow")).message.text


@pytest.mark.parametrize("field", ["team_id", "channel_id", "user_id", "trigger_id"])
@pytest.mark.parametrize("odd", [None, "", 5, ["x"], {"a": 1}])
def test_a_command_without_a_place_is_ignored(field: str, odd: object) -> None:
    """There is nobody to answer, or nothing to know it by."""
    assert isinstance(command(typed("help", **{field: odd}), setting=setting()), Ignored)


@given(words=st.text(max_size=200), trigger=st.text(min_size=1, max_size=400))
def test_any_words_can_be_stored(words: str, trigger: str) -> None:
    """The id stays short and harmless whatever the trigger is."""
    came = command(typed(words, trigger_id=trigger), setting=setting())

    assert isinstance(came, Arrival | FormWish)
    if isinstance(came, Arrival):
        assert len(came.message.id) < 100
        came.message.text.encode()


def test_only_commands_are_commands() -> None:
    """An event has none, and a word without a stroke is none."""
    assert is_command(typed("x"))
    assert not is_command({"command": "atom"})
    assert not is_command({"command": ["/atom"]})
    assert not is_command({})
