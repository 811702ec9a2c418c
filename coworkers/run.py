"""The run loop: do what the ledger's open step says, record the result together with the next intent, until an outcome is applied.

Each external call (a model's turn, a tool) has its intent stored before and its result after; the result of one and the intent of the
next share a transaction, which is made under the lease of whoever works. Calls to the desk are carried out inside that transaction.
A rule that a desk call breaks undoes the whole transaction; it is then made again with that call recorded as refused.
"""

import logging
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Protocol

from bot.desk.concluding import end_run
from bot.desk.desk import Desk
from bot.desk.spent import charged
from bot.desk.stopping import end_halted, halted, stop_waits
from bot.errors import DeskmateError, PermanentError, Refused, TemporaryError
from bot.ids import CoworkerId
from bot.labels import Source
from bot.mail import Lease, Mailbox
from bot.ports import Employment, Knowledge, Storage, UnitOfWork
from bot.request import Assignee, Request
from bot.run import Run, Step
from bot.turn import CallResult, Turn, Usage
from coworkers.case import Case
from coworkers.desk_tools.schemas import ACTING, ENDING, FRONT_DOOR
from coworkers.guarded import granted, labelled, offers, without_secrets
from coworkers.ledger import open_step, transcript
from coworkers.loading import load_case, make_briefing
from coworkers.model import Model
from coworkers.proceeding import Proceeding
from coworkers.profile import Profile
from coworkers.refusal import RefusedCall
from coworkers.roster import Roster
from coworkers.toolbox import ToolServers

log = logging.getLogger("deskmate.run")

_PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0)
KEPT = 2_000
"""Runs under way whose surroundings are kept in memory; others are read anew."""
STOPPED = "The work was stopped before this was called; nothing was done."


class Brains(Protocol):
    """Which model works for whom."""

    def choose(self, profile: Profile, *, fallback: bool) -> str:
        """Return the name of the model for a run begun now; the offline one when `fallback`, or when none can be reached."""
        ...

    def model(self, name: str) -> Model:
        """Return the model of that name."""
        ...

    def estimate(self, name: str, tokens: int) -> int:
        """Return what so many tokens cost at most, in micro-USD."""
        ...


