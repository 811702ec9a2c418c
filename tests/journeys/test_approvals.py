"""An acting call in mode `ask`, over Slack: shown exactly, decided once by somebody who may, made once, whatever happens meanwhile.

June forgot the password of her laptop. The hardware engineer may reset it when an agent of IT Support approves that very call; June may
not (she does not see the button, but somebody may send its press in her name), nor may a colleague from elsewhere who is let into the
channel.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.sandbox.books import effects
from tests.fakes.faults import JsonObject
from tests.fakes.separate import Remote
from tests.journeys import slack_town as town
from tests.journeys.deskmate import running
from tests.journeys.looking import auditor
from tests.journeys.slack_scene import SUPPORT, Scene, place_in, pressed_again, slack_scene, value_of

FORGOT = "I forgot the password of my laptop"
CALL = "jumpcloud__reset_device_password"
OMAR = "U0OMAR"
"""An employee who is let into the support channel and is no agent."""


async def test_a_call_is_approved_by_an_agent_only_and_made_once(tmp_path: Path) -> None:
    """Neither the requester nor a stranger in the channel can approve; an agent can, once."""

    async with _asked(tmp_path) as (scene, card):
        key = value_of(card, "approve")
        await pressed_again(scene.place, town.JUNE, card, "approve", key)
        await scene.slack.do("press", user=OMAR, message=card, action_id="approve")
        await scene.shown(SUPPORT, "June Park: a requester cannot decide")
        await scene.shown(SUPPORT, "Omar Haddad: only agents of IT Support")
        before = effects(tmp_path / "sandbox", "jumpcloud")
        await scene.slack.do("press", user=town.SAM, message=card, action_id="approve")
        await scene.auditor.status("resolved")
        await pressed_again(scene.place, town.SAM, card, "approve", key)
        await scene.shown(SUPPORT, "Sam Okafor: it is approved already")
        story = await scene.auditor.delivered()
        told = await scene.heard()

    done = effects(tmp_path / "sandbox", "jumpcloud")
    assert '{\n  "email": "june@example.com"\n}' in card["text"]
    assert () == before
    assert [("reset_device_password", {"email": "june@example.com"})] == [
        (item.capability, item.arguments) for item in done
    ]
    assert ("jumpcloud__get_device: done", f"{CALL}: done") == story.calls
    assert any("new password" in text for text in told)
    assert [] == [text for text in told if "approv" in text.casefold() or CALL in text]


async def test_two_presses_at_once_are_one(tmp_path: Path) -> None:
    """Two agents press at the same moment, one of them five times: the call is made once."""

    async with _asked(tmp_path) as (scene, card):
        key = value_of(card, "approve")
        pressers = (town.SAM, "U0RAVI", town.SAM, town.SAM, town.SAM, town.SAM)
        answers = await asyncio.gather(*(pressed_again(scene.place, one, card, "approve", key) for one in pressers))
        await scene.shown(SUPPORT, "it is approved already", count=5)
        await scene.auditor.status("resolved")
        decided = await scene.auditor.audited("approval.approved")

    assert [200] * 6 == answers
    assert 1 == len(decided)
    assert 1 == len(effects(tmp_path / "sandbox", "jumpcloud"))


async def test_a_denied_call_is_never_made(tmp_path: Path) -> None:
    """A denial ends with a human, June is told, and approving afterwards does nothing."""

    async with _asked(tmp_path) as (scene, card):
        key = value_of(card, "approve")
        await scene.slack.do("press", user=town.SAM, message=card, action_id="deny")
        await scene.shown(await scene.direct(), "I've asked a colleague")
        await pressed_again(scene.place, town.SAM, card, "approve", key)
        await scene.shown(SUPPORT, "Sam Okafor: it is denied already")
        request = await scene.auditor.status("in_progress", "open")

    assert () == effects(tmp_path / "sandbox", "jumpcloud")
    assert "coworker" != request.assignee.kind


@pytest.mark.chaos
async def test_a_card_outlives_the_process(tmp_path: Path) -> None:
    """Asked, restarted, approved: the stored call is made as it was shown."""

    async with _asked(tmp_path) as (scene, card):
        scene.deskmate.kill()
        await scene.deskmate.ended()
        async with running(scene.place):
            await scene.slack.do("press", user=town.SAM, message=card, action_id="approve")
            await scene.auditor.status("resolved")

    assert 1 == len(effects(tmp_path / "sandbox", "jumpcloud"))


@pytest.mark.parametrize(
    ("moment", "made"),
    [
        pytest.param("intended", 0, marks=pytest.mark.chaos, id="killed before the call"),
        pytest.param("answered", 1, id="killed after the call"),
    ],
)
async def test_a_kill_around_the_approved_call_ends_with_a_human(moment: str, made: int, tmp_path: Path) -> None:
    """Killed when nobody can know whether the call was made: it is not made again, a human is asked, June is told."""

    async with town.slack_town() as slack:
        await _people(slack)
        place = place_in(slack, tmp_path, None, {})
        await town.connect(slack, place)
        async with running(place, kill_at=f"{moment}:{CALL}", wait=False) as victim:
            assert await victim.ready()
            await slack.do("says", user=town.JUNE, channel=town.JUNE, text=FORGOT)
            card = await _card(slack)
            await slack.do("press", user=town.SAM, message=card, action_id="approve")
            await asyncio.wait_for(victim.ended(), 30)
        async with running(place), auditor(place) as looking:
            direct = await town.direct_chat(slack)
            await slack.do("wait_for_posts", channel=direct, containing="I've asked a colleague", seconds=30)
            await slack.do("wait_for_posts", channel=SUPPORT, containing="needs a human", seconds=30)
            request = await looking.status("in_progress", "open")
            story = await looking.delivered()

    assert made == len(effects(tmp_path / "sandbox", "jumpcloud"))
    assert f"{CALL}: unknown" == story.calls[-1]
    assert "coworker" != request.assignee.kind


@asynccontextmanager
async def _asked(folder: Path) -> AsyncIterator[tuple[Scene, JsonObject]]:
    """Give a scene in which the approval of June's reset has been asked for, and its card."""
    async with slack_scene(folder) as scene:
        await _people(scene.slack)
        await scene.says(town.JUNE, FORGOT)
        yield scene, await _card(scene.slack)


async def _people(slack: Remote) -> None:
    await slack.do("add_user", id=OMAR, name="Omar Haddad", email="omar@example.com")
    await slack.do("add_user", id="U0RAVI", name="Ravi Menon", email="ravi@example.com")
    await slack.do("set_channel", channel=SUPPORT, members=[town.SAM, "U0RAVI", OMAR, "U0ATOM"])


async def _card(slack: Remote) -> JsonObject:
    posts = await slack.do("wait_for_posts", channel=SUPPORT, containing="Approval needed", seconds=60)
    card: JsonObject = posts[0]
    return card
