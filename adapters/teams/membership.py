"""From Teams' announcements of who can read where to ours, and how they are taken.

Teams announces what happens to a team under the team's id, and it concerns every channel that the whole team reads; what happens to a
private or shared channel it announces under the channel's own. Which channels of ours a team has is known from what Teams told before, and
asked where it is not. An announcement is believed no further than that something changed: who can read is asked anew.
Everything that follows is stored before Teams is answered. Teams tells most things twice (as a conversationUpdate and an
installationUpdate, in any order): what was told before is not told again.
Source: learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/subscribe-to-conversation-events.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from adapters.teams.addresses import Addresses
from adapters.teams.connector import MARK, Connector, is_channel
from adapters.teams.inbound import activity_id
from adapters.teams.reading import Json, identifier, inside, objects, string
from adapters.teams.tokens import tenant_of
from adapters.teams.whereabouts import Whereabouts, known, told_by
from bot.conversation import Place
from bot.errors import DeskmateError, PermanentError, TemporaryError
from bot.known_channel import KnownChannel, known_channel_id
from bot.person import Identity, identity_id
from bot.readership import AudienceChange, What

Changed = Callable[[AudienceChange], Awaitable[None]]
"""Handles a change durably; raises `TemporaryError` when it cannot now."""

ABOUT_CHANNELS: Mapping[str, What] = {
    "channelShared": "shared",
    "channelUnshared": "unshared",
    "channelDeleted": "deleted",
    "channelRestored": "unarchived",
}
"""What is announced of one channel."""
ABOUT_TEAMS: Mapping[str, What] = {
    "teamArchived": "archived",
    "teamUnarchived": "unarchived",
    "teamDeleted": "deleted",
    "teamHardDeleted": "deleted",
    "teamRestored": "unarchived",
}
"""What is announced of a team with all its channels."""
AT_ONCE = 20
"""People who are named one by one; of more it is said that somebody joined."""
ASK_WITHIN = 3.0
"""Seconds for asking which channels a team has: Teams waits meanwhile."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Announced:
    """What an activity announces, before it is known which channels of ours it concerns."""

    key: str
    tenant: str
    what: What
    channel: str = ""
    """The one channel that it is about; empty: all that the team reads."""
    team: str = ""
    who: Identity | None = None


def announced(activity: Json) -> tuple[Announced, ...]:
    """Return what an activity announces of teams and their channels; nothing for everything else, and of chats."""
    about, data = inside(activity, "conversation"), inside(activity, "channelData")
    tenant, base = tenant_of(activity), identifier(about, "id").partition(MARK)[0]
    if not tenant or string(about, "conversationType") != "channel" or not is_channel(base):
        return ()
    event = string(data, "eventType")
    one = identifier(inside(data, "channel"), "id")
    team = identifier(inside(data, "team"), "id") or base
    own = (one or base) if _own_channel(data, event) else ""
    common = Announced(key=activity_id(activity), tenant=tenant, what="joined", team=team, channel=own)
    if string(activity, "type") == "installationUpdate":
        there: Mapping[str, What] = {"add": "atom_joined", "add-upgrade": "atom_joined", "remove": "atom_left"}
        told = there.get(identifier(activity, "action"))
        return (replace(common, what=told),) if told else ()
    if string(activity, "type") != "conversationUpdate":
        return ()
    if event in ABOUT_TEAMS:
        return (replace(common, what=ABOUT_TEAMS[event], channel=""),)
    if event in ABOUT_CHANNELS:
        return (replace(common, what=ABOUT_CHANNELS[event], channel=one or base),)
    came = _people(activity, "membersAdded", common, ("joined", "atom_joined"))
    went = _people(activity, "membersRemoved", common, ("left", "atom_left"))
    return (*came, *went)


def _own_channel(data: Json, event: str) -> bool:
    """Tell whether members came to or left a channel that has members of its own."""
    return event.startswith("channelMember") or string(inside(data, "channel"), "type").lower() in {"private", "shared"}


def _people(
    activity: Json, key: Literal["membersAdded", "membersRemoved"], common: Announced, whats: tuple[What, What]
) -> Iterable[Announced]:
    """Give a change for each member; a person of whom nothing is said but that they came is somebody."""
    somebody, atom = whats
    bot = identifier(inside(activity, "recipient"), "id")
    members = list(objects(activity, key))
    people = [_identity(member, common.tenant) for member in members if not _machine(member)]
    if any(bot and identifier(member, "id") == bot for member in members):
        yield replace(common, what=atom)
    named = [who for who in people if who is not None][:AT_ONCE]
    for who in named:
        yield replace(common, key=f"{common.key}:{who.user}", what=somebody, who=who)
    if len(named) < len(people):
        yield replace(common, key=f"{common.key}:more", what=somebody)


def _type(channel: Json) -> str:
    """Return what kind of channel a list says that it is; documents and clients name that differently."""
    return (string(channel, "type") or string(channel, "channelType")).lower()


def _machine(member: Json) -> bool:
    return identifier(member, "id").startswith("28:")


def _identity(member: Json, tenant: str) -> Identity | None:
    user = identifier(member, "aadObjectId").lower() or identifier(member, "id")
    if not user:
        return None
    name = string(member, "name", longest=200)
    return Identity(id=identity_id("teams", tenant, user), platform="teams", tenant=tenant, user=user, name=name)


