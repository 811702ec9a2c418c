"""The conversation: each line becomes the arrival that a chat platform would have sent, and nothing else."""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.terminal.conversation import Cast, TerminalConversation
from adapters.terminal.lines import LONGEST, Lines
from bot.approval import Approval
from bot.errors import TemporaryError
from bot.ids import ApprovalId, CoworkerId, RequestId, RunId
from bot.message import Arrival, Press
from bot.request import Request
from bot.turn import Call
from tests.fakes.clock import FrozenClock
from tests.unit.terminal.terminal_stage import REQUEST, START, Stage, run_of

CAST = Cast(
    people={"june@example.com": "June Park", "sam@example.com": "Sam Okafor"},
    agents={"support-it-support": ["sam@example.com", "ravi.menon@example.com"]},
)


def approval(key: str) -> Approval:
    """Return an approval of the request that waits."""
    return Approval(
        id=ApprovalId(key),
        request_id=REQUEST.id,
        run_id=RunId("run-1"),
        coworker=CoworkerId("hardware-engineer"),
        version="v1",
        call=Call(id="c1", name="jumpcloud__wipe_device"),
        digest="d",
        reason="because",
        asked_at=START,
        expires_at=START + timedelta(days=2),
    )


def unthreaded() -> Request:
    """Return a request whose private thread has not begun."""
    return replace(REQUEST, id=RequestId("r-2"), number="SEC-1")


async def nothing_to_wait_for() -> None:
    """Stand for work that has settled."""


class Desk:
    """Accepts arrivals, or fails to."""

    def __init__(self, failure: TemporaryError | None = None) -> None:
        self.arrivals: list[Arrival] = []
        self._failure = failure

    async def accept(self, item: Arrival) -> None:
        """Keep the arrival."""
        if self._failure is not None:
            raise self._failure
        self.arrivals.append(item)


async def converse(
    stage: Stage, lines: Sequence[str], *, desk: Desk | None = None, cast: Cast = CAST, me: str = "june@example.com"
) -> list[Arrival]:
    """Type the lines and return what arrived."""
    reader, writer = os.pipe()
    os.write(writer, "".join(f"{line}\n" for line in lines).encode())
    os.close(writer)
    typed = Lines(reader)
    typed.start()
    desk = desk or Desk()
    async with stage.speaking():
        await TerminalConversation(
            voice=stage.voice,
            lines=typed,
            look=stage.storage,
            clock=FrozenClock(),
            cast=cast,
            accept=desk.accept,
            settled=nothing_to_wait_for,
            me=me,
        ).converse()
    os.close(reader)
    return desk.arrivals


async def test_words_are_said_by_whoever_sits_there() -> None:
    """`/as` changes who that is; nobody's words are lost at the end of the input."""
    stage = Stage()

    arrived = await converse(stage, ["My laptop is slow", "/as new.person@example.com", "Mine too"])

    assert [
        ("june@example.com", "June Park", "My laptop is slow"),
        ("new.person@example.com", "New Person", "Mine too"),
    ] == [(item.author.user, item.author.name, item.message.text) for item in arrived]
    assert len({item.message.id for item in arrived}) == 2


async def test_a_private_note_is_written_by_an_agent_in_the_requests_thread() -> None:
    """The requester cannot; the first agent does it for them."""
    stage = Stage()
    await stage.furnish()

    (item,) = await converse(stage, ["/private IT-1001 Atom: look at the disk"])

    assert ("ravi.menon@example.com", "t-1", "Atom: look at the disk") == (
        item.author.user,
        item.conversation.thread,
        item.message.text,
    )
    assert "PRIVATE  Ravi Menon → the IT Support team · IT-1001" in stage.text


async def test_an_agent_at_the_terminal_acts_as_themselves() -> None:
    """Taking over and handing back are presses of the card's buttons."""
    stage = Stage()
    await stage.furnish()

    arrived = await converse(stage, ["/take IT-1001", "/back IT-1001"], me="sam@example.com")

    assert [Press(action="take_over", subject="r-1"), Press(action="hand_back", subject="r-1")] == [
        item.message.press for item in arrived
    ]
    assert {"sam@example.com"} == {item.author.user for item in arrived}


