"""What the requester's buttons under a note do: this is solved, I still need help.

Both are for the requester and the author alone. Whoever still needs help gets a human: one who has the request already is told, any other
holder gives it to the agents. Work that goes on when the requester says that it is solved is stopped. Of the requests that come before
it, the requester is told only those that are their own: that there are others may itself be a secret.
"""

from bot.audit import Event
from bot.desk.assigning import call_human
from bot.desk.changing import blocked_by, change_status
from bot.desk.desk import Desk, person_actor
from bot.desk.stopping import stop_work
from bot.desk.surveying import ask_score
from bot.desk.telling import tell_colleagues, tell_requester
from bot.errors import Refused
from bot.labels import Actor
from bot.person import Person
from bot.ports import UnitOfWork
from bot.request import FINAL, TABLE, Request
from bot.wording import requester as wording
from bot.wording import survey as wording_survey


async def solved(uow: UnitOfWork, desk: Desk, key: str, person: Person, *, cause: str) -> Request:
    """Resolve the request on the requester's word; return it as stored, unchanged when it is resolved already.

    Raises `Refused` for anybody else, and where the table or a blocking request forbids it.
    """
    request = await own(uow, key, person)
    if request.status == "resolved":
        return request
    if "resolved" not in TABLE[request.status]:
        raise Refused(wording.cannot_be_resolved(request))
    blocking = await blocked_by(uow, request)
    if blocking:
        mine = await uow.find(Request, number=blocking, requester=person.id)
        raise Refused(wording.waits_for_others(request.number, [item.number for item in mine]))
    actor = person_actor(person)
    stopped = await stop_work(uow, desk, request, actor, cause=cause)
    request = await change_status(uow, desk, stopped, "resolved", actor, reason="the requester says so")
    await tell_colleagues(
        uow, desk, request, wording.solved_line(request.number, person.name), cause=f"solved:{cause}", kind="notice"
    )
    await ask_score(uow, desk, request, wording.resolved_by_requester(request.number), cause=f"solved:{cause}")
    return request


async def still_needs_help(uow: UnitOfWork, desk: Desk, key: str, person: Person, *, cause: str) -> Request:
    """Open the request again where it rests, and see that a human has it. Raises `Refused` for anybody else."""
    request = await own(uow, key, person)
    if request.status in FINAL:
        raise Refused(wording.over(request))
    await uow.audit(
        Event(kind="request.help_wanted", actor=person_actor(person), request_id=request.id, data={}, at=desk.now())
    )
    return await need_human(uow, desk, request, person_actor(person), wording_survey.asked_for_help(), cause=cause)


async def need_human(
    uow: UnitOfWork, desk: Desk, request: Request, actor: Actor, reason: str, *, cause: str
) -> Request:
    """See that a human has a request that is not over, and that the requester knows it; return it as stored."""
    if request.assignee.kind == "coworker":
        return await call_human(uow, desk, request, reason, actor, cause=cause)
    if request.status in {"pending", "on_hold", "resolved"}:
        request = await change_status(uow, desk, request, "in_progress", actor, reason=reason)
    asks = wording_survey.asks_again(request.number, reason)
    await tell_colleagues(uow, desk, request, asks, cause=f"again:{cause}", kind="card")
    await tell_requester(uow, desk, request, wording.human_has_it(request.number), cause=f"again:{cause}", kind="talk")
    return request


async def own(uow: UnitOfWork, key: str, person: Person) -> Request:
    """Return the request of the one who asked for it or wrote it; `Refused` for anybody else, whether it exists or not."""
    request = await uow.get(Request, key)
    if request is None or person.id not in {request.requester, request.author}:
        raise Refused(wording.NOT_THE_ASKER)
    return request
