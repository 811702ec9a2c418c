"""Which Entra group the team of a channel is: Microsoft Graph knows teams by their groups, the Bot Framework by their channels.

Teams tells the group with what is said in a channel; where it did not, the team's details are asked of the connector, once.
Source: learn.microsoft.com/microsoftteams/platform/bots/how-to/get-teams-context (team details: `aadGroupId`).
"""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from adapters.teams.addresses import Addresses
from adapters.teams.connector import Connector
from adapters.teams.reading import identifier
from bot.conversation import Conversation

Told: TypeAlias = Callable[[str, str], Awaitable[tuple[str, str]]]
"""Gives team and group of a (tenant, channel), as far as Teams has told of them; each may be empty."""


async def nothing_told(_tenant: str, _channel: str) -> tuple[str, str]:
    """Know of no team."""
    return "", ""


class Groups:
    """Groups of teams."""

    def __init__(self, connector: Connector, addresses: Addresses, told: Told) -> None:
        self._connector = connector
        self._addresses = addresses
        self._told = told
        self._known: dict[tuple[str, str], str] = {}

    async def of(self, conversation: Conversation) -> str:
        """Return the group of a channel's team, empty when its team is not known; raises what asking raises."""
        team, group = await self._told(conversation.tenant, conversation.channel)
        team = team or conversation.address.get("team_id", "")
        if group or not team:
            return group
        key = (conversation.tenant, team)
        if key not in self._known:
            service_url = await self._addresses.conversation(conversation)
            self._known[key] = identifier(await self._connector.read(service_url, "teams", team), "aadGroupId")
        return self._known[key]
