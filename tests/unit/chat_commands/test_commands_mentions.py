"""Mentions in commands: accounts where somebody is looked for, names where people read."""

from bot.labels import Visibility
from tests.unit.chat_commands.chat import opened


async def test_a_mention_in_a_note_is_read_as_a_name() -> None:
    """What is written for people says no account."""
    desk = await opened()
    await desk.ask("ida", "mine")

    await desk.ask("sam", "note IT-1001 Ask @UIDA about it.")

    assert "Ask @Ida about it." in await desk.notes(Visibility.PRIVATE)
