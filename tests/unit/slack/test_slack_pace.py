"""Slack's limits are kept by themselves, short waits are waited out, and what Slack asked for is never undercut."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.pace import METHODS, TIERS, Pace
from bot.errors import TemporaryError
from tests.fakes.slack_tiers import TIERS as SLACKS_TIERS
from tests.fakes.slack_tiers import Tiers

POST = "chat.postMessage"


@dataclass
class Sleepless:
    """A clock that moves only while somebody sleeps."""

    at: datetime = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        until = self.at + timedelta(seconds=seconds)
        await asyncio.sleep(0)
        self.at = max(self.at, until)

    def seconds(self) -> float:
        return (self.at - datetime(2026, 11, 20, 9, 0, tzinfo=UTC)).total_seconds()


async def came_back(pace: Pace, clock: Sleepless, method: str, channel: str, ticket: str) -> float:
    """Come back when told until it is allowed; return when that was."""
    for _ in range(5):
        try:
            await pace.admit(method, channel, ticket)
        except TemporaryError as error:
            clock.at += timedelta(seconds=error.delay)
        else:
            return clock.seconds()
    raise AssertionError("it was put off again and again")


async def put_off(pace: Pace, clock: Sleepless, posts: int) -> dict[str, float]:
    """Let so many posts come at once; return when those that have to come back were told to."""
    told: dict[str, float] = {}

    async def come(ticket: str) -> None:
        begun = clock.seconds()
        try:
            await pace.admit(POST, "C1", ticket)
        except TemporaryError as error:
            told[ticket] = begun + error.delay

    await asyncio.gather(*(come(f"r{number}") for number in range(posts)))
    return told


async def test_a_short_burst_into_a_channel_is_not_held_up() -> None:
    """Slack takes short bursts; a story of a few posts goes as fast as it is told."""
    clock = Sleepless()
    pace = Pace(clock)

    for number in range(5):
        await pace.admit(POST, "C1", f"r{number}")

    assert clock.slept == []


async def test_a_channel_takes_a_post_a_second() -> None:
    """After the burst; other channels have their own account."""
    clock = Sleepless()
    pace = Pace(clock)

    times = [await came_back(pace, clock, POST, "C1", f"r{number}") for number in range(20)]
    await pace.admit(POST, "C2", "other")

    assert times[-1] >= 20 - 6
    assert all(later - sooner >= 0.99 for sooner, later in pairwise(times[7:]))


async def test_who_is_put_off_has_a_turn_of_their_own() -> None:
    """A hundred at once: each is told another time, comes back once, and newcomers go behind them."""
    clock = Sleepless()
    pace = Pace(clock)
    told = await put_off(pace, clock, 100)
    with pytest.raises(TemporaryError) as newcomer:
        await pace.admit(POST, "C1", "late")

    assert len(set(told.values())) == len(told) > 80
    assert clock.seconds() + newcomer.value.delay > max(told.values())
    for ticket, when in sorted(told.items(), key=lambda item: item[1]):
        clock.at = max(clock.at, datetime(2026, 11, 20, 9, 0, tzinfo=UTC) + timedelta(seconds=when))
        await pace.admit(POST, "C1", ticket)


async def test_an_abandoned_turn_is_not_kept_for_ever() -> None:
    """Whoever comes two minutes too late lines up again."""
    clock = Sleepless()
    pace = Pace(clock)
    told = await put_off(pace, clock, 10)
    clock.at += timedelta(hours=1)
    for number in range(6):
        await pace.admit(POST, "C1", f"new{number}")
    slept = len(clock.slept)

    await pace.admit(POST, "C1", "r9")

    assert "r9" in told
    assert len(clock.slept) == slept + 1


@pytest.mark.parametrize("method", sorted(METHODS))
@pytest.mark.parametrize("named", [True, False])
async def test_a_method_keeps_within_its_tier(method: str, *, named: bool) -> None:
    """In no minute more than the tier grants, and in the long run not much less."""
    clock = Sleepless()
    pace = Pace(clock)
    granted = TIERS[METHODS[method]]
    made: list[float] = []
    while clock.seconds() < 600:
        made.append(await came_back(pace, clock, method, "", f"r{len(made)}" if named else ""))

    assert all(later - sooner >= 59.99 for sooner, later in zip(made, made[granted:], strict=False))
    assert len(made) >= 9 * granted


async def test_a_slack_that_counts_has_nothing_to_say() -> None:
    """The local Slack's own account of the tiers never refuses a call, whatever the rhythm, and knows all of these."""
    clock = Sleepless()
    pace = Pace(clock)
    slack = Tiers()
    refused: list[str] = []
    for method in sorted(METHODS):
        for number in range(150):
            when = await came_back(pace, clock, method, "", f"r{number}")
            if slack.wait("xoxb", method, when):
                refused.append(f"{method} at {when}")
            clock.at += timedelta(seconds=number % 7 / 10)

    assert refused == []
    assert set(SLACKS_TIERS) - set(METHODS) <= {"users.info", "conversations.leave"}


