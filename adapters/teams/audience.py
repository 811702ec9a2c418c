"""Asks Teams who can read somewhere, and who somebody is.

The roster of a channel or chat is read page by page to its end; half a roster is no answer. A guest, somebody of another tenant or
somebody anonymous is an outsider. A channel that its whole team reads has the team's roster too, which is where the stock SDK looks.
A shared channel counts as one with outsiders: it may be shared on at any moment, and bots are told of its direct members only, or of its
owners where they were not let in (MicrosoftDocs/msteams-docs, build-apps-for-shared-private-channels). Whether a team is public, so that
everybody may join and read, is asked of Microsoft Graph; without it, `everyone` is never claimed and a support channel belongs in a
private team. A group chat has no threads, so that it is no place for a support channel. What Teams does not say is None, which the
firewall takes for "no"; what it cannot say now is a `TemporaryError`.
"""

import logging
from collections.abc import Iterator
from dataclasses import replace

from adapters.teams.account import Account
from adapters.teams.addresses import Addresses
from adapters.teams.connector import Connector, is_channel
from adapters.teams.graph import Graph
from adapters.teams.groups import Groups
from adapters.teams.messenger import is_person, open_chat
from adapters.teams.reading import Json, identifier, objects, string
from adapters.teams.whereabouts import Whereabouts
from bot.conversation import Conversation, Place
from bot.errors import DeskmateError, PermanentError
from bot.known_channel import KnownChannel
from bot.person import Identity, identity_id
from bot.ports import Profile, Readers

PAGE = "500"
MOST_PAGES = 100
_TOLD = frozenset({"unasked", "private", "hiddenmembership", "public"})
"""What Graph may say of a team; anything else is unknown."""
log = logging.getLogger(__name__)


