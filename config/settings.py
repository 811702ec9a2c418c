"""The environment, read once at the start and checked: the only place that knows the names of variables.

A platform that is half configured stops the start with a sentence that names what is missing; parts receive plain values, never this.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.errors import PermanentError
from config.environment import number, one_of, web_address
from config.teams_settings import TeamsSettings, teams_settings

OFFLINE = "offline"
DEFAULT_MODEL = "claude-sonnet-5-5"
"""Used when a key is set and no model is named."""
SHIPPED = "config/workforce"
"""The workforce folder when none is named."""
BOT_TOKENS = ("xoxb-", "xoxe.xoxb-")
"""How Slack's bot tokens begin; the second when they are rotated."""
APP_TOKENS = "xapp-"
"""How Slack's app-level tokens begin."""
SECRETS: tuple[str, ...] = (
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_APP_TOKEN",
    "SLACK_CLIENT_SECRET",
)
SECRETS += ("MICROSOFT_APP_PASSWORD", "IDENTITY_HEADER", "MSI_SECRET")
_SLACK = ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")
_TEAM_ID = re.compile(r"[TE][A-Z0-9]{2,20}")


@dataclass(frozen=True, kw_only=True)
class SlackSettings:
    """A Slack app. It has a bot's token, or can be installed, or both; it is reached by HTTP, or by Socket Mode, or both."""

    token: str = field(default="", repr=False)
    """The bot's in the home team; empty: the home team is the first that installed."""
    signing_secret: str = field(default="", repr=False)
    """Empty: no HTTP."""
    app_token: str = field(default="", repr=False)
    """Empty: no Socket Mode."""
    client_id: str = ""
    """Empty: cannot be installed."""
    client_secret: str = field(default="", repr=False)
    team_ids: tuple[str, ...] = ()
    """Teams and organisations that may install; none: the home team alone."""
    redirect_url: str = ""
    """Where browsers come back to after an installation; empty: as the app's settings say."""
    api_url: str


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that the environment says."""

    database_url: str = field(repr=False)
    workforce: Path
    host: str = "127.0.0.1"
    port: int = 8080
    model: str = OFFLINE
    """`offline` or a Claude model id."""
    slack: SlackSettings | None = None
    teams: TeamsSettings | None = None
    log_level: str = "info"
    log_format: str = "text"
    lease: timedelta = timedelta(seconds=30)
    settle: timedelta = timedelta(seconds=0.8)
    """How long a conversation waits for further quick messages."""
    recheck: timedelta = timedelta(seconds=300)
    """How long a withheld private note waits until its channel's audience is looked at anew."""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """Values that must never be shown."""


def read_settings(environment: Mapping[str, str], *, offline: bool = False) -> Settings:
    """Return the settings; `PermanentError` names the variable that is missing or wrong.

    `offline`: no language model, whatever the environment says.
    """
    return Settings(
        database_url=_database(environment),
        workforce=Path(environment.get("DESKMATE_WORKFORCE") or SHIPPED),
        host=environment.get("DESKMATE_HOST") or "127.0.0.1",
        port=number(environment, "DESKMATE_PORT", 8080, most=65_535),
        model=OFFLINE if offline else _model(environment),
        slack=_slack(environment),
        teams=teams_settings(environment),
        log_level=one_of(environment, "DESKMATE_LOG_LEVEL", ("info", "debug", "warning", "error")),
        log_format=one_of(environment, "DESKMATE_LOG_FORMAT", ("text", "json")),
        lease=timedelta(seconds=number(environment, "DESKMATE_LEASE_SECONDS", 30, least=1)),
        settle=timedelta(milliseconds=number(environment, "DESKMATE_SETTLE_MS", 800)),
        recheck=timedelta(seconds=number(environment, "DESKMATE_RECHECK_SECONDS", 300)),
        secrets=tuple(environment[name] for name in SECRETS if environment.get(name)),
    )


