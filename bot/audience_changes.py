"""What happens when a platform announces that the readers of a private channel have changed.

Private notes that stand in a channel are read by whoever joins it later; no firewall can take them back. So the admins of the workspace are
told at once who can now read which requests' notes, and what to do; it is audited; and what is held or waits for that channel is looked at
anew at once. An announcement is handled before the platform is told that it arrived: one that could not be is announced again, and
telling twice is prevented by what it is told for. Who somebody is, is asked of the platform; in doubt they count as an outsider.
"""

import asyncio
import logging
from dataclasses import dataclass

from bot.conversation import Conversation, Place
from bot.delivering import UNSENT
from bot.desk.alarming import MANY, alarm_of, begun_threads, sound
from bot.desk.desk import Desk
from bot.desk.people import link_person
from bot.errors import DeskmateError, PermanentError, TemporaryError
from bot.firewall import private_channels
from bot.labels import Visibility
from bot.mailroom import Bell, ring
from bot.person import Identity
from bot.ports import Profile, Reader, Readers, Storage, UnitOfWork
from bot.readership import AudienceChange, PrivateChannel
from bot.remembered import RememberedAudience
from bot.reply import Reply
from bot.workspace import Workspace

ASK_WITHIN = 1.5
"""Seconds for asking the platform: it waits for our answer meanwhile."""
log = logging.getLogger("deskmate.audience")


@dataclass(frozen=True, kw_only=True)
class _Open:
    """What answers depend on."""

    desk: Desk
    audience: RememberedAudience


class AudienceChanges:
    """Takes announcements. Until `serve` was called, they are refused with a `TemporaryError`, so that they come again."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._open: _Open | None = None

    def serve(self, desk: Desk, audience: RememberedAudience) -> None:
        """Take announcements from now on."""
        self._open = _Open(desk=desk, audience=audience)

    async def noticed(self, change: AudienceChange) -> None:
        """Return once everything that follows from `change` is stored; raises `TemporaryError` when it could not be."""
        if self._open is None:
            raise TemporaryError("Deskmate is still starting; announce it again in a moment.")
        desk, audience = self._open.desk, self._open.audience
        if change.place is not None:
            audience.forget(change.place)
        if change.identity is not None:
            audience.forget_person(change.identity)
        places = await self._storage.read(lambda reader: _concerned(reader, desk, change))
        if not places:
            return
        said = await self._said(change, audience)
        inside = await asyncio.gather(*(self._inside(change, found.place, audience) for found in places))
        bells = await self._storage.read(lambda reader: _waiting(reader, places))

        async def work(uow: UnitOfWork) -> None:
            await _known_now(uow, desk, change, said)
            if bells:
                await ring(uow, desk.now(), *bells)
            for found, there in zip(places, inside, strict=True):
                alarm = alarm_of(change, said, inside=there)
                if alarm is not None:
                    await sound(uow, desk, change, found, alarm)

        await self._storage.transact(work)

    async def _said(self, change: AudienceChange, audience: RememberedAudience) -> Profile | None:
        """Return what the platform says of whom the change is about."""
        if change.identity is None or change.what not in {"joined", "guest"}:
            return None
        try:
            async with asyncio.timeout(ASK_WITHIN):
                return await audience.profile(change.identity)
        except (DeskmateError, TimeoutError) as error:
            log.warning("Who %s is was not to be learnt: %s", change.identity.id, error)
            return None

    async def _inside(self, change: AudienceChange, place: Place, audience: RememberedAudience) -> bool:
        """Tell whether somebody who became a guest is in a channel; raises `TemporaryError` when that is not to be learnt now."""
        if change.what != "guest" or change.identity is None:
            return False
        try:
            async with asyncio.timeout(ASK_WITHIN):
                readers: Readers | None = await audience.readers(place)
        except PermanentError:
            return False
        except TimeoutError as error:
            raise TemporaryError("The platform does not say in time who is in a channel; announce it again.") from error
        return readers is not None and change.identity.id in readers.identities


async def _concerned(reader: Reader, desk: Desk, change: AudienceChange) -> list[PrivateChannel]:
    """Return the private channels that the change is about: where notes may go, or stand already."""
    if change.place is not None:
        standing = await begun_threads(reader, change.place, limit=MANY)
        named = [item.id for item in _of_channel(desk, change.place.platform, change.place.channel)]
        stood = [item.workspace for item in standing if item.workspace is not None]
        whose = tuple(dict.fromkeys([*named, *stood]))
        return [PrivateChannel(place=change.place, workspaces=whose)] if whose else []
    if change.identity is None or await _no_news(reader, change):
        return []
    channels = {
        (platform, channel)
        for item in desk.directory.workspaces()
        for platform, channel in private_channels(item, desk.support_channels(item).items())
        if platform == change.identity.platform
    }
    return [
        PrivateChannel(
            place=Place(
                platform=change.identity.platform, tenant=change.identity.tenant, channel=channel, kind="support"
            ),
            workspaces=tuple(item.id for item in _of_channel(desk, platform, channel)),
        )
        for platform, channel in sorted(channels)
    ]


async def _no_news(reader: Reader, change: AudienceChange) -> bool:
    """Tell whether it was known that somebody is a guest: platforms announce every change of a person, such as a new picture."""
    known = await reader.get(Identity, change.identity.id) if change.identity is not None else None
    return change.what == "guest" and known is not None and known.guest


def _of_channel(desk: Desk, platform: str, channel: str) -> list[Workspace]:
    return [
        item
        for item in desk.directory.workspaces()
        if (platform, channel) in private_channels(item, desk.support_channels(item).items())
    ]


async def _known_now(uow: UnitOfWork, desk: Desk, change: AudienceChange, said: Profile | None) -> None:
    """Remember that somebody is a guest now: their authority ends with it, and the next announcement tells nothing new."""
    identity = change.identity
    if change.what != "guest" or identity is None or said is None or not said.identity.guest:
        return
    if await uow.get(Identity, identity.id) is None:
        await uow.add(said.identity)
    else:
        await link_person(uow, desk, identity.id, said)


async def _waiting(reader: Reader, places: list[PrivateChannel]) -> list[Bell]:
    """Return the outboxes of these channels in which something private waits: held back, or not yet posted."""
    waiting = await reader.find(Reply, state=UNSENT, visibility=Visibility.PRIVATE)
    keys = list({reply.conversation_id for reply in waiting})
    channels = {(found.place.platform, found.place.channel) for found in places}
    found = await reader.find(Conversation, id=keys) if keys else ()
    return [Bell(kind="outbox", subject=item.id) for item in found if (item.platform, item.channel) in channels]
