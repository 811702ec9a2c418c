"""Installations: where a platform's app is installed, and the token that it was given there, sealed.

The token is encrypted before it comes here (the key is never in the database), so a copy of the database speaks for nobody.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.person import Platform


@dataclass(frozen=True, kw_only=True)
class Installation:
    """The app in one team."""

    id: str
    """`platform:tenant`; for an organisation-wide installation `platform:enterprise`."""
    platform: Platform
    tenant: str
    """The team id; of an organisation-wide installation the enterprise id."""
    enterprise: str = ""
    name: str = ""
    """What the team calls itself."""
    bot_user: str
    bot_id: str
    scopes: str = ""
    """Comma-separated."""
    sealed_token: str
    """Empty once it was revoked."""
    installed_by: str = ""
    """The platform's user id."""
    at: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class InstallState:
    """An installation page's state that was used up: the answer that comes back is good once."""

    id: str
    at: datetime
    used: bool = False
