"""Runs, steps and turns for tests of the ledger."""

from datetime import UTC, datetime

from bot.ids import CoworkerId, MailboxId, RunId
from bot.mail import Assigned, Trigger
from bot.run import Run, Step, StepKind, StepState
from bot.turn import Call, CallResult, Turn
from coworkers.ledger import Next, decide

NOW = datetime(2026, 11, 20, tzinfo=UTC)


NAMES = ("post_private_note", "search_knowledge", "resolve", "jumpcloud__get_device", "read_skill")


def run(*triggers: Trigger) -> Run:
    return Run(
        id=RunId("r"),
        mailbox_id=MailboxId("request:1"),
        coworker=CoworkerId("hardware-engineer"),
        version="v",
        model="first",
        triggers=triggers or (Assigned(),),
        started_at=NOW,
    )


def step(
    seq: int,
    kind: StepKind,
    *,
    state: StepState = "done",
    turn: Turn | None = None,
    call: Call | None = None,
    result: CallResult | None = None,
) -> Step:
    return Step(
        id=f"r:{seq}",
        run_id=RunId("r"),
        seq=seq,
        kind=kind,
        state=state,
        turn=turn,
        call=call,
        result=result,
        begun_at=NOW,
    )


def turn_of(*calls: Call, stop: str = "tool_use") -> Turn:
    return Turn(calls=calls, stop=stop, model="m")  # type: ignore[arg-type]


def next_of(*steps: Step, triggers: tuple[Trigger, ...] = (Assigned(),), front_door: bool = False) -> Next:
    return decide(run(*triggers), steps, ending="resolve", front_door=front_door)
