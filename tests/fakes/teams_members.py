"""Who comes to teams and channels and who leaves, and what else happens to them; each with the activity that Teams brings.

What happens to a team comes under the team's id and names no channel; what happens to a private or shared channel comes under its own, with
its type. When the bot itself is added or removed Teams says so twice: as a conversationUpdate and as an installationUpdate.
Shapes: learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/subscribe-to-conversation-events, microsoft/teams.net#100.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime

from tests.fakes.faults import JsonObject
from tests.fakes.loopback import Verb
from tests.fakes.teams_delivery import Attempt
from tests.fakes.teams_state import BOT_ID, BOT_NAME, TENANT, Person, Place, Tenant, group_of

ADMIN = {"id": "29:owner", "aadObjectId": "aad-owner"}
"""Whoever owns all teams."""
NOT_THERE = "BotNotInConversationRoster"


class Members:
    """The owners of a tenant's teams."""

    def __init__(
        self, tenant: Tenant, deliver: Callable[[JsonObject], Awaitable[Attempt]], service_url: Callable[[], str]
    ) -> None:
        self._tenant = tenant
        self._deliver = deliver
        self._service_url = service_url

    def verbs(self) -> Mapping[str, Verb]:
        """Give what a test in another process may call; who comes or leaves is named as `people`."""
        coming = (self.joins_team, self.leaves_team, self.joins_channel, self.leaves_channel)
        rest = (self.happens, self.shares, self.unshares, self.installs, self.uninstalls)
        return {verb.__name__: _from_afar(verb) for verb in (*coming, *rest)}

    async def joins_team(self, person: str, team: str, others: Sequence[str] = ()) -> Attempt:
        """Somebody is added to a team, and reads all that its standard channels hold."""
        people = (person, *others)
        for place in self._standard(team):
            self._tenant.change(place.id, members=tuple(dict.fromkeys([*place.members, *people])))
        return await self._told(team, "teamMemberAdded", membersAdded=self._named(people))

    async def leaves_team(self, person: str, team: str, others: Sequence[str] = ()) -> Attempt:
        """Somebody is removed from a team, and from its private channels."""
        people = (person, *others)
        for place in [one for one in self._channels(team) if one.access != "shared"]:
            self._tenant.change(place.id, members=tuple(one for one in place.members if one not in people))
        return await self._told(team, "teamMemberRemoved", membersRemoved=self._named(people))

    async def joins_channel(self, person: str, channel: str, others: Sequence[str] = ()) -> Attempt:
        """Somebody is added to a private or shared channel."""
        people = (person, *others)
        place = self._tenant.places[channel]
        self._tenant.change(channel, members=tuple(dict.fromkeys([*place.members, *people])))
        return await self._told(channel, "channelMemberAdded", membersAdded=self._named(people))

    async def leaves_channel(self, person: str, channel: str, others: Sequence[str] = ()) -> Attempt:
        """Somebody is removed from a private or shared channel."""
        people = (person, *others)
        place = self._tenant.places[channel]
        self._tenant.change(channel, members=tuple(one for one in place.members if one not in people))
        return await self._told(channel, "channelMemberRemoved", membersRemoved=self._named(people))

    async def happens(self, place: str, event: str) -> Attempt:
        """Something happens to a team (teamArchived …) or to a channel (channelDeleted …), by the name that Teams gives it."""
        return await self._told(place, event)

    async def shares(self, channel: str, *, team: str, tenant: str = TENANT) -> Attempt:
        """Share a shared channel with a team, here or elsewhere."""
        told = [{"id": team, "aadGroupId": group_of(team), "tenantId": tenant}]
        return await self._told(channel, "channelShared", data={"sharedWithTeams": told})

    async def unshares(self, channel: str, *, team: str, tenant: str = TENANT) -> Attempt:
        """Take a shared channel back from a team."""
        told = [{"id": team, "aadGroupId": group_of(team), "tenantId": tenant}]
        return await self._told(channel, "channelUnshared", data={"unsharedFromTeams": told})

    async def installs(self, place: str) -> list[Attempt]:
        """Add the app to a team, or allow it in a private or shared channel of one."""
        for one in self._within(place):
            self._tenant.change(one.id, refuses="")
        event = "teamMemberAdded" if place in self._tenant.teams else "channelMemberAdded"
        updated = await self._told(place, event, membersAdded=[{"id": BOT_ID, "name": BOT_NAME}])
        return [updated, await self._told(place, "", kind="installationUpdate", action="add")]

    async def uninstalls(self, place: str) -> list[Attempt]:
        """Remove the app from a team, or from a private or shared channel of one."""
        for one in self._within(place):
            self._tenant.change(one.id, refuses=NOT_THERE)
        event = "teamMemberRemoved" if place in self._tenant.teams else "channelMemberRemoved"
        updated = await self._told(place, event, membersRemoved=[{"id": BOT_ID, "name": BOT_NAME}])
        return [await self._told(place, "", kind="installationUpdate", action="remove"), updated]

    def _within(self, place: str) -> Sequence[Place]:
        return self._channels(place) if place in self._tenant.teams else [self._tenant.places[place]]

    def _channels(self, team: str) -> list[Place]:
        return [place for place in self._tenant.places.values() if place.team == team]

    def _standard(self, team: str) -> list[Place]:
        return [place for place in self._channels(team) if place.access == "standard"]

    def _named(self, people: Sequence[str]) -> list[JsonObject]:
        known: list[Person] = [self._tenant.people[one] for one in people]
        return [{"id": person.id, "aadObjectId": person.aad_object_id} for person in known]

    async def _told(
        self,
        place: str,
        event: str,
        *,
        kind: str = "conversationUpdate",
        data: JsonObject | None = None,
        **fields: object,
    ) -> Attempt:
        channel = self._tenant.places.get(place) if place not in self._tenant.teams else None
        team = channel.team if channel is not None else place
        about: JsonObject = {"team": {"id": team, "aadGroupId": group_of(str(team))}, "tenant": {"id": TENANT}}
        if event:
            about["eventType"] = event
        if channel is not None:
            about["channel"] = {"id": place, "name": channel.name, "type": channel.access}
        sent: JsonObject = {
            "type": kind,
            "id": f"f:{self._tenant.next_id()}",
            "timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "channelId": "msteams",
            "serviceUrl": self._service_url(),
            "from": ADMIN,
            "conversation": {"id": place, "isGroup": True, "conversationType": "channel", "tenantId": TENANT},
            "recipient": {"id": BOT_ID, "name": BOT_NAME},
            "channelData": {**about, **(data or {})},
        }
        return await self._deliver({**sent, **fields})


def _from_afar(verb: Verb) -> Verb:
    async def called(*, people: Sequence[str] = (), **about: object) -> bool:
        """Return whether the bot has taken all that it was told."""
        told = await verb(*people, **about)
        return all(attempt.answered for attempt in (told if isinstance(told, list) else [told]))

    return called
