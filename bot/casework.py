"""Works request mailboxes: begins the run that waiting mail asks for, advances it, and leaves alone what a human holds.

All mail that waits is worked by one run. Mail for a request that awaits an approval stays until the decision arrives, and is
then read with it.
A run whose request was taken away from its coworker ends as superseded, having said nothing more.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.audit import Event
from bot.desk.assigning import call_human
from bot.desk.changing import change_status
from bot.desk.concluding import end_run, fail_run
from bot.desk.desk import Desk
from bot.desk.switching import move_on
from bot.errors import TemporaryError
from bot.ids import CoworkerId, RunId, derived_id
from bot.labels import SYSTEM
from bot.mail import ColleagueAsked, Lease, Mail, Mailbox, RequesterReplied, Trigger
from bot.mailroom import take, waiting_mail
from bot.ports import Reader, Storage, UnitOfWork, Worker
from bot.progress import Idle, Later, More, Progress
from bot.request import FINAL, Assignee, Request, Status
from bot.run import Run

log = logging.getLogger("deskmate.casework")


@dataclass(frozen=True, kw_only=True)
class _Case:
    """What lies in a request's mailbox."""

    request: Request
    run: Run | None
    mail: Sequence[Mail]


class Casework:
    """Works request mailboxes."""

    def __init__(self, storage: Storage, desk: Desk, worker: Worker) -> None:
        self._storage = storage
        self._desk = desk
        self._worker = worker

    async def advance(self, box: Mailbox, lease: Lease) -> Progress:
        """Advance the run that is under way, or begin the next one."""
        case = await self._storage.read(lambda reader: _look(reader, box))
        if case is None:
            return Idle()
        run = case.run
        if run is None:
            if not case.mail:
                return Idle()
            run = await self._storage.transact(lambda uow: self._begin(uow, box), under=lease)
            if run is None:
                return Idle() if _awaits_decision(case) else More()
        return await self._work(run, box, lease)

    async def _work(self, run: Run, box: Mailbox, lease: Lease) -> Progress:
        """Advance `run` to its end; a failure after a step that was recorded is no failure in a row."""
        stepped = False
        while True:
            try:
                if await self._worker.advance(run, lease):
                    return More()
            except TemporaryError as error:
                if not stepped:
                    raise
                log.warning("%s goes on in %.1f s: %s", run.id, error.delay, error)
                return Later(at=self._desk.now() + timedelta(seconds=error.delay))
            if box.failures:
                return More()
            stepped = True

    async def _begin(self, uow: UnitOfWork, box: Mailbox) -> Run | None:
        """Begin a run over all waiting mail; None when the request is nobody's to run, or the run ended at once."""
        request = await uow.get(Request, box.subject)
        mail = await waiting_mail(uow, box.id)
        if request is None or not mail:
            return None
        if request.status == "awaiting_approval" and not any(m.trigger.kind == "approval_decided" for m in mail):
            return None
        if request.assignee.kind != "coworker" or request.status in FINAL:
            await take(uow, mail, "nobody")
            return None
        card = self._desk.coworker(request.assignee.id)
        if card is None or card.state != "active":
            await self._reassign(uow, request, mail)
            return None
        actor = self._desk.coworker_actor(card.id, request)
        await change_status(uow, self._desk, request, "in_progress", actor, reason="work begins")
        triggers = tuple(_from_rest(item.trigger, request.status) for item in mail)
        run = self._new_run(box, request, triggers, fallback=False, cause=mail[-1].id)
        await uow.add(run)
        await take(uow, mail, run.id)
        await self._started(uow, run)
        begun = await uow.get(Run, run.id)
        return run if begun is not None and begun.state == "running" else None

    async def _started(self, uow: UnitOfWork, run: Run) -> None:
        await uow.audit(
            Event(
                kind="run.started",
                actor=self._desk.coworker_actor(run.coworker),
                request_id=run.request_id,
                run_id=run.id,
                data={
                    "model": run.model,
                    "version": run.version,
                    "triggers": [trigger.kind for trigger in run.triggers],
                },
                at=run.started_at,
            )
        )
        await self._worker.begin(uow, run)

    def _new_run(
        self, box: Mailbox, request: Request, triggers: tuple[Trigger, ...], *, fallback: bool, cause: str
    ) -> Run:
        coworker = CoworkerId(request.assignee.id)
        employment = self._worker.employ(coworker, fallback=fallback)
        return Run(
            id=RunId(derived_id("run", box.id, employment.model, cause)),
            mailbox_id=box.id,
            request_id=request.id,
            coworker=coworker,
            version=employment.version,
            model=employment.model,
            triggers=triggers,
            started_at=self._desk.now(),
        )

    async def _reassign(self, uow: UnitOfWork, request: Request, mail: list[Mail]) -> None:
        """Give the work of a coworker that takes none to triage, or to the agents."""
        await take(uow, mail, "nobody")
        await move_on(uow, self._desk, request, cause=derived_id("inactive", mail[-1].id))

    async def give_up(self, box: Mailbox, lease: Lease, reason: str) -> None:
        """Go on without the language model that failed; failing that, call a human."""
        case = await self._storage.read(lambda reader: _look(reader, box))
        if case is not None:
            await self._storage.transact(lambda uow: self._leave(uow, box, case, reason), under=lease)

    async def _leave(self, uow: UnitOfWork, box: Mailbox, case: _Case, reason: str) -> None:
        request = await uow.get(Request, case.request.id)
        if request is None:
            return
        if request.status in FINAL:
            await take(uow, await waiting_mail(uow, box.id), "nobody")
            if case.run is not None:
                await end_run(uow, self._desk, case.run, "superseded", None)
            return
        if case.run is None:
            await take(uow, await waiting_mail(uow, box.id), "nobody")
            await call_human(
                uow, self._desk, request, reason, SYSTEM, cause=derived_id("gave up", box.id, str(box.token))
            )
            return
        mine = Assignee(kind="coworker", id=case.run.coworker)
        employed = self._desk.coworker(case.run.coworker) is not None
        if employed and request.assignee == mine and request.status == "in_progress":
            again = self._new_run(box, request, case.run.triggers, fallback=True, cause=case.run.id)
            if again.model != case.run.model:
                await end_run(uow, self._desk, case.run, "failed", None, error=reason)
                await uow.add(again)
                await self._started(uow, again)
                return
        await fail_run(uow, self._desk, case.run, reason)


def _from_rest(trigger: Trigger, status: Status) -> Trigger:
    """Return the trigger with the status in which the request rests now: it may have come to rest after a reply arrived."""
    if isinstance(trigger, (RequesterReplied, ColleagueAsked)) and status in {"pending", "on_hold", "resolved"}:
        return replace(trigger, was=status)
    return trigger


def _awaits_decision(case: _Case) -> bool:
    return case.request.status == "awaiting_approval" and not any(
        item.trigger.kind == "approval_decided" for item in case.mail
    )


async def _look(reader: Reader, box: Mailbox) -> _Case | None:
    """Return what is to be worked for a request."""
    request = await reader.get(Request, box.subject)
    if request is None:
        return None
    runs = await reader.find(Run, mailbox_id=box.id, state="running")
    mail = await reader.find(Mail, mailbox_id=box.id, taken_by=None)
    return _Case(request=request, run=runs[0] if runs else None, mail=mail)
