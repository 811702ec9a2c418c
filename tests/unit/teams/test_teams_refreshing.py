"""Presses that have been stored, and cards that are asked for anew: answered in time, whatever the desk does meanwhile."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.cards import CARD, card
from adapters.teams.inbound import translate
from adapters.teams.reading import JsonObject
from adapters.teams.refreshing import Refreshing
from adapters.teams.turns import Answer
from bot.errors import TemporaryError
from bot.ids import ConversationId, ReplyId
from bot.labels import Visibility
from bot.reply import Button, Reply
from bot.standing_card import CardAsk, CardState, StandingCard
from bot.wording.posts import Words
from tests.contract.teams.teams_at_work import support_channels
from tests.contract.teams.written_surfaces import WrittenSurfaces
from tests.fakes import teams_shapes as shapes
from tests.fakes.teams_cards import faults_of
from tests.fakes.teams_state import Person, Place

WORDS = Words()
SAM = Person(id="29:sam", name="Sam Support", email="sam@example.com", aad_object_id="aad-sam")
CHANNEL = Place(id="19:support@thread.tacv2", kind="channel", name="IT Support", members=(SAM.id,), team="19:team")
POST: JsonObject = {"id": "17", "conversation": {"id": f"{CHANNEL.id};messageid=17", "conversationType": "channel"}}
OLD = Reply(
    id=ReplyId("r1"),
    conversation_id=ConversationId("c"),
    visibility=Visibility.PRIVATE,
    kind="header",
    text="IT-1001",
    buttons=(Button(action="take_over", subject="q1", label="Take over"),),
    state="sent",
    post="17",
    at=datetime(2026, 11, 20, tzinfo=UTC),
)
NEW = replace(OLD, id=ReplyId("r2"), text="Sam has it.", buttons=())
LINE = "application/vnd.microsoft.activity.message"


def pressed() -> JsonObject:
    """Return the press of the card's button."""
    action = shapes.find_action({"attachments": [{"content": card(OLD, WORDS)}]}, {}, "take_over")
    return {"id": "f:1", **shapes.pressed(SAM, CHANNEL, POST, action, "https://smba.example/")}


def looked() -> JsonObject:
    """Return what a client sends that asks for the card anew."""
    action: Any = card(OLD, WORDS)["refresh"]
    return {"id": "f:2", **shapes.pressed(SAM, CHANNEL, POST, action["action"], "https://smba.example/")}


def stands(reply: Reply, state: CardState = "stands") -> StandingCard:
    """Return a card in this state."""
    return StandingCard(reply=reply, state=state)


class SlowSurfaces(WrittenSurfaces):
    """Surfaces behind a database that does not answer."""

    async def card(self, ask: CardAsk) -> StandingCard | None:
        """Never return."""
        await asyncio.sleep(3600)
        return None


def answering(*cards: StandingCard | None, patience: float = 0.3, most: int = 20) -> tuple[Refreshing, WrittenSurfaces]:
    """Return what answers, over surfaces on which these cards stand one after the other."""
    surfaces = WrittenSurfaces()
    surfaces.cards = list(cards)
    return Refreshing(surfaces, support_channels, WORDS, patience=patience, most=most), surfaces


async def press(refreshing: Refreshing) -> Answer:
    """Answer the press, once it is stored."""
    arrival = translate(pressed(), support=support_channels, received=datetime.now(UTC))
    assert arrival is not None
    return await refreshing.pressed(pressed(), arrival)


def said(answer: Answer) -> tuple[int, object, object]:
    """Return the HTTP status, and what the person is shown: a card's own words, or a line."""
    status, body = answer
    assert body is not None
    value: Any = body["value"]
    if body["type"] == CARD:
        assert [] == faults_of(value)
        return int(status), CARD, value["fallbackText"]
    return int(status), body["type"], value


async def test_whoever_pressed_is_shown_what_it_led_to() -> None:
    """Not the card as it was: the answer waits until the press is worked and the post is changed."""
    refreshing, surfaces = answering(stands(OLD, "waits"), stands(OLD, "moving"), stands(NEW))

    answer = await press(refreshing)

    assert (200, CARD, "Sam has it.") == said(answer)
    asked = surfaces.looked[-1]
    assert ("r1", "17", "aad-sam") == (asked.reply, asked.post, asked.who.user)
    assert "f:1" in str(asked.deed)
    assert (CHANNEL.id, "17", "support") == (asked.place.channel, asked.place.thread, asked.place.kind)


