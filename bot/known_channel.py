"""What a platform has told of a channel: which team it belongs to, who may be let in, and where its messages come from.

Some platforms announce that somebody joined a team, and notes stand in one of its channels; some want to be reached in the region where the
channel lives. Both must be known after a restart, before anybody has written there again.
"""

from dataclasses import dataclass
from typing import Literal

from bot.person import Platform

Access = Literal["", "standard", "private", "shared"]
"""`standard`: everybody in the team; `private`: some of them; `shared`: also others than the team's; empty: not told."""


@dataclass(frozen=True, kw_only=True)
class KnownChannel:
    """One channel, as far as it is known."""

    id: str
    """`platform:tenant:channel`."""
    platform: Platform
    tenant: str
    channel: str
    team: str = ""
    """The platform's id of its team; empty while that is not known."""
    directory: str = ""
    """The team's id in the organisation's directory."""
    access: Access = ""
    service_url: str = ""
    """Where the platform last said that it is reached for this channel."""
    present: str = ""
    """The event that first told that Atom is there; empty since it was told that Atom is not."""


def known_channel_id(platform: str, tenant: str, channel: str) -> str:
    """Return the key of a channel."""
    return f"{platform}:{tenant}:{channel}"
