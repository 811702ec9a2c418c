"""What the environment says of Teams: who the bot is, how it proves that, and where Microsoft is.

A bot has a client secret, or it runs on a host of Azure that gives it tokens (`UserAssignedMSI`) and has none. Anything else than one
tenant is refused: bots for several tenants can no longer be registered, and whoever has one would let strangers in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.errors import PermanentError
from config.environment import encrypted_address, guid

OFF = "off"
"""Switches Microsoft Graph off."""
SINGLE_TENANT, MANAGED = "SingleTenant", "UserAssignedMSI"


@dataclass(frozen=True, kw_only=True)
class TeamsSettings:
    """A Bot Framework registration."""

    app_id: str
    password: str = field(repr=False)
    """Empty for a managed identity."""
    tenant: str
    app_type: str = SINGLE_TENANT
    metadata_url: str | None = None
    login_url: str | None = None
    graph_url: str | None = None
    """None: Microsoft's, unless login or keys are somewhere else; `off`: none."""
    service_hosts: tuple[str, ...] = ()


def teams_settings(environment: Mapping[str, str]) -> TeamsSettings | None:
    """Return what is set; None when nothing is, `PermanentError` when it is half of it."""
    names = {
        "MICROSOFT_APP_ID": _id(environment, "MICROSOFT_APP_ID", "the bot's registration in Azure"),
        "MICROSOFT_APP_PASSWORD": environment.get("MICROSOFT_APP_PASSWORD", ""),
        "MICROSOFT_APP_TENANT_ID": _id(environment, "MICROSOFT_APP_TENANT_ID", "your tenant's overview in Entra"),
    }
    if not any(names.values()):
        return None
    kind = environment.get("MICROSOFT_APP_TYPE", "").strip() or SINGLE_TENANT
    if kind not in {SINGLE_TENANT, MANAGED}:
        raise PermanentError(
            f"MICROSOFT_APP_TYPE is {kind!r}, which is not supported: register the bot as {SINGLE_TENANT} or {MANAGED}."
        )
    needed = names.keys() - ({"MICROSOFT_APP_PASSWORD"} if kind == MANAGED else set())
    missing = [name for name, value in names.items() if name in needed and not value]
    if missing:
        raise PermanentError(f"Teams is half configured: set {', '.join(missing)} too, or unset the others.")
    hosts = environment.get("MICROSOFT_SERVICE_HOSTS", "")
    return TeamsSettings(
        app_id=names["MICROSOFT_APP_ID"],
        password="" if kind == MANAGED else names["MICROSOFT_APP_PASSWORD"],
        tenant=names["MICROSOFT_APP_TENANT_ID"].lower(),  # as activities name it, and so every place and account
        app_type=kind,
        metadata_url=environment.get("MICROSOFT_OPENID_METADATA") or None,
        login_url=encrypted_address(environment, "MICROSOFT_LOGIN_URL"),
        graph_url=_graph(environment),
        service_hosts=tuple(host.strip() for host in hosts.split(",") if host.strip()),
    )


def _id(environment: Mapping[str, str], name: str, where: str) -> str:
    """Return an id of Microsoft's, which is a GUID; a login elsewhere has ids of its own kind."""
    if environment.get("MICROSOFT_LOGIN_URL", "").strip():
        return environment.get(name, "").strip()
    return guid(environment, name, where)


def _graph(environment: Mapping[str, str]) -> str | None:
    """Return MICROSOFT_GRAPH_URL; a token goes there, so it is encrypted on the way."""
    if environment.get("MICROSOFT_GRAPH_URL", "").strip().lower() == OFF:
        return OFF
    return encrypted_address(environment, "MICROSOFT_GRAPH_URL")
