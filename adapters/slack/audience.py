"""Slack as an `Audience`: who can read a channel, and who somebody is.

Private notes depend on these answers, so every doubt counts as unknown: a member who cannot be looked up, a full member whose
e-mail Slack does not give (then the same human in Teams could not be recognised), a channel with more members than are worth
asking about. Guests, members of other organisations and shared channels are outsiders.
What users.info says is kept for some minutes; who is in a channel is asked anew each time.
"""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from adapters.slack.calls import Calls
from adapters.slack.direct import channel_id
from adapters.slack.payload import Json, flag, identifier, part, text
from bot.conversation import Place
from bot.errors import DeskmateError, PermanentError, TemporaryError
from bot.person import Identity, identity_id
from bot.ports import Clock, Profile, Readers

log = logging.getLogger(__name__)

MEMBERS = 1_000
"""A channel with more members is not asked about one by one."""
_AT_ONCE = 8
_KEPT, _KEPT_FOR = 5_000, timedelta(minutes=5)
_NAME_LIMIT, _EMAIL_LIMIT, _ZONE_LIMIT = 100, 320, 64
_SHARED = ("is_ext_shared", "is_pending_ext_shared", "is_org_shared", "is_global_shared")
_INVITED = ("pending_shared", "pending_connected_team_ids")
"""Other organisations that were asked to share the channel, and may accept at any moment."""
_GUEST = ("is_restricted", "is_ultra_restricted", "is_stranger")


@dataclass(frozen=True, kw_only=True)
class _User:
    """What we keep of a Slack user."""

    name: str
    email: str | None
    homes: frozenset[str]
    """The team that the account belongs to; in an Enterprise organisation, all of its teams that the user is in."""
    guest: bool
    bot: bool
    gone: bool
    """Deactivated."""
    language: str
    time_zone: str

    def outside(self, tenant: str) -> bool:
        """Tell whether the user is not a full member of the team."""
        return self.guest or tenant not in self.homes


class SlackAudience:
    """Asks conversations.info, conversations.members and users.info."""

    def __init__(self, *, calls: Calls, clock: Clock) -> None:
        self._calls = calls
        self._clock = clock
        self._users: OrderedDict[str, tuple[datetime, _User]] = OrderedDict()
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._forgotten = 0

    async def readers(self, place: Place) -> Readers | None:
        """Return who can read the channel; None when Slack does not say, and of an archived one, which takes no posts.

        Raises `TemporaryError` when Slack cannot be asked now: that is no answer, and nobody need be alarmed by it.
        """
        try:
            key = await channel_id(self._calls, place.channel)
            channel = part(await self._calls.ask("conversations.info", channel=key), "channel")
            if not channel or flag(channel, "is_archived"):
                return None
            shared = any(flag(channel, name) for name in _SHARED) or any(channel.get(name) for name in _INVITED)
            if not (flag(channel, "is_private") or flag(channel, "is_im") or flag(channel, "is_mpim")):
                return Readers(identities=frozenset(), emails=frozenset(), everyone=True, outsiders=shared)
            members = await self._members(key)
        except PermanentError as error:
            log.warning("Who can read the Slack channel %s is unknown: %s", place.channel, error)
            return None
        if members is None:
            return Readers(identities=frozenset(), emails=frozenset(), outsiders=shared, certain=False)
        return await self._readers(place, members, shared=shared)

    async def profile(self, identity: Identity) -> Profile | None:
        """Return the user with name, verified e-mail (full members only), guest, language and time zone; None if unknown.

        Bots and deactivated accounts count as guests: they are never linked to a person.
        """
        try:
            user = await self._user(identity.user)
        except DeskmateError as error:
            log.warning("Slack does not say who %s is: %s", identity.user, error)
            return None
        outside = user.outside(identity.tenant) or user.bot or user.gone
        known = replace(identity, name=user.name, guest=outside, email=None if outside else user.email)
        return Profile(identity=known, language=user.language, time_zone=user.time_zone)

    def forget(self, user: str) -> None:
        """Ask anew who a user is: Slack announced that something about them changed."""
        self._users.pop(user, None)
        self._forgotten += 1

    async def _members(self, channel: str) -> list[str] | None:
        members: list[str] = []
        async for page in self._calls.pages("conversations.members", channel=channel):
            listed = page.get("members")
            members += [member for member in listed if isinstance(member, str)] if isinstance(listed, list) else []
            if len(members) > MEMBERS:
                return None
        return members or None

    async def _readers(self, place: Place, members: list[str], *, shared: bool) -> Readers:
        certain, passing = True, None
        tasks: list[asyncio.Task[_User]] = []
        try:
            async with asyncio.TaskGroup() as group:  # the first failure settles it and spares Slack the other calls
                tasks += [group.create_task(self._user(member)) for member in members]
        except* TemporaryError as errors:
            passing = errors.exceptions[0]
        except* PermanentError as errors:
            log.warning("Who can read the Slack channel %s is not certain: %s", place.channel, errors.exceptions[0])
            certain = False
        if isinstance(passing, TemporaryError):
            raise TemporaryError(str(passing), delay=passing.delay) from passing
        done = zip(members, tasks, strict=True)
        known = {member: task.result() for member, task in done if not (task.cancelled() or task.exception())}
        machines = {member for member, user in known.items() if user.bot or user.gone}
        humans = [user for member, user in known.items() if member not in machines]
        ours = [user for user in humans if not user.outside(place.tenant)]
        return Readers(
            identities=frozenset(identity_id("slack", place.tenant, member) for member in set(members) - machines),
            emails=frozenset(user.email for user in ours if user.email),
            outsiders=shared or len(ours) < len(humans),
            certain=certain and all(user.email for user in ours),
        )

    async def _user(self, user: str) -> _User:
        now = self._clock.now()
        kept = self._users.get(user)
        if kept is not None and now - kept[0] < _KEPT_FOR:
            return kept[1]
        forgotten = self._forgotten
        async with self._slots:
            answer = part(await self._calls.ask("users.info", user=user, include_locale=True), "user")
        if not identifier(answer, "id"):
            raise TemporaryError(f"Slack does not describe the user {user}; it is asked again.")
        described = _described(answer)
        if forgotten != self._forgotten:
            return described  # asked before something changed: good for this question, not for later ones
        self._users[user] = (now, described)
        self._users.move_to_end(user)
        while len(self._users) > _KEPT:
            self._users.popitem(last=False)
        return described


def _described(user: Json) -> _User:
    profile = part(user, "profile")
    named = [
        *(text(profile, key, _NAME_LIMIT) for key in ("display_name", "real_name")),
        text(user, "name", _NAME_LIMIT),
    ]
    email = text(profile, "email", _EMAIL_LIMIT).strip().lower()
    locale = text(user, "locale", _ZONE_LIMIT).replace("_", "-").partition("-")[0].lower()
    return _User(
        name=next((name.strip() for name in named if name.strip()), ""),
        email=email if email and user.get("is_email_confirmed") is not False else None,
        homes=_homes(user),
        guest=any(flag(user, name) for name in _GUEST),
        bot=flag(user, "is_bot") or identifier(user, "id") == "USLACKBOT",
        gone=flag(user, "deleted"),
        language=locale or "en",
        time_zone=text(user, "tz", _ZONE_LIMIT) or "UTC",
    )


def _homes(user: Json) -> frozenset[str]:
    named = part(user, "enterprise_user").get("teams")
    teams = [item for item in named if isinstance(item, str)] if isinstance(named, list) else []
    return frozenset({identifier(user, "team_id"), *teams} - {""})
