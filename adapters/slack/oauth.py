"""Installing the app in a team: the page that begins it, and the one to which Slack sends the browser back.

What comes back is believed only when this server asked for it, in this browser, less than ten minutes ago and for the first time:
the state that is sent along is sealed with the time in it, is compared with the browser's cookie, and is used up before the code
is exchanged. Then Slack is asked whose the token is, and only teams that may install are stored. The flow is our own, made
of the SDK's parts, because Bolt's writes the code to the log, stores before anybody can refuse the team, and cannot tell a Slack
that is away from one that refuses.
"""

import hashlib
import hmac
import logging
import secrets
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from aiohttp import web
from slack_sdk.oauth import AuthorizeUrlGenerator

from adapters.slack import oauth_pages as pages
from adapters.slack.calls import Calls
from adapters.slack.clients import Clients
from adapters.slack.installations import Granted, NotAllowed, Seal
from adapters.slack.manifest_table import REDIRECT_PATH, needs
from adapters.slack.payload import Json, flag, identifier, part, text
from adapters.slack.refusals import SlackRefusal
from bot.errors import DeskmateError, PermanentError, TemporaryError
from bot.installation import InstallState
from bot.ports import Clock, Storage, UnitOfWork

log = logging.getLogger(__name__)

INSTALL, REDIRECT = pages.INSTALL, REDIRECT_PATH
COOKIE = "deskmate-slack-install"
_GOOD_FOR = 600
"""Seconds between the two pages."""
_PER_MINUTE = 60
"""Answers of Slack that are looked into; a person needs one."""
_TOKEN = "xoxb-"  # noqa: S105  # how tokens begin, not one
_OURS_TO_MEND = frozenset({"bad_client_secret", "invalid_client_id", "bad_redirect_uri", "invalid_auth", "not_authed"})
SCOPES = tuple(needs())
"""What the bot asks for, as the manifest says it."""
_STATE_LIMIT, _CODE_LIMIT = 500, 500


@dataclass(frozen=True, kw_only=True)
class OAuthApp:
    """The app as Slack knows it, and where its installations are kept."""

    client_id: str
    client_secret: str = field(repr=False)
    team_ids: tuple[str, ...] = ()
    """Teams and organisations that may install; none: only the home team."""
    redirect_url: str = ""
    """Where Slack sends browsers back to; empty: to the first address that the app's settings name."""
    storage: Storage


class _Unusable(Exception):
    """What Slack gave cannot be used; the page says why."""

    def __init__(self, page: web.Response) -> None:
        super().__init__()
        self.page = page


