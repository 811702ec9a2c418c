"""An audience that a test writes down: who reads which channel, who is who."""

import asyncio
from collections import deque

from bot.conversation import Place
from bot.errors import DeskmateError
from bot.person import Identity
from bot.ports import Profile, Readers

COLLEAGUES = Readers(identities=frozenset({"slack:T1:UAGENT"}), emails=frozenset({"agent@example.com"}))
"""One agent, nobody else."""


class WrittenAudience:
    """A `bot.ports.Audience`: `places` by channel, `people` by identity id; what is not written down is unknown."""

    def __init__(self) -> None:
        self.places: dict[str, Readers | None] = {}
        self.people: dict[str, Profile] = {}
        self.asked: list[str] = []
        """Channels and identity ids, in the order in which they were asked for."""
        self.failures: deque[DeskmateError] = deque()
        """Raised by the next questions, one each."""
        self.gate: asyncio.Event | None = None
        """When set by a test, answers wait for it."""

    async def readers(self, place: Place) -> Readers | None:
        """Return what was written down for the channel."""
        await self._question(place.channel)
        return self.places.get(place.channel)

    async def profile(self, identity: Identity) -> Profile | None:
        """Return what was written down for the user."""
        await self._question(identity.id)
        return self.people.get(identity.id)

    async def _question(self, about: str) -> None:
        self.asked.append(about)
        if self.gate is not None:
            await self.gate.wait()
        if self.failures:
            raise self.failures.popleft()