class TeamsAudience:
    """`bot.ports.Audience` for Teams."""

    def __init__(
        self,
        connector: Connector,
        addresses: Addresses,
        account: Account,
        *,
        whereabouts: Whereabouts,
        groups: Groups,
        graph: Graph | None = None,
    ) -> None:
        self._connector = connector
        self._addresses = addresses
        self._account = account
        self._whereabouts = whereabouts
        self._graph = graph
        self._groups = groups

    async def readers(self, place: Place) -> Readers | None:
        """Return the members of the channel or chat; None when Teams does not say, or not all of it.

        Raises `TemporaryError` when Teams cannot be asked now: that is no answer, and nobody need be alarmed by it.
        """
        if place.kind == "support" and not is_channel(place.channel):
            log.warning("%s is no channel, so that it cannot be a support channel: see deskmate check.", place.channel)
            return None
        known = await self._whereabouts.of(place.tenant, place.channel)
        try:
            members = await self._people(place, known)
            visibility = await self._visibility(place, known)
        except PermanentError as error:
            log.warning("Who can read %s in Teams is unknown: %s", place.channel, error)
            return None
        if not members:
            return None
        shared = known is not None and known.access == "shared"
        return Readers(
            identities=frozenset(key for member in members for key in _identities(member, place.tenant)),
            emails=frozenset(email for member in members for email in _emails(member, place.tenant)),
            everyone=visibility == "public",
            outsiders=shared or any(outsider(member, place.tenant) for member in members),
            certain=visibility in _TOLD and all(_certain(member, place.tenant) for member in members),
        )

    async def profile(self, identity: Identity) -> Profile | None:
        """Return name, verified e-mail and guest of a user; None when Teams does not say."""
        try:
            member = await self._member_of(identity)
        except DeskmateError as error:
            log.warning("Teams does not say who %s is: %s", identity.user, error)
            return None
        if identity.id not in set(_identities(member, identity.tenant)):
            return None
        guest = outsider(member, identity.tenant)
        emails = tuple(_emails(member, identity.tenant))
        name = string(member, "name", longest=200) or identity.name
        known = replace(identity, name=name, email=emails[0] if emails else None, guest=guest)
        return Profile(identity=known, emails=frozenset(emails))

    async def writes_in(self, conversation: Conversation) -> bool:
        """Tell whether the bot is in a channel: only where it is, Teams gives it the roster. Raises what asking raises."""
        service_url = await self._addresses.conversation(conversation)
        where = conversation.channel
        page = await self._connector.read(service_url, "conversations", where, "pagedmembers", pageSize="1")
        return isinstance(page.get("members"), list)

    async def _member_of(self, identity: Identity) -> Json:
        """Return the roster entry of a user, from where they wrote last; where Atom is no member, from their chat with it."""
        service_url = await self._addresses.tenant(identity.tenant)
        place = self._addresses.place_of(identity.id)
        if place is not None:
            try:
                return await self._entry(service_url, place, identity)
            except PermanentError as error:
                log.info("Atom may not see the members of a place where somebody asked for it: %s", error)
        place = await open_chat(self._connector, self._account, service_url, identity.tenant, identity.user)
        return await self._entry(service_url, place, identity)

    async def _entry(self, service_url: str, place: str, identity: Identity) -> Json:
        """Return a user's entry in a roster; looked for in all of it where one is not to be had by this kind of id.

        The Bot Framework takes a user's id in Teams and their Entra object id; Microsoft's client for tests takes the first alone.
        """
        try:
            return await self._connector.read(service_url, "conversations", place, "members", identity.user)
        except PermanentError as error:
            roster = await self._members(service_url, place) or []
            for member in roster:
                if identity.id in set(_identities(member, identity.tenant)):
                    return member
            raise PermanentError(str(error)) from error

    async def _people(self, place: Place, known: KnownChannel | None) -> list[Json] | None:
        """Return who is in the channel or chat and, where the whole team reads it, in the team; apps apart."""
        service_url, asked = await self._addresses.channel(place.tenant, place.channel), place.channel
        if is_person(asked):
            asked = await open_chat(self._connector, self._account, service_url, place.tenant, asked)
        team = known.team if known is not None and known.access in {"", "standard"} else ""
        members = await self._members(service_url, asked)
        if members and team and team != asked:
            of_team = await self._of_team(service_url, team, told=known is not None and known.access == "standard")
            members = members + of_team if of_team is not None else None
        return [member for member in members or () if not identifier(member, "id").startswith("28:")]

    async def _of_team(self, service_url: str, team: str, *, told: bool) -> list[Json] | None:
        """Return who is in a team; nobody more where Teams refuses that and has not `told` that the whole team reads the channel."""
        try:
            return await self._members(service_url, team)
        except PermanentError:
            if told:
                raise
            return []

    async def _visibility(self, place: Place, known: KnownChannel | None) -> str:
        """Return whether everybody may read with the team; `unknown` where Graph should tell and does not.

        `TeamSettings.Read.Group` lets an app ask about the teams that it is installed in.
        """
        own_members = known is not None and known.access in {"private", "shared"}
        if self._graph is None or own_members or not is_channel(place.channel):
            return "unasked"
        try:
            group = await self._groups.of(place.tenant, place.channel)
            team = await self._graph.read("teams", group, select="visibility") if group else None
        except PermanentError as error:
            log.warning("Whether the team of %s is public is unknown: %s", place.channel, error)
            return "unknown"
        if team is None:
            log.warning("Of which team the channel %s is, Teams has not told: mention Atom there once.", place.channel)
            return "unknown"
        return string(team, "visibility").lower() or "unknown"

    async def _members(self, service_url: str, asked: str) -> list[Json] | None:
        members: list[Json] = []
        token, seen = "", set[str]()
        for _ in range(MOST_PAGES):
            query = {"pageSize": PAGE, **({"continuationToken": token} if token else {})}
            page = await self._connector.read(service_url, "conversations", asked, "pagedmembers", **query)
            if not isinstance(page.get("members"), list):
                return None
            members += objects(page, "members")
            token = string(page, "continuationToken", longest=100_000)
            if not token:
                return members
            if token in seen:
                return None
            seen.add(token)
        return None


def outsider(member: Json, tenant: str) -> bool:
    """Tell whether a roster entry is a guest, of another organisation, or anonymous."""
    role, home = string(member, "userRole").lower(), identifier(member, "tenantId").lower()
    return (
        role in {"guest", "anonymous"}
        or "#ext#" in string(member, "userPrincipalName").lower()
        or bool(home and home != tenant.lower())
    )


def _object_id(member: Json) -> str:
    return (identifier(member, "aadObjectId") or identifier(member, "objectId")).lower()


def _identities(member: Json, tenant: str) -> Iterator[str]:
    for user in (_object_id(member), identifier(member, "id")):
        if user:
            yield identity_id("teams", tenant, user)


def _emails(member: Json, tenant: str) -> Iterator[str]:
    """Give the directory's addresses, the mailbox first; none for outsiders, whose address nobody here has verified."""
    if outsider(member, tenant):
        return
    for key in ("email", "userPrincipalName"):
        address = string(member, key, longest=320).strip().lower()
        if "@" in address:
            yield address


def _certain(member: Json, tenant: str) -> bool:
    known = bool(_object_id(member) and identifier(member, "id"))
    return outsider(member, tenant) or (known and next(_emails(member, tenant), None) is not None)
