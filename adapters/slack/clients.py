"""The app in each team: which token speaks there, who the bot is there, and whether a team is served at all.

There are two kinds of token: that of the environment, which serves the team it belongs to (its own team is learnt from Slack), and
those of installations. A team without one is served by the installation of its whole organisation, if there is one. What is
known of installations is kept in memory, since every message needs it, and changes only after the database has. An installation
ends by an announcement, which is stored before it is acknowledged, or by a call whose token Slack refuses.
"""

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from adapters.slack.audience import SlackAudience
from adapters.slack.belonging import Ending, Whose, ending, whose
from adapters.slack.calls import Calls, TokenRefused
from adapters.slack.installations import Granted, Installations
from adapters.slack.messenger import Bot, SlackMessenger
from adapters.slack.payload import Json
from bot.errors import DeskmateError, PermanentError, TemporaryError
from bot.installation import Installation

log = logging.getLogger(__name__)

_LOOK_EVERY = 1.0
"""Seconds between looks into the database for a team that is not known."""


@dataclass(frozen=True, kw_only=True)
class Client:
    """The app with one token."""

    calls: Calls
    messenger: SlackMessenger
    audience: SlackAudience


Make = Callable[[str, Callable[[], Bot | None], TokenRefused | None], Client]
"""Makes the client of a token: who the bot is (None until Slack has said it), and who is told when the token is refused."""


