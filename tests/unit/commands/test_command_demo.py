"""`deskmate demo`: what is typed or piped in is shown once."""

import asyncio
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


async def test_what_is_piped_in_is_shown_once() -> None:
    """As a message of June's, with a note by an agent behind it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from config.start import main; main()",
        "demo",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env={name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
    )
    async with asyncio.timeout(120):
        told, _ = await process.communicate(b"Hello, this is a test\n/private IT-1001 Seen before.\n")
    text = told.decode()

    assert 0 == process.returncode
    assert 1 == text.count("Hello, this is a test")
    assert 1 == text.count("Seen before.")
    assert 1 == text.count("Ravi Menon → the IT Support team")
