"""What a run must not do again because the run that it takes the place of has done it.

When a run is given up, another goes on for the same triggers with another brain, which knows nothing of the first. A call that acts
and may not be repeated is therefore looked for in the ledger of the failed run before it is made.
"""

from bot.ports import UnitOfWork
from bot.run import Run, Step
from bot.turn import Call


async def begun_before(uow: UnitOfWork, run: Run, call: Call, *, same_id: bool) -> Step | None:
    """Return the step of a failed run for the same triggers that began this call; None when there is none.

    Only calls count that may not be repeated and that did not fail for certain. `same_id`: it must be the same approved call; else
    the same capability with the same arguments.
    """
    if run.request_id is None:
        return None
    failed = await uow.find(Run, request_id=run.request_id, state="failed")
    keys = [item.id for item in failed if item.triggers == run.triggers and item.id != run.id]
    steps = await uow.find(Step, run_id=keys, kind="tool") if keys else ()
    return next((step for step in steps if _same(step, call, same_id=same_id)), None)


def _same(step: Step, call: Call, *, same_id: bool) -> bool:
    if step.call is None or step.effect == "read" or step.idempotent or (step.result is not None and step.result.error):
        return False
    if same_id:
        return step.call.id == call.id
    return (step.call.name, step.call.arguments) == (call.name, call.arguments)
