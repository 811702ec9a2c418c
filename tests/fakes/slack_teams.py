"""The teams in which an app is installed, and which token opens which.

Slack's ids of people and channels are unique across teams, so a test names a person and never a team. A token is good
until it is revoked or its team throws the app out; after that it is refused by name.
"""

from itertools import count

from tests.fakes.faults import JsonObject
from tests.fakes.slack_state import RefusalError, Workspace

SCOPES = "app_mentions:read,assistant:write,chat:write,commands,im:history,users:read,users:read.email"


class Teams:
    """Workspaces by team id, and tokens."""

    def __init__(self, home: Workspace, token: str) -> None:
        self.home = home
        self.workspaces = {home.team: home}
        self.tokens = {token: home.team}
        """Which team each token that was ever issued belongs to."""
        self.refused: dict[str, str] = {}
        """Why a token is no longer good."""
        self._issued = count(1)

    def add(self, team: str, *, name: str = "", enterprise: str | None = None) -> Workspace:
        """Make a team, in which the app is not installed yet; its bot is called after it."""
        tail = team.removeprefix("T")
        self.workspaces[team] = Workspace(
            team=team,
            name=name or team.lower(),
            enterprise=enterprise,
            bot_user=f"UB{tail}",
            bot=f"B{tail}",
            numbers=self.home.numbers,
        )
        return self.workspaces[team]

    def issue(self, team: str) -> str:
        """Install the app: a new token of a team's bot."""
        token = f"xoxb-{team}-{next(self._issued)}"
        self.tokens[token] = team
        return token

    def revoke(self, token: str, error: str = "token_revoked") -> None:
        """Let a token be good no more."""
        self.refused[token] = error

    def remove(self, team: str) -> None:
        """Let a team throw the app out: none of its tokens is good."""
        for token in self.of(team):
            self.revoke(token, "account_inactive")

    def of(self, team: str) -> list[str]:
        """Give the tokens of a team that are good."""
        return [token for token, owner in self.tokens.items() if owner == team and token not in self.refused]

    def opened_by(self, token: str) -> Workspace:
        """Give the team that a token opens; Refusal says why it opens none."""
        if token in self.refused:
            raise RefusalError(self.refused[token])
        if not token or token not in self.tokens:
            raise RefusalError("invalid_auth" if token else "not_authed")
        return self.workspaces[self.tokens[token]]

    def holding(self, key: str) -> Workspace:
        """Give the team in which a user or channel is; the home team first, since people from elsewhere are known there."""
        for workspace in self.workspaces.values():
            if key in workspace.users or key in workspace.channels:
                return workspace
        raise LookupError(f"There is no user or channel {key}: add it first.")

    def as_installed(self, team: str, token: str, user: str) -> JsonObject:
        """Give what oauth.v2.access answers of an installation."""
        place = self.workspaces[team]
        grid = {"id": place.enterprise, "name": "Grid"} if place.enterprise else None
        bot = {"access_token": token, "token_type": "bot", "scope": SCOPES, "bot_user_id": place.bot_user}
        where = {"team": {"id": team, "name": place.name}, "enterprise": grid, "is_enterprise_install": False}
        return {**bot, **where, "authed_user": {"id": user}}
