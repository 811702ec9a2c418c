"""A run's ledger, read: what was said and done, what is still open, what comes next.

Everything here is pure. `decide` looks at the recorded steps alone, so a run that was cut off goes on behind the last recorded
step, and the same ledger always leads to the same next action.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.labels import Source, Visibility, least_trusted
from bot.outcome import Escalation, NothingToDo, Outcome
from bot.run import Run, Step
from bot.turn import Call, CallResult, Turn
from coworkers.model import Exchange

MODEL_CALLS = 20
"""Model calls in one run, whatever the budget says."""
CALLS = 60
"""Calls of any kind in one run, made or refused: one turn alone may ask for thousands."""
REPEATS = 3
"""So often the same call with the same arguments is answered; then the run is stopped."""
REFUSALS = 5
"""So many calls in a row that were refused or failed end a run."""

TRUNCATED = "Your answer was cut off, so no call in it was made. Answer again, shorter."
UNFINISHED = (
    "Your turn ended without a call, and nothing you write outside calls is read by anybody. End the run with one of: "
)


@dataclass(frozen=True, kw_only=True)
class AskModel:
    """The model is to be asked for its next turn."""


@dataclass(frozen=True, kw_only=True)
class Perform:
    """A call of the last turn is to be made."""

    call: Call


@dataclass(frozen=True, kw_only=True)
class Nudge:
    """The model is to be told something before it is asked again."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Finish:
    """The run ends."""

    outcome: Outcome


Next = AskModel | Perform | Nudge | Finish


def open_step(steps: Sequence[Step]) -> Step | None:
    """Return the step whose intent is stored and whose result is not."""
    return next((step for step in steps if step.state == "intent"), None)


def transcript(steps: Sequence[Step]) -> tuple[Exchange, ...]:
    """Return the turns with their results and news; what came before the first turn belongs to the briefing."""
    exchanges: list[Exchange] = []
    results: list[CallResult] = []
    news: list[str] = []

    def close() -> None:
        if exchanges:
            last = exchanges[-1]
            exchanges[-1] = Exchange(turn=last.turn, results=tuple(results), news=tuple(news))
        results.clear()
        news.clear()

    for step in steps:
        if step.kind == "model" and step.turn is not None:
            close()
            exchanges.append(Exchange(turn=step.turn))
        elif step.kind == "mail" and step.result is not None:
            news.append(step.result.text)
        elif step.result is not None and step.call is not None:
            results.append(step.result)
    close()
    return tuple(exchanges)


def decide(run: Run, steps: Sequence[Step], *, ending: str, front_door: bool) -> Next:
    """Return what comes next, given that no step is open.

    `ending` names the calls that end a run, for the nudge. A model that has used up its turns is not asked again, whatever led there.
    """
    action = _decide(run, steps, ending=ending, front_door=front_door)
    asked = sum(1 for step in steps if step.kind == "model")
    if isinstance(action, AskModel) and asked >= MODEL_CALLS:
        return Finish(outcome=Escalation(reason=f"The run took {MODEL_CALLS} model calls without an outcome."))
    if isinstance(action, Perform) and sum(1 for step in steps if step.call is not None) >= CALLS:
        return Finish(outcome=Escalation(reason=f"The run made {CALLS} calls without an outcome."))
    return action


def _decide(run: Run, steps: Sequence[Step], *, ending: str, front_door: bool) -> Next:
    doubtful = next((step for step in steps if step.state == "unknown"), None)
    if doubtful is not None and doubtful.call is not None:
        return Finish(outcome=Escalation(reason=_doubt(doubtful.call)))
    turns = [step for step in steps if step.kind == "model" and step.turn is not None]
    if not turns:
        return AskModel()
    last = turns[-1]
    after = [step for step in steps if step.seq > last.seq]
    turn = last.turn
    if turn is None:
        return AskModel()
    if turn.stop == "refused":
        return Finish(outcome=Escalation(reason="The model refused to work on this."))
    if turn.stop == "truncated":
        cut_off = "The model's answers were cut off twice."
        return _again(turns, after, TRUNCATED, cut_off, lambda before: before.stop == "truncated")
    if not _acts(turn):
        return _ended(run, steps, turns, after, ending=ending, front_door=front_door)
    answered = {step.call.id for step in after if step.call is not None}
    waiting = [call for call in turn.calls if call.id not in answered]
    if waiting:
        return Perform(call=waiting[0])
    return _go_on(steps, after, front_door=front_door)


