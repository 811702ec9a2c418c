"""The outbox on the storages that it really runs on: killed, withheld and moved there too."""

from dataclasses import replace

import pytest

from bot.errors import TemporaryError
from bot.labels import Visibility
from tests.fakes.databases import (  # noqa: F401 -- fixtures
    AnyStorage,
    empty_postgres,
    migrated_file,
    migrated_postgres,
    postgres_database,
    sqlite_database,
    storage,
)
from tests.fakes.messenger import Fault
from tests.unit.desk.outbox_scene import IT, MARIA, Scene, support


@pytest.mark.parametrize("kill_at", [2, 3, 5])
async def test_a_thread_is_delivered_once_in_order_and_moves(storage: AnyStorage, kill_at: int) -> None:  # noqa: F811
    """A lost answer, a death, a requester who joins: the end is the same on each storage."""
    scene = Scene(workspace=replace(IT, restricted_channels={"slack": "CRESTRICTED"}), memory=storage)
    await scene.open()
    for key in ("a", "b"):
        await scene.queue(key, support())
    await scene.queue("answer", scene.own(), visibility=Visibility.PUBLIC)
    scene.messenger.script.append(Fault(error=TemporaryError("answer lost", maybe_done=True), done=True))
    scene.storage.kill_at, scene.storage.after = kill_at, True
    await scene.settle()
    scene.audience.places["CSUPPORT"] = MARIA
    for key in ("c", "d"):
        await scene.queue(key, support())

    await scene.settle()

    assert scene.shown("CSUPPORT") == ["header1", "a", "b"]
    assert scene.shown("CRESTRICTED") == ["restricted-header-r1", "c", "d"]
    assert scene.shown("D1") == ["answer"]
    assert {reply.state for reply in (await scene.replies()).values()} == {"sent"}
