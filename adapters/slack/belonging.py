"""To whom something from Slack belongs: the team and the organisation that it names, and what it says of an installation's end."""

from dataclasses import dataclass
from datetime import UTC, datetime

from adapters.slack.payload import Json, identifier, part, parts, text

_ENDINGS = {"app_uninstalled", "tokens_revoked"}
_FAR = 2**37
"""Later than any clock shows, and still a date."""


@dataclass(frozen=True, kw_only=True)
class Whose:
    """To whom something from Slack belongs, as it says itself."""

    team: str
    enterprise: str


@dataclass(frozen=True, kw_only=True)
class Ending:
    """An announcement that an installation has ended."""

    kind: str
    """`app_uninstalled` or `tokens_revoked`."""
    at: datetime | None
    """When it did; None when Slack does not say."""


def whose(body: Json) -> Whose:
    """Return the team and the organisation of an event, an interaction or a command; empty where there is none.

    In a shared channel an event's own team is not always ours; the first authorization is. A form says where the app is installed.
    """
    authorized = next(iter(parts(body, "authorizations", limit=1)), {})
    teams = (
        identifier(authorized, "team_id"),
        identifier(body, "context_team_id"),
        identifier(part(body, "view"), "app_installed_team_id"),
        identifier(body, "team_id"),
        identifier(part(body, "team"), "id"),
        identifier(part(body, "user"), "team_id"),
    )
    enterprises = (
        identifier(authorized, "enterprise_id"),
        identifier(body, "context_enterprise_id"),
        identifier(body, "enterprise_id"),
        identifier(part(body, "enterprise"), "id"),
    )
    return Whose(
        team=next((team for team in teams if team.startswith("T")), ""),
        enterprise=next((item for item in (*enterprises, *teams) if item.startswith("E")), ""),
    )


def ending(body: Json) -> Ending | None:
    """Return the end of an installation that an event announces: the app was removed, or its bot's token was revoked."""
    event = part(body, "event")
    kind = text(event, "type", 40)
    if kind not in _ENDINGS:
        return None
    revoked = part(event, "tokens").get("bot")
    if kind == "tokens_revoked" and not (isinstance(revoked, list) and revoked):
        return None
    return Ending(kind=kind, at=_moment(body.get("event_time")))


def _moment(seconds: object) -> datetime | None:
    """Return the moment of Unix `seconds`; None for what is none."""
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 0 < seconds < _FAR:
        return None
    return datetime.fromtimestamp(seconds, UTC)