class Membership:
    """Takes what Teams announces, and learns on the way which channels there are."""

    def __init__(
        self,
        *,
        connector: Connector,
        addresses: Addresses,
        whereabouts: Whereabouts,
        changed: Changed,
        private: Callable[[], Collection[str]],
    ) -> None:
        """Make it from whom it tells (`changed`) and the channels in which private notes may stand (`private`)."""
        self._connector = connector
        self._addresses = addresses
        self._whereabouts = whereabouts
        self._changed = changed
        self._private = private
        self._listed: set[str] = set()

    async def take(self, activity: Json) -> None:
        """Take an activity that is no message; returns once everything that follows is stored.

        Raises `TemporaryError` when it could not be, so that Teams brings it again; what is known to be concerned is told before.
        """
        told = announced(activity)
        self._addresses.reached(tenant_of(activity), identifier(activity, "serviceUrl"))
        if not any(item.what == "atom_left" for item in told):
            await self._whereabouts.learn(told_by(activity))
        known = await self._tell(told, ())
        problem = await self._learn_channels(told, identifier(activity, "serviceUrl"))
        await self._tell(told, known)
        if problem is not None:
            raise problem

    async def _tell(
        self, told: Collection[Announced], but_not: Collection[AudienceChange]
    ) -> Collection[AudienceChange]:
        """Tell what follows for all channels that are known to be concerned; return what was told."""
        done: list[AudienceChange] = []
        for item in told:
            places = await self._concerned(item)
            fresh = [one for one in self._changes(item, places) if one not in but_not]
            await self._pass_on(fresh)
            if item.what == "atom_left" and fresh:
                await self._whereabouts.left(places)
            done += fresh
        return done

    async def heard(self, activity: Json) -> None:
        """Learn from a message that is stored already; what cannot be kept now is told by the next one.

        Notes may have waited for knowing of which team their channel is: they are looked at anew.
        """
        try:
            async with asyncio.timeout(ASK_WITHIN):
                for channel in await self._whereabouts.hear(activity):
                    if channel.channel in self._private():
                        await self._changed(_change("atom_joined", activity_id(activity), channel))
        except (DeskmateError, TimeoutError) as error:
            log.warning("Where a channel of Teams belongs could not be kept: %s", error)

    def _changes(self, item: Announced, places: Collection[KnownChannel]) -> list[AudienceChange]:
        """Return the change of each channel; Atom's leaving is told once, by what first told that it was there."""
        leaving = item.what == "atom_left"
        there = [channel for channel in places if channel.present or not leaving]
        return [_change(item.what, one.present if leaving else item.key, one, item.who) for one in there]

    async def _pass_on(self, changes: Collection[AudienceChange]) -> None:
        for change in changes:
            if change.identity is not None and change.place is not None:
                self._addresses.met(change.identity.id, change.place.channel)
        done = await asyncio.gather(*(self._changed(change) for change in changes), return_exceptions=True)
        for failed in done:
            if failed is not None:
                raise failed

    async def _concerned(self, item: Announced) -> Collection[KnownChannel]:
        """Return the channels that an announcement is about: those of ours, and those where notes may have stood.

        Whoever leaves a team leaves its private channels too; whoever comes is let into them one by one.
        """
        named = item.channel or item.team
        found = await self._whereabouts.of(item.tenant, named)
        alone = found or KnownChannel(
            id=known_channel_id("teams", item.tenant, named),
            platform="teams",
            tenant=item.tenant,
            channel=named,
            present=item.key,
        )
        if item.channel:
            return [alone]
        of_team = await self._whereabouts.of_team(item.tenant, alone.team or item.team)
        read = [one for one in of_team if item.what != "joined" or one.access not in {"private", "shared"}]
        return read or [alone]

    async def _learn_channels(self, told: Collection[Announced], service_url: str) -> TemporaryError | None:
        """Ask which channels a team has, when Atom came to it and when a channel of ours could be one; return why that failed."""
        for item in told:
            if item.channel or item.what == "atom_left":
                continue
            if item.what == "atom_joined" or (item.team not in self._listed and await self._homeless(item.tenant)):
                return await self._list(item, service_url)
        return None

    async def _homeless(self, tenant: str) -> bool:
        """Tell whether there is a private channel of ours of which no team is known."""
        channels = [channel for channel in self._private() if is_channel(channel)]
        found = [await self._whereabouts.of(tenant, channel) for channel in channels]
        return any(one is None or not one.team for one in found)

    async def _list(self, item: Announced, service_url: str) -> TemporaryError | None:
        try:
            async with asyncio.timeout(ASK_WITHIN):
                page = await self._connector.read(service_url, "teams", item.team, "conversations")
        except PermanentError as error:
            log.info("Teams does not list the channels of a team: %s", error)
            return None
        except TemporaryError as error:
            return error
        except TimeoutError:
            return TemporaryError("Teams does not list the channels of a team in time; announce it again.")
        like = KnownChannel(
            id="",
            platform="teams",
            tenant=item.tenant,
            channel="",
            team=item.team,
            service_url=service_url,
            present=item.key,
        )
        listed = [(identifier(one, "id"), _type(one)) for one in objects(page, "conversations")]
        await self._whereabouts.learn([known(like, channel, access) for channel, access in listed if channel])
        self._listed.add(item.team)
        return None


def _change(what: What, key: str, channel: KnownChannel, who: Identity | None = None) -> AudienceChange:
    place = Place(platform="teams", tenant=channel.tenant, channel=channel.channel, kind="support")
    return AudienceChange(key=key, what=what, place=place, identity=who)
