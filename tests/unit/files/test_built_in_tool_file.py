"""`transport: built-in`: what `deskmate check` takes, and each mistake with what to write instead."""

from pathlib import Path

import pytest

from tests.unit.workforce.folders import lines, read, write

RIGHT = "id: files\nname: Attached files\ntransport: built-in\ncapabilities:\n  read_file: {effect: read, untrusted: true}\n"
GRANT = "tools:\n  mdm: {get_device: allow, get_logs: allow, wipe: ask}\n  files: {read_file: allow}\n"


def test_a_built_in_tool_needs_no_server(tmp_path: Path) -> None:
    """It is granted like any other."""
    fixer = (write(tmp_path) / "coworkers/fixer/coworker.yaml").read_text(encoding="utf-8")
    granted = fixer.replace("tools:\n  mdm: {get_device: allow, get_logs: allow, wipe: ask}\n", GRANT)

    reading = read(tmp_path / "again", {"tools/files.yaml": RIGHT, "coworkers/fixer/coworker.yaml": granted})

    assert [] == lines(reading)
    assert reading.workforce is not None
    assert "built-in" == reading.workforce.tools["files"].transport
    assert {"read_file": "allow"} == next(
        item.grants["files"] for item in reading.workforce.coworkers.values() if item.id == "fixer"
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("read_file:", "write_file:", "nothing built in can `write_file`"),
        ("effect: read", "effect: write", "`read_file` reads what others wrote"),
        (", untrusted: true", "", "Write `read_file: {effect: read, untrusted: true}`"),
        ("capabilities:", "command: [cat]\ncapabilities:", "a `built-in` tool has no `command`"),
        ("capabilities:", "env: {A: 'env:A'}\ncapabilities:", "a `built-in` tool has no `env`"),
        ("built-in", "builtin", "`transport: builtin` is not known"),
    ],
)
def test_each_mistake_is_named(tmp_path: Path, old: str, new: str, expected: str) -> None:
    """With what to write instead."""
    reading = read(tmp_path, {"tools/files.yaml": RIGHT.replace(old, new)})

    assert reading.workforce is None
    assert any(expected in line for line in lines(reading))
