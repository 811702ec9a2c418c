"""A shortcut opens the form of a new request; on a message, with its words, author and place."""

import pytest

from adapters.slack.arrivals import FormWish, Ignored
from adapters.slack.shortcuts import Pointed, shortcut
from tests.unit.slack.doors import HOOKS, setting
from tests.unit.slack.interactions import anywhere, on_message
from tests.unit.slack.payloads import TS, Payload


def wished(body: Payload) -> tuple[FormWish, Pointed | None]:
    """Translate what must open a form."""
    found = shortcut(body, setting=setting())
    assert not isinstance(found, Ignored), found
    return found


def test_a_message_comes_with_its_words_author_and_place() -> None:
    """Whoever uses the shortcut is not whoever wrote."""
    wish, message = wished(on_message())

    assert wish.context == {
        "message_text": "my laptop (https://x.example) is slow",
        "message_author": "slack:T1:U1",
        "channel": "C1",
        "thread": TS,
    }
    assert ("slack:T1:U2", ["slack:T1:U1"]) == (wish.who.id, [other.id for other in wish.others])
    assert ("new", "slack:T1:C1:aside:U2", HOOKS) == (wish.kind, wish.where.id, wish.where.address["response_url"])
    link = "https://desk.slack.com/archives/C1/p1700000000000100"
    assert Pointed(channel="C1", ts=TS, link=link) == message


def test_a_reply_is_answered_in_its_thread() -> None:
    """The thread is its parent's."""
    said = {"user": "U1", "text": "x", "ts": TS, "thread_ts": "1600000000.000001"}

    wish, _ = wished(on_message(message=said))

    assert "1600000000.000001" == wish.context["thread"]


def test_a_message_of_a_bot_has_no_author() -> None:
    """Nobody opens a request on behalf of a bot."""
    wish, _ = wished(on_message(message={"user": "U0BOT", "bot_id": "B1", "text": "disk full", "ts": TS}))

    assert "message_author" not in wish.context
    assert () == wish.others


def test_a_message_of_another_organisation_is_a_guests() -> None:
    """They are made known as such."""
    wish, _ = wished(on_message(message={"user": "U9", "text": "hi", "ts": TS, "team": "T9"}))

    assert [True] == [other.guest for other in wish.others]


def test_the_global_shortcut_knows_nothing() -> None:
    """The person is told in their direct chat."""
    wish, message = wished(anywhere())

    assert ({}, "slack:T1:U2:aside:U2", None) == (wish.context, wish.where.id, message)


@pytest.mark.parametrize(
    "body",
    [
        anywhere(callback_id="other"),
        on_message(callback_id="new_request"),
        anywhere(trigger_id=None),
        anywhere(user=None),
        on_message(message=None, message_ts=None),
        on_message(channel=None),
    ],
)
def test_what_is_not_ours_or_says_too_little_is_ignored(body: Payload) -> None:
    """It is acknowledged all the same."""
    assert isinstance(shortcut(body, setting=setting()), Ignored)


def test_a_long_message_is_cut_to_what_a_field_takes() -> None:
    """A field of a form holds 3,000 characters."""
    wish, _ = wished(on_message(message={"user": "U1", "text": "&amp;" * 9_000, "ts": TS}))

    assert "&" * 3_000 == wish.context["message_text"]
