"""What Slack's failures come to: when to try again, whether it may be done already, or what a person must do.

Each is brought about in the local Slack and seen through the messenger, so the SDK's part is tried as well.
"""

from collections.abc import AsyncIterator

import pytest

from bot.errors import PermanentError, TemporaryError
from bot.ports import Messenger
from tests.contract.slack.connected import StillClock, connected, furnished, place, reply
from tests.fakes.faults import Fault, drop_after_commit, http_error, rate_limited, refused, reset
from tests.fakes.slack import TEAM, TOKEN, LocalSlack


@pytest.fixture
async def server() -> AsyncIterator[LocalSlack]:
    async with furnished() as slack:
        yield slack


@pytest.fixture
async def messenger(server: LocalSlack) -> AsyncIterator[Messenger]:
    slack = connected(server, StillClock())
    await slack.start()
    yield slack.messenger
    await slack.close()


@pytest.mark.parametrize(
    ("fault", "maybe_done", "delay"),
    [
        (rate_limited(2.5), False, 2.5),
        (http_error(500), True, None),
        (http_error(503, body="<html>away</html>"), True, None),
        (http_error(200, body="garbage"), True, None),
        (http_error(200, body="[1]"), True, None),
        (reset(), True, None),
        (drop_after_commit(), True, None),
        (refused("internal_error"), True, None),
        (refused("fatal_error"), True, None),
        (refused("ratelimited"), False, None),
        (refused("service_unavailable"), False, None),
    ],
)
async def test_failures_that_pass(
    server: LocalSlack, messenger: Messenger, fault: Fault, *, maybe_done: bool, delay: float | None
) -> None:
    """Each tells when to try again and whether to look before that; the SDK repeats nothing by itself."""
    server.faults.inject("chat.postMessage", fault)

    with pytest.raises(TemporaryError) as failed:
        await messenger.post(reply(), place())

    assert failed.value.maybe_done == maybe_done
    assert delay in {None, failed.value.delay}
    assert len(server.calls_to("chat.postMessage")) == 1


async def test_a_slack_that_cannot_be_reached_has_done_nothing(server: LocalSlack) -> None:
    """A refused connection is not ambiguous."""
    connection = connected(server, StillClock(), api_url="http://127.0.0.1:1/api/")

    with pytest.raises(TemporaryError) as failed:
        await connection.messenger.post(reply(), place())

    assert not failed.value.maybe_done
    await connection.close()


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        ("is_archived", "archived"),
        ("not_in_channel", "/invite"),
        ("channel_not_found", "/invite"),
        ("restricted_action_thread_locked", "Unlock"),
        ("account_inactive", "SLACK_BOT_TOKEN"),
        ("token_revoked", "SLACK_BOT_TOKEN"),
        ("invalid_auth", "SLACK_BOT_TOKEN"),
        ("msg_too_long", "too long"),
        ("missing_scope", "manifest"),
        ("something_new", "documentation of chat.postMessage"),
    ],
)
async def test_refusals_say_what_to_do(server: LocalSlack, messenger: Messenger, error: str, remedy: str) -> None:
    """A person must act, and is told how, with Slack's own name for it; the token is never in it."""
    server.faults.inject("chat.postMessage", refused(error))

    with pytest.raises(PermanentError, match=remedy) as failed:
        await messenger.post(reply(), place())

    assert error in str(failed.value)
    assert TOKEN not in str(failed.value)


async def test_slack_is_asked_who_we_are_until_it_says(server: LocalSlack) -> None:
    """A Slack that fails at the start does not end Deskmate."""
    clock = StillClock()
    connection = connected(server, clock)
    server.faults.inject("auth.test", http_error(500), rate_limited(30))

    bot = await connection.start()

    assert bot is not None
    assert (bot.team, bot.user, bot.bot) == (TEAM, "U0ATOM", "B0ATOM")
    assert clock.slept == [5.0, 30.0]
    await connection.close()


async def test_a_refused_token_is_named(server: LocalSlack) -> None:
    """The variable to set is in the sentence, the token is not."""
    connection = connected(server, StillClock(), token="xoxb-wrong")

    with pytest.raises(PermanentError, match="SLACK_BOT_TOKEN") as failed:
        await connection.start()

    assert "xoxb-wrong" not in str(failed.value)
    await connection.close()
