"""The slow-laptop story as data: what was said to whom, who handed over to whom, where the request stands.

Two runs of the story are the same story when these are equal, whatever platform they came over and however often the process was
killed meanwhile.
"""

import re
from dataclasses import dataclass

from bot.note import Note
from bot.packet import Packet
from bot.ports import Reader
from bot.reply import Reply
from bot.request import Request
from bot.run import Run, Step

ASKED = "My laptop feels really slow lately."
CLEARED = "No, I haven't seen any suspicious links, prompts or redirects."


@dataclass(frozen=True, kw_only=True)
class Story:
    """What happened, without ids and times."""

    requests: tuple[tuple[str, str, str, str], ...]
    """Number, workspace, status, assignee."""
    notes: tuple[tuple[str, str, str], ...]
    """Visibility, author, text."""
    hand_offs: tuple[tuple[str, str, str], ...]
    """Sender, receiver, reason."""
    runs: tuple[tuple[str, str | None], ...]
    """Coworker, outcome."""
    calls: tuple[str, ...]
    """Tools called, with what is known of each."""
    unsent: tuple[str, ...]
    """Replies that were not posted, with their state."""


async def told(reader: Reader) -> Story:
    """Read the story from the database."""
    runs = [run for run in await reader.find(Run) if run.request_id is not None]
    steps = await reader.find(Step, run_id=[run.id for run in runs], kind="tool")
    replies = await reader.find(Reply)
    return Story(
        requests=tuple(
            (item.number, str(item.workspace), item.status, item.assignee.id) for item in await reader.find(Request)
        ),
        notes=tuple((note.visibility.value, note.author.name, timeless(note.text)) for note in await reader.find(Note)),
        hand_offs=tuple((item.sender, item.receiver, item.reason) for item in await reader.find(Packet)),
        runs=tuple((str(run.coworker), run.outcome.kind if run.outcome else None) for run in runs),
        calls=tuple(f"{step.call.name}: {step.state}" for step in steps if step.call is not None),
        unsent=tuple(f"{item.kind}: {item.state}" for item in replies if item.state not in {"sent", "dropped"}),
    )


def timeless(text: str) -> str:
    """Return a text without the device log's lines, whose times differ from run to run."""
    return "\n".join(line for line in text.splitlines() if not _LOGGED.match(line))


_LOGGED = re.compile(r"^\s*[-•*]\s+20\d\d-")
