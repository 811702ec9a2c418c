"""What became of a message, as one plain structure: the machine-readable twin of what the voice tells.

`deskmate run --json` prints it, and the human summary is made from it, so that the two never differ. Times are ISO 8601 in
UTC, money is millionths of a US dollar, and the lists are in the order in which things happened. Texts are as they are stored: JSON
escapes what a terminal must not be given.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from bot.labels import Visibility
from bot.message import Arrival
from bot.note import Note
from bot.packet import Packet
from bot.person import Person
from bot.ports import Reader
from bot.reply import Reply
from bot.request import Request
from bot.run import Run
from bot.workspace import Workspace

Record = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """The records that a report is made of."""

    requests: Sequence[Request]
    notes: Sequence[Note]
    runs: Sequence[Run]
    packets: Sequence[Packet]
    persons: Sequence[Person]


async def told(reader: Reader, said: Arrival) -> list[Reply]:
    """Return what has been posted where `said` was said since then: answers, small talk and public notes, in order."""
    here = await reader.find(Reply, conversation_id=said.conversation.id, state="sent")
    found = [reply for reply in here if reply.kind in {"talk", "note"} and reply.visibility is Visibility.PUBLIC]
    return [reply for reply in found if reply.at >= said.message.at and reply.replaces is None]


async def gather(reader: Reader, requests: Sequence[Request]) -> Gathered:
    """Read what belongs to `requests`."""
    keys = [request.id for request in requests]
    people = {key for request in requests for key in (request.requester, request.author, request.assignee.id)}
    if not keys:
        return Gathered(requests=(), notes=(), runs=(), packets=(), persons=())
    return Gathered(
        requests=requests,
        notes=await reader.find(Note, request_id=keys),
        runs=await reader.find(Run, request_id=keys),
        packets=await reader.find(Packet, request_id=keys),
        persons=await reader.find(Person, id=sorted(people)),
    )


def report(
    requests: Iterable[Request],
    notes: Iterable[Note],
    runs: Iterable[Run],
    packets: Iterable[Packet],
    persons: Iterable[Person],
    workspaces: Iterable[Workspace],
    replies: Iterable[Reply] = (),
) -> Record:
    """Return `{"requests": […], "notes": […], "runs": […], "handoffs": […], "replies": […]}`, ready for `json.dumps`.

    `replies` are those that `told` finds: what the requester was told, also when no request was opened.
    """
    known = list(requests)
    numbers: dict[str, str] = {request.id: request.number for request in known}
    people: dict[str, Person] = {person.id: person for person in persons}
    names: dict[str, str] = {workspace.id: workspace.name for workspace in workspaces}
    return {
        "requests": [_request(request, people, names) for request in known],
        "notes": [_note(note, numbers) for note in sorted(notes, key=lambda note: note.at)],
        "runs": [_run(run, numbers) for run in sorted(runs, key=lambda run: run.started_at)],
        "handoffs": [_handoff(packet, numbers) for packet in sorted(packets, key=lambda packet: packet.at)],
        "replies": [_reply(reply, numbers) for reply in replies],
    }


def _request(request: Request, people: Mapping[str, Person], workspaces: Mapping[str, str]) -> Record:
    assignee = people.get(request.assignee.id)
    return {
        "id": request.id,
        "number": request.number,
        "type": request.type,
        "title": request.title,
        "description": request.description,
        "priority": request.priority,
        "status": request.status,
        "workspace": request.workspace,
        "workspace_name": workspaces.get(request.workspace, request.workspace),
        "requester": _person(people, request.requester),
        "author": _person(people, request.author),
        "assignee": {
            "kind": request.assignee.kind,
            "id": request.assignee.id,
            **({"name": assignee.name} if assignee else {}),
        },
        "links": [asdict(link) for link in request.links],
        "opened_at": _moment(request.opened_at),
        "changed_at": _moment(request.changed_at),
    }


def _note(note: Note, numbers: Mapping[str, str]) -> Record:
    return {
        "id": note.id,
        "request": numbers.get(note.request_id, note.request_id),
        "visibility": note.visibility.value,
        "source": note.source.value,
        "author": {"kind": note.author.kind, "id": note.author.id, "name": note.author.name},
        "text": note.text,
        "run": note.run_id,
        "at": _moment(note.at),
    }


def _run(run: Run, numbers: Mapping[str, str]) -> Record:
    return {
        "id": run.id,
        "request": numbers.get(run.request_id or "", run.request_id),
        "coworker": run.coworker,
        "model": run.model,
        "triggers": [trigger.kind for trigger in run.triggers],
        "state": run.state,
        "outcome": asdict(run.outcome) if run.outcome else None,
        "error": run.error,
        "started_at": _moment(run.started_at),
        "ended_at": _moment(run.ended_at) if run.ended_at else None,
    }


def _handoff(packet: Packet, numbers: Mapping[str, str]) -> Record:
    return {
        "request": numbers.get(packet.request_id, packet.request_id),
        "from": packet.sender,
        "to": packet.receiver,
        "reason": packet.reason,
        "verified_facts": [asdict(fact) for fact in packet.facts],
        "open_questions": list(packet.open_questions),
        "hop": packet.hop,
        "budget_left_micro_usd": packet.budget_left_micro_usd,
        "at": _moment(packet.at),
    }


def _reply(reply: Reply, numbers: Mapping[str, str]) -> Record:
    return {
        "to": "requester",
        "request": numbers.get(reply.request_id or ""),
        "text": reply.text,
        "at": _moment(reply.sent_at or reply.at),
    }


def _person(people: Mapping[str, Person], key: str) -> Record:
    person = people.get(key)
    return {"id": key, "name": person.name if person else key, "email": person.email if person else None}


def _moment(at: datetime) -> str:
    return at.isoformat()
