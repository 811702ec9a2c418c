"""Commands with anything behind them: every one is answered, none fails, and none does what its words do not say."""

import asyncio
import json
from collections.abc import Coroutine
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.commands.arguments import first_word, number_of, shown, unquoted
from bot.commands.dispatch import COMMANDS
from bot.mail import Mail
from tests.unit.chat_commands.chat import Chat, aside, opened

NASTY = Path(__file__).resolve().parents[4] / "shared" / "data" / "nasty" / "blns.json"
Result = TypeVar("Result")
TEXTS = st.text(st.characters(codec="utf-8"), max_size=60)
PIECES = st.sampled_from(
    [
        "IT-1001",
        "it-1002",
        "to",
        "me",
        "all",
        "blocks",
        "high",
        "hardware-engineer",
        "Atom",
        "\n",
        "`",
        "<!channel>",
        "IT-",
    ]
)
ARGUMENTS = st.lists(st.one_of(PIECES, TEXTS), max_size=5).map(" ".join)


def worked(work: Coroutine[object, object, Result]) -> Result:
    """Run a piece of work to its end; hypothesis calls a test outside of any loop."""
    return asyncio.run(work)


async def unanswered(desk: Chat, who: str, texts: list[str]) -> list[str]:
    """Give the commands and return those that were not answered."""
    silent = []
    for text in texts:
        if not await desk.ask(who, text):
            silent.append(text)
    assert all(item.taken_by for item in await desk.all(Mail))
    return silent


@settings(max_examples=60)
@given(who=st.sampled_from(["maria", "sam", "oda"]), name=st.sampled_from(list(COMMANDS)), arguments=ARGUMENTS)
@example(who="oda", name="pause", arguments="\x00")
@example(who="sam", name="assign", arguments="IT-1001 to :::")
@example(who="sam", name="link", arguments="IT-1001 \u200b IT-1001")
def test_any_arguments_are_answered(who: str, name: str, arguments: str) -> None:
    """By an answer or a refusal, in the first attempt."""

    async def work() -> None:
        desk = await opened()
        assert [] == await unanswered(desk, who, [f"{name} {arguments}"])

    worked(work())


@settings(max_examples=40)
@given(text=TEXTS)
def test_any_text_at_all_is_answered(text: str) -> None:
    """As a command that there is, or is not."""

    async def work() -> None:
        desk = await opened()
        assert [] == await unanswered(desk, "bo", [text])

    worked(work())


@pytest.mark.skipif(not NASTY.exists(), reason="the list of nasty strings is not on this machine")
async def test_the_nasty_strings_are_answered_and_said_back_harmlessly() -> None:
    """As a command's name, as a name, and as a note; a word said back never leaves its backticks."""
    desk = await opened()
    strings = [text for text in json.loads(NASTY.read_text("utf-8")) if text.strip()][::7]

    for text in strings:
        silent = await unanswered(desk, "sam", [text, f"assign IT-1001 to {text}", f"note IT-1001 {text}"])
        assert [] == silent

    answers = await desk.told(aside("sam").id)
    assert [] == [answer for answer in answers if answer.count("`") % 2]


@given(TEXTS)
def test_a_word_that_is_said_back_is_short_and_plain(text: str) -> None:
    """One line, printable, no backtick, however long."""
    said = shown(text * 3)

    assert (True, False, True) == (len(said) <= 41, "`" in said or "\n" in said, said.isprintable())


@given(TEXTS)
def test_a_first_word_and_the_rest_make_the_text(text: str) -> None:
    """Nothing of it is lost but the space between."""
    word, rest = first_word(text)

    assert "".join((word + rest).split()) == "".join(text.split())
    assert unquoted(unquoted(text)) == unquoted(text)


@given(st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,9}-[0-9]{1,9}", fullmatch=True))
def test_a_request_number_is_read_in_any_case(number: str) -> None:
    """With the hash, full stop or comma that people write around it."""
    assert {number.upper()} == {number_of(text) for text in (number, f"#{number}", f"{number}.", f"{number.lower()},")}


@given(TEXTS)
def test_nothing_else_is_a_number(text: str) -> None:
    """What is read as one has the form of one."""
    found = number_of(text)

    assert found is None or (found.isascii() and found.rpartition("-")[2].isdigit())
