"""Socket Mode against the local Slack: everything comes that would have come by HTTP, and nothing is lost when connections end."""

import asyncio
import json
import logging

import pytest

from adapters.slack.connect import Slack
from bot.errors import PermanentError
from tests.contract.slack.installed import Desk, serving, until
from tests.fakes.faults import rate_limited
from tests.fakes.slack import APP_TOKEN, TOKEN, LocalSlack

BOTH = 2
"""Connections that we keep."""


@pytest.fixture
def desk() -> Desk:
    return Desk()


def town(server: LocalSlack) -> None:
    server.add_user("U1", name="Maria Chen", email="maria@example.com")
    server.add_channel("C1", members=["U1"])


async def linked(server: LocalSlack, count: int = BOTH) -> None:
    await until(lambda: len([link for link in server.sockets.links if not link.retiring]) == count)


async def test_events_interactions_and_commands_come_without_http(desk: Desk) -> None:
    """They are stored like those that come by HTTP, and there is no address to post to."""
    async with LocalSlack() as server:
        town(server)
        async with serving(server, desk, token=TOKEN, app_token=APP_TOKEN, signing_secret="", oauth=False) as (
            slack,
            _,
        ):
            await linked(server)

            await server.says("U1", "U1", "my laptop is slow")
            answered = await server.command("U1", "C1", "mine")

            assert [] == slack.routes()
            assert ["my laptop is slow", "mine"] == await desk.texts()
            assert [True] * len(server.attempts) == [attempt.acknowledged for attempt in server.attempts]
            assert {"status": 200, "body": ""} == answered


async def test_what_a_command_is_answered_goes_with_the_acknowledgement(desk: Desk) -> None:
    """The desk is not open in this test, so the form cannot be shown and the person is told so."""
    async with LocalSlack() as server:
        town(server)
        async with serving(server, desk, token=TOKEN, app_token=APP_TOKEN, oauth=False):
            await linked(server)

            answered = await server.command("U1", "C1", "new")

            assert "ephemeral" == json.loads(answered["body"])["response_type"]


async def test_the_address_for_http_stays_where_there_is_a_secret(desk: Desk) -> None:
    """Both ways may be open at once, while an app is moved from one to the other."""
    async with LocalSlack() as server:
        town(server)
        async with serving(server, desk, token=TOKEN, app_token=APP_TOKEN, oauth=False) as (slack, _):
            assert ["/slack/events"] == [route.path for route in slack.routes()]


async def test_what_was_not_stored_is_not_acknowledged(desk: Desk) -> None:
    """Slack sends it again, and then it is stored once."""
    async with LocalSlack(ack_within=0.6) as server:
        town(server)
        desk.failures = 2
        async with serving(server, desk, token=TOKEN, app_token=APP_TOKEN, oauth=False):
            await linked(server)

            await server.says("U1", "U1", "hello")

            assert [False, False, True] == [attempt.acknowledged for attempt in server.attempts]
            assert ["hello"] == await desk.texts()


async def test_a_connection_that_breaks_under_an_envelope_loses_nothing(desk: Desk) -> None:
    """What was being stored is stored, Slack sends it again down the next connection, and it is one message."""
    async with LocalSlack(retry_delays=[0.3, 0.3, 0.3]) as server:
        town(server)
        async with serving(server, desk, token=TOKEN, app_token=APP_TOKEN, oauth=False):
            await linked(server)
            desk.gate.clear()
            saying = asyncio.create_task(server.says("U1", "U1", "hello"))
            await until(lambda: desk.waiting == 1)

            assert BOTH == await server.sockets.break_links()
            desk.gate.set()
            await saying

            failures = [attempt.failure for attempt in server.attempts]
            assert ("connection_failed", "") == (failures[0], failures[-1])
            assert ["hello"] == await desk.texts()


async def test_a_refresh_leaves_no_moment_without_a_connection(desk: Desk) -> None:
    """New connections are opened while what came down the old ones is still worked, and acknowledged there."""
    async with LocalSlack() as server:
        town(server)
        async with serving(server, desk, token=TOKEN, app_token=APP_TOKEN, oauth=False):
            await linked(server)
            desk.gate.clear()
            saying = asyncio.create_task(server.says("U1", "U1", "before"))
            await until(lambda: desk.waiting == 1)

            await server.sockets.disconnect("refresh_requested")
            await linked(server)
            desk.gate.set()
            await saying
            await server.says("U1", "U1", "after")

            assert ["before", "after"] == await desk.texts()
            assert [(True, 0), (True, 0)] == [(attempt.acknowledged, attempt.number) for attempt in server.attempts]
            assert [] == server.sockets.strays


@pytest.mark.parametrize("reason", ["link_disabled", "too_many_websockets"])
async def test_connections_come_back_when_slack_allows_them_again(
    desk: Desk, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    """An admin is told what to do, once for each connection, and Slack is not asked all the time."""
    async with LocalSlack() as server:
        town(server)
        async with serving(server, desk, token=TOKEN, app_token=APP_TOKEN, oauth=False):
            await linked(server)

            await server.sockets.disconnect(reason)  # type: ignore[arg-type]
            await linked(server)
            await server.says("U1", "U1", "hello")

            assert ["hello"] == await desk.texts()
            assert BOTH == len([record for record in caplog.records if record.levelno == logging.ERROR])


async def test_when_we_stop_nothing_is_read_and_what_was_read_is_acknowledged(desk: Desk) -> None:
    """The envelope under way is stored and acknowledged; then the connections are closed."""
    async with LocalSlack() as server:
        town(server)
        async with serving(server, desk, token=TOKEN, app_token=APP_TOKEN, oauth=False) as (slack, _):
            await linked(server)
            desk.gate.clear()
            saying = asyncio.create_task(server.says("U1", "U1", "the last"))
            await until(lambda: desk.waiting == 1)

            closing = asyncio.create_task(slack.close())
            await asyncio.sleep(0.02)
            desk.gate.set()
            await asyncio.gather(saying, closing)

            assert ["the last"] == await desk.texts()
            assert [True] == [attempt.acknowledged for attempt in server.attempts]
            await until(lambda: not server.sockets.links)


async def test_a_token_that_slack_refuses_is_named(desk: Desk) -> None:
    """From the start; the sentence says where to get another."""
    async with (
        LocalSlack() as server,
        serving(server, desk, token=TOKEN, app_token="xapp-wrong", oauth=False, begun=False) as (slack, _),
    ):
        with pytest.raises(PermanentError, match=r"SLACK_APP_TOKEN \(invalid_auth\).*connections:write"):
            await slack.start()


async def test_slack_is_not_asked_before_it_said(desk: Desk) -> None:
    """A 429 with Retry-After is obeyed by every connection."""
    async with LocalSlack() as server:
        server.faults.inject("apps.connections.open", rate_limited(7), rate_limited(9))
        async with serving(server, desk, token=TOKEN, app_token=APP_TOKEN, oauth=False):
            await linked(server)

            assert 7.0 <= max(desk.clock.slept)


async def test_closing_before_anything_was_opened_is_no_error(desk: Desk) -> None:
    """As when the start fails."""
    async with (
        LocalSlack() as server,
        serving(server, desk, token=TOKEN, app_token=APP_TOKEN, oauth=False, begun=False) as (slack, _),
    ):
        assert isinstance(slack, Slack)
