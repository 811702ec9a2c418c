"""A support channel that is misconfigured: no private note is posted there, everything else goes on, and the notes come once it is mended.

The channel of IT Support is open to everybody, has June or a guest in it, is shared with another organisation, or Slack does not say who
reads it. Sam, its admin, has met Atom before, so that there is somebody to tell.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.fakes.faults import as_json, http_error
from tests.journeys import slack_town as town
from tests.journeys.expected import problems
from tests.journeys.slack_scene import SECURITY, SUPPORT, Scene, slack_scene

GUEST = "U0GUEST"
GOOD = {"is_private": True, "is_ext_shared": False, "members": [town.SAM, "U0ATOM"]}
WRONG: Mapping[str, Mapping[str, object]] = {
    "public": {"is_private": False},
    "requester": {"members": [town.SAM, town.JUNE, "U0ATOM"]},
    "guest": {"members": [town.SAM, GUEST, "U0ATOM"]},
    "connect": {"is_ext_shared": True},
}
SECRETS = ("updater-helper", "JUNE-MBP-14", "endpoint security", "Hardware Engineer →")


async def test_nothing_private_is_posted_where_the_requester_reads(tmp_path: Path) -> None:
    """June is in the support channel: the story goes on, and the admin is told once, without content."""

    async with slack_scene(tmp_path, DESKMATE_RECHECK_SECONDS="1") as scene:
        posted, notices = await _while_wrong(scene, "requester")

    assert [] == posted
    assert 1 == len(notices)
    assert [] == [secret for secret in SECRETS if secret in notices[0]]


@pytest.mark.chaos
@pytest.mark.parametrize("wrong", WRONG)
async def test_a_misconfigured_channel_gets_its_notes_after_it_was_mended(wrong: str, tmp_path: Path) -> None:
    """Nothing is posted while the wrong people can read; afterwards everything is, once and in order."""

    async with slack_scene(tmp_path, DESKMATE_RECHECK_SECONDS="1") as scene:
        await scene.slack.do("add_user", id=GUEST, name="Guest", email="guest@elsewhere.example", is_restricted=True)
        posted, notices = await _while_wrong(scene, wrong)
        await scene.slack.do("set_channel", channel=SUPPORT, **GOOD)
        await scene.shown(SUPPORT, "updater-helper", seconds=40)
        story = await scene.auditor.delivered(seconds=40)
        support = await town.posts(scene.slack, SUPPORT)
        june = await scene.heard()

    assert [] == posted
    assert 1 == len(notices)
    assert [] == problems(story)
    assert len(support) == len(set(support))
    assert "IT-1001: My laptop" in support[0]
    assert [] == [text for text in june for secret in SECRETS if secret in text]


@pytest.mark.chaos
async def test_notes_wait_while_slack_does_not_say_who_reads(tmp_path: Path) -> None:
    """Slack fails at conversations.members: held meanwhile, posted as soon as it answers again."""

    async with slack_scene(tmp_path, DESKMATE_RECHECK_SECONDS="1") as scene:
        await scene.slack.do("inject", method="conversations.members", faults=[as_json(http_error(500))] * 6)
        await _play(scene)
        story = await scene.auditor.delivered(seconds=60)
        state = await scene.slack.state()

    members = [call["answer"] for call in state["calls"] if call["method"] == "conversations.members"]
    posted = [call["at"] for call in state["calls"] if _to(call, SUPPORT) and call["method"] == "chat.postMessage"]
    answered = [call["at"] for call in state["calls"] if call["method"] == "conversations.members" and call["answer"]]
    assert [] == problems(story)
    assert [None] * 6 == members[:6]
    assert min(posted) > min(answered)


@pytest.mark.chaos
async def test_an_archived_channel_loses_no_note(tmp_path: Path) -> None:
    """The channel is archived: the story goes on, the admin is told, and the notes come when it is back."""

    async with slack_scene(tmp_path, DESKMATE_RECHECK_SECONDS="1") as scene:
        await scene.says(town.SAM, "hello")
        await scene.shown(await scene.direct(town.SAM), "")
        await scene.slack.do("set_channel", channel=SUPPORT, is_archived=True)
        await _play(scene)
        notices = [text for text in await scene.heard(town.SAM) if "archived" in text]
        await scene.slack.do("set_channel", channel=SUPPORT, is_archived=False)
        await scene.shown(SUPPORT, "updater-helper", seconds=40)
        story = await scene.auditor.delivered(seconds=40)

    assert 1 == len(notices)
    assert [] == [secret for secret in SECRETS if secret in notices[0]]
    assert [] == problems(story)


async def _play(scene: Scene) -> None:
    """Play the story as far as June sees it."""
    thread = await town.june_asks(scene.slack)
    await town.security_asked(scene.slack)
    await town.june_clears(scene.slack, thread)
    await town.advice_came(scene.slack)
    await scene.auditor.status("pending")
    await scene.shown(SECURITY, "updater-helper")


async def _while_wrong(scene: Scene, wrong: str) -> tuple[list[str], list[str]]:
    """Play the story with a wrong channel; return what was posted there, and what Sam was told of it."""
    await scene.says(town.SAM, "hello")
    await scene.shown(await scene.direct(town.SAM), "")
    await scene.slack.do("set_channel", channel=SUPPORT, **WRONG[wrong])
    await _play(scene)
    notices = [text for text in await scene.heard(town.SAM) if "held back" in text]
    return await town.posts(scene.slack, SUPPORT), notices


def _to(call: Mapping[str, object], channel: str) -> bool:
    arguments = call["arguments"]
    return isinstance(arguments, dict) and arguments.get("channel") == channel
