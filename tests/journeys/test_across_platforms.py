"""One request across Slack and Teams: the requester in one, the staff in both, everything said once to everybody whom it is for.

What is looked for besides is what two platforms invite: an echo of what Atom has posted itself, a note that goes round, a word that only
one of the two support threads has, and one person who counts as two.
"""

import asyncio
import json
from pathlib import Path

import pytest

from adapters.sandbox.books import effects
from bot.person import Identity
from bot.ports import Reader
from bot.reply import Reply
from bot.satisfaction import Satisfaction
from tests.fakes.teams_shapes import words
from tests.journeys import slack_town, teams_town
from tests.journeys.across_scene import (
    SLACK_SECURITY,
    SLACK_SUPPORT,
    TEAMS_SECURITY,
    TEAMS_SUPPORT,
    Both,
    both,
    how_often,
)
from tests.journeys.slack_hands import Hands
from tests.journeys.slack_scene import pressed_again, value_of
from tests.journeys.story import CLEARED

HEADER = "Write here to leave a private note"
FROM_SLACK, FROM_TEAMS = "I don't trust this updater.", "Its certificate has been revoked."
ASKED, CHANGED = "Did you click on anything at all?", "Only on the newsletter, on Monday."
DONE = "The updater is removed and your session renewed."
FORGOT, CALL = "I forgot the password of my laptop", "reset_device_password"


async def test_a_requester_in_teams_and_a_colleague_in_slack(tmp_path: Path) -> None:
    """Vera takes over, asks and resolves in Slack; June answers, corrects herself and rates in Teams: all is said once."""

    async with both(tmp_path) as town:
        chat = await _asked_in_teams(town)
        in_slack = (await town.in_slack(SLACK_SECURITY, HEADER))[0]
        in_teams = (await town.in_teams(TEAMS_SECURITY, HEADER))[0]
        await town.slack.do("press", user=slack_town.VERA, message=in_slack, action_id="take_over")
        await town.in_teams(TEAMS_SECURITY, "has taken over IT-1001")
        private = await _vera_in_slack(town, in_slack["ts"], "I don't trust it.")
        await town.in_teams(TEAMS_SECURITY, "I don't trust it.")
        await town.slack.do("edits", channel=SLACK_SECURITY, ts=private, text=FROM_SLACK)
        await _says(town, teams_town.VERA, in_teams["conversation"]["id"], FROM_TEAMS)
        await _vera_in_slack(town, in_slack["ts"], f"reply: {ASKED}")
        await town.in_teams(chat, ASKED)
        answer = await _says(town, teams_town.JUNE, teams_town.JUNE, CLEARED)
        await town.in_slack(SLACK_SECURITY, CLEARED)
        await town.teams.do("edits", conversation=chat, activity=answer, text=CHANGED)
        await town.in_slack(SLACK_SECURITY, CHANGED)
        hers = await Hands(slack=town.slack, user=slack_town.JUNE).types("mine", containing="IT-1001")
        await Hands(slack=town.slack, user=slack_town.VERA).types(f"resolve IT-1001 {DONE}", containing="is resolved")
        survey = (await town.in_teams(chat, '"verb": "rate"'))[-1]
        rated = await town.press_in_teams(teams_town.JUNE, survey, "rate", value="5")
        scores = await town.auditor.until(lambda reader: reader.find(Satisfaction), lambda found: len(found) == 1)
        await town.in_teams(TEAMS_SECURITY, "Status: Resolved")
        story = await town.auditor.delivered()
        june = await town.all_in_teams(chat)
        slack, teams = await town.all_in_slack(SLACK_SECURITY), await town.all_in_teams(TEAMS_SECURITY)
        elsewhere = await town.all_in_slack(await slack_town.direct_chat(town.slack))
        people = {item.person_id for item in await _accounts(town, "vera@example.com")}

    said = (FROM_SLACK, FROM_TEAMS, ASKED, CLEARED, CHANGED, DONE)
    assert [0, 1, 0, 1, 1, 1] == [how_often(slack, text) for text in said]
    assert [1, 0, 1, 1, 1, 1] == [how_often(teams, text) for text in said]
    assert [0, 0, 1, 0, 0] == [how_often(june, text) for text in said[:5]]
    assert any(DONE in post for post in june)
    assert "with Vera Lindqvist" in june[-2]
    assert (200, [5]) == (rated, [item.score for item in scores])
    assert (1, ()) == (len(people), story.unsent)
    assert [] == elsewhere
    assert "My laptop feels really slow" in hers
    assert ("public", "Vera Lindqvist", ASKED) in story.notes


