"""A press becomes one message, or a form or a page that is wished for; whatever is not ours becomes nothing."""

import pytest

from adapters.slack.arrivals import FormWish, Ignored
from adapters.slack.home import asked
from adapters.slack.presses import Turned
from adapters.slack.presses import press as pressing
from bot.home import HomeAsk
from bot.message import Arrival, Press
from tests.unit.slack.doors import HOOKS, setting
from tests.unit.slack.interactions import pressed, pressed_at_home
from tests.unit.slack.payloads import TS, Payload, press


def arrived(body: Payload) -> Arrival:
    """Translate what must be stored."""
    came = pressing(body, setting=setting())
    assert isinstance(came, Arrival), came
    return came


def test_a_press_carries_its_button() -> None:
    """It is derived from the message, the moment and the person, and belongs to the thread of the button."""
    came = arrived(press())

    assert Press(action="approve", subject="approval-7", post=TS) == came.message.press
    assert came.message.id == "slack:T1:C0SUPPORT:1700000000.000100:press:1700000009.000002:U2"
    assert (came.conversation.kind, came.conversation.thread) == ("support", "1600000000.000001")
    assert came.message.kind == "press"


@pytest.mark.parametrize(
    ("action_id", "value", "expected"),
    [
        ("rate:5", "request-1", Press(action="rate", subject="request-1", value="5", post=TS)),
        ("solved", "request-1", Press(action="solved", subject="request-1", post=TS)),
        ("feedback", "good:reply-1", Press(action="feedback", subject="reply-1", value="good", post=TS)),
        ("feedback:bad", "reply-1", Press(action="feedback", subject="reply-1", value="bad", post=TS)),
    ],
)
def test_what_was_chosen_comes_with_the_press(action_id: str, value: str, expected: Press) -> None:
    """Behind the action, or (Slack's own pair of thumbs, which has one id) before the subject."""
    assert expected == arrived(pressed(action_id, value)).message.press


@pytest.mark.parametrize(
    ("action_id", "value"),
    [
        ("feedback", "1"),
        ("approve", ""),
        ("approved", "a"),
        ("form:nothing", "a"),
        ("form", "a"),
        ("", "a"),
        ("stop", ""),
    ],
)
def test_a_press_of_something_else_is_ignored(action_id: str, value: str) -> None:
    """Only our actions are, and only with the id that they carry."""
    assert isinstance(pressing(pressed(action_id, value), setting=setting()), Ignored)


def test_a_button_may_wish_for_a_form() -> None:
    """The form is opened by the press's trigger and comes back to the thread of the button."""
    wish = pressing(pressed("form:assign", "request-1"), setting=setting())

    assert isinstance(wish, FormWish)
    assert ("assign", "request-1", "1.2.abc", "slack:T1:U2") == (wish.kind, wish.subject, wish.trigger, wish.who.id)
    assert ("support", "1600000000.000001") == (wish.where.kind, wish.where.thread)
    assert isinstance(pressing(pressed("form:assign", "r", trigger_id=None), setting=setting()), Ignored)


def test_a_press_in_what_only_one_person_sees_is_answered_there() -> None:
    """There is no thread under it."""
    container = {"type": "message", "message_ts": TS, "channel_id": "C1", "is_ephemeral": True}
    came = arrived(pressed("solved", "request-1", container=container, channel={"id": "C1", "name": "general"}))

    assert ("slack:T1:C1:aside:U2", "aside", None) == (
        came.conversation.id,
        came.conversation.kind,
        came.conversation.thread,
    )
    assert {"user": "U2", "response_url": HOOKS} == came.conversation.address


@pytest.mark.parametrize(
    "url", ["https://hooks.slack.com.evil.example/x", "http://hooks.slack.com/x", "https://hooks.slack.com/\n", 5, None]
)
def test_nothing_is_ever_posted_to_another_host(url: object) -> None:
    """What only one person may see would be told there."""
    container = {"type": "message", "message_ts": TS, "channel_id": "C1", "is_ephemeral": True}
    came = arrived(pressed("solved", "r", container=container, channel={"id": "C1"}, response_url=url))

    assert {"user": "U2"} == came.conversation.address


def test_a_press_on_the_home_page_is_answered_in_the_direct_chat() -> None:
    """There is no channel; the page is known by its view."""
    came = arrived(pressed_at_home("take_over", "request-1"))

    assert Press(action="take_over", subject="request-1") == came.message.press
    assert ("slack:T1:U2:aside:U2", "U2", "aside") == (
        came.conversation.id,
        came.conversation.channel,
        came.conversation.kind,
    )
    assert "slack:T1:U2:V1:press:1700000009.000002:U2" == came.message.id


@pytest.mark.parametrize(
    ("action_id", "value", "expected"),
    [
        ("home:page:next", "2", HomeAsk(page=2, query="laptop")),
        ("home:page:previous", "0", HomeAsk(page=0, query="laptop")),
        ("home:page:next", "-1", HomeAsk(page=0, query="laptop")),
        ("home:page:next", "9" * 40, HomeAsk(page=0, query="laptop")),
        ("home:page:search", " vpn ", HomeAsk(page=0, query="vpn")),
        ("home:page:search", "", HomeAsk(page=0, query="")),
    ],
)
def test_the_home_page_is_turned_and_searched(action_id: str, value: str, expected: HomeAsk) -> None:
    """A new search begins on its first page; a page keeps the search."""
    body = pressed_at_home(action_id, value)
    turned = pressing(body, setting=setting())

    assert isinstance(turned, Turned)
    assert expected == asked(body, turned)
