"""PostgreSQL ends every connection again and again while the story is played: nothing is lost, nothing comes twice."""

import asyncio
import contextlib
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
import pytest

from tests.fakes.databases import SERVER, plain, postgres_url
from tests.journeys import slack_town as town
from tests.journeys.expected import problems
from tests.journeys.slack_scene import SECURITY, SUPPORT, slack_scene

_CUT = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()"


@pytest.mark.parametrize("every", [1.5, pytest.param(0.5, marks=pytest.mark.chaos)])
async def test_the_story_survives_terminated_connections(every: float, tmp_path: Path) -> None:
    """All connections of the database are ended at intervals, from the first message to the last note."""

    with postgres_url() as url:
        async with slack_scene(tmp_path, database=url) as scene:
            cutting = asyncio.create_task(_cut(plain(url).rpartition("/")[2], every))
            thread = await town.june_asks(scene.slack)
            await town.security_asked(scene.slack, seconds=120)
            await town.june_clears(scene.slack, thread)
            await town.advice_came(scene.slack, seconds=120)
            cutting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await cutting
            story = await scene.auditor.delivered(seconds=60)
            posts = [await town.posts(scene.slack, place) for place in (await scene.direct(), SUPPORT, SECURITY)]

    assert [] == problems(story)
    assert [] == [text for texts in posts for text in texts if texts.count(text) > 1]


async def _cut(database: str, every: float) -> None:
    connection = await asyncpg.connect(f"{SERVER}/postgres", timeout=10)
    try:
        while True:
            await connection.fetchval(_CUT, database)
            await asyncio.sleep(every)
    finally:
        await connection.close()
