"""Deskmate's Teams adapter with Microsoft Graph, and a delivery that looks whether a post stands before it is sent again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

from bot.conversation import Conversation
from bot.errors import TemporaryError
from bot.reply import Button, Reply
from tests.contract.teams import teams_at_work as work
from tests.contract.teams.teams_at_work import CHANNEL, ERIN, SAM, SUPPORT, AtWork, place, teams_at_work

CHAT = "19:crew@thread.v2"
TAKE = Button(action="take_over", subject="IT-1", label="Take over")


@asynccontextmanager
async def looking() -> AsyncIterator[AtWork]:
    """Run both sides with Graph, which shows at once what was posted; Teams has told of which team the channels are."""
    async with teams_at_work(graph=True) as bench:
        bench.platform.add_chat(CHAT, members=[ERIN, SAM])
        await bench.platform.says(SAM, SUPPORT, "Hello Atom")
        yield bench


def reply(text: str = "On it.", *, key: str = "r1", buttons: tuple[Button, ...] = ()) -> Reply:
    """Give a reply that was made just now."""
    return replace(work.reply(text, key=key, buttons=buttons), at=datetime.now(UTC), attempts=1)


async def in_a_thread(bench: AtWork) -> Conversation:
    """Give a thread in which Erin asked."""
    said = await bench.platform.says(ERIN, CHANNEL, "help")
    return place(CHANNEL, said["id"])


async def delivered(bench: AtWork, wanted: Reply, conversation: Conversation) -> str:
    """Post as the outbox does: look whether it stands before it is sent again."""
    messenger = bench.teams.messenger
    for _ in range(4):
        try:
            return await messenger.post(wanted, conversation)
        except TemporaryError:
            found = await messenger.find(wanted, conversation)
        if found is not None:
            return found
    raise AssertionError("It was never delivered.")
