"""Only one process works with a SQLite file."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import PermanentError
from storage.one_process import only_process

HOLD = """
import sys
from storage.one_process import only_process
with only_process(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_refused_until_the_first_has_ended(tmp_path: Path) -> None:
    """The sentence says what to do; a kill frees the file."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'new' / 'desk.db'}"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]
    ) as first:
        assert first.stdout is not None
        first.stdout.readline()

        with pytest.raises(PermanentError, match="stop it first"), only_process(url):
            pass
        first.kill()

    with only_process(url):
        assert (tmp_path / "new" / "desk.db.lock").exists()


def test_postgres_takes_any_number() -> None:
    """A server's URL is held by nobody."""
    url = "postgresql+asyncpg://postgres@127.0.0.1/desk"

    with only_process(url), only_process(url):
        pass
