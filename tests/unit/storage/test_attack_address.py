"""Attacks on DATABASE_URL: passwords that an error might quote, and a file that others on the machine might read."""

import os
import stat
from pathlib import Path

import pytest

from bot.errors import PermanentError
from storage.address import address, sqlite_file
from storage.migrate import migrate

PASSWORD = "s3cr3t-pw"


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql+asyncpg://user:{PASSWORD}",
        f"postgresql+asyncpg://user:{PASSWORD}@host:port/database",
        f"postgresql+asyncpg://host:{PASSWORD}/database",
        f"mysql://user:{PASSWORD}@host/database",
        PASSWORD,
    ],
)
def test_what_is_wrong_with_a_url_is_told_without_it(url: str) -> None:
    """One sentence, no password, and no cause that a traceback would show."""
    with pytest.raises(PermanentError) as caught:
        address(url)

    assert PASSWORD not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


async def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    """Private notes are in it, and in its log: nobody else on the machine reads them, whatever the umask."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'var' / 'desk.db'}"
    before = os.umask(0)
    try:
        await migrate(url)
    finally:
        os.umask(before)

    modes = {item.name: stat.S_IMODE(item.stat().st_mode) for item in (tmp_path / "var").iterdir()}
    assert 0o600 == modes["desk.db"]
    assert {0o600} == set(modes.values())


def test_a_place_that_cannot_be_made_is_told_by_whoever_opens_it(tmp_path: Path) -> None:
    """A folder in the file's place is no error here."""
    assert tmp_path == sqlite_file(address(f"sqlite+aiosqlite:///{tmp_path}"))