def _database(environment: Mapping[str, str]) -> str:
    """Return DATABASE_URL; it is never quoted, since it may hold a password."""
    url = environment.get("DATABASE_URL") or "sqlite+aiosqlite:///var/deskmate.db"
    _, _, rest = url.partition("://")
    if url.startswith("postgres") and rest.partition("?")[0].count("@") > 1:
        raise PermanentError(
            "DATABASE_URL holds more than one @: in a user name or a password write %40 for @, %2F for / and %3A for :."
        )
    return url


def _model(environment: Mapping[str, str]) -> str:
    named = environment.get("DESKMATE_MODEL", "").strip()
    has_key = bool(environment.get("ANTHROPIC_API_KEY") or environment.get("ANTHROPIC_AUTH_TOKEN"))
    if named == OFFLINE:
        return OFFLINE
    if not named:
        return DEFAULT_MODEL if has_key else OFFLINE
    if not has_key and not environment.get("ANTHROPIC_BASE_URL"):
        raise PermanentError(f"DESKMATE_MODEL is {named}, but there is no key: set ANTHROPIC_API_KEY, or use offline.")
    return named


def _slack(environment: Mapping[str, str]) -> SlackSettings | None:
    named = {name: environment.get(name, "").strip() for name in _SLACK}
    if not any(named.values()):
        return None
    token, app_token = named["SLACK_BOT_TOKEN"], named["SLACK_APP_TOKEN"]
    missing = _missing_of_slack(named)
    if missing:
        raise PermanentError(f"Slack is half configured: set {missing} too, or unset the other.")
    if token and not token.startswith(BOT_TOKENS):
        said = (
            "SLACK_BOT_TOKEN is no bot token, which begins with xoxb-: copy it from the app's page OAuth & Permissions."
        )
        raise PermanentError(said)
    if app_token and not app_token.startswith(APP_TOKENS):
        said = (
            "SLACK_APP_TOKEN is no app-level token, which begins with xapp-: make one with the scope connections:write"
            " on the app's page Basic Information."
        )
        raise PermanentError(said)
    url = web_address(environment, "SLACK_API_URL") or "https://slack.com/api/"
    return SlackSettings(
        token=token,
        signing_secret=named["SLACK_SIGNING_SECRET"],
        app_token=app_token,
        client_id=named["SLACK_CLIENT_ID"],
        client_secret=named["SLACK_CLIENT_SECRET"],
        team_ids=_team_ids(environment),
        redirect_url=web_address(environment, "SLACK_REDIRECT_URL") or "",
        api_url=url if url.endswith("/") else f"{url}/",
    )


def _missing_of_slack(named: Mapping[str, str]) -> str:
    """Return what is missing to what is set: who speaks (a token, or installations), and the way in (HTTP or Socket Mode)."""
    if bool(named["SLACK_CLIENT_ID"]) != bool(named["SLACK_CLIENT_SECRET"]):
        return "SLACK_CLIENT_SECRET" if named["SLACK_CLIENT_ID"] else "SLACK_CLIENT_ID"
    if not named["SLACK_BOT_TOKEN"] and not named["SLACK_CLIENT_ID"]:
        return "SLACK_BOT_TOKEN (or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET)"
    if not named["SLACK_SIGNING_SECRET"] and not named["SLACK_APP_TOKEN"]:
        return "SLACK_SIGNING_SECRET (or SLACK_APP_TOKEN)"
    return ""


def _team_ids(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the ids of SLACK_TEAM_IDS."""
    given = tuple(item.strip() for item in environment.get("SLACK_TEAM_IDS", "").split(",") if item.strip())
    for item in given:
        if not _TEAM_ID.fullmatch(item):
            raise PermanentError(
                f"SLACK_TEAM_IDS holds {item[:40]!r}, which is no id: list ids such as T012AB3C4 or E012AB3C4, with commas."
            )
    return given
