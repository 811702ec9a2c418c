"""Who Deskmate is towards Microsoft, and which servers it may talk to.

An empty app id once meant "let everybody in" in the stock SDK; here it stops the start. A service URL is where replies and the
outbound token go, so it comes from a signed activity and must also be on the list of hosts. Entries are `host`, `*.domain` (https
only) or, for a test, `http://127.0.0.1:port`. The URL is read with the same parser that later opens the connection, so that
there is no second opinion about its host.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from yarl import URL

from bot.errors import PermanentError

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
DEFAULT_HOSTS = ("*.botframework.com", "smba.trafficmanager.net", "smba.infra.gcc.teams.microsoft.com")
DEFAULT_SERVICE = "https://smba.trafficmanager.net/teams/"
SINGLE_TENANT, MULTI_TENANT, MANAGED = "SingleTenant", "MultiTenant", "UserAssignedMSI"
APP_TYPES = (SINGLE_TENANT, MULTI_TENANT, MANAGED)
SHARED_TENANT = "botframework.com"
"""Where a multi-tenant bot logs in."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """The bot's registration. Raises `PermanentError`, naming the variable, when it is incomplete."""

    app_id: str
    password: str = field(default="", repr=False)
    """The client secret; a managed identity has none."""
    tenant: str
    """The Entra tenant id; may be empty for MultiTenant only."""
    app_type: str = SINGLE_TENANT
    """One of `APP_TYPES`. A managed identity belongs to one tenant."""

    def __post_init__(self) -> None:
        if not self.app_id.strip():
            raise PermanentError("MICROSOFT_APP_ID is empty: set the bot's app id, or Teams stays closed.")
        if self.app_type not in APP_TYPES:
            raise PermanentError(f"MICROSOFT_APP_TYPE is {self.app_type!r}: set one of {', '.join(APP_TYPES)}.")
        if not self.password and not self.managed:
            raise PermanentError("MICROSOFT_APP_PASSWORD is empty: set the bot's client secret.")
        if self.single_tenant and not self.tenant.strip():
            raise PermanentError("MICROSOFT_APP_TENANT_ID is empty: set the tenant that the bot belongs to.")

    @property
    def single_tenant(self) -> bool:
        """Whether activities of other tenants are refused."""
        return self.app_type != MULTI_TENANT

    @property
    def managed(self) -> bool:
        """Whether the host gives the bot's tokens, and not a password."""
        return self.app_type == MANAGED

    @property
    def login_tenant(self) -> str:
        """The tenant that outbound tokens are asked of."""
        return self.tenant if self.single_tenant else SHARED_TENANT

    @property
    def bot_id(self) -> str:
        """The bot as Teams addresses it."""
        return f"28:{self.app_id}"


class ServiceHosts:
    """The servers that may be a service URL's."""

    def __init__(self, entries: Iterable[str] = DEFAULT_HOSTS) -> None:
        self._exact: set[tuple[str, str, int | None]] = set()
        self._below: list[str] = []
        for entry in entries:
            self._add(entry.strip().lower())

    def _add(self, entry: str) -> None:
        if entry.startswith("*.") and entry.count(".") > 1:
            self._below.append(entry[1:])
            return
        url = _parsed(entry if "://" in entry else f"https://{entry}")
        if url is None or not url.host or "*" in entry or (url.scheme != "https" and not _loopback_with_port(url)):
            raise PermanentError(
                f"MICROSOFT_SERVICE_HOSTS has {entry!r}: write a host, *.domain or, for tests, http://127.0.0.1:PORT."
            )
        self._exact.add((url.scheme, url.host, url.port))

    def allows(self, service_url: str) -> bool:
        """Tell whether replies, and our token with them, may be sent to this URL."""
        url = _parsed(service_url)
        if url is None or not url.host or url.user is not None or url.password is not None:
            return False
        host = url.host.lower()
        if (url.scheme, host, url.port) in self._exact:
            return True
        return url.scheme == "https" and url.port == url.with_port(None).port and host.endswith(tuple(self._below))


def _loopback_with_port(url: URL) -> bool:
    return url.scheme == "http" and url.host in LOOPBACK and url.explicit_port is not None


def _parsed(text: str) -> URL | None:
    if not text.isascii() or not text.isprintable() or " " in text or "\\" in text:
        return None
    try:
        url = URL(text)
        return url if url.absolute and url.port is not None else None
    except ValueError:
        return None
