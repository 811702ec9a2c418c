"""Attacks by a workforce folder: files that never end, and words that a terminal would obey."""

import os
from pathlib import Path

import pytest

from coworkers.files.read import check


@pytest.mark.parametrize("path", ["people.yaml", "knowledge/endless.md", "organisation.yaml"])
def test_a_pipe_in_place_of_a_file_is_a_mistake(path: str, tmp_path: Path) -> None:
    """Reading it would wait for ever."""
    (tmp_path / "knowledge").mkdir()
    os.mkfifo(tmp_path / path)

    assert f"{path}:1: it is no ordinary file. Put a file here." in map(str, check(tmp_path))


def test_a_problem_is_one_line_that_no_terminal_obeys(tmp_path: Path) -> None:
    """Escape sequences, line ends and changes of direction are shown as what they are."""
    (tmp_path / "organisation.yaml").write_text('"\\e[31mred\\u202e\\n::error::": 1\n', encoding="utf-8")

    told = [str(problem) for problem in check(tmp_path)]

    assert [] == [line for line in told if not line.isprintable()]
    assert any(r"\x1b[31mred\u202e\n::error::" in line for line in told)
