"""The audience is asked seldom, and never believed for long."""

import asyncio

import pytest

from bot.conversation import Place
from bot.errors import TemporaryError
from bot.person import Identity, identity_id
from bot.ports import Profile, Readers
from bot.remembered import RememberedAudience
from tests.fakes.audience import COLLEAGUES, WrittenAudience
from tests.fakes.clock import FrozenClock

SUPPORT = Place(platform="slack", tenant="T1", channel="CSUPPORT", kind="support")


def remembered(**options: int) -> tuple[RememberedAudience, WrittenAudience, FrozenClock]:
    inner, clock = WrittenAudience(), FrozenClock()
    inner.places["CSUPPORT"] = COLLEAGUES
    return RememberedAudience(inner, clock, seconds=15, **options), inner, clock


async def test_a_burst_asks_once() -> None:
    """Questions at the same time share one call, and later ones its answer."""
    audience, inner, _ = remembered()
    inner.gate = asyncio.Event()

    asking = [asyncio.create_task(audience.readers(SUPPORT)) for _ in range(5)]
    await asyncio.sleep(0)
    inner.gate.set()
    answers = [*await asyncio.gather(*asking), await audience.readers(SUPPORT)]

    assert answers == [COLLEAGUES] * 6
    assert inner.asked == ["CSUPPORT"]


async def test_an_answer_holds_for_some_seconds_only() -> None:
    """Somebody who joined is seen soon."""
    audience, inner, clock = remembered()
    await audience.readers(SUPPORT)
    inner.places["CSUPPORT"] = Readers(identities=frozenset({"slack:T1:UMARIA"}), emails=frozenset())

    clock.advance(14.9)
    before = await audience.readers(SUPPORT)
    clock.advance(0.1)
    after = await audience.readers(SUPPORT)

    assert before == COLLEAGUES
    assert inner.places["CSUPPORT"] == after


@pytest.mark.parametrize("answer", [None, Readers(identities=frozenset(), emails=frozenset(), certain=False)])
async def test_not_knowing_is_hardly_remembered(answer: Readers | None) -> None:
    """An admin who mends the channel sees the note go within seconds."""
    audience, inner, clock = remembered()
    inner.places["CSUPPORT"] = answer
    await audience.readers(SUPPORT)

    inner.places["CSUPPORT"] = COLLEAGUES
    clock.advance(2)

    assert await audience.readers(SUPPORT) == COLLEAGUES


class Emptied(WrittenAudience):
    """One that tells at first who read there before somebody came."""

    async def readers(self, place: Place) -> Readers | None:
        """Return nobody to the first question."""
        first = not self.asked
        found = await super().readers(place)
        return None if first else found


async def test_forgetting_asks_anew_even_while_an_answer_is_under_way() -> None:
    """An answer from before the change is neither kept nor given: it may have been read before somebody joined."""
    inner = Emptied()
    inner.places["CSUPPORT"] = COLLEAGUES
    audience = RememberedAudience(inner, FrozenClock())
    inner.gate = asyncio.Event()
    early = asyncio.create_task(audience.readers(SUPPORT))
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    audience.forget(SUPPORT)
    later = asyncio.create_task(audience.readers(SUPPORT))
    await asyncio.sleep(0)
    inner.gate.set()
    found = [await early, await later, await audience.readers(SUPPORT)]

    assert found == [COLLEAGUES] * 3
    assert inner.asked == ["CSUPPORT", "CSUPPORT"]


async def test_a_failure_is_told_to_all_and_not_kept() -> None:
    """The next question is a new one."""
    audience, inner, _ = remembered()
    inner.failures.append(TemporaryError("Slack is busy"))

    with pytest.raises(TemporaryError):
        await audience.readers(SUPPORT)

    assert await audience.readers(SUPPORT) == COLLEAGUES


async def test_who_gives_up_waiting_does_not_stop_the_others() -> None:
    """One cancelled question leaves the shared call alone."""
    audience, inner, _ = remembered()
    inner.gate = asyncio.Event()
    impatient = asyncio.create_task(audience.readers(SUPPORT))
    patient = asyncio.create_task(audience.readers(SUPPORT))
    await asyncio.sleep(0)

    impatient.cancel()
    await asyncio.sleep(0)
    inner.gate.set()

    assert await patient == COLLEAGUES
    assert inner.asked == ["CSUPPORT"]


async def test_the_memory_is_bounded() -> None:
    """A server that serves thousands of channels does not grow for ever."""
    audience, inner, _ = remembered(size=2)
    for channel in ("A", "B", "C", "A"):
        await audience.readers(Place(platform="slack", tenant="T1", channel=channel, kind="channel"))

    assert inner.asked == ["A", "B", "C", "A"]


async def test_profiles_are_remembered_too() -> None:
    """A user who writes five messages is looked up once."""
    audience, inner, _ = remembered()
    maria = Identity(id=identity_id("slack", "T1", "U1"), platform="slack", tenant="T1", user="U1")
    inner.people[maria.id] = Profile(identity=maria)

    answers = [await audience.profile(maria) for _ in range(5)]

    assert [Profile(identity=maria)] * 5 == answers
    assert inner.asked == [maria.id]
