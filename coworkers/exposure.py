"""What a request's coworkers have read so far: the measure of the rule of two.

What one run has read reaches the next through notes, packets and hand-off reasons, whose words no label follows for certain. So an acting
call is judged by everything that tools told any run of the request, not only the one under way: text from outside cannot get a call
made by waiting for the next coworker.
"""

from bot.labels import Source, Visibility
from bot.ports import Reader
from bot.run import Run, Step
from coworkers.case import Case
from coworkers.ledger import taint


async def exposure(reader: Reader, case: Case) -> tuple[Source, Visibility]:
    """Return the least trusted source and the strictest visibility of what this run and the request's earlier ones have read."""
    runs = await reader.find(Run, request_id=case.run.request_id) if case.run.request_id else ()
    earlier = [run.id for run in runs if run.id != case.run.id]
    steps = await reader.find(Step, run_id=earlier, kind="tool") if earlier else ()
    return taint([*steps, *case.steps])