@pytest.mark.parametrize("state", ["waits", "moving"])
async def test_a_press_that_is_not_worked_in_time_is_noted(state: CardState) -> None:
    """The engine is busy or stopped; the press is stored, and the post is changed later."""
    refreshing, _ = answering(stands(OLD, state), patience=0.1)
    began = monotonic()

    answer = await press(refreshing)

    assert (200, LINE, WORDS.noted) == said(answer)
    assert monotonic() - began < 1


async def test_a_database_that_does_not_answer_delays_no_press() -> None:
    """It was stored before."""
    refreshing = Refreshing(SlowSurfaces(), support_channels, WORDS, patience=0.05)

    assert (200, LINE, WORDS.noted) == said(await press(refreshing))
    assert (200, LINE, WORDS.unchanged) == said(await refreshing.look(looked()))


@pytest.mark.parametrize("failure", [TemporaryError("no database"), RuntimeError("a bug")])
async def test_what_goes_wrong_after_a_press_is_stored_is_no_failure_of_it(failure: Exception) -> None:
    """Nobody is made to press again."""
    refreshing, surfaces = answering(stands(NEW))
    surfaces.failures.append(failure)

    assert (200, LINE, WORDS.noted) == said(await press(refreshing))


async def test_no_more_than_so_many_wait() -> None:
    """Whoever comes when as many do is answered at once."""
    refreshing, _ = answering(stands(OLD, "waits"), patience=0.3, most=1)
    first = asyncio.create_task(press(refreshing))
    await asyncio.sleep(0)
    began = monotonic()

    second = await press(refreshing)

    took = monotonic() - began
    assert (200, LINE, WORDS.noted) == said(second) == said(await first)
    assert took < 0.2


async def test_whoever_has_waited_makes_room() -> None:
    """However it ended."""
    refreshing, surfaces = answering(stands(OLD, "waits"), patience=0.06, most=1)
    await press(refreshing)
    surfaces.cards = [stands(OLD, "waits"), stands(NEW)]

    assert (200, CARD, "Sam has it.") == said(await press(refreshing))


@pytest.mark.parametrize("state", ["stands", "waits"])
async def test_a_client_that_asks_is_shown_what_stands(state: CardState) -> None:
    """At once, even when something newer is queued; and no deed is looked for."""
    refreshing, surfaces = answering(stands(NEW, state))

    answer = await refreshing.look(looked())

    assert (200, CARD, "Sam has it.") == said(answer)
    assert (1, None) == (len(surfaces.looked), surfaces.looked[0].deed)


async def test_a_client_is_not_shown_the_older_card_while_the_newer_is_on_its_way() -> None:
    """A change of the post makes every client ask, often before the change is known to have been made."""
    refreshing, _ = answering(stands(OLD, "moving"), stands(NEW))

    assert (200, CARD, "Sam has it.") == said(await refreshing.look(looked()))


@pytest.mark.parametrize("found", [None, stands(OLD, "moving")])
async def test_a_client_that_cannot_be_told_keeps_what_it_has(found: StandingCard | None) -> None:
    """No card and no error, whether it forged something or asked at the wrong moment."""
    refreshing, _ = answering(found, patience=0.1)

    assert (200, LINE, WORDS.unchanged) == said(await refreshing.look(looked()))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["action", "data", "reply", "id"]), inner)
    ),
    max_leaves=6,
)


@given(key=st.sampled_from(["value", "from", "conversation", "replyToId", "channelData", "recipient"]), value=JSON)
async def test_whatever_a_client_sends_is_answered(key: str, value: object) -> None:
    """With the card or with the line, never with a failure."""
    refreshing, _ = answering(stands(NEW))

    status, shown, _ = said(await refreshing.look({**looked(), key: value}))

    assert (200, True) == (status, shown in {CARD, LINE})


def test_a_card_on_which_nothing_can_be_pressed_is_not_asked_for() -> None:
    """It costs nothing any more; while there is a button, everybody's client may ask."""
    asking: Any = card(OLD, WORDS)

    assert "refresh" not in card(NEW, WORDS)
    assert {"reply": "r1"} == asking["refresh"]["action"]["data"]
    assert "userIds" not in asking["refresh"]
    assert [] == faults_of(asking)
