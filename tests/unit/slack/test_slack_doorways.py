"""What opens is opened at once, what acts is stored first, and whoever cannot be served is told; nothing typed is lost."""

import asyncio
import json
from typing import Any

import pytest

from adapters.slack.refusals import SlackRefusal
from bot.errors import PermanentError, Refused, TemporaryError
from bot.wording import surfaces as wording
from tests.unit.slack.doors import Doors, failing
from tests.unit.slack.interactions import anywhere, on_message, pressed, pressed_at_home, sent, typed
from tests.unit.slack.payloads import Payload, event

NOT_FOR_YOU = Refused("only agents of IT Support may do that.")
SAID = "Only agents of IT Support may do that."
"""The same as a sentence of its own, as people are shown it."""
EXPIRED = SlackRefusal("expired", error="expired_trigger_id")
LATE = TemporaryError("The database is away.")
BUG = RuntimeError("a bug")


def opened(found: Doors) -> list[str]:
    """Give the titles of what was opened."""
    views: list[Any] = [call["view"] for call in found.calls.named("views.open")]
    return [view["title"]["text"] for view in views]


OPENERS = {
    "command": typed("new"),
    "button": pressed("form:reply", "request-1"),
    "button at home": pressed_at_home("form:new"),
    "shortcut": anywhere(),
    "shortcut on a message": on_message(),
}


@pytest.mark.parametrize("body", OPENERS.values(), ids=OPENERS)
async def test_a_form_is_opened_with_the_trigger_and_nothing_is_stored(body: Payload) -> None:
    """The answer shows nothing of its own."""
    found = failing()

    assert (200, "") == await found.send(body)
    assert ["1.2.abc"] == [call["trigger_id"] for call in found.calls.named("views.open")]
    assert ["New request"] == opened(found)
    assert [] == found.arrivals


async def test_the_form_knows_what_it_is_about() -> None:
    """Kind and subject of the button, and who pressed it."""
    found = failing()

    await found.send(pressed("form:reply", "request-1"))

    assert [("reply", "slack:T1:U2", "request-1", {}, ())] == found.surfaces.forms


async def test_a_message_comes_with_its_link_and_whether_atom_is_there() -> None:
    """Both are asked of Slack."""
    found = failing()
    found.calls.answers = {
        "chat.getPermalink": {"permalink": "https://desk.slack.com/archives/C1/p17"},
        "conversations.info": {"channel": {"id": "C1", "is_member": True}},
    }

    await found.send(on_message())

    _, _, _, context, others = found.surfaces.forms[0]
    assert ("https://desk.slack.com/archives/C1/p17", "yes") == (context["message_link"], context["reachable"])
    assert ("slack:T1:U1",) == others


async def test_a_message_where_atom_is_not_is_linked_all_the_same() -> None:
    """Slack refuses to tell of a channel that Atom is not in."""
    found = failing()
    hidden = SlackRefusal("hidden", error="channel_not_found")
    found.calls.failures = {"chat.getPermalink": [hidden], "conversations.info": [hidden]}

    await found.send(on_message())

    _, _, _, context, _ = found.surfaces.forms[0]
    assert "https://desk.slack.com/archives/C1/p1700000000000100" == context["message_link"]
    assert "reachable" not in context


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [(NOT_FOR_YOU, SAID), (LATE, wording.TRY_AGAIN), (BUG, wording.FAILED)],
    ids=["refused", "later", "bug"],
)
async def test_a_command_without_a_form_is_answered_with_a_sentence(failure: Exception, sentence: str) -> None:
    """In the answer itself, which only that person sees."""
    status, body = await failing(failure).send(typed("new"))

    assert 200 == status
    assert {"response_type": "ephemeral", "text": sentence} == json.loads(body)


@pytest.mark.parametrize("name", ["button", "button at home", "shortcut", "shortcut on a message"])
async def test_a_refusal_is_shown_where_the_form_would_have_been(name: str) -> None:
    """With the sentence that names what is missing."""
    found = failing(NOT_FOR_YOU)

    assert (200, "") == await found.send(OPENERS[name])
    assert [wording.PROBLEM] == opened(found)
    assert SAID in json.dumps(found.calls.named("views.open"))


@pytest.mark.parametrize("name", ["button", "shortcut on a message"])
async def test_a_form_that_came_too_late_is_told_of_aside(name: str) -> None:
    """Slack opens nothing any more; another try might be in time."""
    found = failing()
    found.calls.failures = {"views.open": [EXPIRED]}

    assert (200, "") == await found.send(OPENERS[name])
    told = found.calls.named("chat.postEphemeral")
    assert [("U2", wording.TOO_LATE)] == [(call["user"], call["text"]) for call in told]
    assert 1 == len(found.calls.named("views.open"))


@pytest.mark.parametrize("name", ["button at home", "shortcut"])
async def test_where_there_is_no_place_it_is_told_in_the_direct_chat(name: str) -> None:
    """The home page and the menu of shortcuts are no channels."""
    found = failing()
    found.calls.failures = {"views.open": [EXPIRED]}

    await found.send(OPENERS[name])

    told = found.calls.named("chat.postMessage")
    assert [("U2", wording.TOO_LATE)] == [(call["channel"], call["text"]) for call in told]


