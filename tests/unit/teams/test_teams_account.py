"""A half-configured Teams stops the start, and the token goes to allowed hosts only."""

import pytest

from adapters.teams.account import Account, ServiceHosts
from bot.errors import PermanentError


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"app_id": ""}, "MICROSOFT_APP_ID"),
        ({"app_id": "  "}, "MICROSOFT_APP_ID"),
        ({"password": ""}, "MICROSOFT_APP_PASSWORD"),
        ({"tenant": ""}, "MICROSOFT_APP_TENANT_ID"),
        ({"app_type": "UserAssignedMSI", "tenant": ""}, "MICROSOFT_APP_TENANT_ID"),
        ({"app_type": "SystemAssignedMSI"}, "set one of SingleTenant, MultiTenant, UserAssignedMSI"),
    ],
)
def test_what_is_missing_is_named(values: dict[str, str], named: str) -> None:
    """An empty app id never opens the endpoint."""
    with pytest.raises(PermanentError, match=named):
        Account(**{"app_id": "a", "password": "p", "tenant": "t", **values})


def test_a_multi_tenant_bot_needs_no_tenant() -> None:
    """It logs in where all such bots do."""
    assert Account(app_id="a", password="p", tenant="", app_type="MultiTenant").login_tenant == "botframework.com"


def test_a_managed_identity_needs_no_password_and_belongs_to_one_tenant() -> None:
    """Activities of other tenants are refused as for a bot with a secret."""
    account = Account(app_id="a", tenant="t", app_type="UserAssignedMSI")

    assert (True, True) == (account.managed, account.single_tenant)


@pytest.mark.parametrize(
    "url",
    [
        "https://smba.trafficmanager.net/teams/",
        "https://smba.trafficmanager.net:443/emea/x/",
        "https://SMBA.trafficmanager.net/",
        "https://europe.webchat.botframework.com/",
    ],
)
def test_microsofts_hosts_are_allowed(url: str) -> None:
    """As they are by default."""
    assert ServiceHosts().allows(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "smba.trafficmanager.net",
        "http://smba.trafficmanager.net/",
        "https://smba.trafficmanager.net:8443/",
        "https://evil.com/",
        "https://smba.trafficmanager.net.evil.com/",
        "https://evilbotframework.com/",
        "https://botframework.com.evil.com/",
        "https://smba.trafficmanager.net@evil.com/",
        "https://user:pw@smba.trafficmanager.net/",
        "https://evil.com\\@smba.trafficmanager.net/",
        "https://evil.com#.botframework.com/",
        "https://evil.com?.botframework.com/",
        "https://smba.trafficmanager.net\n.evil.com/",
        "https://smba.trafficmanagеr.net/",  # noqa: RUF001 -- the Cyrillic letter is the point
        "http://127.0.0.1:80/",
        "https://[::1/",
        "https://x:99999999/",
        "file:///etc/passwd",
    ],
)
def test_everything_else_is_not(url: str) -> None:
    """Neither another host nor another way to write one."""
    assert not ServiceHosts().allows(url)


def test_a_test_may_allow_loopback() -> None:
    """That port and no other."""
    hosts = ServiceHosts(["http://127.0.0.1:8123"])

    allowed = [hosts.allows(f"http://127.0.0.1:{port}/emea/") for port in (8123, 8124)]
    assert allowed == [True, False]


@pytest.mark.parametrize("entry", ["", "*", "*.com", "http://example.com", "http://127.0.0.1", "https://", "a b"])
def test_an_entry_that_opens_too_much_is_refused(entry: str) -> None:
    """With a sentence that says what to write."""
    with pytest.raises(PermanentError, match="MICROSOFT_SERVICE_HOSTS"):
        ServiceHosts([entry])
