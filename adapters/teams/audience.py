"""Asks Teams who can read somewhere, and who somebody is.

The roster of a channel or chat is read page by page to its end; half a roster is no answer. A guest, somebody of another tenant or
somebody anonymous is an outsider. Teams does not tell bots whether a team is public, so `everyone` is never claimed: a support
channel belongs in a private team. Whatever fails is None, which the firewall takes for "no".
"""

import logging
from collections.abc import Iterator
from dataclasses import replace

from adapters.teams.account import Account
from adapters.teams.addresses import Addresses
from adapters.teams.connector import Connector
from adapters.teams.messenger import is_person, open_chat
from adapters.teams.reading import Json, identifier, objects, string
from bot.conversation import Conversation, Place
from bot.errors import DeskmateError, PermanentError
from bot.person import Identity, identity_id
from bot.ports import Profile, Readers

PAGE = "500"
MOST_PAGES = 100
log = logging.getLogger(__name__)


class TeamsAudience:
    """`bot.ports.Audience` for Teams."""

    def __init__(self, connector: Connector, addresses: Addresses, account: Account) -> None:
        self._connector = connector
        self._addresses = addresses
        self._account = account

    async def readers(self, place: Place) -> Readers | None:
        """Return the members of the channel or chat; None when Teams does not say, or not all of it."""
        try:
            members = await self._members(place)
        except DeskmateError:
            return None
        if not members:
            return None
        return Readers(
            identities=frozenset(key for member in members for key in _identities(member, place.tenant)),
            emails=frozenset(email for member in members for email in _emails(member, place.tenant)),
            outsiders=any(outsider(member, place.tenant) for member in members),
            certain=all(_certain(member, place.tenant) for member in members),
        )

    async def profile(self, identity: Identity) -> Profile | None:
        """Return name, verified e-mail and guest of a user; None when Teams does not say."""
        try:
            member = await self._member_of(identity)
        except DeskmateError:
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
                return await self._connector.read(service_url, "conversations", place, "members", identity.user)
            except PermanentError:
                log.info("Atom may not see the members of a place where somebody asked for it.")
        place = await open_chat(self._connector, self._account, service_url, identity.tenant, identity.user)
        return await self._connector.read(service_url, "conversations", place, "members", identity.user)

    async def _members(self, place: Place) -> list[Json] | None:
        service_url, asked = await self._addresses.tenant(place.tenant), place.channel
        if is_person(asked):
            asked = await open_chat(self._connector, self._account, service_url, place.tenant, asked)
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