@pytest.mark.parametrize("name", ["button", "button at home", "shortcut", "shortcut on a message"])
async def test_what_did_not_work_just_now_is_said_in_a_dialogue(name: str) -> None:
    """The trigger is still good."""
    found = failing(LATE)

    await found.send(OPENERS[name])

    assert wording.TRY_AGAIN in json.dumps(found.calls.named("views.open"))


@pytest.mark.parametrize("body", OPENERS.values(), ids=OPENERS)
@pytest.mark.parametrize("failure", [EXPIRED, LATE, PermanentError("no"), BUG], ids=["expired", "late", "no", "bug"])
async def test_a_slack_that_fails_is_no_failure_of_ours(body: Payload, failure: Exception) -> None:
    """Whatever every call of Slack does, it is acknowledged."""
    found = failing()
    methods = (
        "views.open",
        "views.publish",
        "chat.postEphemeral",
        "chat.postMessage",
        "chat.getPermalink",
        "conversations.info",
    )
    found.calls.failures = {method: [failure] * 9 for method in methods}

    status, _ = await found.send(body)

    assert 200 == status


async def test_a_form_that_takes_too_long_is_given_up() -> None:
    """Slack waits three seconds and then shows an error of its own."""
    found = Doors(patience=0.02)

    async def slow(*_: object, **__: object) -> None:
        await asyncio.sleep(5)

    found.surfaces.form = slow  # type: ignore[method-assign,assignment]

    status, body = await found.send(typed("new"))

    assert (200, wording.TRY_AGAIN) == (status, json.loads(body)["text"])


async def test_commands_and_presses_are_stored() -> None:
    """And acknowledged with nothing."""
    found = failing()

    answers = [await found.send(body) for body in (typed("mine"), pressed("solved", "request-1"))]

    assert [(200, ""), (200, "")] == answers
    assert ["command", "press"] == [arrival.message.kind for arrival in found.arrivals]


async def test_a_press_that_cannot_be_stored_is_not_acknowledged() -> None:
    """Slack shows that beside the button."""
    found = failing()
    found.failure = LATE

    status, _ = await found.send(pressed("solved", "request-1"))

    assert 503 == status


@pytest.mark.parametrize("failure", [LATE, BUG], ids=["later", "bug"])
async def test_a_command_that_cannot_be_stored_is_said_to_be_lost(failure: Exception) -> None:
    """Slack does not send it again, and would show an error that helps nobody."""
    found = failing()
    found.failure = failure

    status, body = await found.send(typed("mine"))

    assert (200, wording.NOT_TAKEN) == (status, json.loads(body)["text"])


async def test_a_form_that_was_sent_is_stored_and_closed() -> None:
    """An empty answer closes it."""
    found = failing()

    assert (200, "") == await found.send(sent())
    assert ["form"] == [arrival.message.kind for arrival in found.arrivals]
    assert ["Slow laptop"] == [checked.values["title"] for checked in found.surfaces.checked]


async def test_what_is_wrong_is_said_at_its_field() -> None:
    """Nothing is stored; what the form does not show is said at the first field."""
    found = failing()
    found.surfaces.wrong = {"workspace": "Choose another.", "gone": "It is closed.", "title": "Too short."}

    _, body = await found.send(sent())

    told = {"workspace": "Choose another.", "title": "It is closed. Too short."}
    assert {"response_action": "errors", "errors": told} == json.loads(body)
    assert [] == found.arrivals


async def test_a_form_that_may_not_be_sent_says_why() -> None:
    """In its place."""
    found = failing(NOT_FOR_YOU)

    status, body = await found.send(sent())

    answer = json.loads(body)
    assert (200, "update") == (status, answer["response_action"])
    assert SAID in json.dumps(answer["view"])
    assert [] == found.arrivals


@pytest.mark.parametrize("failure", [LATE, BUG], ids=["later", "bug"])
@pytest.mark.parametrize("where", ["checking", "storing"])
async def test_a_form_that_cannot_be_taken_stays_open(failure: Exception, where: str) -> None:
    """What was typed stays, and sending it again takes it."""
    found = failing(failure if where == "checking" else None)
    found.failure = failure if where == "storing" else None

    status, body = await found.send(sent())
    found.surfaces.failure = found.failure = None
    again = await found.send(sent())

    assert (200, {"response_action": "errors", "errors": {"title": wording.NOT_TAKEN}}) == (status, json.loads(body))
    assert (200, "") == again
    assert 1 == len(found.arrivals)


async def test_a_form_without_fields_says_what_is_wrong_in_its_place() -> None:
    """Slack takes errors only for fields that it shows."""
    found = failing()
    found.surfaces.wrong = {"number": "There is no such request."}

    _, body = await found.send(sent({}, view={"blocks": []}))

    assert "There is no such request." in json.dumps(json.loads(body)["view"])


@pytest.mark.parametrize(
    "body",
    [
        {"type": "view_closed"},
        {"type": "block_suggestion"},
        {"type": "dialog_submission"},
        {"type": "workflow_step_edit"},
        {"type": "view_submission"},
        {"type": "shortcut"},
        {"type": "block_actions"},
        {"type": 5},
        {"command": "/atom"},
        event(type="app_context_changed"),
        event(type="agent_session_title_changed"),
        {},
    ],
)
async def test_everything_else_is_acknowledged(body: Payload) -> None:
    """Nothing ever gets a 404."""
    found = failing()

    assert (200, "") == await found.send(body)
    assert [] == found.arrivals
