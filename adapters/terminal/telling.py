"""Tells what an audit event means, for somebody who reads along: which drawings it comes to, with what storage knows of it.

Events hold ids and digests, so the texts are read where they are kept. An event that says nothing new to the reader draws nothing:
the request's assignment that a hand-off has just told, the desk's calls whose notes are shown, the links between identities.
What is posted is told by `posts`, and where an event and a post tell the same, here is decided which of them is shown.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

from rich.console import RenderableType
from rich.text import Text

from adapters.terminal.calls import call_line, result_line
from adapters.terminal.drawing import Pen
from adapters.terminal.names import Names
from adapters.terminal.runs import ended, introduction, started
from bot.audit import Event
from bot.labels import Visibility
from bot.note import Note
from bot.outcome import Route
from bot.packet import Packet
from bot.ports import Reader
from bot.reply import Reply
from bot.request import Request
from bot.run import Run, Step
from bot.wording.cards import status

Result = TypeVar("Result")
Drawings = Sequence[RenderableType]

GAP = Text()
"""An empty line: another coworker begins."""
_SILENT_DESK_CALLS = {"post_public_note", "post_private_note", "ask_requester", "hand_off", "set_status", "resolve"}
_SILENT_DESK_CALLS |= {
    "escalate",
    "request_approval",
    "answer",
    "open_request",
    "continue_request",
    "request_status",
    "say",
}
"""Their effects are events of their own."""


class Look(Protocol):
    """Reads what is stored; `bot.ports.Storage` can."""

    async def read(self, work: Callable[[Reader], Awaitable[Result]]) -> Result:
        """Run `work` on one consistent view."""
        ...


class Telling:
    """Draws events; remembers only which models it has introduced and what was typed here."""

    def __init__(self, names: Names, pen: Pen) -> None:
        self._names = names
        self._pen = pen
        self._introduced: set[str] = set()
        self._typed: set[str] = set()

    def typed(self, text: str) -> None:
        """Remember what was typed at this terminal, so that it is not told as news when it becomes a note."""
        self._typed.add(text.strip())

    async def of(self, event: Event, reader: Reader) -> Drawings:
        """Return what to draw for an event (a note: without its text, which its post brings)."""
        kinds: dict[str, Callable[[Event, Reader], Awaitable[Drawings]]] = {
            "request.opened": self._opened,
            "request.assigned": self._assigned,
            "request.handed_off": self._handed_off,
            "request.status": self._status,
            "run.started": self._run_started,
            "run.ended": self._run_ended,
            "model.called": self._model_called,
            "tool.called": self._tool_called,
            "desk.called": self._desk_called,
            "note.written": self._note_written,
            "note.withheld": self._withheld,
            "reply.parked": self._withheld,
            "approval.approved": self._decided,
            "approval.denied": self._decided,
            "approval.expired": self._decided,
            "timer.fired": self._timer,
        }
        tell = kinds.get(event.kind)
        return await tell(event, reader) if tell else ()

    async def _opened(self, event: Event, reader: Reader) -> Drawings:
        request = await self._request(event, reader)
        if request is None:
            return ()
        where = self._names.workspace(request.workspace)
        return (self._pen.info(f"{request.number} is opened in {where}, {request.priority} priority: {request.title}"),)

    async def _assigned(self, event: Event, reader: Reader) -> Drawings:
        """Tell an assignment, unless a hand-off to the same has told it or a person has taken it, which a notice tells."""
        kind, _, key = str(event.data.get("to", "")).partition(":")
        packet = await reader.get(Packet, str(event.data["packet"])) if event.data.get("packet") else None
        request = await self._request(event, reader)
        if request is None or kind == "person" or (packet is not None and packet.receiver == key):
            return ()
        name = self._names.group(key) if kind == "group" else self._names.coworker(key)
        waits = "waits for" if kind == "group" else "is assigned to"
        return (self._pen.info(f"{request.number} {waits} {name}"),)

    async def _handed_off(self, event: Event, reader: Reader) -> Drawings:
        packet = await reader.get(Packet, str(event.data.get("packet", "")))
        if packet is None:
            return ()
        told = {fact for earlier in await _before(packet, reader) for fact in earlier.facts}
        fresh = tuple(fact.text for fact in packet.facts if fact not in told)
        return (
            self._pen.hand_off(
                await self._names.receiver(reader, packet.sender),
                await self._names.receiver(reader, packet.receiver),
                packet.reason,
                facts=fresh,
                known=len(packet.facts) - len(fresh),
                questions=packet.open_questions,
                wanted=packet.wanted,
            ),
        )

    async def _status(self, event: Event, reader: Reader) -> Drawings:
        number = await self._number(event, reader)
        before, after = str(event.data["from"]), str(event.data["to"])
        passing = {before, after} == {"open", "in_progress"}
        line = self._pen.status(number, status(before), status(after), event.actor.name, passing=passing)
        begins = passing and after == "in_progress"
        return (GAP, line) if begins else (line,)

    async def _run_started(self, event: Event, reader: Reader) -> Drawings:
        model = str(event.data.get("model", ""))
        line = started(event.actor.name, await self._number(event, reader), model, event.data.get("triggers", []))
        return (*self._introduce(model), self._pen.run(line))

    async def _run_ended(self, event: Event, reader: Reader) -> Drawings:
        run = await reader.get(Run, event.run_id or "")
        if run is None:
            return ()
        if run.state == "failed":
            return (self._pen.wrong(f"{event.actor.name} could not go on: {run.error}"),)
        if run.request_id is None or (run.state == "done" and isinstance(run.outcome, Route)):
            return ()  # what Atom decided, or the hand-off, has been told
        steps = await reader.find(Step, run_id=run.id)
        return (self._pen.run(ended(event.actor.name, run, steps)),)

    async def _model_called(self, event: Event, reader: Reader) -> Drawings:  # noqa: ARG002  # one shape for all
        return self._introduce(str(event.data.get("model", "")))

    def _introduce(self, model: str) -> Drawings:
        if not model or model in self._introduced:
            return ()
        self._introduced.add(model)
        return (self._pen.info(introduction(model)),)

    async def _tool_called(self, event: Event, reader: Reader) -> Drawings:
        step = await reader.get(Step, str(event.data.get("step", "")))
        if step is None or step.call is None or step.state == "intent":
            return ()
        call = call_line(step.call)
        if step.result is None:
            return (self._pen.tool_call(event.actor.name, call, "it is not known whether this was done", failed=True),)
        private = step.result.visibility is Visibility.PRIVATE
        line = result_line(step.result)
        return (self._pen.tool_call(event.actor.name, call, line, failed=step.result.error, private=private),)

    async def _desk_called(self, event: Event, reader: Reader) -> Drawings:
        step = await reader.get(Step, str(event.data.get("step", "")))
        if step is None or step.call is None or step.result is None:
            return ()
        if step.result.error:
            return (self._pen.tool_call(event.actor.name, step.call.name, result_line(step.result), failed=True),)
        if step.call.name in _SILENT_DESK_CALLS or "__" in step.call.name:
            return ()  # told by an event of its own, or (a tool's) by the approval that it waits for
        return (self._pen.tool_call(event.actor.name, call_line(step.call), result_line(step.result)),)

    async def _note_written(self, event: Event, reader: Reader) -> Drawings:
        """Tell a note that no post on this terminal will tell: a person's own words."""
        note = await reader.get(Note, str(event.data.get("note", "")))
        if note is None or event.actor.kind != "person":
            return ()
        number = await self._number(event, reader)
        if note.visibility is Visibility.PRIVATE:
            return (
                ()
                if note.text.strip() in self._typed
                else (self._pen.private(note.author.name, "colleagues", note.text),)
            )
        if note.source != "requester":
            return ()
        if note.text.strip() in self._typed:
            return (self._pen.info(f"{note.author.name}'s reply is added to {number}"),)
        return (self._pen.public(note.author.name, number, note.text),)

    async def _withheld(self, event: Event, reader: Reader) -> Drawings:
        reply = await reader.get(Reply, str(event.data.get("reply", "")))
        number = await self._number(event, reader)
        what = "private note" if event.data.get("visibility") == Visibility.PRIVATE.value else "reply"
        why = reply.problem if reply else event.reason
        return (self._pen.wrong(f"A {what} for {number} is not delivered. {why}"),)

    async def _decided(self, event: Event, reader: Reader) -> Drawings:
        number = await self._number(event, reader)
        verb = {"approval.approved": "approves", "approval.denied": "denies"}.get(event.kind)
        call = str(event.data.get("tool", "the call")).replace("__", " ")
        if verb is None:
            return (self._pen.info(f"Nobody decided about {call} for {number} in time"),)
        return (self._pen.info(f"{event.actor.name} {verb} {call} for {number}"),)

    async def _timer(self, event: Event, reader: Reader) -> Drawings:
        return (
            self._pen.info(f"The timer {event.data.get('timer')} of {await self._number(event, reader)} has run out"),
        )

    async def _request(self, event: Event, reader: Reader) -> Request | None:
        return await reader.get(Request, event.request_id) if event.request_id else None

    async def _number(self, event: Event, reader: Reader) -> str:
        request = await self._request(event, reader)
        return request.number if request else "a message"


async def _before(packet: Packet, reader: Reader) -> list[Packet]:
    """Return the packets that moved with the request before this one."""
    packets = await reader.find(Packet, request_id=packet.request_id)
    return list(packets)[: next((place for place, item in enumerate(packets) if item.id == packet.id), 0)]
