"""Which Entra group the team of a channel is: Microsoft Graph knows teams by their groups, the Bot Framework by their channels.

Teams tells the group with what is said in a channel; where it did not, the team's details are asked of the connector, once, and under the
channel's own id where no team is known, since that of a team is its first channel's.
Source: learn.microsoft.com/microsoftteams/platform/bots/how-to/get-teams-context (team details: `aadGroupId`).
"""

from adapters.teams.addresses import Addresses
from adapters.teams.connector import Connector
from adapters.teams.reading import identifier
from adapters.teams.whereabouts import Whereabouts
from bot.errors import PermanentError


class Groups:
    """Groups of teams."""

    def __init__(self, connector: Connector, addresses: Addresses, whereabouts: Whereabouts) -> None:
        self._connector = connector
        self._addresses = addresses
        self._whereabouts = whereabouts
        self._known: dict[tuple[str, str], str] = {}

    async def of(self, tenant: str, channel: str) -> str:
        """Return the group of a channel's team, empty when Teams has not told that; raises what asking raises."""
        known = await self._whereabouts.of(tenant, channel)
        told = await self._whereabouts.directory(known) if known is not None else ""
        team = known.team if known is not None else ""
        key = (tenant, team or channel)
        if told or key in self._known:
            return told or self._known[key]
        service_url = await self._addresses.channel(tenant, channel)
        try:
            found = identifier(await self._connector.read(service_url, "teams", key[1]), "aadGroupId")
        except PermanentError:
            if team:
                raise
            return ""
        if found:
            self._known[key] = found
        return found
