"""Making steps and their audit events, and putting news into words for a run under way."""

from datetime import datetime

from bot.audit import Event, text_digest
from bot.desk.desk import Desk
from bot.mail import ColleagueAsked, Mail, RequesterReplied, Said
from bot.message import Message
from bot.note import Note
from bot.ports import Reader
from bot.run import Step, StepKind, StepState, step_id
from coworkers.case import Case

_EVENTS: dict[StepKind, str] = {
    "model": "model.called",
    "tool": "tool.called",
    "desk": "desk.called",
    "mail": "run.news",
}


def new_step(case: Case, kind: StepKind, state: StepState, now: datetime) -> Step:
    """Return the next step of the run's ledger."""
    seq = len(case.steps)
    return Step(
        id=step_id(case.run.id, seq),
        run_id=case.run.id,
        seq=seq,
        kind=kind,
        state=state,
        begun_at=now,
        ended_at=None if state == "intent" else now,
    )


def step_event(desk: Desk, case: Case, step: Step) -> Event:
    """Return the audit event of a step: ids, numbers, digests."""
    data: dict[str, object] = {"step": step.id, "state": step.state}
    if step.turn is not None:
        usage = step.turn.usage
        data |= {"model": step.turn.model, "stop": step.turn.stop, "input_tokens": usage.input_tokens}
        data |= {"output_tokens": usage.output_tokens, "micro_usd": usage.micro_usd}
    if step.call is not None:
        data |= {"tool": step.call.name, "effect": step.effect, "arguments": text_digest(repr(step.call.arguments))}
    if step.result is not None:
        data |= {"error": step.result.error, "result": text_digest(step.result.text)}
    return Event(
        kind=_EVENTS[step.kind],
        actor=desk.coworker_actor(case.run.coworker, case.request),
        request_id=case.run.request_id,
        run_id=case.run.id,
        data=data,
        at=desk.now(),
    )


def is_news(mail: Mail) -> bool:
    """Tell whether a run under way can be given this mail."""
    return isinstance(mail.trigger, (RequesterReplied, ColleagueAsked, Said))


async def news(reader: Reader, mail: Mail, case: Case) -> str | None:
    """Return what arrived, in words; None when it is not for this run."""
    trigger = mail.trigger
    if isinstance(trigger, (RequesterReplied, ColleagueAsked)):
        note = await reader.get(Note, trigger.note_id)
        return f"Meanwhile {note.author.name} wrote: {note.text}" if note else None
    if isinstance(trigger, Said):
        message = await reader.get(Message, trigger.message_id)
        same = {item.author_id for item in case.messages}
        if message is not None and message.kind == "text" and message.author_id in same and not message.quotes:
            return f"Meanwhile the same person wrote: {message.text}"
    return None
