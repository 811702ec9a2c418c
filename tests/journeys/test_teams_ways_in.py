"""Where Atom is spoken to in Teams, and where it is not: personal chats, channels, group chats, and the private threads of the team.

A team or chat may let Atom hear what does not mention it. Then what belongs to a request goes on with it, and everything else is
left alone without a trace; without that a mention is needed.
"""

from pathlib import Path

from bot.message import Message
from bot.note import Note
from bot.request import Request
from bot.run import Run
from tests.fakes.databases import sqlite_url
from tests.fakes.faults import JsonObject
from tests.fakes.separate import Remote
from tests.journeys import teams_town as town
from tests.journeys.deskmate import running
from tests.journeys.looking import auditor
from tests.journeys.story import ASKED, CLEARED

CHAT = "19:friends@thread.v2"
CHATTER = "My printer is broken again, is anybody else's?"
PRINTER = "The printer on floor 2 does not print"


async def test_what_is_meant_for_atom_is_heard_and_nothing_else(tmp_path: Path) -> None:
    """June asks in a channel and answers without a mention; among friends only a quote is heard; Vera's notes need none."""

    async with town.teams_town() as teams:
        await teams.do("add_chat", id=CHAT, members=[town.JUNE, town.SAM])
        for channel in (town.HELP, CHAT, town.SECURITY):
            await teams.do("set_place", place=channel, hears_all=True)
        place = town.place_for(teams, tmp_path, sqlite_url(tmp_path))
        async with running(place), auditor(place) as looking:
            await town.connect(teams, place)
            thread = await town.june_asks(teams, town.HELP)
            await town.security_asked(teams, thread)
            header = await _seen(teams, town.SECURITY, "Write here to leave a private note")
            await _says(teams, town.VERA, header["conversation"]["id"], "The updater is known to us.")
            await _says(teams, town.SAM, town.HELP, CHATTER)
            await _says(teams, town.JUNE, thread, CLEARED)
            await town.advice_came(teams, thread)
            await teams.do("says", person=town.JUNE, conversation=CHAT, text=PRINTER)
            opened = await _seen(teams, CHAT, "Waiting for your answer")
            for text in (CHATTER, "Mine too"):
                await _says(teams, town.SAM, CHAT, text)
            await _says(teams, town.SAM, CHAT, "It has no paper", quotes=opened["id"])
            await _says(teams, town.SAM, town.IT_SUPPORT, "Unheard: nobody granted that here")
            notes = await looking.until(
                lambda reader: reader.find(Note), lambda found: any("no paper" in note.text for note in found)
            )
            await looking.delivered()
            said = [message.text for message in await looking.read(lambda reader: reader.find(Message))]
            requests = await looking.read(lambda reader: reader.find(Request))
            talks = await looking.read(lambda reader: reader.find(Run, coworker="atom"))
            support = await town.posts(teams, town.IT_SUPPORT)

    by_people = [(note.visibility.value, note.author.name, note.text) for note in notes if note.author.kind == "person"]
    assert [ASKED, "The updater is known to us.", CLEARED, PRINTER, "It has no paper"] == said
    assert [
        ("private", "Vera Lindqvist", "The updater is known to us."),
        ("public", "June Park", CLEARED),
        ("public", "Sam Okafor", "It has no paper"),
    ] == by_people
    assert ["IT-1001", "IT-1002"] == [item.number for item in requests]
    assert 2 == len(talks)
    assert 1 == sum("It has no paper" in post for post in support)


async def _says(teams: Remote, person: str, conversation: str, text: str, *, quotes: str = "") -> None:
    """Let somebody write without mentioning Atom."""
    await teams.do("says", person=person, conversation=conversation, text=text, mention=False, quotes=quotes)


async def _seen(teams: Remote, conversation: str, containing: str) -> JsonObject:
    """Return the first post with these words, once there is one."""
    posts: list[JsonObject] = await teams.do(
        "wait_for_posts", conversation=conversation, containing=containing, seconds=30
    )
    return posts[0]
