"""What the environment says of Teams: each half is named, and no token goes to a Graph that nobody named."""

import pytest

from bot.errors import PermanentError
from config.connecting import servers_of
from config.settings import read_settings
from config.teams_settings import TeamsSettings

PUBLIC = "https://graph.microsoft.com"
APP, TENANT = "b0700000-0000-4000-8000-000000000002", "7e2f0d1c-0000-4000-8000-0000000000bc"
HALVES = {"MICROSOFT_APP_ID": APP, "MICROSOFT_APP_TENANT_ID": TENANT}
WHOLE = {**HALVES, "MICROSOFT_APP_PASSWORD": "s3cret"}
MANAGED = {**HALVES, "MICROSOFT_APP_TYPE": "UserAssignedMSI"}
ELSEWHERE = {"MICROSOFT_LOGIN_URL": "http://127.0.0.1:1"}


def read(environment: dict[str, str]) -> TeamsSettings:
    """Give what is read of Teams."""
    teams = read_settings(environment).teams
    assert teams is not None
    return teams


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        (HALVES, "Teams is half configured: set MICROSOFT_APP_PASSWORD too"),
        ({**MANAGED, "MICROSOFT_APP_ID": ""}, "Teams is half configured: set MICROSOFT_APP_ID too"),
        ({**WHOLE, "MICROSOFT_APP_TYPE": "MultiTenant"}, "MICROSOFT_APP_TYPE is 'MultiTenant', which is not supported"),
        ({**WHOLE, "MICROSOFT_APP_TYPE": "msi"}, "register the bot as SingleTenant or UserAssignedMSI"),
        ({**WHOLE, "MICROSOFT_APP_ID": "Atom"}, "MICROSOFT_APP_ID is 'Atom', which is no GUID: copy it from the bot's"),
        ({**WHOLE, "MICROSOFT_APP_TENANT_ID": "common"}, "MICROSOFT_APP_TENANT_ID is 'common', which is no GUID"),
        ({**WHOLE, "MICROSOFT_LOGIN_URL": "login"}, "MICROSOFT_LOGIN_URL is no web address"),
        ({**WHOLE, "MICROSOFT_LOGIN_URL": "http://login.example.com"}, "MICROSOFT_LOGIN_URL must begin with https://"),
        ({**WHOLE, "MICROSOFT_GRAPH_URL": "graph"}, "MICROSOFT_GRAPH_URL is no web address"),
        ({**WHOLE, "MICROSOFT_GRAPH_URL": "http://graph.example.com"}, "MICROSOFT_GRAPH_URL must begin with https://"),
    ],
)
def test_what_is_wrong_is_named(environment: dict[str, str], expected: str) -> None:
    """With what to write instead."""
    with pytest.raises(PermanentError) as refused:
        read_settings(environment)

    assert expected in str(refused.value)


def test_the_tenant_is_named_as_activities_name_it() -> None:
    """Else no place and no account of it would be recognised."""
    assert TENANT == read({**WHOLE, "MICROSOFT_APP_TENANT_ID": f" {TENANT.upper()} "}).tenant


def test_a_login_elsewhere_has_ids_of_its_own_kind() -> None:
    """Microsoft's are GUIDs; those of a local server are what it says, capitals included."""
    found = read({**WHOLE, **ELSEWHERE, "MICROSOFT_APP_ID": "Atom", "MICROSOFT_APP_TENANT_ID": "Home"})

    assert ("Atom", "home") == (found.app_id, found.tenant)


def test_a_managed_identity_has_no_password() -> None:
    """One that is set is not used."""
    assert ["", ""] == [read(given).password for given in (MANAGED, {**MANAGED, "MICROSOFT_APP_PASSWORD": "s3cret"})]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, PUBLIC),
        ({"MICROSOFT_LOGIN_URL": "https://login.microsoftonline.com/"}, PUBLIC),
        (ELSEWHERE, None),
        ({"MICROSOFT_OPENID_METADATA": "https://login.botframework.azure.us/v1/.well-known/openidconfiguration"}, None),
        ({**ELSEWHERE, "MICROSOFT_GRAPH_URL": "https://graph.microsoft.us"}, "https://graph.microsoft.us"),
        ({**ELSEWHERE, "MICROSOFT_GRAPH_URL": "http://127.0.0.1:1/graph"}, "http://127.0.0.1:1/graph"),
        ({"MICROSOFT_GRAPH_URL": "Off"}, None),
    ],
)
def test_the_public_graph_is_asked_by_the_public_cloud_only(more: dict[str, str], expected: str | None) -> None:
    """Elsewhere it must be named."""
    assert [expected, expected] == [servers_of(read({**kind, **more})).graph_url for kind in (WHOLE, MANAGED)]
