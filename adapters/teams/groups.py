"""Which Entra group the team of a channel is: Microsoft Graph knows teams by their groups, the Bot Framework by their channels.

Teams tells the group with what is said in a channel; where it did not, the team's details are asked of the connector, once.
Source: learn.microsoft.com/microsoftteams/platform/bots/how-to/get-teams-context (team details: `aadGroupId`).
"""

from adapters.teams.addresses import Addresses
from adapters.teams.connector import Connector
from adapters.teams.reading import identifier
from adapters.teams.whereabouts import Whereabouts
from bot.conversation import Conversation


class Groups:
    """Groups of teams."""

    def __init__(self, connector: Connector, addresses: Addresses, whereabouts: Whereabouts) -> None:
        self._connector = connector
        self._addresses = addresses
        self._whereabouts = whereabouts
        self._known: dict[tuple[str, str], str] = {}

    async def of(self, conversation: Conversation) -> str:
        """Return the group of a channel's team, empty when its team is not known; raises what asking raises."""
        told = await self._whereabouts.of(conversation.tenant, conversation.channel)
        team = (told.team if told else "") or conversation.address.get("team_id", "")
        if told and told.directory:
            return told.directory
        key = (conversation.tenant, team)
        if team and key not in self._known:
            service_url = await self._addresses.conversation(conversation)
            self._known[key] = identifier(await self._connector.read(service_url, "teams", team), "aadGroupId")
        return self._known.get(key, "")
