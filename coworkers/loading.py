"""Reads a run with all that belongs to it, and makes its briefing.

The briefing is made once per run and stays the same for all of its model calls, so that a model's prompt cache holds it; what is said
during the run reaches the model through the transcript. The front door's briefing is made of public texts only.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import assert_never

from bot.approval import Approval
from bot.attachments import files_of
from bot.conversation import Conversation
from bot.desk.access import told_here
from bot.desk.borrowing import asked_by
from bot.desk.desk import Desk
from bot.ids import CoworkerId
from bot.labels import Source, Visibility
from bot.mail import (
    ApprovalDecided,
    Assigned,
    ColleagueAsked,
    HandedBack,
    RequesterReplied,
    TimerFired,
    Trigger,
)
from bot.mail import Said as SaidTrigger
from bot.message import Message
from bot.note import Note
from bot.packet import Packet
from bot.person import Identity, Person
from bot.ports import Reader
from bot.reply import Reply
from bot.request import FINAL, Request
from bot.run import Run, Step
from bot.spending import Spending
from coworkers.briefing import Briefing, Candidate, Occasion, Said
from coworkers.case import Case
from coworkers.roster import Roster
from coworkers.trim import trim

BRIEFING_TOKENS = 24_000
"""A briefing's budget; older notes are left out beyond it."""
_TALK = 20
"""Posts of a conversation that Atom is shown."""
_SEPARATORS = re.compile("[<>,;:()@\uff20\ufe6b]")


async def load_case(reader: Reader, run: Run, roster: Roster, *, recovered: bool) -> Case:
    """Return the run with its ledger and surroundings."""
    request = await reader.get(Request, run.request_id) if run.request_id else None
    conversation = await reader.get(Conversation, run.conversation_id) if run.conversation_id else None
    decided = [trigger.approval_id for trigger in run.triggers if isinstance(trigger, ApprovalDecided)]
    said = [trigger.message_id for trigger in run.triggers if isinstance(trigger, SaidTrigger)]
    messages = await reader.find(Message, id=said) if said else ()
    return Case(
        run=run,
        profile=roster.profile(CoworkerId(run.coworker)),
        person=await _person(reader, request, messages),
        request=request,
        conversation=conversation,
        messages=tuple(sorted(messages, key=lambda message: message.at)),
        approvals=tuple(await reader.find(Approval, id=decided)) if decided else (),
        steps=tuple(sorted(await reader.find(Step, run_id=run.id), key=lambda step: step.seq)),
        spent=await reader.get(Spending, f"request:{run.request_id}") if run.request_id else None,
        recovered=recovered,
    )


async def _person(reader: Reader, request: Request | None, messages: Sequence[Message]) -> Person:
    if request is not None:
        person = await reader.get(Person, request.requester)
    else:
        identity = await reader.get(Identity, messages[0].author_id) if messages else None
        person = await reader.get(Person, identity.person_id) if identity and identity.person_id else None
    if person is None:
        raise LookupError("the run belongs to nobody who is known")
    return person


async def make_briefing(reader: Reader, case: Case, desk: Desk, roster: Roster) -> Briefing:
    """Return what the coworker is told at the start of the run, within the token budget."""
    workforce = roster.workforce
    skills = tuple(workforce.skills[name] for name in case.profile.skills if name in workforce.skills)
    chooses = case.profile.kind != "specialist"
    plain = Briefing(
        coworker=case.profile,
        organisation=workforce.name,
        skills=skills,
        workspaces=tuple(roster.workspaces()) if case.profile.kind in {"front_door", "global_triage"} else (),
        candidates=roster.candidates(case.profile.id) if chooses else _neighbours(case, roster),
        request=case.request,
        requester=_who(case.person),
        asked_by=await asked_by(reader, desk, case.request),
        language=case.person.language,
        now=desk.now(),
    )
    filled = await _of_talk(reader, case, plain) if case.front_door else await _of_request(reader, case, plain)
    return trim(filled, BRIEFING_TOKENS)


def _neighbours(case: Case, roster: Roster) -> tuple[Candidate, ...]:
    """Return whom a specialist could hand to: who is reachable."""
    return tuple(item for item in roster.candidates(case.profile.id) if item.reachable)