async def test_a_requester_in_slack_and_a_colleague_in_teams(tmp_path: Path) -> None:
    """The reverse, with a file, a correction, activities and events that come twice, and a hand-back on the other platform."""

    async with both(tmp_path) as town:
        await _says(town, teams_town.VERA, teams_town.VERA, "help")
        thread = await slack_town.june_asks(town.slack)
        direct = await slack_town.direct_chat(town.slack)
        await town.in_slack(direct, "MFA")
        in_teams = (await town.in_teams(TEAMS_SECURITY, HEADER))[0]
        assert 200 == await town.press_in_teams(teams_town.VERA, in_teams, "take_over")
        await town.in_slack(SLACK_SECURITY, "has taken over IT-1001")
        key = in_teams["conversation"]["id"]
        for text in (FROM_TEAMS, f"reply: {ASKED}"):
            activity = await _says(town, teams_town.VERA, key, text)
            await asyncio.gather(*(town.teams.do("redeliver", activity=activity) for _ in range(3)))
        await town.in_slack(direct, ASKED)
        await town.slack.do(
            "uploads",
            user=slack_town.JUNE,
            channel=slack_town.JUNE,
            name="mail.txt",
            content="?",
            text=CLEARED,
            thread=thread,
        )
        await town.in_teams(TEAMS_SECURITY, CLEARED)
        written = await town.slack.do("says", user=slack_town.JUNE, channel=slack_town.JUNE, text="Yes.", thread=thread)
        await town.slack.do("edits", channel=direct, ts=written["ts"], text=CHANGED)
        await town.in_teams(TEAMS_SECURITY, CHANGED)
        card = (await town.in_slack(SLACK_SECURITY, "Coworkers stay silent until it is handed back"))[0]
        await town.slack.do("press", user=slack_town.VERA, message=card, action_id="hand_back")
        await town.in_teams(TEAMS_SECURITY, "handed IT-1001 back")
        story = await town.auditor.delivered()
        june = await town.all_in_slack(direct)
        slack, teams = await town.all_in_slack(SLACK_SECURITY), await town.all_in_teams(TEAMS_SECURITY)
        posts = await town.teams.do("posts")
        own = await town.teams.do("open_personal", person=teams_town.VERA)

    said = (FROM_TEAMS, ASKED, CLEARED, CHANGED)
    assert [1, 1, 1, 1] == [how_often(slack, text) for text in said]
    assert [0, 0, 1, 1] == [how_often(teams, text) for text in said]
    assert [0, 1, 0, 0] == [how_often(june, text) for text in said]
    assert 1 == sum("mail.txt" in post and "files/" in post for post in teams)
    assert () == story.unsent
    assert {TEAMS_SUPPORT, TEAMS_SECURITY, own} == {post["conversation"]["id"].partition(";")[0] for post in posts}


