"""Budgets: reserved before each call, settled after it, never overdrawn, and the same after a crash."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.desk.spent import Accounts, Reservation, exceeded
from bot.errors import TemporaryError
from bot.spending import Limits, Spending
from bot.turn import Turn, Usage
from coworkers.briefing import Briefing
from coworkers.model import Exchange, Offer
from tests.fakes.desk import RunningDesk, running
from tests.fakes.fuse import Fuse
from tests.fakes.scripted import Answer, ScriptedModel, call, calls
from tests.fakes.workforce import COWORKERS, with_coworkers

HOLD = call("set_status", status="on_hold", reason="a test")
ENGINEER = next(item for item in COWORKERS if item.id == "hardware-engineer")
USED = Usage(input_tokens=900, output_tokens=100, micro_usd=3_000)
COUNTS = st.integers(0, 1_000)


def endless(_: Briefing, transcript: Sequence[Exchange], __: Sequence[Offer]) -> Turn:
    """Look something up, for ever."""
    return calls(("recall", {"query": f"q{len(transcript)}"}), usage=USED)


async def worked(
    model: ScriptedModel, *, run: Limits = Limits(), request: Limits = Limits(), at: int | None = None
) -> RunningDesk:
    """Return a desk on which a coworker with these limits has worked Maria's request."""
    engineer = replace(ENGINEER, run_limits=run, request_limits=request)
    desk = await running(model, workforce=with_coworkers(engineer), fuse=Fuse(at=at))
    await desk.open()
    await desk.settle()
    return desk


async def account(desk: RunningDesk, scope: str) -> Spending:
    return next(item for item in await desk.all(Spending) if item.scope == scope)


@given(spent=COUNTS, reserved=COUNTS, wish=COUNTS, ceiling=st.none() | COUNTS)
def test_a_wish_fits_when_everything_together_does(spent: int, reserved: int, wish: int, ceiling: int | None) -> None:
    """Spent, reserved and wished for, of tokens and of money alike; without a ceiling everything fits."""
    tokens = Spending(id="x", scope="run", tokens=spent, reserved_tokens=reserved)
    money = Spending(id="x", scope="run", micro_usd=spent, reserved_micro_usd=reserved)
    fits = ceiling is None or spent + reserved + wish <= ceiling

    assert fits == (not exceeded(tokens, Limits(tokens=ceiling), Reservation(tokens=wish)))
    assert fits == (not exceeded(money, Limits(micro_usd=ceiling), Reservation(micro_usd=wish)))


async def test_what_was_used_is_settled_on_both_accounts() -> None:
    """Nothing stays reserved."""
    turn = calls(("set_status", {"status": "on_hold", "reason": "x"}), usage=USED)

    desk = await worked(ScriptedModel(script={"hardware-engineer": [turn]}))

    for scope in ("run", "request"):
        found = await account(desk, scope)
        assert (1_000, 3_000, 1) == (found.tokens, found.micro_usd, found.model_calls)
        assert (0, 0) == (found.reserved_tokens, found.reserved_micro_usd)


async def test_a_run_stops_before_its_ceiling_of_tokens() -> None:
    """The next call would break it, so it is not made; a human is asked and told why."""
    desk = await worked(ScriptedModel(script=endless), run=Limits(tokens=20_000))

    assert (await account(desk, "run")).tokens <= 20_000
    assert any("ceiling of 20000 tokens" in text for text in desk.shown("CIT"))


async def test_a_run_stops_at_its_ceiling_of_model_calls() -> None:
    """Exactly so many are made."""
    desk = await worked(ScriptedModel(script=endless), run=Limits(model_calls=3))

    assert (3, "it-support/agents") == (len(desk.model.asked), (await desk.request()).assignee.id)


async def test_a_request_without_any_money_left_goes_to_a_human_at_once() -> None:
    """No model is asked, nothing is tried five times, and the reason is the budget."""
    desk = await worked(ScriptedModel(script=endless), request=Limits(micro_usd=10))

    assert [] == desk.model.asked
    assert ["done"] == [run.state for run in await desk.runs()]
    assert any("$0.00 is reached" in text for text in desk.shown("CIT"))


async def test_one_envelope_follows_the_request() -> None:
    """What one coworker spent counts for the next."""
    spend = calls(("hand_off", {"to": "hardware-engineer", "reason": "x"}), usage=replace(USED, micro_usd=999_000))
    script = {"software-engineer": [spend], "hardware-engineer": [HOLD]}
    engineer = replace(ENGINEER, request_limits=Limits(micro_usd=1_000_000))
    desk = await running(ScriptedModel(script=script), workforce=with_coworkers(engineer))
    await desk.open(to="software-engineer")

    await desk.settle()

    assert ["software-engineer"] == [asked.coworker for asked in desk.model.asked]
    assert any("$1.00 is reached" in text for text in desk.shown("CIT"))


async def test_an_answer_that_could_not_be_used_is_paid_for() -> None:
    """The vendor charged for it: it counts, beside the answer that was used in the end."""
    spoiled = TemporaryError("cut off")
    spoiled.usage = USED
    answers: list[Answer] = [spoiled, calls(("set_status", {"status": "on_hold", "reason": "x"}), usage=USED)]

    def decide(_: Briefing, __: Sequence[Exchange], ___: Sequence[Offer]) -> Answer:
        return answers.pop(0)

    desk = await worked(ScriptedModel(script=decide))

    for scope in ("run", "request"):
        found = await account(desk, scope)
        assert (2_000, 6_000, 0) == (found.tokens, found.micro_usd, found.reserved_tokens)


async def test_a_crash_in_a_model_call_costs_it_once() -> None:
    """The repeated call uses the reservation of the first; whatever the moment, the account ends the same."""
    turn = calls(("set_status", {"status": "on_hold", "reason": "x"}), usage=USED)
    whole = await worked(ScriptedModel(script={"hardware-engineer": [turn]}))
    for at in range(1, whole.fuse.count + 1):
        desk = await worked(ScriptedModel(script={"hardware-engineer": [turn]}), at=at)

        assert await account(whole, "request") == await account(desk, "request")


def test_accounts_of_a_talk_have_no_request() -> None:
    """Atom's run draws on its own account only."""
    assert Accounts(run=Spending(id="run:x", scope="run")).request is None
