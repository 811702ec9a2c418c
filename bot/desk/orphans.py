"""Requests whose workspace is no longer in the workforce folder: nobody would be told of them, and nothing could be done.

When the office opens they move to the default workspace's agents, with a card that says why; their number stays.
"""

from dataclasses import replace

from bot.desk.assigning import call_human
from bot.desk.changing import keep
from bot.desk.desk import Desk
from bot.ids import derived_id
from bot.labels import SYSTEM
from bot.ports import Reader, Storage, UnitOfWork
from bot.request import ALIVE, Request
from bot.wording import cards


async def take_in_orphans(storage: Storage, desk: Desk) -> list[str]:
    """Move the requests of workspaces that are gone to the default one; return their numbers. Does nothing without a default."""
    known = {workspace.id for workspace in desk.directory.workspaces()}
    home = next((workspace for workspace in desk.directory.workspaces() if workspace.default), None)

    async def find(reader: Reader) -> list[Request]:
        return [item for item in await reader.find(Request, status=ALIVE) if item.workspace not in known]

    orphans = await storage.read(find)
    if home is None:
        return []
    for orphan in orphans:

        async def move(uow: UnitOfWork, key: str = orphan.id) -> None:
            request = await uow.get(Request, key)
            if request is not None and request.workspace not in known:
                reason = cards.workspace_gone(request.workspace)
                moved = replace(request, workspace=home.id)
                await keep(uow, desk, moved)
                await call_human(uow, desk, moved, reason, SYSTEM, cause=derived_id("orphan", key, home.id))

        await storage.transact(move)
    return [orphan.number for orphan in orphans]
