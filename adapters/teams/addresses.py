"""Where to reach Teams, as far as Teams has told us.

A service URL may change, and only a signed activity says what it is now. A support channel that has never written to us still has to
be posted to, so the latest URL of the tenant is kept here, with the desk's stored one and Microsoft's global one behind it.
For asking who somebody is, the last place where they wrote is kept too; it is only a short cut and may be forgotten.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from adapters.teams.account import DEFAULT_SERVICE, ServiceHosts
from bot.conversation import Conversation
from bot.ids import IdentityId
from bot.person import Identity

LookUp: TypeAlias = Callable[[str], Awaitable[str | None]]
"""Gives the latest validated service URL that is stored for a tenant, or None."""
MOST = 10_000


class Addresses:
    """Service URLs by tenant, and the last place of each person."""

    def __init__(self, hosts: ServiceHosts, stored: LookUp, default: str = DEFAULT_SERVICE) -> None:
        self._hosts = hosts
        self._stored = stored
        self._default = default
        self._latest: dict[str, str] = {}
        self._places: OrderedDict[IdentityId, str] = OrderedDict()

    def seen(self, place: Conversation, who: Identity) -> None:
        """Remember where a validated activity came from."""
        service_url = place.address.get("service_url", "")
        if service_url:
            self._latest[place.tenant] = service_url
        self._places[who.id] = place.channel
        self._places.move_to_end(who.id)
        while len(self._places) > MOST:
            self._places.popitem(last=False)

    def place_of(self, identity: IdentityId) -> str | None:
        """Return a channel or chat in which somebody wrote lately, or None."""
        return self._places.get(identity)

    async def tenant(self, tenant: str) -> str:
        """Return the service URL for a tenant's conversations."""
        return self._latest.get(tenant) or self._allowed(await self._stored(tenant)) or self._default

    async def conversation(self, conversation: Conversation) -> str:
        """Return the service URL for a conversation: its own, as long as its host is still allowed."""
        own = self._allowed(conversation.address.get("service_url"))
        return own or await self.tenant(conversation.tenant)

    def _allowed(self, service_url: str | None) -> str | None:
        return service_url if service_url and self._hosts.allows(service_url) else None
