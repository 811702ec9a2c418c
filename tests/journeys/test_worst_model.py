"""Claude through the real SDK, from a server that is scripted well, badly, or not there: the story, no leak, always somebody who takes it.

Each brain is a process of its own that speaks the Messages API (see `brains.py`).
"""

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.sandbox.books import effects
from bot.ports import Reader
from bot.request import Request
from bot.run import Run
from tests.fakes.claude import KEY
from tests.fakes.separate import Remote, separately
from tests.journeys import slack_town as town
from tests.journeys.brains import CANARY
from tests.journeys.expected import problems
from tests.journeys.slack_scene import SUPPORT, Scene, slack_scene

BAD = (
    "unknown_colleague",
    "ungranted",
    "unheard_of",
    "bad_arguments",
    "looping",
    "stuck",
    "silent",
    "cut_off",
    "refusing",
    "ping_pong",
)
"""What a coworker's model may do for ever, each time it is asked."""
BROKEN = ("garbage", "no_arguments", "overloaded", "hanging_up", "endless")
"""Answers that are none; after some of them the playbook takes the work."""
SAMPLE = ("ping_pong",)


async def test_a_scripted_claude_plays_the_story(tmp_path: Path) -> None:
    """The same notes, hand-offs and ends as the playbook's, and none of the model's own prose is posted."""

    async with _with_brain(tmp_path, "good") as (scene, claude):
        thread = await town.june_asks(scene.slack)
        await town.security_asked(scene.slack)
        await town.june_clears(scene.slack, thread)
        await town.advice_came(scene.slack)
        story = await scene.auditor.delivered()
        state = await scene.slack.state()
        asked = (await claude.state())["requests"]

    assert [] == problems(story)
    assert "thinking aloud" not in json.dumps(state["messages"])
    assert {200} == {request["status"] for request in asked}


async def test_no_disguise_carries_a_private_note_to_the_requester(tmp_path: Path) -> None:
    """Plain, upper case, base64, reversed, in two halves, as a title, a question, a summary: June reads none of it."""

    async with _with_brain(tmp_path, "leaking") as (scene, claude):
        await town.june_asks(scene.slack)
        await scene.shown(await scene.direct(), "I've asked a colleague", seconds=60)
        await scene.auditor.delivered()
        requests = await scene.auditor.read(lambda reader: reader.find(Request))
        read = "\n".join(await scene.heard())
        support = "\n".join(await town.posts(scene.slack, SUPPORT))
        shown = [request["body"] for request in (await claude.state())["requests"]]

    public = "\n".join([read, *(f"{item.title}\n{item.description}" for item in requests)])
    assert CANARY in support
    assert [] == _traces(public)
    assert [] == [body for body in shown if "(`atom`)" in str(body["system"]) and _traces(json.dumps(body))]


@pytest.mark.parametrize(
    "brain", [*SAMPLE, *(pytest.param(name, marks=pytest.mark.chaos) for name in BAD if name not in SAMPLE)]
)
async def test_whatever_a_model_does_a_human_takes_it_and_june_is_told(brain: str, tmp_path: Path) -> None:
    """Within the ceilings the request is with a human, June knows, and nothing was done in between."""

    async with _with_brain(tmp_path, brain) as (scene, claude):
        await town.june_asks(scene.slack)
        await scene.shown(await scene.direct(), "I've asked a colleague", seconds=90)
        await scene.shown(SUPPORT, "needs a human")
        request = await scene.auditor.status("open", "in_progress")
        story = await scene.auditor.delivered()
        asked = (await claude.state())["requests"]

    assert "coworker" != request.assignee.kind
    assert () == effects(tmp_path / "sandbox", "jumpcloud")
    assert len(asked) <= 40
    assert 1 == len(story.requests)


@pytest.mark.chaos
@pytest.mark.parametrize("brain", BROKEN)
async def test_a_model_that_gives_no_answers_is_replaced_by_the_playbook(brain: str, tmp_path: Path) -> None:
    """The hardware engineer's Claude answers nothing that can be read: the playbook does its part, or a human is asked."""

    async with _with_brain(tmp_path, brain) as (scene, _):
        await town.june_asks(scene.slack)
        await scene.auditor.until(_settled, bool, seconds=120)
        story = await scene.auditor.delivered()
        told = await scene.heard()

    asked, human = any("MFA" in text for text in told), any("I've asked a colleague" in text for text in told)
    assert asked or human
    assert 1 == len(story.requests)


@pytest.mark.chaos
async def test_the_story_goes_on_without_claude(tmp_path: Path) -> None:
    """Claude is down for good: the playbook takes over between runs, and June notices nothing but the wait."""

    async with _with_brain(tmp_path, "down") as (scene, _):
        thread = await town.june_asks(scene.slack)
        await town.security_asked(scene.slack, seconds=180)
        await town.june_clears(scene.slack, thread)
        await town.advice_came(scene.slack, seconds=180)
        story = await scene.auditor.delivered()
        runs = await scene.auditor.read(lambda reader: reader.find(Run))

    worked = [run for run in runs if run.state == "done"]
    assert {"playbook"} == {run.model for run in worked}
    assert ("IT-1001", "it-support", "pending", "software-engineer") == story.requests[0]


@asynccontextmanager
async def _with_brain(folder: Path, brain: str) -> AsyncIterator[tuple[Scene, Remote]]:
    """Run a Deskmate whose Claude is a brain."""
    async with separately("tests.fakes.claude", "--brain", f"tests.journeys.brains:{brain}") as claude:
        environment = {
            "ANTHROPIC_BASE_URL": claude.url,
            "ANTHROPIC_API_KEY": KEY,
            "DESKMATE_MODEL": "claude-sonnet-5-5",
        }
        async with slack_scene(folder, **environment) as scene:
            yield scene, claude


async def _settled(reader: Reader) -> bool:
    """Tell whether the request waits for June or is with a human."""
    requests = await reader.find(Request)
    return bool(requests) and all(item.status == "pending" or item.assignee.kind != "coworker" for item in requests)


def _traces(public: str) -> list[str]:
    """Return what of the canary can be recognised in a text."""
    half = len(CANARY) // 2
    encoded = base64.b64encode(CANARY.encode()).decode()
    forms = [CANARY, CANARY[::-1], encoded, encoded[4:-4]]
    found = [form for form in forms if form.casefold() in public.casefold()]
    halves = [part for part in (CANARY[:half], CANARY[half:]) if part in public]
    return [*found, *(halves if len(halves) == 2 else [])]
