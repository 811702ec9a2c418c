"""The story's two messages said in a terminal: `deskmate run`, once for each, on one database."""

import asyncio
import sys
from pathlib import Path

from tests.journeys.deskmate import ROOT, Place, free_port


def place_for(folder: Path, database_url: str) -> Place:
    """Return where a Deskmate without any platform keeps its things."""
    return Place(folder=folder, database_url=database_url, port=free_port())


async def june_says(place: Place, text: str) -> str:
    """Run the command to its end, and return what it printed; an AssertionError tells what went wrong."""
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("deskmate")),
        *("run", "--message", text, "--as", "june@example.com"),
        cwd=ROOT,
        env=place.whole_environment(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    if process.returncode:
        raise AssertionError(f"deskmate run ended with {process.returncode}:\n{printed.decode()[-3000:]}")
    return printed.decode()
