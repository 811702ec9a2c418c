"""What is said to Atom is a command only where it reads as one."""

import pytest

from adapters.teams.commands import is_command


@pytest.mark.parametrize(
    "text",
    [
        "help",
        "Help status",
        "mine",
        " MINE ",
        "status",
        "status IT-1042",
        "Status #it-7.",
        "new",
        "new My laptop is slow since Monday",
        "new\nline",
        "assign IT-1 to Sam Okafor",
        "note IT-1 called them:\nthey are fine",
        "resolve IT-1",
        "take",
        "coworkers",
        "kill all",
        "pause hardware-engineer too many mistakes",
        "resume Hardware Engineer",
        "reload",
    ],
)
def test_a_command_with_what_belongs_to_it(text: str) -> None:
    """Names in any case, numbers as people write them."""
    assert is_command(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "help me, my laptop is slow",
        "help with the VPN",
        "Help! Status please",
        "status of my request?",
        "mine is broken too",
        "note that I am away on Monday",
        "take your time",
        "resolve my issue with the printer",
        "reply to me when it is done",
        "link does not work",
        "priority is high for this one",
        "kill the process on my laptop",
        "pause my notifications",
        "reload of the page shows an error, again and again and again",
        "budget for the new office chairs is gone",
        "/status",
        "newsletter",
    ],
)
def test_a_sentence_that_begins_with_a_commands_name_is_talk(text: str) -> None:
    """Nobody who asks for help is told how to write a command."""
    assert not is_command(text)
