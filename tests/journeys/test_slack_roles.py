"""Commands in Slack: everybody is answered alone, and everybody may do what their roles say and nothing more.

June is an employee, Sam an agent and the admin of IT Support, Vera of Security.
"""

from pathlib import Path

from bot.ports import Reader
from bot.request import Request
from bot.switch import Switch
from tests.fakes.slack_shapes import words
from tests.journeys import slack_town as town
from tests.journeys.slack_hands import Hands
from tests.journeys.slack_scene import SUPPORT, Scene, slack_scene

AGENTS = ("take IT-1001", "priority IT-1001 urgent", "note IT-1001 x", "resolve IT-1001 done")
ADMINS = ("pause software-engineer", "kill software-engineer", "coworkers", "budget", "approvals")


async def test_each_may_do_what_their_role_says(tmp_path: Path) -> None:
    """An employee is refused by the name of the role, another workspace's agent too; whoever may, changes it, and no other sees it."""

    async with slack_scene(tmp_path) as scene:
        june, sam, vera = (Hands(slack=scene.slack, user=user) for user in (town.JUNE, town.SAM, town.VERA))
        await june.types("new My second screen flickers", channel=town.JUNE, containing="IT-1001")
        await scene.shown(SUPPORT, "IT-1001: My second screen flickers")
        mine = await june.types("mine", containing="IT-1001")
        refused = [await june.types(text, containing="agents") for text in AGENTS]
        barred = [await june.types(text, containing="admin") for text in ADMINS]
        foreign = await vera.types("take IT-1001")
        untouched = await scene.auditor.until(_switches, lambda _: True)
        taken = await sam.types("take IT-1001", channel=SUPPORT, containing="IT-1001")
        await sam.types("priority IT-1001 urgent", channel=SUPPORT, containing="urgent")
        await scene.shown(SUPPORT, "Priority: urgent")
        await sam.types("note IT-1001 The cable is old.", channel=SUPPORT)
        await scene.shown(SUPPORT, "The cable is old.")
        status = await june.types("status IT-1001", containing="IT-1001")
        paused = await sam.types("pause software-engineer", containing="paused")
        switches = await scene.auditor.until(_switches, bool)
        request = await scene.auditor.status("in_progress")
        public = await scene.slack.do("posts", channel=await scene.direct())
        seen = await june.asides()
        refusals = await scene.auditor.audited("command.refused")

    assert "My second screen flickers" in mine
    assert len(AGENTS) == len(refused)
    assert len(ADMINS) == len(barred)
    assert "IT Support" in foreign or "no request" in foreign
    assert ([], "urgent", "person") == (untouched, request.priority, request.assignee.kind)
    assert "IT-1001" in taken
    assert "software-engineer" in paused.casefold().replace(" ", "-")
    assert 1 == len(switches)
    assert len(AGENTS) + len(ADMINS) <= len(refusals)
    assert [] == [text for text in [*seen, status, *(post["text"] for post in public)] if "cable" in text]


async def test_the_home_page_shows_each_their_own(tmp_path: Path) -> None:
    """June finds her request by a word of its title; Sam sees it in the queue and takes it there; Vera sees nothing of it."""

    async with slack_scene(tmp_path) as scene:
        june = Hands(slack=scene.slack, user=town.JUNE)
        for title in ("My second screen flickers", "The keyboard is sticky"):
            await june.types(f"new {title}", containing=title)
        mine = await _home(scene, town.JUNE, "My second screen flickers")
        await scene.slack.do("searches_home", user=town.JUNE, query="keyboard")
        found = list(words(await scene.slack.do("home", user=town.JUNE)))
        queue = await _home(scene, town.SAM, "My second screen flickers")
        await scene.slack.do("press_home", user=town.SAM, action_id="Take over")
        await scene.auditor.until(_held, bool)
        empty = await _home(scene, town.VERA, "")

    assert 1 == len([text for text in mine if "My second screen flickers" in text])
    assert [] == [text for text in found if "second screen" in text]
    assert [] != [text for text in found if "keyboard" in text]
    assert [] != [text for text in queue if "keyboard" in text]
    assert [] == [text for text in empty if "screen" in text or "keyboard" in text]


async def _home(scene: Scene, user: str, containing: str) -> list[str]:
    """Return what somebody reads on the home page that they open."""
    await scene.slack.do("opens_home", user=user)
    return list(words(await scene.slack.do("wait_for_home", user=user, containing=containing)))


async def _held(reader: Reader) -> list[Request]:
    return [item for item in await reader.find(Request) if item.assignee.kind == "person"]


async def _switches(reader: Reader) -> list[Switch]:
    return list(await reader.find(Switch))