async def test_a_requester_is_themselves_on_both_platforms(tmp_path: Path) -> None:
    """Linked by an admin, for her addresses differ: June asks in Teams and cannot approve as her Slack self; Sam's two presses are one."""

    async with both(tmp_path) as town:
        told = await _linked_by_an_admin(town)
        await _says(town, teams_town.JUNE, teams_town.JUNE, FORGOT)
        in_slack = (await town.in_slack(SLACK_SUPPORT, CALL))[0]
        in_teams = next(post for post in await town.in_teams(TEAMS_SUPPORT, '"verb": "approve"'))
        key = value_of(in_slack, "approve")
        await pressed_again(town.place, slack_town.JUNE, in_slack, "approve", key)
        await town.press_in_teams(teams_town.JUNE, in_teams, "approve")
        await town.in_slack(SLACK_SUPPORT, "a requester cannot decide")
        await town.in_teams(TEAMS_SUPPORT, "a requester cannot decide")
        before = effects(tmp_path / "sandbox", "jumpcloud")
        await asyncio.gather(
            town.press_in_teams(teams_town.SAM, in_teams, "approve"),
            pressed_again(town.place, slack_town.SAM, in_slack, "approve", key),
        )
        await town.auditor.status("resolved")
        story = await town.auditor.delivered()
        decided = await town.auditor.audited("approval.approved")
        cards = [
            *(json.dumps(post) for post in await town.slack.do("posts", channel=SLACK_SUPPORT)),
            *(words(post) for post in await town.teams.do("posts", conversation=TEAMS_SUPPORT)),
        ]

    assert "June Park (june@example.com)" in told
    assert () == before
    assert [CALL] == [item.capability for item in effects(tmp_path / "sandbox", "jumpcloud")]
    assert (1, ()) == (len(decided), story.unsent)
    assert [] == [card for card in cards if '"approve' in card]


@pytest.mark.chaos
async def test_a_platform_that_refuses_does_not_hold_up_the_other(tmp_path: Path) -> None:
    """Teams has shut its support channels to Atom: what was for them is held, Slack's thread and June have everything all the same."""

    async with both(tmp_path) as town:
        for channel in (TEAMS_SUPPORT, TEAMS_SECURITY):
            await town.teams.do("set_place", place=channel, refuses="BotDisabledByAdmin")
        await _asked_in_teams(town)
        header = (await town.in_slack(SLACK_SECURITY, HEADER))[0]
        await town.slack.do("press", user=slack_town.VERA, message=header, action_id="take_over")
        await _vera_in_slack(town, header["ts"], f"reply: {ASKED}")
        chat = await teams_town.personal_chat(town.teams)
        await town.in_teams(chat, ASKED)
        held = await town.auditor.until(_held, bool)
        notes = how_often(await town.all_in_slack(SLACK_SECURITY), "Hardware Engineer → Security Specialist")

    assert 1 == notes
    assert [] == [key for key in held if ":teams:" not in key]


async def _asked_in_teams(town: Both) -> str:
    """Let June ask in her personal chat and be asked back; return the chat."""
    await teams_town.june_asks(town.teams)
    chat = await teams_town.personal_chat(town.teams)
    await town.in_teams(chat, "MFA")
    return chat


async def _linked_by_an_admin(town: Both) -> str:
    """Give June another address in Teams, and have the organisation's admin say in Slack whose it is; return what that one is told."""
    await town.teams.do("add_person", id=teams_town.JUNE, name="June Park", email="j.park@example.com")
    await _says(town, teams_town.JUNE, teams_town.JUNE, "help")
    await town.in_teams(await teams_town.personal_chat(town.teams), "What you can do")
    await town.slack.do("add_user", id="U0DAVID", name="David", email="david@example.com")
    david = Hands(slack=town.slack, user="U0DAVID")
    return await david.types("link-account j.park@example.com to june@example.com", containing="teams:")


async def _says(town: Both, person: str, conversation: str, text: str) -> str:
    """Let somebody write in Teams; return the activity's id."""
    written = await town.teams.do("says", person=person, conversation=conversation, text=text)
    return str(written["id"])


async def _vera_in_slack(town: Both, thread: str, text: str) -> str:
    """Let Vera write in the private thread; return the message's timestamp."""
    written = await town.slack.do("says", user=slack_town.VERA, channel=SLACK_SECURITY, text=text, thread=thread)
    return str(written["ts"])


async def _accounts(town: Both, email: str) -> list[Identity]:
    return list(await town.auditor.read(lambda reader: reader.find(Identity, email=email)))


async def _held(reader: Reader) -> list[str]:
    """Return the conversations that hold replies."""
    return [str(item.conversation_id) for item in await reader.find(Reply, state="held")]
