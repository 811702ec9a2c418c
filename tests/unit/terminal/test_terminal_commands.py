"""What a typed line means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.terminal.commands import Become, Command, Decide, Help, Hold, Note, Quit, Say, parse


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("  My laptop is slow ", Say(text="My laptop is slow")),
        ("//etc/hosts is odd", Say(text="/etc/hosts is odd")),
        ("/as Sam@Example.com", Become(email="sam@example.com")),
        ("/private it-1001 look at the disk", Note(number="IT-1001", text="look at the disk")),
        ("/take IT-1001", Hold(action="take_over", number="IT-1001")),
        ("/back IT-1001", Hold(action="hand_back", number="IT-1001")),
        ("/approve", Decide(action="approve")),
        ("/deny it-7", Decide(action="deny", number="IT-7")),
        ("/STATUS", Say(text="status")),
        ("/help", Help()),
        ("/quit", Quit()),
        ("   ", None),
    ],
)
def test_a_line_means_what_the_help_says(line: str, command: Command | None) -> None:
    """Words are for Atom; a slash begins a command."""
    assert command == parse(line)


@pytest.mark.parametrize(
    "line", ["/as", "/as sam", "/as a@b@c", "/private", "/private IT-1", "/take", "/approve me", "/x", "/"]
)
def test_a_line_that_is_half_a_command_says_what_to_write(line: str) -> None:
    """Nothing is guessed."""
    command = parse(line)

    assert isinstance(command, Help)
    assert "/" in command.wrong


@given(st.text())
def test_any_line_means_something_or_nothing(line: str) -> None:
    """And only empty lines mean nothing."""
    assert (parse(line) is None) == (not line.strip())
