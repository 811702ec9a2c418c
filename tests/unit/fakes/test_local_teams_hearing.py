"""What the local Teams lets a bot hear: what mentions it, and everything only where the team or chat has granted that."""

from collections.abc import AsyncIterator

import pytest

from tests.fakes.listener import Listener, listening
from tests.fakes.teams import LocalTeams

CHANNEL, CHAT = "19:town@thread.tacv2", "19:chat@thread.v2"


@pytest.fixture
async def town() -> AsyncIterator[tuple[LocalTeams, Listener]]:
    """Give a Teams with one person, a channel, a chat, and a bot that hears."""
    async with LocalTeams() as teams, listening() as ear:
        teams.set_bot_url(ear.url)
        teams.add_person("29:june", name="June")
        teams.add_channel(CHANNEL, team="19:t", members=["29:june"])
        teams.add_chat(CHAT, members=["29:june"])
        yield teams, ear


@pytest.mark.parametrize("place", [CHANNEL, CHAT])
async def test_what_does_not_mention_the_bot_is_heard_where_that_was_granted(
    place: str, town: tuple[LocalTeams, Listener]
) -> None:
    """Nor is the edit of what was not heard, or its deletion."""
    teams, ear = town
    unheard = await teams.says("29:june", place, "one", mention=False)
    await teams.edits(unheard["conversation"]["id"], unheard["id"], "two")
    await teams.deletes(unheard["conversation"]["id"], unheard["id"])
    teams.set_place(place, hears_all=True)

    heard = await teams.says("29:june", place, "three", mention=False)
    await teams.deletes(heard["conversation"]["id"], heard["id"])
    await teams.restores(heard["conversation"]["id"], heard["id"])

    assert ["message", "messageDelete", "messageUpdate"] == [one["type"] for one in ear.documents]
    assert {"three", None} == {one.get("text") for one in ear.documents}


async def test_a_quote_names_what_it_quotes_and_files_come_in_personal_chats_only(
    town: tuple[LocalTeams, Listener],
) -> None:
    """As Teams tells bots of them."""
    teams, ear = town
    first = await teams.says("29:june", "29:june", "one", file="log.txt")
    await teams.says("29:june", "29:june", "two", quotes=first["id"])
    await teams.says("29:june", CHAT, "three", file="log.txt")

    files = [len(one["attachments"]) for one in ear.documents]
    assert [2, 1, 1] == files
    assert f'<quoted messageId="{first["id"]}"/> two' == ear.documents[1]["text"]


async def test_what_was_missed_comes_again_also_when_more_has_happened_to_the_same_message(
    town: tuple[LocalTeams, Listener],
) -> None:
    """A message that nobody took and its edit that was taken: only the message is sent again, until somebody takes it."""

    teams, bot = town
    bot.statuses = [503, 202, 503]
    said = await teams.says("29:june", "29:june", "hello")
    await teams.edits(said["conversation"]["id"], said["id"], "hello there")
    again = [await teams.redeliver_unanswered() for _ in range(3)]

    assert [1, 1, 0] == again
    assert ["message", "messageUpdate", "message", "message"] == [document["type"] for document in bot.documents]