def _who(person: Person) -> str:
    """Return a person as models and playbooks read them: what people call themselves cannot pass for an address or an attribute."""
    known = [
        " ".join(_SEPARATORS.sub(" ", person.name).split()) or "Somebody",
        *([f"<{person.email}>"] if person.email else []),
    ]
    known += [f"{key}: {value}" for key, value in sorted(person.attributes.items())]
    return ", ".join(known)


async def _of_request(reader: Reader, case: Case, plain: Briefing) -> Briefing:
    request_id = case.run.request_id
    notes = [note for note in await reader.find(Note, request_id=request_id) if note.run_id != case.run.id]
    notes = [note for note in notes if note.at <= case.run.started_at]
    packets = await reader.find(Packet, request_id=request_id)
    by_id = {str(note.id): note for note in notes}
    occasions = [_occasion(trigger, case, by_id, packets) for trigger in case.run.triggers]
    return replace(
        plain,
        packet=packets[-1] if packets else None,
        said=tuple(_note_said(note) for note in notes),
        files=tuple(item.file for item in await files_of(reader, case.request)) if case.request else (),
        occasions=tuple(occasions),
    )


def _note_said(note: Note) -> Said:
    return Said(author=note.author.name, text=note.text, visibility=note.visibility, source=note.source, at=note.at)


def _occasion(trigger: Trigger, case: Case, notes: Mapping[str, Note], packets: Sequence[Packet]) -> Occasion:
    """Say in words why the run was begun."""
    match trigger:
        case RequesterReplied(note_id=key) | ColleagueAsked(note_id=key):
            return Occasion(kind=trigger.kind, text=notes[key].text if key in notes else "")
        case Assigned(packet_id=key):
            packet = next((item for item in packets if item.id == key), None)
            return Occasion(kind=trigger.kind, text=packet.reason if packet else "")
        case ApprovalDecided(approval_id=approval_id):
            return _decided(approval_id, case)
        case HandedBack(by=by):
            return Occasion(kind=trigger.kind, text=f"{by} handed the request back to you.")
        case TimerFired(name=name):
            return Occasion(kind=trigger.kind, text=name)
        case SaidTrigger():
            return Occasion(kind=trigger.kind)
        case _:
            assert_never(trigger)


def _decided(key: str, case: Case) -> Occasion:
    """Say what became of an approval, with the result of the call where it was made."""
    item = next((approval for approval in case.approvals if approval.id == key), None)
    if item is None:
        return Occasion(kind="approval_decided")
    made = next((step for step in case.steps if step.call is not None and step.call.id == approved_call_id(key)), None)
    text = f"The call {item.call.name} was {item.state}."
    return Occasion(kind="approval_decided", text=text, result=made.result if made else None)


def approved_call_id(approval: str) -> str:
    """Return the call id under which an approved call is made."""
    return f"approved-{approval}"


async def _of_talk(reader: Reader, case: Case, plain: Briefing) -> Briefing:
    """Brief Atom: what was said in this conversation, the new messages, the person's own requests. Nothing private."""
    conversation = case.conversation.id if case.conversation else ""
    kinds = ["talk", "note"]
    replies = await reader.find(Reply, conversation_id=conversation, kind=kinds, newest=True, limit=_TALK)
    told = [
        Said(
            author=item.speaker or "Atom",
            text=item.text,
            visibility=Visibility.PUBLIC,
            source=Source.ORGANISATION,
            at=item.at,
        )
        for item in replies
        if item.visibility is Visibility.PUBLIC
    ]
    earlier = await reader.find(Message, conversation_id=conversation, kind="text", newest=True, limit=_TALK)
    new = {message.id for message in case.messages}
    authors = {message.author_id for message in case.messages}
    told += [
        _message_said(item, source=Source.REQUESTER if item.author_id in authors else Source.EXTERNAL)
        for item in earlier
        if item.id not in new and item.at <= case.run.started_at
    ]
    mine = await reader.find(Request, requester=case.person.id, newest=True, limit=30)
    mine = told_here(mine, case.conversation) if case.conversation else []
    return replace(
        plain,
        said=tuple(sorted(told, key=lambda item: item.at)[-_TALK:]),
        messages=tuple(_message_said(item) for item in case.messages),
        own_requests=tuple(item for item in mine if item.status not in FINAL),
        occasions=(Occasion(kind="said"),),
    )


def _message_said(message: Message, *, source: Source = Source.REQUESTER) -> Said:
    return Said(
        author=message.author_name or "requester",
        text=message.text,
        visibility=Visibility.PUBLIC,
        source=source,
        at=message.at,
    )
