"""Telling a workspace's admins, and the audit, that more people can read a private channel than before, or that notes reach nobody.

What is told names who and which requests, never what the notes say. A requester who joins matters for their own requests; an outsider,
or somebody of whom the platform says nothing, for all that stand in the channel.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from bot.audit import Event
from bot.conversation import Conversation, Place
from bot.desk.desk import Desk
from bot.desk.private_threads import support_thread_id
from bot.desk.telling_admins import tell_admins
from bot.ids import RequestId, WorkspaceId
from bot.labels import SYSTEM
from bot.person import Identity, Person
from bot.ports import Profile, Reader, UnitOfWork
from bot.readership import AudienceChange, PrivateChannel, What
from bot.request import Request
from bot.wording import audience as wording

Tell = Callable[[str, Sequence[str]], str]
"""Workspace's name, requests' numbers → the notice."""

MANY = 200
"""Requests of a channel that are counted."""


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """Something that admins must know."""

    tell: Tell
    whose: Profile | None = None
    """Only the requests of this person count; None: all that stand in the channel."""
    widened: bool = True
    """More people can read; else fewer notes arrive."""


_ALWAYS: dict[What, Alarm] = {
    "shared": Alarm(tell=wording.shared),
    "made_public": Alarm(tell=wording.made_public),
    "archived": Alarm(tell=wording.archived, widened=False),
    "deleted": Alarm(tell=wording.deleted, widened=False),
    "atom_left": Alarm(tell=wording.atom_left, widened=False),
}
"""What matters whoever it is."""


def alarm_of(change: AudienceChange, said: Profile | None, *, inside: bool) -> Alarm | None:
    """Return what admins must be told of; None: nothing.

    `said` is what the platform says of whom the change is about (None: nothing), `inside` whether they are in the channel.
    """
    who = _name(change, said)
    if change.what == "joined":
        if said is None:
            return Alarm(tell=partial(wording.stranger_joined, who))
        if said.identity.guest:
            return Alarm(tell=partial(wording.outsider_joined, who))
        return Alarm(tell=partial(wording.own_request, who), whose=said)
    if change.what == "guest":
        return Alarm(tell=partial(wording.guest_now, who)) if inside else None
    return _ALWAYS.get(change.what)


def _name(change: AudienceChange, said: Profile | None) -> str:
    told = said.identity.name if said is not None else ""
    given = change.identity.name if change.identity is not None else ""
    user = change.identity.user if change.identity is not None else ""
    return told or given or user or wording.somebody()


async def begun_threads(reader: Reader, place: Place, *, limit: int) -> Sequence[Conversation]:
    """Return the newest support threads that have begun in a channel."""
    found = await reader.find(
        Conversation, platform=place.platform, channel=place.channel, kind="support", newest=True, limit=limit
    )
    return [item for item in found if item.thread is not None and item.request_ids]


async def sound(uow: UnitOfWork, desk: Desk, change: AudienceChange, found: PrivateChannel, alarm: Alarm) -> None:
    """Tell the admins and the audit, once."""
    if alarm.whose is None:
        threads = await begun_threads(uow, found.place, limit=MANY)
        keys = [key for item in threads for key in item.request_ids]
        requests: Sequence[Request] = await uow.find(Request, id=keys) if keys else ()
    else:
        requests = await _own(uow, found.place, alarm.whose)
        if not requests:
            return
    fresh = [await _tell(uow, desk, change, found, key, alarm, requests) for key in found.workspaces]
    if any(fresh):
        await uow.audit(_event(desk, change, found, alarm, [item.id for item in requests]))


async def _own(uow: UnitOfWork, place: Place, profile: Profile) -> list[Request]:
    """Return the requests of this person whose private thread stands in the channel."""
    stored = await uow.get(Identity, profile.identity.id)
    addresses = {item.casefold() for item in (*profile.emails, profile.identity.email) if item}
    people = await uow.find(Person, email=sorted(addresses)) if addresses else ()
    keys = {person.id for person in people} | ({stored.person_id} if stored and stored.person_id else set())
    mine = list(await uow.find(Request, requester=list(keys), newest=True, limit=MANY)) if keys else []
    threads = [support_thread_id(item, place.platform, place.channel) for item in mine]
    begun = {item.id for item in await uow.find(Conversation, id=threads) if item.thread is not None} if threads else ()
    return [item for item, thread in zip(mine, threads, strict=True) if thread in begun]


async def _tell(
    uow: UnitOfWork,
    desk: Desk,
    change: AudienceChange,
    found: PrivateChannel,
    key: WorkspaceId,
    alarm: Alarm,
    requests: Sequence[Request],
) -> bool:
    """Tell the admins of one workspace; False when all of them were told of this change before."""
    workspace = desk.known_workspace(key)
    if workspace is None:
        return False
    text = alarm.tell(workspace.name, sorted(item.number for item in requests))
    cause = f"audience:{change.key}:{change.what}:{found.place.channel}:{key}"
    return await tell_admins(uow, desk, workspace, text, cause=cause)


def _event(
    desk: Desk, change: AudienceChange, found: PrivateChannel, alarm: Alarm, requests: Sequence[RequestId]
) -> Event:
    return Event(
        kind="audience.widened" if alarm.widened else "audience.lost",
        actor=SYSTEM,
        reason=change.what,
        data={
            "platform": found.place.platform,
            "tenant": found.place.tenant,
            "channel": found.place.channel,
            "workspaces": list(found.workspaces),
            "identity": change.identity.id if change.identity is not None else None,
            "requests": list(requests),
            "event": change.key,
        },
        at=desk.now(),
    )
