"""Remembers for some seconds what a platform said of an audience, so that a burst of notes asks once.

A remembered answer is a window in which somebody who just joined is not seen yet; it is therefore short, and shorter still for
"the platform does not say". Concurrent questions about one place share one call. What a platform announces (somebody joined)
makes the place forgotten at once, and an answer that was under way at that moment is neither kept nor given: it is asked for anew.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from bot.conversation import Place
from bot.person import Identity
from bot.ports import Audience, Clock, Profile, Readers

Key = TypeVar("Key", bound=Hashable)
Answer = TypeVar("Answer")

_UNKNOWN_SECONDS = 2.0


class RememberedAudience:
    """An `Audience` that asks `inner` at most once in `seconds` for each place and each user."""

    def __init__(self, inner: Audience, clock: Clock, *, seconds: float = 15.0, size: int = 2_000) -> None:
        self._inner = inner
        self._readers: _Memory[Place, Readers] = _Memory(clock=clock, seconds=seconds, size=size)
        self._profiles: _Memory[str, Profile] = _Memory(clock=clock, seconds=seconds, size=size)

    async def readers(self, place: Place) -> Readers | None:
        """As `Audience.readers`."""
        return await self._readers.answer(place, lambda: self._inner.readers(place), lambda found: found.certain)

    async def profile(self, identity: Identity) -> Profile | None:
        """As `Audience.profile`."""
        return await self._profiles.answer(identity.id, lambda: self._inner.profile(identity), lambda _: True)

    def forget(self, place: Place) -> None:
        """Ask anew the next time: the platform announced a change of who can read there.

        Platform and channel decide, since a support thread that is not posted yet knows no tenant.
        """
        for key in {*self._readers.kept, *self._readers.asking}:
            if (key.platform, key.channel) == (place.platform, place.channel):
                self._readers.forget(key)

    def forget_person(self, identity: Identity) -> None:
        """Ask anew who somebody is and who reads on their platform: it announced that they are a guest now, or gone."""
        self._profiles.forget(identity.id)
        for key in {*self._readers.kept, *self._readers.asking}:
            if key.platform == identity.platform:
                self._readers.forget(key)


@dataclass(kw_only=True)
class _Memory(Generic[Key, Answer]):
    """Answers with the moment until which they hold, oldest first, and the questions under way."""

    clock: Clock
    seconds: float
    size: int
    kept: dict[Key, tuple[datetime, Answer | None]] = field(default_factory=dict)
    asking: dict[Key, "asyncio.Task[tuple[Answer | None, bool]]"] = field(default_factory=dict)

    async def answer(
        self, key: Key, ask: Callable[[], Awaitable[Answer | None]], sure: Callable[[Answer], bool]
    ) -> Answer | None:
        """Return the kept answer, or that of the question under way, or ask. A failure is raised and not kept.

        What was forgotten while it was asked for is asked for anew.
        """
        while True:
            held = self.kept.get(key)
            if held is not None and self.clock.now() < held[0]:
                return held[1]
            found, holds = await asyncio.shield(self._asked(key, ask, sure))
            if holds:
                return found

    def forget(self, key: Key) -> None:
        """Drop the answer, and let a question under way end for nothing."""
        self.kept.pop(key, None)
        self.asking.pop(key, None)

    def _asked(
        self, key: Key, ask: Callable[[], Awaitable[Answer | None]], sure: Callable[[Answer], bool]
    ) -> "asyncio.Task[tuple[Answer | None, bool]]":
        task = self.asking.get(key)
        if task is None:
            task = asyncio.ensure_future(self._ask(key, ask, sure))
            self.asking[key] = task
            task.add_done_callback(lambda done: self._done(key, done))
        return task

    async def _ask(
        self, key: Key, ask: Callable[[], Awaitable[Answer | None]], sure: Callable[[Answer], bool]
    ) -> tuple[Answer | None, bool]:
        """Return the answer, and whether nothing was announced meanwhile; only then it is kept."""
        asked_at = self.clock.now()
        found = await ask()
        holds = self.asking.get(key) is asyncio.current_task()
        if holds:
            seconds = self.seconds if found is not None and sure(found) else min(self.seconds, _UNKNOWN_SECONDS)
            self.kept.pop(key, None)
            self.kept[key] = (asked_at + timedelta(seconds=seconds), found)
            while len(self.kept) > self.size:
                del self.kept[next(iter(self.kept))]
        return found, holds

    def _done(self, key: Key, task: "asyncio.Task[tuple[Answer | None, bool]]") -> None:
        if self.asking.get(key) is task:
            del self.asking[key]
        if not task.cancelled():
            task.exception()  # a failure nobody waits for any more is not worth a warning
