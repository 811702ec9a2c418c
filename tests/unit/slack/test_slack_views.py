"""Forms become modals that Slack shows whatever is in them, and what is sent back is read whatever its shape."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.arrivals import Ignored, aside
from adapters.slack.inbound import arrival
from adapters.slack.views import Sent, modal, problem, submission
from bot.conversation import Conversation
from bot.file import File
from bot.form import Choice, Field, Form, Submission
from bot.message import Arrival
from tests.unit.slack.doors import HOOKS, NEW, NOW, setting
from tests.unit.slack.interactions import sent
from tests.unit.slack.limits import broken
from tests.unit.slack.payloads import TS, Payload, event, in_support

WORDS = st.one_of(st.text(max_size=40), st.text(alphabet='<!@#|>&"\\\n\x00\ud800\U0001f600 a', max_size=4_000))
NAMES = st.from_regex(r"[a-z_]{1,30}", fullmatch=True)
CHOICES = st.lists(st.builds(Choice, value=st.text(max_size=200), label=WORDS), max_size=130)


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """Give any form that the desk might make, and many that it never should."""
    kinds = st.sampled_from(["text", "long_text", "choice", "person", "files"])
    initial = st.one_of(WORDS, st.sampled_from(["slack:T1:U1", "teams:x:y", "a"]))
    one = st.builds(
        Field,
        name=NAMES,
        label=WORDS,
        kind=kinds,
        hint=WORDS,
        choices=CHOICES.map(tuple),
        initial=initial,
        optional=st.booleans(),
        longest=st.integers(0, 10_000),
    )
    fields = draw(st.lists(one, max_size=6, unique_by=lambda field: field.name))
    context = draw(st.dictionaries(st.text(max_size=30), WORDS, max_size=5))
    return Form(
        kind=draw(st.sampled_from(["new", "reply", "assign", "comment"])),
        subject=draw(st.text(max_size=100)),
        title=draw(WORDS),
        send=draw(WORDS),
        explanation=draw(WORDS),
        fields=tuple(fields),
        context=context,
    )


def thread() -> Conversation:
    """Give a request's thread in a support channel."""
    came = arrival(event(channel="C0SUPPORT", thread_ts="1600000000.000001"), support=in_support)
    assert isinstance(came, Arrival)
    return came.conversation


def read(body: Payload) -> Sent:
    """Read what must be stored."""
    came = submission(body, setting=setting())
    assert isinstance(came, Sent), came
    return came


def submitted(body: Payload) -> Submission:
    """Give what was sent."""
    form = read(body).arrival.message.form
    assert form is not None
    return form


@given(form=forms())
def test_every_form_is_within_slacks_limits(form: Form) -> None:
    """And can be sent: what no JSON takes is gone."""
    view = modal(form, aside("T1", "C1", "U1", HOOKS))

    assert [] == broken(view)
    json.dumps(view).encode()
    json.dumps(view, ensure_ascii=False).encode()


@given(form=forms())
def test_what_a_form_is_about_comes_back(form: Form) -> None:
    """The metadata is JSON whatever is in it; the kind and the place are never cut."""
    view = modal(form, thread())
    came = read(sent(metadata=view["private_metadata"], view={"callback_id": view["callback_id"]}))

    assert came.arrival.message.form is not None
    assert form.kind == came.arrival.message.form.kind
    assert thread().id == came.arrival.conversation.id


@given(words=WORDS)
def test_a_refusal_is_within_slacks_limits(words: str) -> None:
    """Whatever the sentence."""
    assert [] == broken(problem(words))


def test_a_form_is_shown_as_it_was_made() -> None:
    """Each field is a block named like it, with the value that stands there at first."""
    it, hr = Choice(value="it", label="IT Support"), Choice(value="hr", label="People Ops")
    form = Form(
        kind="new",
        title="New request",
        send="Send",
        explanation="Tell us **what** you need.",
        fields=(
            Field(name="title", label="Title", initial="Slow", longest=100),
            Field(name="workspace", label="Where", kind="choice", choices=(it, hr), initial="hr", hint="Or let Atom."),
            Field(name="requester", label="For whom", kind="person", initial="slack:T1:U1", optional=True),
        ),
    )

    view = modal(form, aside("T1", "C1", "U1"))

    assert isinstance(view["blocks"], list)
    explanation, title, where, whom = view["blocks"]
    assert "Tell us *what* you need." == explanation["text"]["text"]
    assert ("title", "Slow", 100) == (
        title["block_id"],
        title["element"]["initial_value"],
        title["element"]["max_length"],
    )
    assert ["it", "hr"] == [option["value"] for option in where["element"]["options"]]
    assert "hr" == where["element"]["initial_option"]["value"]
    assert (False, True, "U1") == (where["optional"], whom["optional"], whom["element"]["initial_user"])


