"""Budgets: what a call may cost is reserved in the same transaction as its intent, and settled with its result.

So calls in flight count, and a crash leaves a reservation that the repeated call reuses instead of adding to it.
"""

from dataclasses import dataclass, replace

from bot.ids import RequestId, RunId
from bot.ports import UnitOfWork
from bot.run import Step
from bot.spending import Limits, Spending
from bot.turn import Usage


@dataclass(frozen=True, kw_only=True)
class Reservation:
    """What a model call may cost at most, as far as can be known before it."""

    tokens: int = 0
    micro_usd: int = 0


@dataclass(frozen=True, kw_only=True)
class Accounts:
    """The accounts that a run draws on."""

    run: Spending
    request: Spending | None = None


async def accounts(uow: UnitOfWork, run: RunId, request: RequestId | None) -> Accounts:
    """Return the accounts of a run, opened when they are new."""
    own = await _account(uow, Spending(id=f"run:{run}", scope="run"))
    if request is None:
        return Accounts(run=own)
    return Accounts(run=own, request=await _account(uow, Spending(id=f"request:{request}", scope="request")))


async def _account(uow: UnitOfWork, fresh: Spending) -> Spending:
    known = await uow.get(Spending, fresh.id)
    if known is not None:
        return known
    await uow.add(fresh)
    return fresh


def exceeded(spent: Spending, limits: Limits, wish: Reservation, *, model_calls: int = 0, tool_calls: int = 0) -> str:
    """Return which ceiling the wish would break, in words; empty when it fits."""
    checks = (
        ("tokens", spent.tokens + spent.reserved_tokens + wish.tokens, limits.tokens),
        ("cost", spent.micro_usd + spent.reserved_micro_usd + wish.micro_usd, limits.micro_usd),
        ("model calls", spent.model_calls + model_calls, limits.model_calls),
        ("tool calls", spent.tool_calls + tool_calls, limits.tool_calls),
    )
    for name, value, ceiling in checks:
        if ceiling is not None and value > ceiling:
            return f"the {spent.scope}'s ceiling of {_shown(name, ceiling)} is reached"
    return ""


def _shown(name: str, ceiling: int) -> str:
    return f"${ceiling / 1_000_000:.2f}" if name == "cost" else f"{ceiling} {name}"


async def reserve(uow: UnitOfWork, held: Accounts, wish: Reservation) -> None:
    """Set the wish aside and count one model call, on every account."""
    for account in (held.run, held.request):
        if account is not None:
            await uow.put(
                replace(
                    account,
                    model_calls=account.model_calls + 1,
                    reserved_tokens=account.reserved_tokens + wish.tokens,
                    reserved_micro_usd=account.reserved_micro_usd + wish.micro_usd,
                )
            )


async def settle(uow: UnitOfWork, held: Accounts, wish: Reservation, used: Usage) -> Accounts:
    """Put what was used in the place of what was set aside; return the accounts as stored."""
    settled = [_settled(account, wish, used) for account in (held.run, held.request) if account is not None]
    await uow.put(*settled)
    return Accounts(run=settled[0], request=settled[1] if len(settled) > 1 else None)


async def charged(run: RunId, request: RequestId | None, used: Usage, uow: UnitOfWork) -> None:
    """Count what an answer cost that could not be used; what was set aside stays so for the next attempt."""
    await settle(uow, await accounts(uow, run, request), Reservation(), used)


async def give_back(uow: UnitOfWork, run: RunId, request: RequestId | None) -> None:
    """Release what a run that is given up had set aside for a model call whose answer will not come."""
    for step in await uow.find(Step, run_id=run, kind="model", state="intent"):
        wish = Reservation(tokens=step.reserved_tokens, micro_usd=step.reserved_micro_usd)
        await settle(uow, await accounts(uow, run, request), wish, Usage())


def _settled(account: Spending, wish: Reservation, used: Usage) -> Spending:
    return replace(
        account,
        tokens=account.tokens + used.tokens,
        micro_usd=account.micro_usd + used.micro_usd,
        reserved_tokens=max(0, account.reserved_tokens - wish.tokens),
        reserved_micro_usd=max(0, account.reserved_micro_usd - wish.micro_usd),
    )


async def count_tool_call(uow: UnitOfWork, held: Accounts) -> Accounts:
    """Count one tool call on every account; return the accounts as stored."""
    counted = [
        replace(account, tool_calls=account.tool_calls + 1)
        for account in (held.run, held.request)
        if account is not None
    ]
    await uow.put(*counted)
    return Accounts(run=counted[0], request=counted[1] if len(counted) > 1 else None)
