"""The command line: bad usage ends with status 2 and a sentence, failures with 1, and neither with a traceback."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.commands.arguments import email
from config.start import main


def ended(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[object, str]:
    """Run the command and return its exit status and the last line of what it complained of."""
    with pytest.raises(SystemExit) as end:
        main(arguments)
    complained = capsys.readouterr().err.strip().splitlines()
    return end.value.code, complained[-1] if complained else ""


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["run", "--message", "", "--as", "june@example.com"], "the message is empty: write what the person needs"),
        (["run", "--message", " \n", "--as", "june@example.com"], "the message is empty: write what the person needs"),
        (["run", "--message", "a\udcff", "--as", "june@example.com"], "the message is not UTF-8 text"),
        (["run", "--message", "x", "--as", "notanemail"], "'notanemail' is no e-mail address: write it as june@example.com"),
        (["run", "--message", "x", "--as", ""], "'' is no e-mail address"),
        (["run", "--message", "x", "--as", "a@b.c\x1b[2J"], "is no e-mail address"),
        (["demo", ""], "the message is empty"),
        (["serve", "--role", "web"], "one process does everything for now, so there is no web alone"),
        (["serve", "--role", "worker"], "there is no worker alone: write --role all, or leave it out"),
        (["serve", "--role", "clock"], "there is no clock alone"),
        (["serve", "--role", "cook"], "'cook' is not a role: write --role all"),
        (["dance"], "invalid choice: 'dance'"),
        ([], "the following arguments are required: VERB"),
    ],
)  # fmt: skip
def test_bad_usage_ends_with_two(arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything is opened, so that no database is made."""
    status, said = ended(arguments, capsys)

    assert 2 == status
    assert expected in said


def test_a_place_that_cannot_be_made_is_told_in_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What the operating system calls it by number is no help."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/file/inside/deskmate.db")

    status, said = ended(["migrate"], capsys)

    assert 1 == status
    assert said.startswith(f"deskmate: {tmp_path}/file")
    assert "cannot be used (not a directory)" in said


def test_the_version_can_be_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    """It is what is named in reports of faults."""
    with pytest.raises(SystemExit) as end:
        main(["--version"])

    assert 0 == end.value.code
    assert capsys.readouterr().out.startswith("Deskmate ")


@given(st.emails())
def test_every_address_is_taken_in_lower_case(address: str) -> None:
    """The same person is the same, however they are spelled."""
    assert email(address) == email(address.swapcase()).casefold()