def test_what_was_sent_is_read() -> None:
    """Texts, a choice's value, a person as an identity, and files as the message they would have been attached to has them."""
    kept = {"subject": "request-1", "context": {"channel": "C1", "thread": TS, "odd": 5}}
    came = read(sent(metadata=kept))
    message = came.arrival.message

    assert message.form == Submission(
        kind="new",
        subject="request-1",
        values={"title": "Slow laptop", "workspace": "it", "requester": "slack:T1:U1"},
        context={"channel": "C1", "thread": TS},
        files=(File(name="log.txt", type="text/plain", size=9, link="https://desk.slack.com/F1", key="F1"),),
    )
    assert ("form", "slack:T1:view:V7", "slack:T1:U2", NOW) == (message.kind, message.id, message.author_id, message.at)
    assert ["slack:T1:U1"] == [other.id for other in came.arrival.others]
    assert ("title", "workspace", "requester", "files") == came.fields


def test_a_form_that_is_sent_twice_is_one_message() -> None:
    """It is known by its view, whatever else differs."""
    again = sent({"title": {"value": {"value": "Other"}}}) | {"trigger_id": "9.9.z"}

    assert read(sent()).arrival.message.id == read(again).arrival.message.id


def test_a_field_that_was_left_empty_is_missing() -> None:
    """Null, blank or nothing chosen are the same."""
    empty = {
        "title": {"value": {"type": "plain_text_input", "value": None}},
        "description": {"value": {"type": "plain_text_input", "value": "  "}},
        "workspace": {"value": {"type": "static_select", "selected_option": None}},
        "requester": {"value": {"type": "users_select", "selected_user": None}},
    }

    assert {} == submitted(sent(empty)).values


@pytest.mark.parametrize(
    ("metadata", "conversation"),
    [
        ({"channel": "C0SUPPORT", "thread": TS}, f"slack:T1:C0SUPPORT:{TS}"),
        ({"channel": "D1", "thread": TS}, f"slack:T1:D1:{TS}"),
        ({"channel": "C1", "thread": TS}, "slack:T1:C1:aside:U2"),
        ({"channel": "C1"}, "slack:T1:C1:aside:U2"),
        ({}, "slack:T1:U2:aside:U2"),
        ("[broken", "slack:T1:U2:aside:U2"),
        ("[" * 2_900, "slack:T1:U2:aside:U2"),
        ("[1]", "slack:T1:U2:aside:U2"),
    ],
)
def test_the_sender_is_told_where_the_form_was_opened(metadata: object, conversation: str) -> None:
    """In a thread only where nobody else is bothered; else where only they see it."""
    assert conversation == read(sent(metadata=metadata)).arrival.conversation.id


def test_a_response_url_that_came_back_is_checked_again() -> None:
    """What was put into a form may have been put there by somebody else."""
    good = read(sent(metadata={"channel": "C1", "response_url": HOOKS}))
    bad = read(sent(metadata={"channel": "C1", "response_url": "https://evil.example/hooks.slack.com"}))

    assert {"user": "U2", "response_url": HOOKS} == good.arrival.conversation.address
    assert {"user": "U2"} == bad.arrival.conversation.address


@pytest.mark.parametrize(
    "view", [{"callback_id": "problem"}, {"callback_id": "form:other"}, {"callback_id": None}, {"id": None}]
)
def test_another_view_is_ignored(view: Payload) -> None:
    """The dialogue that says why something cannot be done is no form."""
    assert isinstance(submission(sent(view=view), setting=setting()), Ignored)


def test_a_menu_without_a_choice_is_said_to_be_empty() -> None:
    """Slack would not show the form at all."""
    form = Form(kind="assign", title="Assign", send="Assign", fields=(Field(name="to", label="To", kind="choice"),))

    view = modal(form, thread())

    assert [] == broken(view)
    assert "nothing to choose" in json.dumps(view)


def test_the_form_of_the_tests_is_shown_too() -> None:
    """So that other tests mean something."""
    assert [] == broken(modal(NEW, thread()))
