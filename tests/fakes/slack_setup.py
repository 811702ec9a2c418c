"""Who is in a Slack workspace and where, as a test says it.

Setting up is apart from speaking: these verbs change the workspace without telling the bot anything. What Slack would
announce as an event (`member_joined_channel`, `user_change`) a test sends itself, where it matters.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from tests.fakes.loopback import Loopback
from tests.fakes.slack_state import BOT_USER, Channel, User, Workspace


class Furnished(Loopback):
    """A server over a workspace that tests furnish."""

    def __init__(self, *, port: int = 0) -> None:
        super().__init__(port=port)
        self.workspace = Workspace()

    def add_user(self, id: str, *, name: str, email: str | None = None, **fields: Any) -> str:  # noqa: A002, ANN401
        """Add somebody; `fields` are those of `User` (is_restricted, is_stranger, team_id, tz, locale …)."""
        self.workspace.users[id] = User(id=id, name=name, email=email, **fields)
        return id

    def set_user(self, id: str, **fields: Any) -> None:  # noqa: A002, ANN401
        """Change somebody: deactivate, rename, make a guest."""
        self.workspace.users[id] = User(**{**asdict(self.workspace.users[id]), **fields})

    def add_channel(
        self,
        id: str,  # noqa: A002
        *,
        name: str = "",
        private: bool = False,
        ext_shared: bool = False,
        members: Sequence[str] = (),
        bot: bool = True,
    ) -> str:
        """Add a channel; the bot is in it unless `bot` is false."""
        inside = (*members, BOT_USER) if bot and BOT_USER not in members else tuple(members)
        self.workspace.channels[id] = Channel(
            id=id, name=name or id.lower(), members=inside, is_private=private, is_ext_shared=ext_shared
        )
        return id

    def set_channel(self, channel: str, **fields: Any) -> None:  # noqa: ANN401
        """Change a channel: `members`, `is_archived`, `is_private`, `is_ext_shared`."""
        if "members" in fields:
            fields["members"] = tuple(fields["members"])
        self.workspace.change(channel, **fields)

    def open_direct(self, user: str) -> str:
        """Give the id of the direct channel between a user and the bot."""
        return self.workspace.direct(user).id
