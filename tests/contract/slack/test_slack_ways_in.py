"""Every way in besides events, from what a person does in Slack to what the desk has made of it, over real HTTP.

The local Slack signs, lets triggers expire, keeps forms and refuses views that Slack would refuse; behind our endpoint are the real
intake, the real surfaces and a running desk.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.slack.connect import Slack
from bot.conversation import Conversation
from bot.ids import IdentityId, WorkspaceId
from bot.intake import Intake
from bot.message import Message
from bot.ports import Readers
from bot.reply import Reply
from bot.request import Request
from bot.surfaces import Surfaces
from tests.fakes.clock import FrozenClock
from tests.fakes.desk import RunningDesk, running
from tests.fakes.faults import Fault
from tests.fakes.scripted import ScriptedModel
from tests.fakes.slack import SIGNING_SECRET, TEAM, TOKEN, LocalSlack, sign
from tests.fakes.workforce import PEOPLE, WORKSPACES, said_profile

FORM = "application/x-www-form-urlencoded"


def support(_team: str, channel: str) -> WorkspaceId | None:
    return next((item.id for item in WORKSPACES if item.support_channels["slack"] == channel), None)


@dataclass(frozen=True, kw_only=True)
class Town:
    """A local Slack, our endpoint beside it, and the desk behind that."""

    slack: LocalSlack
    desk: RunningDesk
    url: str
    http: aiohttp.ClientSession

    async def messages(self, kind: str) -> list[Message]:
        """Return what was stored."""
        return [message for message in await self.desk.all(Message) if message.kind == kind]

    async def post(self, fields: dict[str, str], headers: dict[str, str] | None = None) -> int:
        """Send an interaction or a command as anybody can, signed unless `headers` says otherwise; the status."""
        body = urlencode(fields).encode()
        signed = sign(SIGNING_SECRET, int(time.time()), body) if headers is None else headers
        async with self.http.post(self.url, data=body, headers={"Content-Type": FORM, **signed}) as answer:
            return answer.status


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    desk = await running(ScriptedModel(script={}))
    everyone = Readers(identities=frozenset(), emails=frozenset(), everyone=True)
    desk.audience.places |= {"C1": everyone}
    async with LocalSlack() as local, aiohttp.ClientSession() as http:
        for person in PEOPLE:
            user = f"U{person.id.upper()}"
            local.add_user(user, name=person.name, email=f"{person.id}@example.com")
            said = said_profile(person.id)
            key = IdentityId(f"slack:{TEAM}:{user}")
            desk.audience.people[key] = replace(said, identity=replace(said.identity, id=key, tenant=TEAM, user=user))
        local.add_channel("C1", name="general", members=["UMARIA", "UBO", "USAM"])
        surfaces = Surfaces(desk.plain)
        surfaces.serve(desk.desk, desk.audience)
        slack = Slack(
            token=TOKEN,
            signing_secret=SIGNING_SECRET,
            accept=Intake(desk.plain, desk.clock).accept,
            support=support,
            surfaces=surfaces,
            clock=FrozenClock(),
            api_url=local.api_url,
        )
        application = web.Application()
        application.add_routes(slack.routes())
        async with TestServer(application) as ours:
            url = str(ours.make_url("/slack/events"))
            local.set_events_url(url)
            yield Town(slack=local, desk=desk, url=url, http=http)
        await slack.close()


async def test_a_command_is_answered_to_whoever_typed_it(town: Town) -> None:
    """Nobody else in the channel sees it."""
    answer = await town.slack.command("UMARIA", "C1", "help")
    await town.desk.settle()

    [message] = await town.messages("command")
    replies = await town.desk.all(Reply, conversation_id=message.conversation_id)
    place = (await town.desk.all(Conversation, id=message.conversation_id))[0]
    assert (200, "") == (answer["status"], answer["body"])
    assert ("help", f"slack:{TEAM}:C1:aside:UMARIA", "aside") == (message.text, place.id, place.kind)
    assert place.address["response_url"].startswith(town.slack.url)
    assert any("status" in reply.text for reply in replies)


async def test_a_request_is_opened_by_the_form_of_a_command(town: Town) -> None:
    """The form opens at once; what is wrong is said at its field; sent, it closes and the request is there."""
    await town.slack.command("UMARIA", "C1", "new")
    wrong = await town.slack.sends("UMARIA", {"title": " ", "description": "It takes minutes to start."})
    before = await town.messages("form")
    sent = await town.slack.sends("UMARIA", {"title": "Slow laptop", "description": "It takes minutes to start."})
    await town.desk.settle()

    assert (1, "", []) == (len(wrong["errors"]), wrong["trouble"], before)
    assert ({}, "", None) == (sent["errors"], sent["trouble"], sent["view"])
    [request] = await town.desk.all(Request)
    assert ("Slow laptop", "maria", "maria") == (request.title, request.requester, request.author)


async def test_a_shortcut_keeps_author_and_requester_apart(town: Town) -> None:
    """Sam uses it on Maria's message: it is for her, from him, and links what she wrote."""
    said = await town.slack.says("UMARIA", "C1", "my laptop is slow")

    await town.slack.shortcut("USAM", said, "open_request")
    sent = await town.slack.sends("USAM", {"title": "Slow laptop"})
    await town.desk.settle()

    assert ({}, None) == (sent["errors"], sent["view"])
    [request] = await town.desk.all(Request)
    assert ("maria", "sam") == (request.requester, request.author)
    assert "my laptop is slow" in request.description
    assert request.source_link.endswith(said["ts"].replace(".", ""))


