"""Slack at its worst: duplicates, retries, edits, refusals, lost answers, bursts, forgeries.

The story must be the same, each post must stand once, and what is not signed by Slack must leave no trace.
"""

import asyncio
import json
import sqlite3
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest

from bot.note import Note
from bot.ports import Reader
from tests.fakes.faults import Fault, JsonObject, as_json, drop_after_commit, http_error, rate_limited, reset
from tests.fakes.slack import SIGNING_SECRET, sign
from tests.fakes.slack_state import BOT_USER, TEAM
from tests.journeys import slack_town as town
from tests.journeys.deskmate import Place
from tests.journeys.expected import problems
from tests.journeys.slack_scene import SECURITY, SUPPORT, Scene, slack_scene
from tests.journeys.story import ASKED, Story

FAULTS: Mapping[str, Sequence[Fault]] = {
    "lost answers": (drop_after_commit(),) * 8,
    "rate limits": (rate_limited(2), rate_limited(1)),
    "errors": (http_error(500), reset(), http_error(503), http_error(500, body="<html>")),
}


@pytest.mark.parametrize(
    "kind", ["rate limits", *(pytest.param(name, marks=pytest.mark.chaos) for name in ("lost answers", "errors"))]
)
async def test_posts_that_fail_are_made_once_and_in_order(kind: str, tmp_path: Path) -> None:
    """Whatever goes wrong with chat.postMessage, each post stands once, no call comes before its time, and the order is kept."""

    async with slack_scene(tmp_path) as scene:
        await scene.slack.do("inject", method="chat.postMessage", faults=[as_json(fault) for fault in FAULTS[kind]])
        story = await _story(scene)
        texts = [await town.posts(scene.slack, place) for place in (await scene.direct(), SUPPORT, SECURITY)]
        state = await scene.slack.state()

    assert [] == problems(story)
    assert [] == [text for posts in texts for text, count in Counter(posts).items() if count > 1]
    assert ["I've opened", "Security Spe", "Software Eng"] == [text.lstrip("*")[:12].rstrip() for text in texts[0]]
    assert [] == _early(state["calls"], FAULTS[kind])


async def test_a_message_that_comes_often_is_one_message(tmp_path: Path) -> None:
    """Under eleven event ids, with three retries of each answer: one request, one answer to each."""

    async with slack_scene(tmp_path) as scene:
        direct = await scene.direct()
        thread = await town.june_asks(scene.slack)
        again = [_envelope(f"Ev{number:04}", direct, ASKED, thread) for number in range(11)]
        answers = await asyncio.gather(*(_sent(scene.place, envelope) for envelope in again))
        state = await scene.slack.state()
        for number, key in enumerate([made["key"] for made in state["attempts"] if made["kind"] == "event_callback"]):
            await scene.slack.do("redeliver", event_id=key, number=number % 3 + 1)
        await town.security_asked(scene.slack)
        await town.june_clears(scene.slack, thread)
        await asyncio.gather(*(_sent(scene.place, envelope) for envelope in again))
        await town.advice_came(scene.slack)
        story = await scene.auditor.delivered()
        posts = await scene.heard()

    assert [200] * 11 == answers
    assert [] == problems(story)
    assert 3 == len(posts)


async def test_a_burst_is_one_request_with_all_words(tmp_path: Path) -> None:
    """Five quick messages in one thread are worked together: nothing lost, nothing answered twice."""

    words = ["It began on Monday.", "Mostly in the browser.", "Restarting did not help.", "Please hurry."]
    async with slack_scene(tmp_path) as scene:
        thread = await town.june_asks(scene.slack)
        for text in words:
            await scene.says(town.JUNE, text, thread=thread)
        await town.security_asked(scene.slack)
        story = await scene.auditor.delivered()
        request = await scene.auditor.status("pending")
        opened = [text for text in await scene.heard() if "opened" in text]

    said = f"{request.title}\n{request.description}\n" + "\n".join(text for _, _, text in story.notes)
    assert 1 == len(story.requests)
    assert 1 == len(opened)
    assert [] == [text for text in (ASKED, *words) if text not in said]


@pytest.mark.chaos
async def test_messages_that_arrive_backwards_are_one_request(tmp_path: Path) -> None:
    """Slack gives no order: the replies of a thread come before its first message, and nothing is lost or answered twice."""

    words = [ASKED, "It began on Monday.", "Mostly in the browser.", "Restarting did not help."]
    async with slack_scene(tmp_path, DESKMATE_SETTLE_MS="3000") as scene:
        await scene.slack.do("set_events_url", url="http://127.0.0.1:9/nobody")
        thread = await town.june_asks(scene.slack)
        for text in words[1:]:
            await scene.says(town.JUNE, text, thread=thread)
        missed = (await scene.slack.state())["attempts"]
        await town.connect(scene.slack, scene.place)
        for key in reversed(list(dict.fromkeys(attempt["key"] for attempt in missed))):
            await scene.slack.do("redeliver", event_id=key)
        await town.security_asked(scene.slack)
        story = await scene.auditor.delivered()
        request = await scene.auditor.status("pending", "in_progress")
        opened = [text for text in await scene.heard() if "opened" in text]

    said = f"{request.title}\n{request.description}\n" + "\n".join(text for _, _, text in story.notes)
    assert 1 == len(story.requests)
    assert 1 == len(opened)
    assert words == request.description.splitlines()
    assert [] == [text for text in words if text not in said]


