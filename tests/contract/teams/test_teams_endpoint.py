"""What Teams delivers is stored before it is acknowledged, and what is not stored is asked for again."""

import asyncio
import json
from io import BytesIO

import pytest

from adapters.teams.endpoint import LARGEST
from bot.errors import TemporaryError
from bot.message import Press
from bot.reply import Button
from tests.contract.teams.teams_at_work import CHANNEL, ERIN, SAM, SUPPORT, AtWork, place, reply, teams_at_work
from tests.fakes.faults import JsonObject
from tests.fakes.teams_state import TENANT

BUTTONS = (
    Button(action="approve", subject="a-7", label="Approve", style="primary"),
    Button(action="deny", subject="a-7", label="Deny", style="danger"),
)


async def sent(bench: AtWork, body: bytes, token: str | None = None) -> tuple[int, str]:
    """Post these bytes with a good token."""
    token = token or bench.platform.issuer.mint(bench.platform.service_url)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    async with bench.platform.http.post(bench.url, data=body, headers=headers) as response:
        return response.status, await response.text()


def invoke(bench: AtWork, name: str, value: object = None) -> JsonObject:
    """Give an invoke of this name."""
    return {
        "type": "invoke",
        "name": name,
        "id": "f:1",
        "channelId": "msteams",
        "serviceUrl": bench.platform.service_url,
        "from": {"id": ERIN},
        "recipient": {"id": "28:bot"},
        "conversation": {"id": "a:1", "conversationType": "personal", "tenantId": TENANT},
        "value": value,
    }


async def test_a_message_is_stored_and_then_acknowledged() -> None:
    """A mention in a channel arrives with its thread and without the mention."""
    async with teams_at_work() as bench:
        said = await bench.platform.says(ERIN, CHANNEL, "my laptop is slow & hot")

        arrival = bench.desk.arrivals[0]
        thread = f"teams:{TENANT}:{CHANNEL}:{said['id']}"
        assert [attempt.status for attempt in bench.platform.attempts] == [202]
        assert (arrival.message.text, arrival.message.addresses_atom) == ("my laptop is slow & hot", True)
        assert (arrival.conversation.id, arrival.conversation.thread) == (thread, said["id"])
        assert arrival.author.id == f"teams:{TENANT}:aad-erin"
        assert arrival.conversation.address["service_url"] == bench.platform.service_url


async def test_the_support_channel_is_known_as_one() -> None:
    """What staff write there is told apart from talk with requesters."""
    async with teams_at_work() as bench:
        await bench.platform.says(SAM, SUPPORT, "checking")

        conversation = bench.desk.arrivals[0].conversation
        assert (conversation.kind, conversation.workspace) == ("support", "it-support")


@pytest.mark.parametrize("failure", [TemporaryError("no database"), RuntimeError("a bug")])
async def test_a_message_that_is_not_stored_is_asked_for_again(failure: Exception) -> None:
    """Whatever went wrong, the message is not acknowledged, and the repetition has the same id."""
    async with teams_at_work() as bench:
        bench.desk.failures.append(failure)

        said = await bench.platform.says(ERIN, ERIN, "hello")
        await bench.platform.redeliver(said["id"])

        assert [attempt.status for attempt in bench.platform.attempts] == [503, 202]
        assert [arrival.message.text for arrival in bench.desk.arrivals] == ["hello"]


async def test_the_same_message_twice_has_one_id() -> None:
    """The desk can recognise a repetition."""
    async with teams_at_work() as bench:
        said = await bench.platform.says(ERIN, ERIN, "hello")
        await bench.platform.redeliver(said["id"])

        first, second = bench.desk.arrivals
        assert first.message.id == second.message.id


async def test_edits_and_deletions_arrive_as_what_they_are() -> None:
    """Each has an id of its own and names the message that it is about."""
    async with teams_at_work() as bench:
        said = await bench.platform.says(ERIN, ERIN, "hello")
        await bench.platform.edits(said["conversation"]["id"], said["id"], "hello there")
        await bench.platform.deletes(said["conversation"]["id"], said["id"])

        messages = [arrival.message for arrival in bench.desk.arrivals]
        assert [message.kind for message in messages] == ["text", "edited", "deleted"]
        assert [message.text for message in messages] == ["hello", "hello there", ""]
        assert {message.post for message in messages} == {said["id"]}
        assert len({message.id for message in messages}) == 3
        assert len({message.event_id for message in messages}) == 3


