"""Installations in the database: who may install, what is kept of an installation, and what ends it.

A token is sealed before it is stored, with a key derived from the app's client secret, which is never in the database: a copy of
the database speaks for nobody. The team's name is sealed along with it, so that no row can lend its token to another. An
installation ends when Slack says so or refuses its token; then the token is erased, and only a new installation brings the
team back. Announcements can be late (Slack repeats them for minutes), so one that is older than the installation ends nothing.
An organisation-wide installation serves teams that never installed; each is kept as an installation without a token.
"""

import base64
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.audit import Event
from bot.errors import PermanentError, Refused
from bot.installation import Installation, InstallState
from bot.labels import SYSTEM
from bot.ports import Clock, Reader, Storage, UnitOfWork

_PURPOSE = b"deskmate: tokens of Slack installations"
_FIRST = "slack:first"
"""The key that the first installation takes for itself."""
_STAMPED = b"begun\n"


@dataclass(frozen=True, kw_only=True)
class Granted:
    """What Slack gave for an installation."""

    token: str
    team: str
    """Empty for an organisation-wide installation."""
    enterprise: str
    """Empty outside of Enterprise Grid."""
    name: str
    bot_user: str
    bot_id: str
    scopes: str
    installed_by: str

    @property
    def tenant(self) -> str:
        """The team, or the organisation when it is installed for all of it."""
        return self.team or self.enterprise


class NotAllowed(Refused):
    """The team may not install this app: an admin must add its id to SLACK_TEAM_IDS."""


class Seal:
    """Encrypts tokens for one app; `secret` is the app's client secret."""

    def __init__(self, secret: str) -> None:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))

    def close(self, key: str, token: str) -> str:
        """Return the token of installation `key` as it is stored."""
        return self._fernet.encrypt(f"{key}\n{token}".encode()).decode()

    def open(self, installation: Installation) -> str:
        """Return the token; `PermanentError` when it was sealed with another secret or for another installation."""
        try:
            key, _, token = self._fernet.decrypt(installation.sealed_token.encode()).decode().partition("\n")
        except InvalidToken as error:
            raise PermanentError(_unreadable(installation)) from error
        if key != installation.id:
            raise PermanentError(_unreadable(installation))
        return token

    def stamp(self, word: str, now: datetime) -> str:
        """Return `word`, sealed together with the moment, as it can stand in an address and in a cookie."""
        return self._fernet.encrypt_at_time(_STAMPED + word.encode(), int(now.timestamp())).decode().rstrip("=")

    def fresh(self, stamped: str, now: datetime, seconds: int) -> bool:
        """Tell whether `stamp` made it with this secret, at most so many seconds ago."""
        padded = stamped + "=" * (-len(stamped) % 4)
        try:
            found = self._fernet.decrypt_at_time(padded.encode(), ttl=seconds, current_time=int(now.timestamp()))
        except InvalidToken:
            return False
        return found.startswith(_STAMPED)


def _unreadable(installation: Installation) -> str:
    return (
        f"The stored token of the Slack team {installation.name or installation.tenant} cannot be read with this"
        " SLACK_CLIENT_SECRET. Set the one that it was installed with, or install the app there again at /slack/install."
    )


class Installations:
    """The app's installations, over the storage. `allowed`: team and organisation ids of SLACK_TEAM_IDS."""

    def __init__(self, storage: Storage, clock: Clock, seal: Seal, *, allowed: Collection[str] = ()) -> None:
        self.seal = seal
        self._storage = storage
        self._clock = clock
        self._allowed = frozenset(allowed)

    async def all(self) -> Sequence[Installation]:
        """Return every installation, ended ones too, oldest first."""
        return await self._storage.read(_all)

    def serves(self, installation: Installation, home: Collection[str], first: Installation | None) -> bool:
        """Tell whether an installation may be used, by what is allowed now.

        `home`: the team of the environment's token. Without one and without SLACK_TEAM_IDS only the `first` that was installed is.
        """
        ids = self._allowed | frozenset(home)
        if not ids and first is not None:
            ids = frozenset({first.tenant})
        return bool(ids & {installation.tenant, installation.enterprise})

    async def save(self, granted: Granted, home: Collection[str]) -> Installation:
        """Store an installation, or renew it; `NotAllowed` for a team that is none of ours.

        `home`: the ids of the team that the server has a token for from its environment. Without those and without
        SLACK_TEAM_IDS the first team that installs is the only one.
        """
        return await self._storage.transact(lambda uow: self._save(uow, granted, home))

    async def _save(self, uow: UnitOfWork, granted: Granted, home: Collection[str]) -> Installation:
        known = await _all(uow)
        key = f"slack:{granted.tenant}"
        installation = Installation(
            id=key,
            platform="slack",
            tenant=granted.tenant,
            enterprise=granted.enterprise,
            name=granted.name,
            bot_user=granted.bot_user,
            bot_id=granted.bot_id,
            scopes=granted.scopes,
            sealed_token=self.seal.close(key, granted.token),
            installed_by=granted.installed_by,
            at=self._clock.now(),
        )
        if not self.serves(installation, home, known[0] if known else installation):
            raise NotAllowed(f"The Slack team {granted.tenant} is not one of those that may install.")
        if not known and await uow.get(InstallState, _FIRST) is None:  # two firsts at once: one of them starts again
            await uow.add(InstallState(id=_FIRST, at=installation.at, used=True))
        if any(item.id == key for item in known):
            await uow.put(installation)
        else:
            await uow.add(installation)
        await uow.audit(_event("installation.stored", installation, {"by": granted.installed_by}, installation.at))
        return installation

    async def cover(self, team: str, whole: Installation) -> Installation:
        """Store that `team` is served by the organisation-wide installation `whole`."""

        async def work(uow: UnitOfWork) -> Installation:
            now = self._clock.now()
            covered = replace(whole, id=f"slack:{team}", tenant=team, name="", sealed_token="", at=now)
            known = await uow.get(Installation, covered.id)
            await (uow.add(covered) if known is None else uow.put(covered))
            return covered

        return await self._storage.transact(work)

    async def end(
        self, key: str, why: str, *, told_at: datetime | None = None, sealed: str | None = None
    ) -> Installation | None:
        """Erase the token and return the installation as it is now, which may be ended before or not at all; None: there is none.

        `told_at`: when Slack announced it; an installation that is newer stays. `sealed`: the token that Slack refused; another stays.
        """

        async def work(uow: UnitOfWork) -> Installation | None:
            found = await uow.get(Installation, key)
            if found is None or found.revoked_at is not None or not found.sealed_token:
                return found
            if sealed is not None and found.sealed_token != sealed:
                return found
            if told_at is not None and told_at < found.at.replace(microsecond=0):
                return found
            now = self._clock.now()
            ended = replace(found, sealed_token="", revoked_at=now)
            await uow.put(ended)
            await uow.audit(_event("installation.ended", ended, {"why": why}, now))
            return ended

        return await self._storage.transact(work)


async def _all(reader: Reader) -> Sequence[Installation]:
    return await reader.find(Installation, platform="slack")


def _event(kind: str, installation: Installation, data: dict[str, str], at: datetime) -> Event:
    ids = {"installation": installation.id, "enterprise": installation.enterprise}
    return Event(kind=kind, actor=SYSTEM, data={**ids, **data}, at=at)
