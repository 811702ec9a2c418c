"""What is recorded after a step, and what comes next: the inside of the run loop's transaction.

`settle` stores a step's result, its cost and its audit entry. `go_on` then follows the ledger: it carries out desk calls,
judges tool calls, gives the run what arrived meanwhile, and stops at the next external intent or at the outcome.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import assert_never

from bot.approval import Approval
from bot.desk.approving import still_good
from bot.desk.concluding import conclude
from bot.desk.desk import Desk
from bot.desk.spent import Reservation, accounts, count_tool_call, exceeded, reserve, settle
from bot.errors import PermanentError, Refused
from bot.mail import Mail
from bot.mailroom import take, waiting_mail
from bot.outcome import Escalation, Outcome
from bot.ports import Knowledge, UnitOfWork
from bot.run import Step, StepKind
from bot.turn import Call, CallResult, Effect
from coworkers.case import Case
from coworkers.desk_tools.acting import act
from coworkers.desk_tools.ending import approval_outcome, ending
from coworkers.desk_tools.schemas import ACTING, DESK_NAMES, ENDING, ENDING_NAMES, FRONT_DOOR
from coworkers.exposure import verdict_on
from coworkers.guarded import Allowed, Denied, NeedsApproval, judge, schema_error
from coworkers.ledger import (
    REPEATS,
    AskModel,
    Finish,
    Nudge,
    Perform,
    decide,
    open_step,
    seen_before,
    since_skill,
    taint,
)
from coworkers.loading import approved_call_id
from coworkers.refusal import RefusedCall
from coworkers.repeating import begun_before
from coworkers.steps import is_news, new_step, news, step_event
from coworkers.trim import budget_tokens

SKILL_STEPS = 5
"""Tool steps since a skill was read last (product page)."""
_ANSWER_TOKENS = 2_000
_FIRST_TOKENS = 6_000


class Proceeding:
    """The transaction's inside."""

    def __init__(self, desk: Desk, knowledge: Knowledge, estimate: Callable[[str, int], int]) -> None:
        self._desk = desk
        self._knowledge = knowledge
        self._estimate = estimate

    async def begin(self, uow: UnitOfWork, case: Case) -> Case | None:
        """Store the first intent of a new run and return the case with it; None when the run has ended, its budget being spent.

        A run that begins with an approved call is left as it is: whether the call may still be made is judged with the first step,
        when the coworker's tools are at hand.
        """
        if case.approvals:
            return case
        return await self.go_on(uow, case, {})

    async def settle(self, uow: UnitOfWork, case: Case, done: Step | None) -> Case:
        """Store a step that is done (or unknown), give back what was reserved for it, count it, audit it."""
        if done is None:
            return case
        await uow.put(done)
        if done.kind == "model" and done.turn is not None:
            held = await accounts(uow, case.run.id, case.run.request_id)
            wish = Reservation(tokens=done.reserved_tokens, micro_usd=done.reserved_micro_usd)
            held = await settle(uow, held, wish, done.turn.usage)
            case = replace(case, spent=held.request)
        await uow.audit(step_event(self._desk, case, done))
        steps = tuple(done if step.seq == done.seq else step for step in case.steps)
        return replace(case, steps=steps)

    async def go_on(self, uow: UnitOfWork, case: Case, refused: Mapping[str, str]) -> Case | None:
        """Follow the ledger to the next external intent; return None when the run has ended."""
        case = replace(case, recovered=False)
        if not any(step.kind == "model" for step in case.steps):
            case = await self._approved_calls(uow, case)
            if open_step(case.steps) is not None:
                return case
        while True:
            names = sorted(offer.name for offer in FRONT_DOOR) if case.front_door else sorted(ENDING_NAMES)
            action = decide(case.run, case.steps, ending=", ".join(names), front_door=case.front_door)
            match action:
                case AskModel():
                    return await self._intend_model(uow, case)
                case Nudge(text=text):
                    case = await self._add(uow, case, "mail", CallResult(call_id="nudge", text=text))
                case Finish(outcome=outcome):
                    await self._finish(uow, case, outcome)
                    return None
                case Perform(call=call):
                    after = await self._perform(uow, case, call, refused)
                    if after is None or after.steps[-1].state == "intent":
                        return after
                    case = after
                case _:
                    assert_never(action)

    async def _perform(self, uow: UnitOfWork, case: Case, call: Call, refused: Mapping[str, str]) -> Case | None:
        """Make a desk call, or store the intent of a tool call, or record why neither is done."""
        if call.id in refused:
            return await self._error(uow, case, call, refused[call.id])
        if call.name in DESK_NAMES:
            return await self._desk_call(uow, case, call)
        return await self._tool_call(uow, case, call)

    async def _desk_call(self, uow: UnitOfWork, case: Case, call: Call) -> Case | None:
        offered = FRONT_DOOR if case.front_door else (*ENDING, *ACTING)
        offer = next((item for item in offered if item.name == call.name), None)
        if offer is None:
            return await self._error(uow, case, call, f"{call.name} is not among your tools.")
        wrong = schema_error(call.arguments, offer.schema)
        if wrong:
            return await self._error(uow, case, call, f"{call.name} was not carried out: {wrong}")
        if seen_before(case.steps, call) >= REPEATS:
            return await self._error(
                uow, case, call, "You have made this very call before. Do something else, or end the run."
            )
        try:
            if call.name in ENDING_NAMES:
                outcome, approval = ending(case, self._desk, call)
                case = await self._add(uow, case, "desk", _ok(call, "Done."), call=call)
                await self._finish(uow, case, outcome, approval)
                return None
            result = await act(uow, self._desk, self._knowledge, case, call)
        except Refused as refusal:
            raise RefusedCall(call.id, str(refusal)) from refusal
        return await self._add(uow, case, "desk", result, call=call)

    async def _tool_call(self, uow: UnitOfWork, case: Case, call: Call) -> Case | None:
        verdict = await verdict_on(uow, self._desk, case, call)
        match verdict:
            case Denied(reason=reason):
                return await self._error(uow, case, call, reason)
            case NeedsApproval(reason=reason):
                outcome, approval = approval_outcome(case, self._desk, call, reason)
                case = await self._add(uow, case, "desk", _ok(call, "A human decides about this call."), call=call)
                await self._finish(uow, case, outcome, approval)
                return None
            case Allowed(granted=item):
                doubted = await self._made_before(uow, case, call, same_id=False)
                if doubted is not None:
                    return doubted
                over = await self._over_ceiling(uow, case, call)
                if over:
                    return await self._error(uow, case, call, over)
                return await self._intend(
                    uow, case, call, effect=item.capability.effect, idempotent=item.capability.idempotent
                )
            case _:
                assert_never(verdict)

    async def _made_before(self, uow: UnitOfWork, case: Case, call: Call, *, same_id: bool) -> Case | None:
        """Record that a failed run, which this one goes on for, has begun the call already; None when it has not."""
        earlier = await begun_before(uow, case.run, call, same_id=same_id)
        if earlier is None:
            return None
        if earlier.state == "done":
            return await self._error(uow, case, call, f"{call.name} was done already, by the run that failed.")
        step = replace(new_step(case, "tool", "unknown", self._desk.now()), call=call, effect=earlier.effect)
        await uow.add(step)
        return replace(case, steps=(*case.steps, step))

    async def _over_ceiling(self, uow: UnitOfWork, case: Case, call: Call) -> str:
        """Return why one more tool call is too many; else count it."""
        if seen_before(case.steps, call) >= REPEATS:
            return "You have made this very call before, with the same result. Do something else, or end the run."
        if since_skill(case.steps) >= SKILL_STEPS and case.profile.skills:
            return f"{SKILL_STEPS} tool steps were made since a skill was read. Read the skill that applies, or end the run."
        held = await accounts(uow, case.run.id, case.run.request_id)
        over = exceeded(held.run, case.profile.run_limits, Reservation(), tool_calls=1)
        if not over and held.request is not None:
            over = exceeded(held.request, case.profile.request_limits, Reservation(), tool_calls=1)
        if over:
            return f"Not called: {over}. End the run with what you know."
        await count_tool_call(uow, held)
        return ""

    async def _approved_calls(self, uow: UnitOfWork, case: Case) -> Case:
        """Go through the approvals that started the run, one call at a time."""
        for approval in case.approvals:
            made = approved_call_id(approval.id)
            if approval.state == "approved" and not any(step.call and step.call.id == made for step in case.steps):
                case = await self._approved(uow, case, approval)
                if open_step(case.steps) is not None:
                    break
        return case

    async def _approved(self, uow: UnitOfWork, case: Case, approval: Approval) -> Case:
        """Store the intent of the call that was approved, if it is still good; it is made exactly as it was shown."""
        call = Call(id=approved_call_id(approval.id), name=approval.call.name, arguments=approval.call.arguments)
        wrong = still_good(approval, case.request, case.run.version) if case.request else "the request is gone"
        if approval.coworker != case.run.coworker:
            wrong = "it was another coworker's"
        if wrong:
            return await self._error(uow, case, call, f"The approved call was not made: {wrong}.")
        return await self._add_intent(uow, case, call)

    async def _add_intent(self, uow: UnitOfWork, case: Case, call: Call) -> Case:
        """Store the intent of an approved call with the effect that its tool file declares; permission is judged again."""
        source, visibility = taint(case.steps)
        verdict = judge(call, case.granted, source=source, visibility=visibility)
        if isinstance(verdict, Denied):
            return await self._error(uow, case, call, f"The approved call was not made: {verdict.reason}")
        doubted = await self._made_before(uow, case, call, same_id=True)
        if doubted is not None:
            return doubted
        held = await accounts(uow, case.run.id, case.run.request_id)
        await count_tool_call(uow, held)
        capability = verdict.granted.capability
        return await self._intend(uow, case, call, effect=capability.effect, idempotent=capability.idempotent)

    async def _intend_model(self, uow: UnitOfWork, case: Case) -> Case | None:
        """Give the run what arrived meanwhile, reserve the cost, store the intent of a model call."""
        if any(step.kind == "model" for step in case.steps):
            case = await self._absorb(uow, case)
        wish = self._wish(case)
        held = await accounts(uow, case.run.id, case.run.request_id)
        over = exceeded(held.run, case.profile.run_limits, wish, model_calls=1)
        if not over and held.request is not None:
            over = exceeded(held.request, case.profile.request_limits, wish, model_calls=1)
        if over:
            await self._finish(uow, case, Escalation(reason=f"The work stopped because {over}."))
            return None
        await reserve(uow, held, wish)
        step = new_step(case, "model", "intent", self._desk.now())
        step = replace(step, reserved_tokens=wish.tokens, reserved_micro_usd=wish.micro_usd)
        await uow.add(step)
        return replace(case, steps=(*case.steps, step))

    def _wish(self, case: Case) -> Reservation:
        """Estimate what the next model call may cost: the briefing, the transcript so far, an answer."""
        if case.run.model == "playbook":
            return Reservation()
        said = sum(len(step.result.text) for step in case.steps if step.result is not None) // 4
        briefed = budget_tokens(case.briefing) if case.briefing else _FIRST_TOKENS
        tokens = briefed + said + _ANSWER_TOKENS
        return Reservation(tokens=tokens, micro_usd=self._estimate(case.run.model, tokens))

    async def _absorb(self, uow: UnitOfWork, case: Case) -> Case:
        """Take what the requester or a colleague wrote during the run into the run."""
        mail = [item for item in await waiting_mail(uow, case.run.mailbox_id) if is_news(item)]
        taken: list[Mail] = []
        for item in mail:
            text = await news(uow, item, case)
            if text is not None:
                taken.append(item)
                case = await self._add(uow, case, "mail", CallResult(call_id=item.id, text=text))
        await take(uow, taken, case.run.id)
        return case

    async def _finish(self, uow: UnitOfWork, case: Case, outcome: Outcome, approval: Approval | None = None) -> None:
        """Apply the outcome, which ends the run. Atom's talk cannot be escalated: it is given up to a human instead."""
        if case.front_door and isinstance(outcome, Escalation):
            raise PermanentError(outcome.reason)
        limit = case.profile.request_limits.micro_usd
        left = limit - case.spent.micro_usd if limit is not None and case.spent is not None else None
        source = taint(case.steps)[0]
        await conclude(uow, self._desk, case.run, outcome, approval=approval, source=source, budget_left=left)

    async def _error(self, uow: UnitOfWork, case: Case, call: Call, sentence: str) -> Case:
        """Record that a call was not made, and why, for the model to read."""
        return await self._add(uow, case, "desk", CallResult(call_id=call.id, text=sentence, error=True), call=call)

    async def _intend(self, uow: UnitOfWork, case: Case, call: Call, *, effect: Effect, idempotent: bool) -> Case:
        step = replace(
            new_step(case, "tool", "intent", self._desk.now()), call=call, effect=effect, idempotent=idempotent
        )
        await uow.add(step)
        return replace(case, steps=(*case.steps, step))

    async def _add(
        self, uow: UnitOfWork, case: Case, kind: StepKind, result: CallResult, *, call: Call | None = None
    ) -> Case:
        """Store a step that was done inside this transaction."""
        step = replace(new_step(case, kind, "done", self._desk.now()), call=call, result=result)
        await uow.add(step)
        if call is not None:
            await uow.audit(step_event(self._desk, case, step))
        return replace(case, steps=(*case.steps, step))


def _ok(call: Call, text: str) -> CallResult:
    return CallResult(call_id=call.id, text=text)