async def test_a_pressed_button_is_stored_and_answered_inline() -> None:
    """Whoever pressed sees a line; the press names the card and what it is about."""
    async with teams_at_work() as bench:
        post = await bench.teams.messenger.post(reply("Wipe it?", buttons=BUTTONS), place(CHANNEL))

        answer = await bench.platform.views.press(SAM, f"{CHANNEL};messageid={post}", post, verb="deny")

        assert (answer["status"], answer["body"]["type"]) == (200, "application/vnd.microsoft.activity.message")
        assert bench.desk.arrivals[0].message.press == Press(action="deny", subject="a-7", post=post)


async def test_a_press_that_is_not_stored_is_not_confirmed() -> None:
    """Nobody is told "noted" for what is lost."""
    async with teams_at_work() as bench:
        post = await bench.teams.messenger.post(reply("Wipe it?", buttons=BUTTONS), place(CHANNEL))
        bench.desk.failures.append(TemporaryError("no database"))

        answer = await bench.platform.views.press(SAM, f"{CHANNEL};messageid={post}", post, verb="approve")

        assert (answer["status"], bench.desk.arrivals) == (503, [])


async def test_somebody_joining_is_acknowledged_and_means_nothing() -> None:
    """The stock handler would ask for the roster here."""
    async with teams_at_work() as bench:
        await bench.platform.joins(ERIN, CHANNEL)

        assert ([attempt.status for attempt in bench.platform.attempts], bench.desk.arrivals) == ([202], [])
        assert bench.platform.calls == []


@pytest.mark.parametrize("name", ["composeExtension/query", "signin/verifyState", "config/fetch", "x"])
async def test_an_unknown_invoke_is_refused(name: str) -> None:
    """In the shape that the Bot Framework gives its errors."""
    async with teams_at_work() as bench:
        status, body = await sent(bench, json.dumps(invoke(bench, name)).encode())

        assert (status, json.loads(body)["type"]) == (400, "application/vnd.microsoft.error")


@pytest.mark.parametrize(
    "value", [None, [], "x", {"action": None}, {"action": {"verb": "wipe"}}, {"action": {"verb": "approve"}}]
)
async def test_a_malformed_card_action_is_answered_with_400(value: object) -> None:
    """The stock SDK answers 500."""
    async with teams_at_work() as bench:
        status, body = await sent(bench, json.dumps(invoke(bench, "adaptiveCard/action", value)).encode())

        assert (status, json.loads(body)["statusCode"], bench.desk.arrivals) == (400, 400, [])


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"[" * 100_000])
async def test_a_body_that_is_no_json_object_is_refused(body: bytes) -> None:
    """Malformed is the caller's fault, not ours."""
    async with teams_at_work() as bench:
        status, _ = await sent(bench, body)

        assert status == 400


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_beyond_the_limit_is_refused(chunked: bool) -> None:  # noqa: FBT001 -- a test's parameter
    """Nobody fills our memory, whether the length is stated or not."""
    async with teams_at_work() as bench:
        token = bench.platform.issuer.mint(bench.platform.service_url)
        headers = {"Authorization": f"Bearer {token}"}
        body = BytesIO(b" " * (LARGEST + 1))

        response = await bench.platform.http.post(bench.url, data=body, headers=headers, chunked=chunked or None)

        assert response.status == 413


@pytest.mark.parametrize("kind", ["typing", "messageReaction", "installationUpdate", "event", "trace", "whatever"])
async def test_what_is_not_talk_is_acknowledged(kind: str) -> None:
    """Teams is not made to repeat what means nothing to us."""
    async with teams_at_work() as bench:
        status, _ = await sent(bench, json.dumps({**invoke(bench, "x"), "type": kind}).encode())

        assert (status, bench.desk.arrivals) == (202, [])


async def test_many_at_the_same_time_are_all_stored() -> None:
    """None is lost and none is stored twice."""
    async with teams_at_work() as bench:
        await asyncio.gather(*(bench.platform.says(ERIN, ERIN, f"message {n}") for n in range(50)))

        assert sorted(arrival.message.text for arrival in bench.desk.arrivals) == sorted(
            f"message {n}" for n in range(50)
        )
