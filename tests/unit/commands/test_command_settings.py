"""The environment: each wrong value stops the start with a sentence that names its variable, and no secret is quoted."""

import socket
from pathlib import Path

import pytest

from adapters.web.server import listening
from bot.errors import PermanentError
from config.settings import read_settings
from config.workforce_folder import employed, place_of
from tests.fakes.memory import MemoryStorage

SLACK = {"SLACK_SIGNING_SECRET": "s3cret", "SLACK_BOT_TOKEN": "xoxb-local-slack"}
OAUTH = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "client-s3cret", "SLACK_SIGNING_SECRET": "s3cret"}
SOCKET = {"SLACK_APP_TOKEN": "xapp-1-local", "SLACK_BOT_TOKEN": "xoxb-local-slack"}


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"DESKMATE_PORT": "99999"}, "DESKMATE_PORT is '99999': set it to a whole number from 0 to 65535, such as 8080."),
        ({"DESKMATE_PORT": "-1"}, "DESKMATE_PORT is '-1'"),
        ({"DESKMATE_LEASE_SECONDS": "0"}, "DESKMATE_LEASE_SECONDS is '0': set it to a whole number from 1"),
        ({"DESKMATE_SETTLE_MS": "9" * 5000}, "DESKMATE_SETTLE_MS is"),
        ({"DATABASE_URL": "postgresql+asyncpg://u:pa@ss@db/x"}, "DATABASE_URL holds more than one @"),
        ({"DATABASE_URL": "postgresql+asyncpg://u:p@a/ss@db/x"}, "write %40 for @, %2F for /"),
        ({**SLACK, "SLACK_BOT_TOKEN": "banana"}, "SLACK_BOT_TOKEN is no bot token, which begins with xoxb-"),
        ({**SLACK, "SLACK_BOT_TOKEN": "xoxp-person"}, "SLACK_BOT_TOKEN is no bot token"),
        ({**SLACK, "SLACK_API_URL": "slack"}, "SLACK_API_URL is no web address"),
        ({**SLACK, "SLACK_API_URL": "http://[oops"}, "SLACK_API_URL is no web address"),
        ({**OAUTH, "SLACK_REDIRECT_URL": "slack"}, "SLACK_REDIRECT_URL is no web address"),
        ({**SOCKET, "SLACK_APP_TOKEN": "xoxb-banana"}, "SLACK_APP_TOKEN is no app-level token, which begins with xapp-"),
        ({**OAUTH, "SLACK_TEAM_IDS": "T012AB3C4, acme"}, "SLACK_TEAM_IDS holds 'acme', which is no id"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_its_remedy(environment: dict[str, str], expected: str) -> None:
    """Secrets are left out of the sentence."""
    with pytest.raises(PermanentError) as refused:
        read_settings(environment)

    assert expected in str(refused.value)
    assert [] == [secret for secret in ("banana", "pa@ss", "a/ss", "xoxp-person") if secret in str(refused.value)]


@pytest.mark.parametrize(
    "environment",
    [
        {"DATABASE_URL": "postgresql+asyncpg://u:p%40ss@db/x?application_name=a@b"},
        {"DATABASE_URL": "sqlite+aiosqlite:////srv/a@b@c/deskmate.db"},
        SLACK,
        {**SLACK, "SLACK_BOT_TOKEN": "xoxe.xoxb-rotated"},
        OAUTH,
        SOCKET,
        {**OAUTH, **SOCKET, "SLACK_TEAM_IDS": "T012AB3C4, E012AB3C4,"},
        {"DESKMATE_PORT": "0", "DESKMATE_SETTLE_MS": "0"},
    ],
)
def test_a_right_value_is_taken(environment: dict[str, str]) -> None:
    """Rotated tokens, escaped passwords and odd folders included."""
    read_settings(environment)


@pytest.mark.parametrize(
    ("names", "missing"),
    [
        ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET (or SLACK_APP_TOKEN)"),
        ("SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN (or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET)"),
        ("SLACK_APP_TOKEN", "SLACK_BOT_TOKEN (or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET)"),
        ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"),
        ("SLACK_CLIENT_SECRET", "SLACK_CLIENT_ID"),
        ("SLACK_CLIENT_ID SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET (or SLACK_APP_TOKEN)"),
        ("SLACK_CLIENT_ID SLACK_BOT_TOKEN SLACK_SIGNING_SECRET", "SLACK_CLIENT_SECRET"),
    ],
)
def test_a_half_configured_slack_names_what_is_missing(names: str, missing: str) -> None:
    """Whatever half it is."""
    everything = {**OAUTH, **SOCKET}
    with pytest.raises(PermanentError) as refused:
        read_settings({name: everything[name] for name in names.split()})

    assert f"Slack is half configured: set {missing} too, or unset the other." == str(refused.value)


def test_slack_is_read_in_full() -> None:
    """No secret is in the record's words, and all of them are kept out of the logs."""
    read = read_settings({**OAUTH, **SOCKET, "SLACK_TEAM_IDS": "T012AB3C4, E012AB3C4,"})

    assert read.slack is not None
    assert ("1.2", ("T012AB3C4", "E012AB3C4")) == (read.slack.client_id, read.slack.team_ids)
    secrets = {value for name, value in {**OAUTH, **SOCKET}.items() if name != "SLACK_CLIENT_ID"}
    assert secrets == set(read.secrets)
    assert [] == [value for value in secrets if value in repr(read)]


@pytest.mark.parametrize(("host", "expected"), [("192.0.2.1", "Set DESKMATE_HOST"), ("a..b", "Set DESKMATE_HOST")])
async def test_a_wrong_host_is_not_blamed_on_the_port(host: str, expected: str) -> None:
    """The variable that is named is the one to change."""
    with pytest.raises(PermanentError, match=expected) as refused:
        async with listening([], MemoryStorage(), host, 0):
            pass

    assert "DESKMATE_PORT" not in str(refused.value)


async def test_a_port_that_is_taken_is_named() -> None:
    """With what to do about it."""
    taken = socket.create_server(("127.0.0.1", 0))
    with taken, pytest.raises(PermanentError, match=r"another program listens there\. Stop it, or set DESKMATE_PORT"):
        async with listening([], MemoryStorage(), "127.0.0.1", taken.getsockname()[1]):
            pass


def test_a_workforce_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    """Without places inside it, which are not there either."""
    with pytest.raises(PermanentError) as refused:
        employed(tmp_path / "nope")

    assert f"There is no folder {tmp_path / 'nope'}: name a workforce folder, such as config/workforce." == str(
        refused.value
    )


def test_a_relative_folder_that_is_not_there_is_not_replaced_by_the_shipped_one() -> None:
    """Only the shipped one is found from everywhere."""
    with pytest.raises(PermanentError, match="There is no folder nope:"):
        place_of(Path("nope"))

    assert place_of(Path("config/workforce")).is_dir()


def test_a_folder_with_mistakes_names_the_first_and_where_to_see_them_all(tmp_path: Path) -> None:
    """Each sentence ends once."""
    (tmp_path / "people.yaml").write_text("- name: Sam\n  email: sam\n  roles: [x]\n")
    with pytest.raises(PermanentError) as refused:
        employed(tmp_path)

    assert ".." not in str(refused.value)
    assert f"Run deskmate check {tmp_path} to see them all." in str(refused.value)
