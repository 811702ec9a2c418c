"""`deskmate route`: a line that cannot be read is answered in its place, and the others are routed."""

import io
import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.commands.route import Item, Unreadable, read_line
from config.start import main
from tests.unit.workforce.folders import write


def routed(
    folder: Path, lines: bytes, capsys: pytest.CaptureFixture[str]
) -> tuple[object, list[dict[str, object]], str]:
    """Route the lines and return the exit status, the answers and the complaint."""
    file = folder / "in.jsonl"
    file.write_bytes(lines)
    with pytest.raises(SystemExit) as end:
        main(["route", "--file", str(file), "--workforce", str(write(folder / "wf"))])
    said = capsys.readouterr()
    return end.value.code, [json.loads(line) for line in said.out.splitlines()], said.err


def test_good_lines_are_routed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A byte order mark, empty lines and line separators inside a text do no harm."""
    lines = '\ufeff{"id": 1, "text": "my laptop\u2028is slow", "requester": "a@b.co"}\n\n{"id": "b", "text": ""}'

    status, answers, _ = routed(tmp_path, lines.encode(), capsys)

    assert (0, [1, "b"]) == (status, [answer["id"] for answer in answers])
    assert "it" == answers[0]["workspace"]


def test_bad_lines_do_not_keep_the_others_from_being_routed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each has an error in its place; the status and a sentence tell of them."""
    lines = (
        b'foo\n{"id": 2}\n{"id": 3, "text": "x", "requester": 7}\n\xff\n[1]\n{"id": 6, "text": "my laptop is slow"}\n'
    )

    status, answers, complaint = routed(tmp_path, lines + b"[" * 100_000, capsys)

    assert 1 == status
    assert [
        (None, "line 1 is no JSON: Expecting value at character 1"),
        (2, 'line 2 has no "text" that is text'),
        (3, 'line 3 has a "requester" that is no text: write an e-mail address'),
        (None, "line 4 is not UTF-8 text"),
        (None, "line 5 is no JSON object"),
        (6, None),
        (None, "line 7 is no JSON"),
    ] == [(answer["id"], answer.get("error")) for answer in answers]
    assert complaint.startswith("deskmate: 6 of 7 lines could not be routed")


def test_what_cannot_be_printed_is_escaped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a character is JSON, although it is no text."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"id": "\\ud800", "text": "my laptop is slow"}')))
    with pytest.raises(SystemExit) as end:
        main(["route", "--file", "-", "--workforce", str(write(tmp_path))])

    assert 0 == end.value.code
    assert '{"id": "\\ud800", "workspace": "it"' in capsys.readouterr().out


@pytest.mark.parametrize("name", ["nowhere.jsonl", ".", "a\x00b"])
def test_a_file_that_cannot_be_read_is_told_in_words(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No number of the operating system's."""
    with pytest.raises(SystemExit) as end:
        main(["route", "--file", str(tmp_path / name), "--workforce", str(write(tmp_path))])
    complaint = capsys.readouterr().err

    assert 1 == end.value.code
    assert complaint.endswith("): name a file with one JSON object per line.\n")
    assert "Errno" not in complaint


@given(
    st.binary(max_size=60)
    | st.recursive(st.none() | st.floats() | st.text(), st.lists).map(lambda x: json.dumps(x).encode())
)
def test_any_line_is_read_or_refused(line: bytes) -> None:
    """Nothing else comes of it."""
    try:
        read = read_line(line, 1)
    except Unreadable as error:
        read = Item(id=0, text=str(error))

    assert "" != read.text or read.id is not None