class Runner:
    """Works runs; satisfies `bot.ports.Worker`."""

    def __init__(
        self,
        storage: Storage,
        desk: Desk,
        roster: Roster,
        brains: Brains,
        servers: ToolServers,
        knowledge: Knowledge,
    ) -> None:
        self._storage = storage
        self._desk = desk
        self._roster = roster
        self._brains = brains
        self._servers = servers
        self._proceeding = Proceeding(desk, knowledge, brains.estimate)
        self._cases: OrderedDict[tuple[str, int], Case] = OrderedDict()

    def employ(self, coworker: CoworkerId, *, fallback: bool = False) -> Employment:
        """Return the coworker's version and the model for a run begun now."""
        profile = self._roster.profile(coworker)
        return Employment(version=profile.version, model=self._brains.choose(profile, fallback=fallback))

    async def begin(self, uow: UnitOfWork, run: Run) -> None:
        """Store the run's first intent: a model call, or the call that was approved. A run without a budget ends here."""
        case = await load_case(uow, run, self._roster, recovered=False)
        stored = await self._proceeding.begin(uow, case)
        box = await uow.get(Mailbox, run.mailbox_id)
        if stored is not None and box is not None:
            self._keep(stored, box.token)

    async def advance(self, run: Run, lease: Lease) -> bool:
        """Do the open step and record it with what comes next; return True once the run has ended."""
        case = await self._case(run, lease)
        step = open_step(case.steps)
        if step is None:
            return await self._record(case, None, lease)
        if case.recovered and step.kind == "tool" and not _repeatable(step):
            return await self._record(case, replace(step, state="unknown", ended_at=self._desk.now()), lease)
        if halted(self._desk, case.run, case.request):
            return await self._record(case, self._not_begun(case, step), lease)
        if step.kind == "model":
            case, done = await self._ask(case, step, lease)
        else:
            case, done = await self._call(case, step)
        return await self._record(case, done, lease)

    def _not_begun(self, case: Case, step: Step) -> Step | None:
        """Return what is recorded of a call that is not made because the run ends here; one of before a crash may have been made."""
        if step.kind == "model" or step.call is None:
            return None
        if case.recovered:
            return replace(step, state="unknown", ended_at=self._desk.now())
        result = CallResult(call_id=step.call.id, text=STOPPED, error=True)
        return replace(step, state="done", result=result, ended_at=self._desk.now())

    async def _case(self, run: Run, lease: Lease) -> Case:
        """Return the case as this holder of the lease left it, or read it back."""
        kept = self._cases.pop((run.id, lease.token), None)
        if kept is not None:
            return await self._equipped(kept)
        loaded = await self._storage.read(lambda reader: load_case(reader, run, self._roster, recovered=True))
        return await self._equipped(loaded)

    async def _equipped(self, case: Case) -> Case:
        """Add what the coworker is granted."""
        if case.granted or not case.profile.grants or case.front_door:
            return case
        return replace(case, granted=await granted(case.profile, self._roster.workforce.tools, self._servers))

    def _keep(self, case: Case, token: int) -> None:
        """Keep the case for the holder of this lease alone: nobody else has written behind it."""
        self._cases[case.run.id, token] = case
        while len(self._cases) > KEPT:
            self._cases.popitem(last=False)

    async def _ask(self, case: Case, step: Step, lease: Lease) -> tuple[Case, Step]:
        """Ask the model for the next turn; an answer that cannot be used is charged all the same."""
        briefing = case.briefing
        if briefing is None:
            briefing = await self._storage.read(partial(make_briefing, case=case, desk=self._desk, roster=self._roster))
            case = replace(case, briefing=briefing)
        tools = FRONT_DOOR if case.front_door else (*offers(case.granted), *ENDING, *ACTING)
        try:
            turn = await self._brains.model(case.run.model).next_turn(briefing, transcript(case.steps), tools)
            turn = _distinct(turn, case)
        except DeskmateError as error:
            if error.usage != Usage():
                charge = partial(charged, case.run.id, case.run.request_id, error.usage)
                await self._storage.transact(charge, under=lease)
            raise
        return case, replace(step, state="done", turn=turn, ended_at=self._desk.now())

    async def _call(self, case: Case, step: Step) -> tuple[Case, Step]:
        """Call a tool; a failure that is certain is a result, one that is not leaves the step unknown.

        So does a call that may have been made before a crash and cannot be repeated now, its tool not being on offer.
        """
        call = step.call
        item = next((one for one in case.granted if call is not None and one.name == call.name), None)
        if item is None and case.recovered and step.effect != "read":
            return case, replace(step, state="unknown", ended_at=self._desk.now())
        if call is None or item is None:
            text = "The tool is not on offer now; nothing was done."
            result = CallResult(call_id=call.id if call else step.id, text=text, error=True)
            return case, replace(step, state="done", result=result, ended_at=self._desk.now())
        try:
            answer = await self._servers.call(item.tool.id, item.capability.name, call.arguments, key=step.id)
        except TemporaryError as error:
            if error.maybe_done and not _repeatable(step):
                return case, replace(step, state="unknown", ended_at=self._desk.now())
            done = "It may have been done; it is safe to call it again." if error.maybe_done else "Nothing was done."
            answer = CallResult(call_id=call.id, text=f"{error} {done}", error=True, source=Source.ORGANISATION)
        except PermanentError as error:
            answer = CallResult(call_id=call.id, text=str(error), error=True)
        result = labelled(without_secrets(answer, self._desk.redact), call, item.capability)
        return case, replace(step, state="done", result=result, ended_at=self._desk.now())

    async def _record(self, case: Case, done: Step | None, lease: Lease) -> bool:
        """Store a step's result and what follows from it.

        Again with refusals noted, while a rule undoes it; and again after a pause, while the database cannot be reached: what a
        tool has answered is worth waiting for.
        """
        refused: dict[str, str] = {}
        pauses = iter(_PAUSES)
        while True:
            try:
                after = await self._storage.transact(partial(self._proceed, case, done, dict(refused)), under=lease)
            except RefusedCall as undo:
                refused[undo.call_id] = undo.sentence
            except TemporaryError:
                pause = next(pauses, None)
                if done is None or pause is None:
                    raise
                await self._desk.clock.sleep(pause)
                stored = await self._stored(case, done)
                if stored is not None:
                    return self._kept_or_ended(stored, lease)
            else:
                return self._kept_or_ended(after, lease)

    def _kept_or_ended(self, after: Case | None, lease: Lease) -> bool:
        if after is None or after.run.state != "running":
            return True
        self._keep(after, lease.token)
        return False

    async def _stored(self, case: Case, done: Step) -> Case | None:
        """Return the case as it stands in the database when `done` was stored after all (its commit's answer was lost)."""
        try:
            run = await self._storage.read(lambda reader: reader.get(Run, case.run.id))
            if run is None:
                return None
            found = await self._storage.read(lambda reader: load_case(reader, run, self._roster, recovered=False))
        except TemporaryError:
            return None
        known = next((step for step in found.steps if step.seq == done.seq), None)
        if known is None or known.state == "intent":
            return None
        return replace(found, briefing=case.briefing, granted=case.granted)

    async def _proceed(self, case: Case, done: Step | None, refused: Mapping[str, str], uow: UnitOfWork) -> Case | None:
        """Store `done`, then go on to the next external intent; None when the run has ended.

        While a person's stop waits to be read, what was done is stored and nothing further begun.
        """
        if case.run.request_id is not None:
            request = await uow.get(Request, case.run.request_id)
            if request is None:
                raise Refused("The request is gone.")
            case = replace(case, request=request)
            if request.assignee != Assignee(kind="coworker", id=case.run.coworker):
                await self._proceeding.settle(uow, case, done)
                await end_run(uow, self._desk, case.run, "superseded", None)
                return None
        case = await self._proceeding.settle(uow, case, done)
        if halted(self._desk, case.run, case.request):
            await end_halted(uow, self._desk, case.run, case.request)
            return None
        if open_step(case.steps) is not None or (case.front_door and await stop_waits(uow, case.run.mailbox_id)):
            return case
        return await self._proceeding.go_on(uow, case, refused)


def _repeatable(step: Step) -> bool:
    return step.effect == "read" or step.idempotent


def _distinct(turn: Turn, case: Case) -> Turn:
    """Return the turn, each of whose calls has an id of its own within the run; with another no result could be told apart."""
    used = [call.id for exchange in transcript(case.steps) for call in exchange.turn.calls]
    used += [call.id for call in turn.calls]
    if len(used) == len(set(used)):
        return turn
    spoiled = TemporaryError("the model gave two calls the same id", delay=1.0)
    spoiled.usage = turn.usage
    raise spoiled