@pytest.mark.parametrize("line", ["/approve", "/approve IT-1001", "/deny"])
async def test_the_waiting_approval_is_decided_by_a_press(line: str) -> None:
    """The press carries the approval's id."""
    stage = Stage()
    await stage.furnish()
    await stage.keep(run_of("run-1", "hardware-engineer"), approval("a-1"))

    (item,) = await converse(stage, [line])

    assert Press(action="deny" if line == "/deny" else "approve", subject="a-1") == item.message.press


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/approve", "No approval is waiting."),
        ("/deny IT-1001", "No approval of IT-1001 is waiting."),
        ("/take XX-9", "There is no request XX-9."),
        ("/private XX-9 hello", "There is no request XX-9."),
        ("/private SEC-1 hello", "SEC-1 has no private thread here yet."),
        ("/fly", "There is no command /fly. Type /help"),
    ],
)
async def test_a_command_about_nothing_says_so_and_nothing_arrives(line: str, sentence: str) -> None:
    """The conversation goes on."""
    stage = Stage()
    await stage.furnish()
    await stage.keep(unthreaded())

    arrived = await converse(stage, [line, "still here"])

    assert sentence in stage.text
    assert ["still here"] == [item.message.text for item in arrived]


async def test_a_workspace_without_agents_says_what_is_missing() -> None:
    """A requester is not made an agent."""
    stage = Stage()
    await stage.furnish()
    cast = replace(CAST, agents={"support-it-support": ["june@example.com"]})

    arrived = await converse(stage, ["/take IT-1001"], cast=cast, me="other@example.com")

    assert [] == arrived
    assert "Nobody here is an agent for IT-1001." in stage.text


async def test_what_was_not_accepted_is_said() -> None:
    """As a platform would deliver it again, the person is asked to."""
    stage = Stage()

    await converse(stage, ["hello"], desk=Desk(TemporaryError("The database cannot be reached.")))

    assert "The database cannot be reached. Type it again." in stage.text


async def test_help_lists_the_commands() -> None:
    """All of them."""
    stage = Stage()

    await converse(stage, ["/help", "/quit", "never read"])

    assert all(
        word in stage.text for word in ("/as", "/private", "/take", "/back", "/approve", "/deny", "/status", "/quit")
    )
    assert "never read" not in stage.text


async def test_a_cancelled_conversation_ends_at_once() -> None:
    """Ctrl-C cancels it while it waits for a line."""
    stage = Stage()
    reader, writer = os.pipe()
    lines = Lines(reader)
    lines.start()
    waiting = asyncio.Event()

    async def settled() -> None:
        waiting.set()

    async with stage.speaking():
        talk = TerminalConversation(
            voice=stage.voice,
            lines=lines,
            look=stage.storage,
            clock=FrozenClock(),
            cast=CAST,
            accept=Desk().accept,
            settled=settled,
            me="june@example.com",
        )
        task = asyncio.create_task(talk.converse())
        await waiting.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    os.close(writer)


async def test_a_failure_while_the_prompt_waits_is_not_kept_silent() -> None:
    """Otherwise the person would wait for a prompt that never comes."""
    stage = Stage()
    reader, writer = os.pipe()
    lines = Lines(reader)
    lines.start()

    async def settled() -> None:
        raise TemporaryError("The database cannot be reached.")

    async with stage.speaking():
        talk = TerminalConversation(
            voice=stage.voice,
            lines=lines,
            look=stage.storage,
            clock=FrozenClock(),
            cast=CAST,
            accept=Desk().accept,
            settled=settled,
            me="june@example.com",
        )
        with pytest.raises(TemporaryError):
            await talk.converse()
    os.close(writer)


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (b"", []),
        (b"one\r\ntwo", ["one", "two"]),
        ("ä€😀\n".encode(), ["ä€😀"]),
        (b"\xff\n", ["\ufffd"]),
        (b"x" * (LONGEST + 5), ["x" * LONGEST, "xxxxx"]),
    ],
)
async def test_lines_are_read_whole_whatever_the_input_is(given: bytes, read: list[str], tmp_path: Path) -> None:
    """From a file here; the other tests read pipes."""
    file = tmp_path / "input"
    file.write_bytes(given)
    descriptor = os.open(file, os.O_RDONLY)
    lines = Lines(descriptor)
    lines.start()

    found: list[str] = []
    while (line := await lines.next()) is not None:
        found.append(line)

    assert read == found
    assert await lines.next() is None
    os.close(descriptor)
