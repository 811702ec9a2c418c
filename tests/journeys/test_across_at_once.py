"""What people do on both platforms at the same time about one request, and whether the two private threads tell the same story.

Order is looked at too: each thread is a queue of its own, so both must show what was said in the order in which it was stored, except
that a thread does not repeat what was written in it.
"""

import asyncio
from pathlib import Path

from bot.request import Request
from tests.journeys import slack_town, teams_town
from tests.journeys.across_scene import SLACK_SECURITY, TEAMS_SECURITY, both, how_often
from tests.journeys.across_stories import disorder, told_apart

HEADER = "Write here to leave a private note"
NOTES = ("The updater is not signed.", "Its certificate is revoked.")
REPLIES = ("Please leave it switched on.", "Somebody comes to your desk.", "Until then, see this.")
CLICKED, RATTLES = "I clicked on nothing.", "it rattles too when I close the lid"


async def test_both_sides_at_once_and_what_is_taken_back(tmp_path: Path) -> None:
    """Notes, replies with files and June's words cross each other, and the power fails; deletions and a low score follow.

    In Teams one post of each conversation that was under way at that moment may stand twice.
    """

    async with both(tmp_path) as town:
        await town.teams.do("set_place", place=TEAMS_SECURITY, hears_all=True)
        await town.teams.do("says", person=teams_town.VERA, conversation=teams_town.VERA, text="help")
        await teams_town.june_asks(town.teams)
        chat = await teams_town.personal_chat(town.teams)
        asked = (await town.in_teams(chat, "MFA"))[0]["id"]
        in_slack = (await town.in_slack(SLACK_SECURITY, HEADER))[0]["ts"]
        card = (await town.in_teams(TEAMS_SECURITY, HEADER))[0]
        await town.auditor.delivered()
        await town.press_in_teams(teams_town.VERA, card, "take_over")
        await town.in_slack(SLACK_SECURITY, "has taken over IT-1001")
        vera = {"user": slack_town.VERA, "channel": SLACK_SECURITY, "thread": in_slack}
        also_vera = {"person": teams_town.VERA, "conversation": card["conversation"]["id"], "mention": False}
        june = {"person": teams_town.JUNE, "conversation": teams_town.JUNE}
        noted, word, *_ = await asyncio.gather(
            town.slack.do("says", **vera, text=NOTES[0]),
            town.teams.do("says", **june, text=CLICKED, file="screen.log", quotes=asked),
            town.teams.do("says", **also_vera, text=NOTES[1]),
            town.slack.do("says", **vera, text=f"reply: {REPLIES[0]}"),
            town.teams.do("says", **also_vera, text=f"reply: {REPLIES[1]}"),
            town.slack.do("uploads", **vera, name="how-to.txt", content="?", text=f"reply: {REPLIES[2]}"),
            town.slack.do("says", user=slack_town.JUNE, channel=slack_town.JUNE, text=f"About IT-1001: {RATTLES}"),
        )
        async with town.after_a_power_cut():
            await asyncio.gather(
                town.in_slack(SLACK_SECURITY, "screen.log"),
                town.in_teams(TEAMS_SECURITY, RATTLES),
                town.in_teams(chat, "how-to.txt"),
                town.in_teams(TEAMS_SECURITY, NOTES[0]),
            )
            await town.slack.do("deletes", channel=SLACK_SECURITY, ts=noted["ts"])
            await town.teams.do("deletes", conversation=chat, activity=word["id"])
            await town.in_teams(TEAMS_SECURITY, "deleted", count=2)
            await town.teams.do(
                "says", **also_vera | {"mention": True}, text="resolve IT-1001 Your session is renewed."
            )
            survey = (await town.in_teams(chat, '"verb": "rate"'))[-1]
            await town.press_in_teams(teams_town.JUNE, survey, "rate", value="1")
            await asyncio.gather(town.in_slack(SLACK_SECURITY, "1 of 5"), town.in_teams(TEAMS_SECURITY, "1 of 5"))
            story = await town.auditor.delivered()
        apart, wrong = await town.auditor.read(told_apart), await town.auditor.read(disorder)
        request = (await town.auditor.read(lambda reader: reader.find(Request)))[-1]
        told = await town.all_in_teams(chat)
        slack, teams = await town.all_in_slack(SLACK_SECURITY), await town.all_in_teams(TEAMS_SECURITY)

    assert [0, 1, 0, 1, 0] == [how_often(slack, text) for text in (*NOTES, *REPLIES)]
    assert [1, 1] == [how_often(slack, text) for text in (CLICKED, RATTLES)]
    assert 1 == sum("screen.log" in post and "sharepoint.com" in post for post in slack)
    assert [0, 0, 0] == [how_often(told, NOTES[0]), how_often(told, NOTES[1]), how_often(teams, NOTES[1])]
    in_teams = [how_often(teams, text) for text in (NOTES[0], REPLIES[0], REPLIES[2], CLICKED, RATTLES)]
    in_teams += [how_often(told, text) for text in REPLIES]
    assert (1, True) == (min(in_teams), sum(in_teams) <= len(in_teams) + 2)
    assert any("how-to.txt" in post and "slack.com/files" in post for post in told)
    assert ([], [], ()) == (apart, wrong, story.unsent)
    assert ("IT-1001", "in_progress", "person") == (request.number, request.status, request.assignee.kind)
