"""What a request's coworkers have read so far: the measure of the rule of two.

What one run has read reaches the next through notes, packets and hand-off reasons, whose words no label follows for certain. So an acting
call is judged by everything that tools told any run of the request, not only the one under way: text from outside cannot get a call
made by waiting for the next coworker. Somebody who asks in another person's name has not that person's authority: then too a
human decides about every acting call, unless it is an agent of the workspace, who answers for having been asked.
"""

from bot.desk.borrowing import asked_by
from bot.desk.desk import Desk
from bot.labels import Source, Visibility, least_trusted
from bot.note import Note
from bot.ports import Reader
from bot.run import Run, Step
from bot.turn import Call
from coworkers.case import Case
from coworkers.guarded import Verdict, judge
from coworkers.ledger import taint


async def verdict_on(reader: Reader, desk: Desk, case: Case, call: Call) -> Verdict:
    """Decide about one exact call of a run, by what was read and in whose name it was asked for."""
    source, visibility = await exposure(reader, case)
    borrowed = bool(await asked_by(reader, desk, case.request))
    return judge(call, case.granted, source=source, visibility=visibility, borrowed=borrowed)


async def exposure(reader: Reader, case: Case) -> tuple[Source, Visibility]:
    """Return the least trusted source and the strictest visibility of what this run and the request's earlier ones have read.

    That is what tools told, and what people wrote: a guest in the requester's thread, a colleague in private.
    """
    runs = await reader.find(Run, request_id=case.run.request_id) if case.run.request_id else ()
    earlier = [run.id for run in runs if run.id != case.run.id]
    steps = await reader.find(Step, run_id=earlier, kind="tool") if earlier else ()
    source, visibility = taint([*steps, *case.steps])
    notes = await reader.find(Note, request_id=case.run.request_id) if case.run.request_id else ()
    written = [note for note in notes if note.author.kind == "person"]
    private = any(note.visibility is Visibility.PRIVATE for note in written)
    return least_trusted(source, *(note.source for note in written)), Visibility.PRIVATE if private else visibility
