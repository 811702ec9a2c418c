"""Where to reach Teams, as far as Teams has told us.

A service URL may change, and only a signed activity says what it is now. A support channel that has never written to us still has to
be posted to: where its channel was last heard of is stored, and the latest URL of the tenant is kept here, with the stored one and
Microsoft's global one behind it.
For asking who somebody is, the last place where they wrote is kept too; it is only a short cut and may be forgotten.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from adapters.teams.account import DEFAULT_SERVICE, ServiceHosts
from adapters.teams.connector import is_channel
from adapters.teams.whereabouts import Whereabouts
from bot.conversation import Conversation
from bot.ids import IdentityId
from bot.person import Identity

LookUp: TypeAlias = Callable[[str], Awaitable[str | None]]
"""Gives the latest validated service URL that is stored for a tenant, or None."""
MOST = 10_000


class Addresses:
    """Service URLs by tenant, and the last place of each person."""

    def __init__(
        self,
        hosts: ServiceHosts,
        stored: LookUp,
        default: str = DEFAULT_SERVICE,
        *,
        whereabouts: Whereabouts,
    ) -> None:
        self._hosts = hosts
        self._whereabouts = whereabouts
        self._stored = stored
        self._default = default
        self._latest: dict[str, str] = {}
        self._places: OrderedDict[IdentityId, str] = OrderedDict()

    def seen(self, place: Conversation, who: Identity) -> None:
        """Remember where a validated activity came from."""
        self.reached(place.tenant, place.address.get("service_url", ""))
        self.met(who.id, place.channel)

    def reached(self, tenant: str, service_url: str) -> None:
        """Remember where a validated activity of a tenant came from."""
        if tenant and service_url:
            self._latest[tenant] = service_url

    def met(self, who: IdentityId, channel: str) -> None:
        """Remember a channel or chat that somebody is in."""
        self._places[who] = channel
        self._places.move_to_end(who)
        while len(self._places) > MOST:
            self._places.popitem(last=False)

    def place_of(self, identity: IdentityId) -> str | None:
        """Return a channel or chat in which somebody wrote lately, or None."""
        return self._places.get(identity)

    async def tenant(self, tenant: str) -> str:
        """Return the service URL for a tenant's conversations."""
        return self._latest.get(tenant) or self._allowed(await self._stored(tenant)) or self._default

    async def conversation(self, conversation: Conversation) -> str:
        """Return the service URL for a conversation: its own or its channel's, as long as its host is still allowed."""
        own = self._allowed(conversation.address.get("service_url"))
        return own or await self.channel(conversation.tenant, conversation.channel)

    async def channel(self, tenant: str, channel: str) -> str:
        """Return the service URL for a channel or chat."""
        known = await self._whereabouts.of(tenant, channel) if is_channel(channel) else None
        return self._allowed(known.service_url if known is not None else None) or await self.tenant(tenant)

    def _allowed(self, service_url: str | None) -> str | None:
        return service_url if service_url and self._hosts.allows(service_url) else None