class Clients:
    """Gives each team its client, and decides what is let in."""

    def __init__(
        self,
        *,
        make: Make,
        token: str = "",
        installations: Installations | None = None,
        learnt: Callable[[Collection[str]], None] = lambda _: None,
    ) -> None:
        """`token`: the environment's; `learnt` is told tokens that no log may show."""
        self.bot: Bot | None = None
        """Who the bot with the environment's token is, once Slack has said it."""
        self.own = make(token, lambda: self.bot, None) if token else None
        """The client of the environment's token."""
        self._make, self.learnt = make, learnt
        self._installations = installations
        self._known: dict[str, Installation] = {}
        self._clients: dict[str, Client] = {}
        self._verifying: set[asyncio.Task[None]] = set()
        self._looked = -_LOOK_EVERY

    async def load(self) -> None:
        """Read the installations that are stored; those that cannot be used are logged and left out."""
        self._looked = monotonic()
        for installation in await self._installations.all() if self._installations else ():
            if self._known.get(installation.tenant) != installation:
                self._know(installation)

    async def close(self) -> None:
        """Give up what is being asked."""
        for task in self._verifying:
            task.cancel()
        await asyncio.gather(*self._verifying, return_exceptions=True)

    def tenant(self) -> str:
        """Return the home team, where the support channels are; empty while that is not known."""
        if self.own is not None:
            return self.bot.team if self.bot else ""
        return next((team for team in self._known if team.startswith("T") and self._speaker(team)), "")

    def trusted(self, tenant: str) -> bool:
        """Tell whether e-mails of the team are to be believed: it is the home team, or SLACK_TEAM_IDS lets it install.

        In a shared channel people of other teams press and send too. `TemporaryError` while the home team is not known.
        """
        if tenant == self.tenant():
            return True
        known = self._known.get(tenant)
        if known is not None and self._served(known):
            return True
        self._home()
        return False

    def of(self, tenant: str) -> Client:
        """Return the client of a team (no team: of the home team); `PermanentError` when the app is not installed there."""
        if self.own is not None and self._is_own(tenant):
            return self.own
        found = self._speaker(tenant or self.tenant())
        if found is None:
            said = f"The Slack app is not installed in the team {tenant or 'where support is'} (any more)."
            raise PermanentError(f"{said} Install it there again at /slack/install.")
        return self._clients[found.id]

    async def find(self, tenant: str) -> Client:
        """As `of`; a team that is not known may have installed by another process, so the database is looked into first."""
        try:
            return self.of(tenant)
        except PermanentError:
            await self._look_again()
            return self.of(tenant)

    def calls(self, tenant: str) -> Calls:
        """Return the calls of a team; as `of`."""
        return self.of(tenant).calls

    def forget(self, user: str) -> None:
        """Have every team asked anew who a user is."""
        for client in (*self._clients.values(), *((self.own,) if self.own else ())):
            client.audience.forget(user)

    async def admit(self, body: Json) -> bool:
        """Tell whether a delivery is for us: from a team that is served. What ends an installation is stored here, and is not.

        Raises what storing raises; then nothing is to be acknowledged, so that Slack repeats it.
        """
        if self._installations is None:
            return True
        which, over = whose(body), ending(body)
        if over is not None:
            await self._ended(which, over)
            return False
        if await self._serves(which):
            return True
        await self._look_again()
        if await self._serves(which):
            return True
        log.warning("Slack sent something of the team %s, where the app is not installed.", which.team or "nobody")
        return False

    async def install(self, granted: Granted) -> Installation:
        """Store an installation and use it from now on; `NotAllowed` as `Installations.save`."""
        if self._installations is None:
            raise PermanentError("The app cannot be installed here: set SLACK_CLIENT_ID and SLACK_CLIENT_SECRET.")
        self.learnt((granted.token,))
        stored = await self._installations.save(granted, self._home())
        self._know(stored)
        return stored

    async def _serves(self, which: Whose) -> bool:
        """Tell whether somebody speaks in a team; one that its organisation's installation serves is kept."""
        if (self.own is not None and self._is_own(which.team)) or self._speaker(which.team) is not None:
            return True
        whole = self._speaker(which.enterprise)
        if not which.team or whole is None or self._installations is None:
            return False
        self._known[which.team] = await self._installations.cover(which.team, whole)
        return True

    async def _look_again(self) -> None:
        """Read what other processes have stored, once in a while at most."""
        if monotonic() - self._looked >= _LOOK_EVERY:
            await self.load()

    def _home(self) -> frozenset[str]:
        """Return the team of the environment's token, if there is one; `TemporaryError` until Slack has named it."""
        if self.own is not None and self.bot is None:
            raise TemporaryError("Slack has not said yet whose SLACK_BOT_TOKEN is; try again in a moment.", delay=2.0)
        return frozenset({self.bot.team}) if self.bot else frozenset()

    def _know(self, installation: Installation) -> None:
        """Use an installation from now on."""
        assert self._installations is not None
        self._known[installation.tenant] = installation
        self._clients.pop(installation.id, None)
        if installation.revoked_at is not None or not installation.sealed_token:
            return
        if not self._served(installation):
            log.warning(
                "The Slack team %s is installed but not in SLACK_TEAM_IDS; it is not served.", installation.tenant
            )
        try:
            token = self._installations.seal.open(installation)
        except PermanentError as error:
            log.error("%s", error)  # noqa: TRY400  # a sentence for the admin, not a fault to be traced
            return
        self.learnt((token,))
        bot = Bot(team=installation.tenant, user=installation.bot_user, bot=installation.bot_id)

        async def refused(error: str) -> None:
            await self._end(installation.id, error, sealed=installation.sealed_token)

        self._clients[installation.id] = self._make(token, lambda: bot, refused)

    def _is_own(self, tenant: str) -> bool:
        """Tell whether the environment's token speaks there: in its team, and until that is known wherever nobody else does."""
        if self._installations is None or not tenant:
            return True
        return tenant == self.bot.team if self.bot else self._speaker(tenant) is None

    def _speaker(self, tenant: str) -> Installation | None:
        """Return the installation whose token speaks in a team."""
        known = self._known.get(tenant)
        if known is not None and not known.sealed_token and known.revoked_at is None:
            known = self._known.get(known.enterprise)
        usable = known is not None and known.id in self._clients and self._served(known)
        return known if usable else None

    def _served(self, installation: Installation) -> bool:
        """Tell whether a team may be served, by what is allowed now."""
        assert self._installations is not None
        first = next(iter(self._known.values())) if self.own is None else None
        return self._installations.serves(installation, {self.bot.team} if self.bot else (), first)

    async def _ended(self, which: Whose, over: Ending) -> None:
        """End what is announced to have ended. What is in doubt (late, or one team of an organisation's) is asked of Slack."""
        known = self._known.get(which.team or which.enterprise)
        if known is not None and known.sealed_token and await self._end(known.id, over.kind, told_at=over.at):
            return
        speaker = self._speaker(which.team) or self._speaker(which.enterprise)
        if speaker is not None:
            task = asyncio.create_task(self._verify(self._clients[speaker.id].calls))
            self._verifying.add(task)
            task.add_done_callback(self._verifying.discard)
        elif self.own is not None and self._is_own(which.team):
            log.error("Slack says that the app was removed from its team (%s); install it there again.", over.kind)

    @staticmethod
    async def _verify(calls: Calls) -> None:
        """Use a token, so that it is known if it ended."""
        try:
            await calls.tell("auth.test")
        except DeskmateError as error:
            log.info("Slack was asked whether the app is still installed: %s", error)

    async def _end(self, key: str, why: str, *, told_at: datetime | None = None, sealed: str | None = None) -> bool:
        assert self._installations is not None
        now = await self._installations.end(key, why, told_at=told_at, sealed=sealed)
        if now is None:
            return False
        if now.revoked_at is None:
            if self._known.get(now.tenant) != now:  # another process has stored a newer token
                self._know(now)
            return False
        self._known[now.tenant] = now
        if self._clients.pop(key, None) is not None:
            log.error("The Slack app was removed from the team %s (%s).", now.name or now.tenant, why)
        return True