async def test_unknown_methods_are_not_slowed() -> None:
    """Only what Slack asks for counts there."""
    clock = Sleepless()
    pace = Pace(clock)

    for _ in range(1_000):
        await pace.admit("users.info")

    assert clock.slept == []


async def test_nobody_calls_before_retry_after_has_passed() -> None:
    """Another method may; the longest of several demands counts; a demand that has passed is over."""
    clock = Sleepless()
    pace = Pace(clock)
    pace.hold("users.info", 30)
    pace.hold("users.info", 5)

    with pytest.raises(TemporaryError) as early:
        await pace.admit("users.info")
    await pace.admit("conversations.info")
    clock.at += timedelta(seconds=29.5)
    await pace.admit("users.info")

    assert early.value.delay == 30
    assert clock.slept == [0.5]


async def test_a_demand_that_comes_while_one_waits_counts() -> None:
    """Another call got its 429 meanwhile."""

    class Interrupting(Sleepless):
        async def sleep(self, seconds: float) -> None:
            await super().sleep(seconds)
            if len(self.slept) == 1:
                pace.hold("users.info", 20)

    clock = Interrupting()
    pace = Pace(clock)
    pace.hold("users.info", 0.5)

    with pytest.raises(TemporaryError) as early:
        await pace.admit("users.info")

    assert early.value.delay == 20


@given(
    st.lists(st.tuples(st.sampled_from(["call", "hold", "pass"]), st.floats(min_value=0, max_value=90)), max_size=60)
)
def test_no_call_is_ever_early(events: list[tuple[str, float]]) -> None:
    """Whatever happens in whichever order."""

    async def live() -> None:
        clock = Sleepless()
        pace = Pace(clock)
        closed_until = clock.now()
        delays: list[float] = []
        for what, seconds in events:
            if what == "hold":
                pace.hold(POST, seconds)
                closed_until = max(closed_until, clock.now() + timedelta(seconds=seconds))
            elif what == "pass":
                clock.at += timedelta(seconds=seconds)
            else:
                try:
                    await pace.admit(POST, "C1", f"r{seconds}")
                except TemporaryError as error:
                    delays.append(error.delay)
                else:
                    assert clock.now() >= closed_until
        assert all(delay > 0 for delay in delays)

    asyncio.run(live())


async def test_room_is_what_others_leave() -> None:
    """Streaming is a luxury: it is given up before the limit is reached, and while Slack holds the method."""
    clock = Sleepless()
    pace = Pace(clock)
    begun = 0
    while pace.room("chat.startStream"):
        await pace.admit("chat.startStream")
        begun += 1
    clock.at += timedelta(minutes=2)
    before = pace.room("chat.startStream")
    pace.hold("chat.startStream", 10)

    assert 10 <= begun < 20
    assert (before, pace.room("chat.startStream")) == (True, False)