def _doubt(call: Call) -> str:
    return f"It is not known whether `{call.name}` took effect: its answer was lost. Check in that system before anybody repeats it."


def _acts(turn: Turn) -> bool:
    """Tell whether the turn asks for calls: those of any other turn are not to be made."""
    return turn.stop == "tool_use" and bool(turn.calls)


def _again(turns: list[Step], after: list[Step], nudge: str, reason: str, such: Callable[[Turn], bool]) -> Next:
    """Nudge once; end when it was the second such turn in a row."""
    if any(step.kind == "mail" for step in after):
        return AskModel()
    before = turns[-2].turn if len(turns) > 1 else None
    if before is not None and such(before):
        return Finish(outcome=Escalation(reason=reason))
    return Nudge(text=nudge)


def _ended(
    run: Run, steps: Sequence[Step], turns: list[Step], after: list[Step], *, ending: str, front_door: bool
) -> Next:
    """Decide about a turn without calls: the end, unless something was asked of the run and nothing came of it."""
    if any(step.kind == "mail" for step in after):
        return AskModel()
    spoke = any(_final(step) and step.result is not None and not step.result.error for step in steps)
    assigned = any(trigger.kind in {"assigned", "handed_back", "approval_decided"} for trigger in run.triggers)
    if (front_door and spoke) or (not front_door and not assigned):
        return Finish(outcome=NothingToDo())
    return _again(turns, after, UNFINISHED + ending + ".", "The run ended twice without an outcome.", _idle)


def _idle(turn: Turn) -> bool:
    return turn.stop in {"end", "tool_use"} and not _acts(turn)


def _go_on(steps: Sequence[Step], after: list[Step], *, front_door: bool) -> Next:
    """All calls of the last turn are answered: ask again, unless too many in a row failed."""
    made = [step for step in after if step.kind == "desk" and step.call is not None]
    well = all(step.result is not None and not step.result.error for step in made)
    if front_door and made and well and all(_final(step) for step in made):
        return Finish(outcome=NothingToDo())
    failed = 0
    for step in reversed([step for step in steps if step.kind in {"desk", "tool"}]):
        if step.result is None or not step.result.error:
            break
        failed += 1
    if failed >= REFUSALS:
        return Finish(outcome=Escalation(reason=f"{failed} calls in a row were refused or failed."))
    return AskModel()


def _final(step: Step) -> bool:
    """Tell whether the step is a call that the person was told something by."""
    return step.kind == "desk" and step.call is not None and step.call.name != "search_knowledge"


def seen_before(steps: Sequence[Step], call: Call) -> int:
    """Return how often the same call with the same arguments was made in this run."""
    return sum(
        1
        for step in steps
        if step.call is not None and step.call.name == call.name and step.call.arguments == call.arguments
    )


def since_skill(steps: Sequence[Step]) -> int:
    """Return how many tool steps were made since a skill was read last (product page, Rulings)."""
    count = 0
    for step in steps:
        if step.kind == "tool":
            count += 1
        elif step.call is not None and step.call.name == "read_skill":
            count = 0
    return count


def taint(steps: Sequence[Step]) -> tuple[Source, Visibility]:
    """Return the least trusted source and the strictest visibility of what the run has read from tools."""
    results = [step.result for step in steps if step.kind == "tool" and step.result is not None]
    source = least_trusted(Source.COLLEAGUE, *(result.source for result in results))
    private = any(result.visibility is Visibility.PRIVATE for result in results)
    return source, Visibility.PRIVATE if private else Visibility.PUBLIC