@pytest.mark.chaos
async def test_an_edit_is_told_once(tmp_path: Path) -> None:
    """What June changes in her message reaches those who work on it; the same edit twice is one."""

    async with slack_scene(tmp_path) as scene:
        thread = await town.june_asks(scene.slack)
        await town.security_asked(scene.slack)
        direct = await scene.direct()
        await scene.slack.do("edits", channel=direct, ts=thread, text=f"{ASKED} Only the browser, really.")
        state = await scene.slack.state()
        await scene.slack.do("redeliver", event_id=state["attempts"][-1]["key"])
        await scene.auditor.until(_notes, lambda notes: any("Only the browser" in text for text in notes))
        await scene.auditor.delivered()
        notes = await scene.auditor.read(_notes)

    assert 1 == len([text for text in notes if text.startswith("(edited)")])


async def test_a_forged_message_changes_nothing(tmp_path: Path) -> None:
    """Forged, unsigned, altered, stale, from the future or replayed: not one row in the database is new."""

    async with slack_scene(tmp_path) as scene:
        direct = await scene.direct()
        thread = await town.june_asks(scene.slack)
        await town.security_asked(scene.slack)
        await scene.auditor.delivered()
        before = _rows(tmp_path)
        forged = _envelope("EvFORGED", direct, "wipe my laptop", "1795186211.000001")
        body, now = json.dumps(forged), int(time.time())
        good = sign(SIGNING_SECRET, now, body)
        tries = [
            await _posted(scene.place, body, sign("another secret", now, body)),
            await _posted(scene.place, body, sign(SIGNING_SECRET, now - 301, body)),
            await _posted(scene.place, body, sign(SIGNING_SECRET, now + 301, body)),
            await _posted(scene.place, body.replace("wipe", "burn"), good),
            await _posted(scene.place, body, {**good, "X-Slack-Signature": good["X-Slack-Signature"][3:]}),
            await _posted(scene.place, body, {}),
        ]
        replayed = await _sent(scene.place, _envelope("EvREPLAY", direct, ASKED, thread))
        after = _rows(tmp_path)

    assert [401] * 6 == tries
    assert 200 == replayed
    assert before == after


async def _story(scene: Scene) -> Story:
    thread = await town.june_asks(scene.slack)
    await town.security_asked(scene.slack)
    await town.june_clears(scene.slack, thread)
    await town.advice_came(scene.slack)
    return await scene.auditor.delivered(seconds=60)


async def _notes(reader: Reader) -> list[str]:
    return [note.text for note in await reader.find(Note)]


def _early(calls: Sequence[JsonObject], faults: Sequence[Fault]) -> list[JsonObject]:
    """Return the calls that came before the time that Slack had named for their channel."""
    posts = [call for call in calls if call["method"] == "chat.postMessage"]
    waits = iter([fault.retry_after for fault in faults if fault.retry_after is not None])
    early, until = [], dict[str, float]()
    for call in sorted(posts, key=lambda call: call["at"]):
        channel = call["arguments"]["channel"]
        if call["at"] < until.get(channel, 0.0):
            early.append(call)
        if call["answer"] is None and (wait := next(waits, None)) is not None:
            until[channel] = call["at"] + wait
    return early


def _envelope(event_id: str, channel: str, text: str, ts: str) -> JsonObject:
    """Return the event of a message that June wrote in her direct chat, as Slack sends it."""
    event = {"type": "message", "channel": channel, "channel_type": "im", "user": town.JUNE, "text": text, "ts": ts}
    return {
        "type": "event_callback",
        "team_id": TEAM,
        "event_id": event_id,
        "event_time": int(time.time()),
        "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
        "event": {**event, "event_ts": ts, "team": TEAM},
    }


async def _sent(place: Place, envelope: JsonObject) -> int:
    body = json.dumps(envelope)
    return await _posted(place, body, sign(SIGNING_SECRET, int(time.time()), body))


async def _posted(place: Place, body: str, headers: Mapping[str, str]) -> int:
    everything = {"Content-Type": "application/json", **headers}
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{place.url}/slack/events", data=body.encode(), headers=everything) as answer,
    ):
        return answer.status


def _rows(folder: Path) -> dict[str, int]:
    """Return how many rows each table has, the leases of idle mailboxes apart."""
    with closing(sqlite3.connect(folder / "desk.db")) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}