class OAuth:
    """The two pages. `calls` makes the calls of a token; without one those of nobody."""

    def __init__(
        self,
        *,
        app: OAuthApp,
        clients: Clients,
        calls: Callable[[str], Calls],
        clock: Clock,
        scopes: Sequence[str],
        api_url: str,
    ) -> None:
        host = urlsplit(api_url)
        address = f"{host.scheme}://{host.netloc}/oauth/v2/authorize"
        self._app, self._clients, self._calls, self._clock = app, clients, calls, clock
        self._address = AuthorizeUrlGenerator(
            client_id=app.client_id,
            scopes=scopes,
            authorization_url=address,
            redirect_uri=quote(app.redirect_url, safe="") or None,
        )
        self._seal = Seal(app.client_secret)
        self._lately: deque[float] = deque(maxlen=_PER_MINUTE)

    def routes(self) -> list[web.RouteDef]:
        """Give the two pages."""
        return [web.get(INSTALL, self.begin), web.get(REDIRECT, self.finish)]

    async def begin(self, _: web.Request) -> web.Response:
        """Show the link to Slack, with a state that only this browser can bring back."""
        state = self._seal.stamp(secrets.token_urlsafe(16), self._clock.now())
        page = pages.begin(self._address.generate(state))
        page.set_cookie(COOKIE, state, max_age=_GOOD_FOR, path="/slack", secure=True, httponly=True, samesite="Lax")
        return page

    async def finish(self, request: web.Request) -> web.Response:
        """Install, or say why not; never a traceback, and nothing of the query is shown or logged."""
        try:
            page = await self._finish(request)
        except _Unusable as unusable:
            page = unusable.page
        except TemporaryError as error:
            log.warning("A Slack team could not be installed now: %s", error)
            page = pages.later()
        except DeskmateError as error:
            log.error("A Slack team could not be installed: %s", error)  # noqa: TRY400  # a sentence for the admin
            page = pages.misconfigured()
        except Exception:
            log.exception("a Slack team could not be installed")
            page = pages.later()
        page.del_cookie(COOKIE, path="/slack")
        return page

    async def _finish(self, request: web.Request) -> web.Response:
        query = request.query
        state, code = query.get("state", "")[:_STATE_LIMIT], query.get("code", "")[:_CODE_LIMIT]
        now = self._clock.now()
        known = hmac.compare_digest(state.encode(), request.cookies.get(COOKIE, "").encode())
        if not state or not known or not self._seal.fresh(state, now, _GOOD_FOR):
            return pages.stale()
        if not code:
            reason = identifier(query, "error")
            return pages.refused(reason) if reason and reason != "access_denied" else pages.cancelled()
        if self._too_many(now.timestamp()):
            return pages.too_many()
        if not await self._use_up(state):
            return pages.stale()
        granted = await self._granted(await self._exchange(code))
        return await self._install(granted)

    def _too_many(self, now: float) -> bool:
        if len(self._lately) == _PER_MINUTE and now - self._lately[0] < 60:  # noqa: PLR2004  # a minute
            return True
        self._lately.append(now)
        return False

    async def _use_up(self, state: str) -> bool:
        """Store that a state was used; False when it was before."""
        key = hashlib.sha256(state.encode()).hexdigest()

        async def work(uow: UnitOfWork) -> bool:
            if await uow.get(InstallState, key) is not None:
                return False
            await uow.add(InstallState(id=key, at=self._clock.now(), used=True))
            return True

        return await self._app.storage.transact(work)

    async def _exchange(self, code: str) -> Json:
        """Return what Slack gives for the code."""
        app = {"client_id": self._app.client_id, "client_secret": self._app.client_secret}
        try:
            back = {"redirect_uri": self._app.redirect_url} if self._app.redirect_url else {}
            return await self._calls("").exchange("oauth.v2.access", code=code, **app, **back)
        except SlackRefusal as refusal:
            if refusal.error in _OURS_TO_MEND:
                raise
            log.warning("Slack did not take the code of an installation: %s", refusal.error)
            raise _Unusable(pages.refused(refusal.error)) from refusal

    async def _granted(self, given: Json) -> Granted:
        """Return what was granted, having asked Slack whose the token is."""
        token = text(given, "access_token", 500)
        if token:
            self._clients.learnt((token,))
        if given.get("refresh_token") or given.get("expires_in"):
            raise _Unusable(pages.rotating())
        if not token.startswith(_TOKEN):
            raise _Unusable(pages.no_bot())
        who = await self._calls(token).tell("auth.test")
        whole = flag(given, "is_enterprise_install")
        team = "" if whole else identifier(who, "team_id")
        enterprise = identifier(part(given, "enterprise"), "id") or identifier(who, "enterprise_id")
        named = part(given, "enterprise" if whole else "team")
        granted = Granted(
            token=token,
            team=team,
            enterprise=enterprise,
            name=text(named, "name", 200),
            bot_user=identifier(who, "user_id"),
            bot_id=identifier(who, "bot_id"),
            scopes=text(given, "scope", 2_000),
            installed_by=identifier(part(given, "authed_user"), "id"),
        )
        claimed = identifier(part(given, "team"), "id")
        if not (granted.tenant and granted.bot_user and granted.bot_id) or (team and claimed not in {"", team}):
            raise _Unusable(pages.no_bot())
        return granted

    async def _install(self, granted: Granted) -> web.Response:
        try:
            installation = await self._clients.install(granted)
        except NotAllowed:
            log.warning("The Slack team %s tried to install and is not in SLACK_TEAM_IDS.", granted.tenant)
            await self._give_back(granted)
            return pages.not_allowed(granted.tenant, granted.name)
        log.info("The Slack app was installed in the team %s.", installation.tenant)
        return pages.installed(installation.name or installation.tenant)

    async def _give_back(self, granted: Granted) -> None:
        """Have a token that is not wanted revoked; one that Slack keeps is used by nobody."""
        try:
            await self._calls(granted.token).tell("auth.revoke")
        except (TemporaryError, PermanentError) as error:
            log.info("Slack keeps a token that was not wanted: %s", error)
