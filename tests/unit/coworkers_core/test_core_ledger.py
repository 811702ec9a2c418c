"""What comes next is decided from the recorded steps alone, and every run comes to an end."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.labels import Source, Visibility
from bot.mail import RequesterReplied, Said
from bot.outcome import Escalation, NothingToDo
from bot.run import Step, StepKind, StepState
from bot.turn import Call, CallResult
from coworkers.ledger import (
    CALLS,
    MODEL_CALLS,
    AskModel,
    Finish,
    Nudge,
    Perform,
    open_step,
    seen_before,
    since_skill,
    taint,
    transcript,
)
from tests.unit.coworkers_core.ledgers import NAMES, next_of, step, turn_of


@st.composite
def ledgers(draw: st.DrawFn) -> list[Step]:
    """Return any ledger that a run could have: turns, with results for the first so many of their calls, and news."""
    steps: list[Step] = []
    for position in range(draw(st.integers(0, 6))):
        count = draw(st.integers(0, 3))
        made = [Call(id=f"c{position}-{i}", name=draw(st.sampled_from(NAMES))) for i in range(count)]
        stop = draw(st.sampled_from(("tool_use", "end", "truncated", "refused")))
        steps.append(step(len(steps), "model", turn=turn_of(*made, stop=stop)))
        for call in made[: draw(st.integers(0, count))]:
            kind: StepKind = "tool" if "__" in call.name else "desk"
            state: StepState = "unknown" if kind == "tool" and draw(st.integers(0, 3)) == 0 else "done"
            result = CallResult(call_id=call.id, text="x", error=draw(st.booleans())) if state == "done" else None
            steps.append(step(len(steps), kind, state=state, call=call, result=result))
        if draw(st.booleans()):
            steps.append(step(len(steps), "mail", result=CallResult(call_id="n", text="news")))
    return steps


def unanswered(steps: list[Step]) -> list[Call]:
    turns = [item for item in steps if item.kind == "model"]
    if not turns or turns[-1].turn is None or turns[-1].turn.stop != "tool_use":
        return []
    done = {item.call.id for item in steps if item.call is not None}
    return [call for call in turns[-1].turn.calls if call.id not in done]


@given(steps=ledgers(), front_door=st.booleans())
def test_the_same_ledger_always_leads_to_the_same_next_action(steps: list[Step], front_door: bool) -> None:  # noqa: FBT001
    """Nothing but the ledger counts, and reading it changes nothing."""
    before = list(steps)

    first, second = (next_of(*steps, front_door=front_door) for _ in range(2))

    assert first == second
    assert before == steps


@given(steps=ledgers(), front_door=st.booleans())
def test_no_model_is_asked_while_a_call_waits_for_its_answer(steps: list[Step], front_door: bool) -> None:  # noqa: FBT001
    """The next call is the first one without a result, and only calls of a turn that asks for calls are made."""
    action = next_of(*steps, front_door=front_door)

    waiting = unanswered(steps)
    doubtful = any(item.state == "unknown" for item in steps)
    if doubtful:
        assert isinstance(action, Finish)
        assert isinstance(action.outcome, Escalation)
    elif waiting:
        assert Perform(call=waiting[0]) == action
    else:
        assert not isinstance(action, Perform)


@given(steps=ledgers())
def test_what_is_said_and_what_came_back_belong_together(steps: list[Step]) -> None:
    """The transcript has every turn once, and each result under the turn that asked for it."""
    exchanges = transcript(steps)

    assert [item.turn for item in steps if item.kind == "model"] == [item.turn for item in exchanges]
    for exchange in exchanges:
        asked = [call.id for call in exchange.turn.calls]
        assert [result.call_id for result in exchange.results] == [
            key for key in asked if key in {result.call_id for result in exchange.results}
        ]


@given(st.lists(st.sampled_from(("tool_use", "end", "truncated", "calls", "end with calls", "cut calls")), min_size=60))
def test_a_model_is_never_asked_more_than_the_ceiling(stops: list[str]) -> None:
    """However its turns end, a run of any model ends after so many of them."""
    steps: list[Step] = []
    asked = 0
    for position, stop in enumerate(stops):
        action = next_of(*steps)
        while isinstance(action, (Nudge, Perform)):
            call = action.call if isinstance(action, Perform) else None
            result = CallResult(call_id=call.id if call else "nudge", text="x")
            steps.append(step(len(steps), "desk" if call else "mail", call=call, result=result))
            action = next_of(*steps)
        if isinstance(action, Finish):
            break
        asked += 1
        made = (
            (Call(id=f"c{position}", name="post_private_note", arguments={"n": position}),) if "calls" in stop else ()
        )
        kind = {"calls": "tool_use", "end with calls": "end", "cut calls": "truncated"}.get(stop, stop)
        steps.append(step(len(steps), "model", turn=turn_of(*made, stop=kind)))

    assert isinstance(action, Finish)
    assert asked <= MODEL_CALLS


def test_one_turn_cannot_ask_for_thousands_of_calls() -> None:
    """After so many calls a human takes over, although the turn has more."""
    many = [Call(id=f"c{i}", name="post_private_note", arguments={"n": i}) for i in range(1000)]
    steps = [step(0, "model", turn=turn_of(*many))]
    while isinstance(action := next_of(*steps), Perform):
        steps.append(step(len(steps), "desk", call=action.call, result=CallResult(call_id=action.call.id, text="x")))

    assert len(steps) == CALLS + 1
    assert Finish(outcome=Escalation(reason=f"The run made {CALLS} calls without an outcome.")) == action


def test_a_call_whose_effect_is_unknown_goes_to_a_human() -> None:
    """The reason names the call, and nothing else is done first."""
    call = Call(id="c", name="jumpcloud__lock_device")

    action = next_of(step(0, "model", turn=turn_of(call)), step(1, "tool", state="unknown", call=call))

    assert isinstance(action, Finish)
    assert isinstance(action.outcome, Escalation)
    assert "jumpcloud__lock_device" in action.outcome.reason


@pytest.mark.parametrize("stop", ["end", "truncated", "refused"])
def test_calls_of_a_turn_that_did_not_ask_for_them_are_not_made(stop: str) -> None:
    """Only `tool_use` is acted on."""
    action = next_of(step(0, "model", turn=turn_of(Call(id="c", name="resolve"), stop=stop)))

    assert not isinstance(action, Perform)


def test_a_refusal_goes_to_a_human() -> None:
    """A model that refuses is not asked again."""
    action = next_of(step(0, "model", turn=turn_of(stop="refused")))

    assert Finish(outcome=Escalation(reason="The model refused to work on this.")) == action


@pytest.mark.parametrize("calls", [(), (Call(id="c", name="resolve"),)])
def test_an_answer_that_is_cut_off_is_asked_for_once_more(calls: tuple[Call, ...]) -> None:
    """The second one in a row ends the run, whether or not a piece of a call was in it."""
    cut = step(0, "model", turn=turn_of(*calls, stop="truncated"))
    nudged = step(1, "mail", result=CallResult(call_id="nudge", text="x"))
    again = step(2, "model", turn=turn_of(*calls, stop="truncated"))

    assert isinstance(next_of(cut), Nudge)
    assert AskModel() == next_of(cut, nudged)
    assert Finish(outcome=Escalation(reason="The model's answers were cut off twice.")) == next_of(cut, nudged, again)


def test_assigned_work_that_ends_twice_without_a_call_goes_to_a_human() -> None:
    """The first time the model is told how a run ends."""
    ended = step(0, "model", turn=turn_of(stop="end"))
    nudged = step(1, "mail", result=CallResult(call_id="nudge", text="x"))
    again = step(2, "model", turn=turn_of(stop="tool_use"))

    assert isinstance(next_of(ended), Nudge)
    assert Finish(outcome=Escalation(reason="The run ended twice without an outcome.")) == next_of(ended, nudged, again)


def test_a_reply_that_needs_nothing_ends_at_once() -> None:
    """A turn without a call is an outcome for a run that a reply began."""
    ended = step(0, "model", turn=turn_of(stop="end"))

    assert Finish(outcome=NothingToDo()) == next_of(ended, triggers=(RequesterReplied(note_id="n"),))


def test_atom_has_not_spoken_by_searching() -> None:
    """A search leaves the person without a reply, so Atom is asked to give one."""
    search = Call(id="c", name="search_knowledge")
    steps = (
        step(0, "model", turn=turn_of(search)),
        step(1, "desk", call=search, result=CallResult(call_id="c", text="passages")),
        step(2, "model", turn=turn_of(stop="end")),
    )

    assert isinstance(next_of(*steps, triggers=(Said(message_id="m"),), front_door=True), Nudge)  # type: ignore[arg-type]


def test_atom_is_done_once_it_has_spoken() -> None:
    """All calls of a turn were final: no further turn is paid for."""
    say = Call(id="c", name="say")
    steps = (
        step(0, "model", turn=turn_of(say)),
        step(1, "desk", call=say, result=CallResult(call_id="c", text="Said.")),
    )

    assert Finish(outcome=NothingToDo()) == next_of(*steps, front_door=True)


def test_five_failures_in_a_row_end_the_run() -> None:
    """Whatever failed, one that works begins the count anew."""

    def failing(ok: Callable[[int], bool]) -> list[Step]:
        steps: list[Step] = []
        for i in range(5):
            call = Call(id=f"c{i}", name="jumpcloud__get_device", arguments={"n": i})
            steps.append(step(len(steps), "model", turn=turn_of(call)))
            steps.append(
                step(len(steps), "tool", call=call, result=CallResult(call_id=call.id, text="x", error=not ok(i)))
            )
        return steps

    assert isinstance(next_of(*failing(lambda _: False)), Finish)
    assert AskModel() == next_of(*failing(lambda i: i == 2))


def test_what_was_read_labels_what_is_written() -> None:
    """The least trusted source and the strictest visibility of all tool results hold for the run."""
    outside = CallResult(call_id="a", text="x", source=Source.EXTERNAL, visibility=Visibility.PUBLIC)
    inside = CallResult(call_id="b", text="x", source=Source.ORGANISATION, visibility=Visibility.PRIVATE)
    call = Call(id="c", name="t__c")

    read = (step(0, "tool", call=call, result=outside), step(1, "tool", call=call, result=inside))

    assert taint(read) == (Source.EXTERNAL, Visibility.PRIVATE)
    assert taint(()) == (Source.COLLEAGUE, Visibility.PUBLIC)


def test_steps_are_counted_since_the_last_skill() -> None:
    """Reading a skill begins a new five steps; the same call is counted with its arguments."""
    tool, skill = Call(id="t", name="t__c", arguments={"a": 1}), Call(id="s", name="read_skill")
    steps = [
        step(0, "tool", call=tool),
        step(1, "tool", call=tool),
        step(2, "desk", call=skill),
        step(3, "tool", call=tool),
    ]

    assert since_skill(steps) == 1
    assert seen_before(steps, tool) == 3
    assert seen_before(steps, replace(tool, arguments={"a": 2})) == 0


def test_an_open_step_is_found() -> None:
    """It is the one whose intent is stored and whose result is not."""
    intent = step(1, "model", state="intent")

    assert intent == open_step((step(0, "model", turn=turn_of()), intent))
    assert open_step(()) is None