async def test_the_global_shortcut_opens_the_same_form(town: Town) -> None:
    """From anywhere."""
    await town.slack.global_shortcut("UMARIA", "new_request")
    await town.slack.sends("UMARIA", {"title": "A new badge"})
    await town.desk.settle()

    assert ["A new badge"] == [request.title for request in await town.desk.all(Request)]


async def test_the_home_page_is_shown_searched_and_leads_to_the_form(town: Town) -> None:
    """Slack takes every page of it."""
    await town.slack.global_shortcut("UMARIA", "new_request")
    await town.slack.sends("UMARIA", {"title": "A new badge"})
    await town.desk.settle()

    statuses = [await town.slack.opens_home("UMARIA")]
    shown = json.dumps(town.slack.home("UMARIA"))
    statuses.append((await town.slack.searches_home("UMARIA", "nothing like it"))["status"])
    searched = json.dumps(town.slack.home("UMARIA"))
    statuses.append((await town.slack.press_home("UMARIA", "form:new"))["status"])

    assert [200, 200, 200] == statuses
    assert "A new badge" in shown
    assert "A new badge" not in searched
    assert town.slack.modal("UMARIA") is not None


async def test_who_opens_the_chat_is_met_there(town: Town) -> None:
    """In the chat itself, not in a thread."""
    status = await town.slack.opens_messages("UMARIA")
    await town.desk.settle()

    [message] = await town.messages("opened")
    replies = await town.desk.all(Reply, conversation_id=message.conversation_id)
    assert 200 == status
    assert message.conversation_id.startswith(f"slack:{TEAM}:D")
    assert replies


async def test_a_trigger_that_has_expired_is_told_of(town: Town) -> None:
    """Slack opens nothing; the person learns why and what to do."""
    town.slack.faults.inject("views.open", Fault(kind="refusal", error="expired_trigger_id"))

    answer = await town.slack.command("UMARIA", "C1", "new")

    assert "once more" in json.loads(answer["body"])["text"]
    assert town.slack.modal("UMARIA") is None


async def test_the_same_command_or_form_eleven_times_is_one(town: Town) -> None:
    """At once and one after the other: one request, whatever repeats it."""
    await town.slack.global_shortcut("UMARIA", "new_request")
    form: Any = town.slack.modal("UMARIA")
    title = {"value": {"type": "plain_text_input", "value": "A new badge"}}
    state = {"title": title}
    view = {**form, "state": {"values": state}}
    who = {"type": "view_submission", "team": {"id": TEAM}, "user": {"id": "UMARIA"}, "trigger_id": "1.2.3"}
    sent = {"payload": json.dumps({**who, "view": view})}
    place = {"team_id": TEAM, "channel_id": "C1", "user_id": "UMARIA", "trigger_id": "4.5.6"}
    typed = {"command": "/atom", "text": "new my phone is broken", **place}

    statuses = await asyncio.gather(*(town.post(fields) for fields in [sent, typed] * 10))
    statuses += [await town.post(sent), await town.post(typed)]
    await town.desk.settle()
    statuses += [await town.post(sent), await town.post(typed)]
    await town.desk.settle()

    assert {200} == set(statuses)
    titles = sorted(request.title for request in await town.desk.all(Request))
    assert 2 == len(titles)
    assert "A new badge" in titles


@pytest.mark.parametrize("secret", ["wrong", SIGNING_SECRET])
async def test_forged_and_stale_forms_change_nothing(town: Town, secret: str) -> None:
    """A wrong secret, or the right one six minutes ago."""
    place = {"team_id": TEAM, "channel_id": "C1", "user_id": "UMARIA", "trigger_id": "4.5.6"}
    fields = {"command": "/atom", "text": "new my phone is broken", **place}
    age = 360 if secret == SIGNING_SECRET else 0
    headers = sign(secret, int(time.time()) - age, urlencode(fields).encode())

    status = await town.post(fields, headers)

    assert 401 == status
    assert [] == await town.desk.all(Message)


async def test_only_agents_are_shown_the_forms_of_agents(town: Town) -> None:
    """Anybody else is shown why not, with the role that is needed."""
    request = await town.desk.open()
    pressed = {
        "type": "block_actions",
        "team": {"id": TEAM},
        "channel": {"id": "CIT"},
        "container": {"type": "message", "message_ts": "1700000000.000100", "channel_id": "CIT"},
        "actions": [{"action_id": "form:resolve", "value": request.id, "action_ts": "1700000001.000100"}],
    }

    for user in ("UBO", "USAM"):
        trigger = town.slack.workspace.new_trigger(3, user)
        body = {**pressed, "user": {"id": user}, "trigger_id": trigger}
        assert 200 == await town.post({"payload": json.dumps(body)})

    refused, shown = town.slack.modal("UBO"), town.slack.modal("USAM")
    assert refused is not None
    assert shown is not None
    assert "agent" in json.dumps(refused["blocks"])
    assert ("problem", "form:resolve") == (refused["callback_id"], shown["callback_id"])
