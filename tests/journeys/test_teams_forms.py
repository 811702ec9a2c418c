"""What people do in Teams besides writing: a request from a colleague's message, the forms of its card, the survey, and commands.

The whole of it through the message action, dialogues and cards, as in Slack; in the personal chat, where Teams has no threads, requests
are told apart by their numbers.
"""

import json
from pathlib import Path

from bot.note import Note
from bot.ports import Reader
from tests.fakes.databases import sqlite_url
from tests.fakes.faults import JsonObject
from tests.fakes.separate import Remote
from tests.fakes.teams_state import CARD
from tests.journeys import teams_town as town
from tests.journeys.deskmate import running
from tests.journeys.looking import auditor

SAID = "The projector in room 4 shows no picture."
TAKE_OVER = {"verb": "take_over"}


async def seen(teams: Remote, conversation: str, containing: str) -> JsonObject:
    """Return the newest post with these words, once there is one."""
    posts: list[JsonObject] = await teams.do(
        "wait_for_posts", conversation=conversation, containing=containing, seconds=30
    )
    return posts[-1]


async def fills(teams: Remote, person: str, card: JsonObject, form: str, values: dict[str, str]) -> JsonObject:
    """Open a form of a card, fill it in by its labels and send it; return what is seen then."""
    where = {"conversation": card["conversation"]["id"], "activity": card["id"]}
    opened = await teams.do("opens", person=person, form=form, **where)
    closed: JsonObject = await teams.do("sends", dialogue=opened["dialogue"], values=values)
    return closed


def says(card: JsonObject, words: str) -> bool:
    """Tell whether a card shows these words."""
    return words in json.dumps(card)


async def _notes(reader: Reader) -> list[str]:
    return [note.text for note in await reader.find(Note)]


async def test_a_colleagues_message_becomes_a_request_and_ends_well(tmp_path: Path) -> None:
    """Sam opens it from June's message, takes it over, answers and resolves it by forms; June's comment reaches the team."""

    async with town.teams_town() as teams:
        place = town.place_for(teams, tmp_path, sqlite_url(tmp_path))
        async with running(place), auditor(place) as looking:
            await town.connect(teams, place)
            message = await teams.do("says", person=town.JUNE, conversation=town.HELP, text=SAID, mention=False)
            thread = message["conversation"]["id"]
            form = await teams.do("opens_on", person=town.SAM, conversation=thread, activity=message["id"])
            title = {"What is it about?": "Projector", "Team": "IT Support"}
            opened = await teams.do("sends", dialogue=form["dialogue"], values=title)
            told = await seen(teams, await teams.do("open_personal", person=town.SAM), "IT-1001")
            header = await seen(teams, town.IT_SUPPORT, "IT-1001: Projector")
            support = header["conversation"]["id"]
            card = {"conversation": support, "activity": header["id"]}
            pressed = await teams.do("press", person=town.SAM, data=TAKE_OVER, **card)
            old = header["channelData"]["deskmate"]["reply"]
            header = await seen(teams, town.IT_SUPPORT, "Hand back")
            anew = await teams.do("refresh", person=town.SAM, reply=old, **card)
            looks = await teams.do("looks", person=town.SAM, **card)
            replied = await fills(teams, town.SAM, header, "reply", {"What the requester reads": "I am on my way."})
            answer = await seen(teams, await teams.do("open_personal", person=town.JUNE), "I am on my way.")
            await fills(teams, town.SAM, header, "resolve", {"What was done": "A new cable."})
            survey = await seen(teams, await teams.do("open_personal", person=town.JUNE), "How did it go")
            where = {"person": town.JUNE, "conversation": survey["conversation"]["id"], "activity": survey["id"]}
            forged = await teams.do("refresh", reply=old, **where)
            await teams.do("press", data={"verb": "rate", "value": "5"}, **where)
            thanks = await seen(teams, survey["conversation"]["id"], "omment")
            await fills(teams, town.JUNE, thanks, "comment", {"What went well, what did not?": "Quick work."})
            comment = await seen(teams, support, "Quick work.")
            request = await looking.status("resolved")

    assert SAID in form["typed"].values()
    assert pressed["body"]["type"] != CARD or says(pressed["body"]["value"], "Hand back")
    assert says(anew["body"]["value"], "Hand back")
    assert looks == anew["body"]["value"]
    assert (200, False) == (forged["status"], forged["body"]["type"] == CARD)
    assert (False, False) == (opened["open"], replied["open"])
    assert request.requester != request.author
    assert request.source_link.startswith("https://teams.microsoft.com/l/message/")
    assert told["id"] < answer["id"] < comment["id"]


async def test_somebody_new_is_welcomed_and_opens_a_request_by_a_form(tmp_path: Path) -> None:
    """`new` alone offers the form; what is opened so is told once, and what June writes about it goes to it."""

    async with town.teams_town() as teams:
        place = town.place_for(teams, tmp_path, sqlite_url(tmp_path))
        async with running(place), auditor(place) as looking:
            await town.connect(teams, place)
            chat = await teams.do("open_personal", person=town.JUNE)
            await teams.do("joins", person=town.JUNE, place=town.JUNE, bot=True)
            welcome = await seen(teams, chat, "Hello June")
            await teams.do("says", person=town.JUNE, conversation=town.JUNE, text="new")
            offer = await seen(teams, chat, "for a form")
            title = {"What is it about?": "My laptop is slow", "Team": "IT Support"}
            closed = await fills(teams, town.JUNE, offer, "new", title)
            await seen(teams, chat, "IT-1001")
            await teams.do("says", person=town.JUNE, conversation=town.JUNE, text="IT-1001: it is the blue one.")
            crossed = await seen(teams, town.IT_SUPPORT, "it is the blue one")
            story = await looking.delivered()
            posts = await town.posts(teams, chat)

    assert not closed["open"]
    assert welcome["id"] < offer["id"] < crossed["id"]
    assert ["IT-1001"] == [number for number, _, _, _ in story.requests]
    assert 1 == len([text for text in posts if "I've opened" in text])
    assert [True] == ["The answer comes here." in text for text in posts if "added that to IT-1001" in text]


async def test_commands_are_obeyed_where_they_are_given(tmp_path: Path) -> None:
    """In the personal chat all of one's own; in a channel only what was opened there; and nothing for want of a role."""

    async with town.teams_town() as teams:
        place = town.place_for(teams, tmp_path, sqlite_url(tmp_path))
        async with running(place), auditor(place) as looking:
            await town.connect(teams, place)
            chat = await teams.do("open_personal", person=town.JUNE)
            new = await teams.do("says", person=town.JUNE, conversation=town.JUNE, text="new My badge is broken")
            await seen(teams, chat, "IT-1001")
            await teams.do("edits", conversation=chat, activity=new["id"], text="new My badge is broken in two")
            await looking.until(_notes, lambda notes: any("broken in two" in text for text in notes))
            await teams.do("says", person=town.JUNE, conversation=town.JUNE, text="mine")
            mine = await seen(teams, chat, "My badge is broken")
            asked = await teams.do("says", person=town.JUNE, conversation=town.HELP, text="status IT-1001")
            elsewhere = await seen(teams, asked["conversation"]["id"], "IT-1001")
            refused = await teams.do("says", person=town.JUNE, conversation=town.JUNE, text="coworkers")
            why = await seen(teams, chat, "workspace admin")

    assert "IT-1001" in mine["text"]
    assert "badge" not in elsewhere["text"]
    assert refused["id"] < why["id"]
