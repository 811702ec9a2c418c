"""Which team a channel is of, who may be let in there, and where it is reached: learnt from what Teams has signed, and kept.

Teams says this with what is said in a channel and with what happens to its team, never when it is asked about the channel later, so it is
stored when it is first heard. It is believed of the channel that the activity came from or that Teams announces something about: a chat
teaches nothing about any team, whatever stands in its activity.
Sources: learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/subscribe-to-conversation-events and, for private and
shared channels, microsoft/teams.net#100.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import get_args

from adapters.teams.connector import MARK, is_channel
from adapters.teams.inbound import activity_id
from adapters.teams.reading import Json, identifier, inside, string
from adapters.teams.tokens import tenant_of
from bot.known_channel import Access, KnownChannel, known_channel_id
from bot.ports import Reader, Storage, UnitOfWork

MOST = 10_000
"""Channels of which is remembered that nothing new was said."""
_ACCESS: tuple[Access, ...] = get_args(Access)


def told_by(activity: Json) -> tuple[KnownChannel, ...]:
    """Return what an activity, whose token was checked, tells of channels; nothing outside of teams."""
    about, data = inside(activity, "conversation"), inside(activity, "channelData")
    tenant, base = tenant_of(activity), identifier(about, "id").partition(MARK)[0]
    if not tenant or string(about, "conversationType") != "channel" or not is_channel(base):
        return ()
    team, named = inside(data, "team"), inside(data, "channel")
    announced = string(activity, "type") == "conversationUpdate"
    channel = identifier(named, "id") if announced or identifier(named, "id") == base else base
    common = KnownChannel(
        id="",
        platform="teams",
        tenant=tenant,
        channel="",
        team=identifier(team, "id"),
        directory=identifier(team, "aadGroupId"),
        service_url=identifier(activity, "serviceUrl"),
        present=activity_id(activity),
    )
    found = {base: "", **({common.team: "standard"} if common.team else {})}
    if channel:
        can_be_shared = string(data, "eventType") in {"channelShared", "channelUnshared"}
        found[channel] = "shared" if can_be_shared else string(named, "type").lower() or found.get(channel, "")
    return tuple(known(common, key, access) for key, access in found.items())


def known(like: KnownChannel, channel: str, access: str) -> KnownChannel:
    """Return a channel of the same team as another; an unknown kind of access is none that was told."""
    told: Access = next((one for one in _ACCESS if one == access), "")
    return replace(like, id=known_channel_id("teams", like.tenant, channel), channel=channel, access=told)


class Whereabouts:
    """The channels that Teams has told of. Raises `TemporaryError` when the database cannot be reached."""

    def __init__(self, storage: Storage) -> None:
        """Make it with where it is kept."""
        self._storage = storage
        self._heard: OrderedDict[str, KnownChannel] = OrderedDict()
        self._said: set[tuple[str, ...]] = set()

    async def of(self, tenant: str, channel: str) -> KnownChannel | None:
        """Return what is known of a channel."""
        key = known_channel_id("teams", tenant, channel)
        return await self._storage.read(lambda reader: reader.get(KnownChannel, key))

    async def directory(self, known: KnownChannel) -> str:
        """Return the id of a channel's team in the directory; empty while Teams has not told it."""
        team = None if known.directory or not known.team else await self.of(known.tenant, known.team)
        return known.directory or (team.directory if team is not None else "")

    async def of_team(self, tenant: str, team: str) -> Sequence[KnownChannel]:
        """Return the channels that are known to be of a team."""

        async def read(reader: Reader) -> Sequence[KnownChannel]:
            return await reader.find(KnownChannel, platform="teams", tenant=tenant, team=team)

        return await self._storage.read(read)

    async def learn(self, told: Iterable[KnownChannel]) -> Sequence[KnownChannel]:
        """Keep what is new of this, and return it; what was heard before costs nothing."""
        fresh = [item for item in told if _with(self._heard.get(item.id), item) != self._heard.get(item.id)]
        if not fresh:
            return ()
        old = await self._storage.transact(lambda uow: _keep(uow, fresh))
        kept = [_with(old.get(item.id), item) for item in fresh]
        self._remember(kept)
        return [item for item in kept if item != old.get(item.id)]

    async def hear(self, activity: Json) -> Sequence[KnownChannel]:
        """Keep what is new in an activity, and return it; the same words about the same place cost next to nothing."""
        about, data = inside(activity, "conversation"), inside(activity, "channelData")
        if string(about, "conversationType") != "channel":
            return ()
        team, named = inside(data, "team"), inside(data, "channel")
        said = (
            identifier(about, "id").partition(MARK)[0],
            identifier(about, "tenantId") or identifier(inside(data, "tenant"), "id"),
            *(identifier(team, key) for key in ("id", "aadGroupId")),
            *(identifier(named, key) for key in ("id", "type")),
            identifier(activity, "serviceUrl"),
        )
        if said in self._said:
            return ()
        found = await self.learn(told_by(activity))
        if len(self._said) >= MOST:
            self._said.clear()
        self._said.add(said)
        return found

    async def left(self, channels: Iterable[KnownChannel]) -> None:
        """Keep that Atom is in these no longer, until Teams tells of them again."""
        there = list(channels)
        self._said.clear()
        gone = await self._storage.transact(lambda uow: _without_atom(uow, there))
        self._remember(replace(item, present="") for item in gone)

    def _remember(self, kept: Iterable[KnownChannel]) -> None:
        for item in kept:
            self._heard[item.id] = item
            self._heard.move_to_end(item.id)
        while len(self._heard) > MOST:
            self._heard.popitem(last=False)


def _with(old: KnownChannel | None, new: KnownChannel) -> KnownChannel:
    """Return what is known after `new` was told: what it leaves open stays, and the first event that told of Atom's presence."""
    if old is None:
        return new
    return replace(
        new,
        team=new.team or old.team,
        directory=new.directory or old.directory,
        access=new.access or old.access,
        service_url=new.service_url or old.service_url,
        present=old.present or new.present,
    )


async def _keep(uow: UnitOfWork, told: Sequence[KnownChannel]) -> dict[str, KnownChannel]:
    """Store what is told; return what was known before, by key."""
    before = {}
    for item in told:
        old = await uow.get(KnownChannel, item.id)
        merged = _with(old, item)
        if old is None:
            await uow.add(merged)
            continue
        before[item.id] = old
        if merged != old:
            await uow.put(merged)
    return before


async def _without_atom(uow: UnitOfWork, channels: Sequence[KnownChannel]) -> list[KnownChannel]:
    """Keep that Atom is not there, and what is known of the channels besides."""
    gone = []
    for item in channels:
        old = await uow.get(KnownChannel, item.id)
        now = replace(old or item, present="")
        if old is None:
            await uow.add(now)
        else:
            await uow.put(now)
        gone.append(now)
    return gone
