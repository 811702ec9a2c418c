"""The connected chat platforms as one: whoever asks or posts is served by the platform that the place or person belongs to."""

from collections.abc import Mapping

from bot.conversation import Place
from bot.person import Identity
from bot.ports import Audience, Profile, Readers


class Audiences:
    """Satisfies `bot.ports.Audience` for all platforms; one that is not connected says nothing."""

    def __init__(self, audiences: Mapping[str, Audience]) -> None:
        self._audiences = audiences

    async def readers(self, place: Place) -> Readers | None:
        """Ask the place's platform."""
        audience = self._audiences.get(place.platform)
        return None if audience is None else await audience.readers(place)

    async def profile(self, identity: Identity) -> Profile | None:
        """Ask the person's platform."""
        audience = self._audiences.get(identity.platform)
        return None if audience is None else await audience.profile(identity)
