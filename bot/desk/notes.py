"""Notes: a coworker's, a human's, the requester's own words.

Visibility is fixed by which function is called, and where a note goes follows from it (`posting`). A coworker's public note is checked
against everything private of the request before it is stored; a human's is theirs to answer for.
"""

from dataclasses import replace

from bot.audit import Event, text_digest
from bot.desk.changing import keep
from bot.desk.desk import Desk
from bot.desk.following import tell_followers
from bot.desk.showing_files import with_links
from bot.desk.standing import actions, footer
from bot.desk.telling import tell_colleagues, tell_requester
from bot.errors import Refused
from bot.ids import ConversationId, NoteId, RunId, derived_id
from bot.labels import Actor, Source, Visibility
from bot.leak import find_leak
from bot.note import Note
from bot.packet import Packet
from bot.ports import UnitOfWork
from bot.request import Assignee, Request
from bot.run import Run, Step

_CONFIDENTIAL = frozenset({"search_requests", "recall"})
"""Calls to the desk whose results may hold what others said."""


async def public_note(
    uow: UnitOfWork, desk: Desk, request: Request, text: str, author: Actor, *, cause: str, run: Run, source: Source
) -> Note:
    """Post a coworker's public note, with the request's standing under it.

    Raises `Refused` when it repeats private material, or the request is not the coworker's.
    """
    still_theirs(request, author)
    await refuse_leak(uow, request, text)
    note = await _store(uow, desk, request, text, author, Visibility.PUBLIC, source, cause=cause, run=run.id)
    await tell_requester(
        uow,
        desk,
        request,
        text,
        cause=note.id,
        speaker=author.name,
        note=note,
        footer=await footer(uow, desk, request),
        buttons=actions(request),
    )
    await tell_followers(uow, desk, request, note)
    await tell_colleagues(
        uow, desk, request, text, cause=note.id, speaker=author.name, note=note, visibility=Visibility.PUBLIC
    )
    return note


async def private_note(
    uow: UnitOfWork,
    desk: Desk,
    request: Request,
    text: str,
    author: Actor,
    *,
    cause: str,
    run: Run | None = None,
    source: Source = Source.COLLEAGUE,
    written_in: ConversationId | None = None,
) -> Note:
    """Post a private note by a coworker or a human; it is not repeated in the thread it was written in."""
    if run is not None:
        still_theirs(request, author)
    run_id = run.id if run else None
    note = await _store(uow, desk, request, text, author, Visibility.PRIVATE, source, cause=cause, run=run_id)
    await tell_colleagues(uow, desk, request, text, cause=note.id, speaker=author.name, note=note, but_not=written_in)
    return note


async def human_public_note(
    uow: UnitOfWork,
    desk: Desk,
    request: Request,
    text: str,
    author: Actor,
    *,
    cause: str,
    written_in: ConversationId | None = None,
    source: Source = Source.COLLEAGUE,
) -> Note:
    """Post a human's public note, a colleague's unless `source` says otherwise, and mirror it to the support threads.

    Files that came with it are linked on both sides: they were attached to what the requester is told.
    """
    note = await _store(uow, desk, request, text, author, Visibility.PUBLIC, source, cause=cause)
    shown = await with_links(uow, text, cause)
    await tell_requester(
        uow,
        desk,
        request,
        shown,
        cause=note.id,
        speaker=author.name,
        note=note,
        footer=await footer(uow, desk, request),
        buttons=actions(request),
        but_not=written_in,
    )
    await tell_followers(uow, desk, request, note)
    await tell_colleagues(
        uow,
        desk,
        request,
        shown,
        cause=note.id,
        speaker=author.name,
        note=note,
        visibility=Visibility.PUBLIC,
        but_not=written_in,
    )
    return note


async def requester_note(
    uow: UnitOfWork, desk: Desk, request: Request, text: str, author: Actor, *, cause: str
) -> Note:
    """Store what the requester wrote and mirror it to the support threads."""
    note = await _store(uow, desk, request, text, author, Visibility.PUBLIC, Source.REQUESTER, cause=cause)
    await tell_followers(uow, desk, request, note)
    shown = await with_links(uow, text, cause)
    await tell_colleagues(
        uow, desk, request, shown, cause=note.id, speaker=author.name, note=note, visibility=Visibility.PUBLIC
    )
    return note


def still_theirs(request: Request, author: Actor) -> None:
    """Refuse what a coworker says about a request that is no longer its own (a human took it, or it moved)."""
    if request.assignee != Assignee(kind="coworker", id=author.id):
        raise Refused(f"{request.number} is no longer assigned to {author.name}; say nothing more and end the run.")


async def refuse_leak(uow: UnitOfWork, request: Request, text: str) -> None:
    """Refuse a public text that repeats private notes or private results of the request, plain or disguised."""
    notes = await uow.find(Note, request_id=request.id)
    private = [note.text for note in notes if note.visibility is Visibility.PRIVATE]
    earlier = [note.text for note in notes if note.visibility is Visibility.PUBLIC]
    known = [request.title, request.description]
    known += [note.text for note in notes if note.source is Source.REQUESTER]
    private += await _private_results(uow, request) + await _handed_on(uow, request)
    leak = find_leak(text, private, known, earlier)
    if leak is not None:
        raise Refused(leak.sentence)


async def _private_results(uow: UnitOfWork, request: Request) -> list[str]:
    """Return what tools, other requests and memory told coworkers in confidence."""
    runs = await uow.find(Run, request_id=request.id)
    steps = await uow.find(Step, run_id=[run.id for run in runs], kind=["tool", "desk"], state="done")
    told = (step.result for step in steps if step.kind == "tool" or (step.call and step.call.name in _CONFIDENTIAL))
    return [result.text for result in told if result is not None and result.visibility is Visibility.PRIVATE]


async def _handed_on(uow: UnitOfWork, request: Request) -> list[str]:
    """Return what colleagues told each other as they handed the request on: why, and what they verified from private sources."""
    packets = await uow.find(Packet, request_id=request.id)
    facts = (fact for packet in packets for fact in packet.facts if fact.visibility is Visibility.PRIVATE)
    return list(dict.fromkeys([*(packet.reason for packet in packets), *(fact.text for fact in facts)]))


async def _store(
    uow: UnitOfWork,
    desk: Desk,
    request: Request,
    text: str,
    author: Actor,
    visibility: Visibility,
    source: Source,
    *,
    cause: str,
    run: RunId | None = None,
) -> Note:
    note = Note(
        id=NoteId(derived_id("note", request.id, cause)),
        request_id=request.id,
        visibility=visibility,
        source=source,
        author=author,
        text=desk.redact(text),
        at=desk.now(),
        run_id=run,
    )
    known = await uow.get(Note, note.id)
    if known is not None:
        return known
    await uow.add(note)
    await _responded(uow, desk, note)
    await uow.audit(
        Event(
            kind="note.written",
            actor=author,
            request_id=request.id,
            run_id=run,
            data={"note": note.id, "visibility": visibility.value, "source": source.value, "digest": text_digest(text)},
            at=note.at,
        )
    )
    return note


async def _responded(uow: UnitOfWork, desk: Desk, note: Note) -> None:
    """Remember when the requester was first answered: by a coworker, or by a colleague in public."""
    request = await uow.get(Request, note.request_id)
    if request is None or request.responded_at is not None or note.visibility is not Visibility.PUBLIC:
        return
    if note.author.kind == "coworker" or (note.source is Source.COLLEAGUE and note.author.id != request.requester):
        await keep(uow, desk, replace(request, responded_at=note.at))
