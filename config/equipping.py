"""What works by the workforce files: made once from those in force at the start, and told of others when an admin has them read anew.

A run under way keeps the profile and the connections that it began with as long as its process remembers it. What a reload does not
change before the next start: the prices of models, and what the platforms' adapters were made with.
"""

import contextlib
import os
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass

from adapters.knowledge.sections import Sections
from adapters.mcp.references import resolve
from adapters.mcp.servers import McpServers
from bot.desk.desk import Desk
from bot.desk.orphans import take_in_orphans
from bot.ports import Storage
from bot.redaction import Redactor
from config.brains import PLAYBOOK, NamedBrains
from config.logs import keep_out
from config.people import bring_in
from config.settings import OFFLINE, Settings
from coworkers.playbook.brain import PlaybookModel
from coworkers.profile import Workforce
from coworkers.roster import Roster


@dataclass(frozen=True, kw_only=True)
class Kit:
    """What works by the workforce files."""

    roster: Roster
    redactor: Redactor
    servers: McpServers
    knowledge: Sections
    playbook: PlaybookModel
    brains: NamedBrains


@contextlib.asynccontextmanager
async def equip(settings: Settings, roster: Roster, child_env: Mapping[str, str]) -> AsyncIterator[Kit]:
    """Make what works by the workforce files, and close it at the end."""
    workforce, playbook = roster.workforce, PlaybookModel()
    servers = McpServers(workforce.tools.values(), secret=_secret, child_env=child_env)
    try:
        async with _brains(settings, roster, playbook) as brains:
            yield Kit(
                roster=roster,
                redactor=Redactor((*settings.secrets, *tool_secrets(workforce))),
                servers=servers,
                knowledge=Sections(workforce.knowledge),
                playbook=playbook,
                brains=brains,
            )
    finally:
        await servers.close()


async def adopt(storage: Storage, desk: Desk, kit: Kit, fresh: Workforce) -> None:
    """Put files that were read anew in force; made again from the start when the database could not be reached."""
    kit.redactor.add(tool_secrets(fresh))
    await bring_in(storage, fresh.people)
    kit.roster.adopt(fresh)
    kit.servers.adopt(fresh.tools.values())
    kit.knowledge.adopt(fresh.knowledge)
    kit.brains.adopt(fresh.models)
    await take_in_orphans(storage, desk)


def tool_secrets(workforce: Workforce) -> list[str]:
    """Return the values behind the references of all tools, and keep them out of the logs."""
    found = [
        value
        for tool in workforce.tools.values()
        for named in (tool.env, tool.headers)
        for value in resolve(named, tool=tool.id, secret=_secret, needed=False).secrets
    ]
    keep_out(found)
    return found


def _secret(reference: str) -> str:
    """Return the value behind `env:NAME`; a `KeyError` names a variable that is not set."""
    return os.environ[reference.removeprefix("env:")]


@contextlib.asynccontextmanager
async def _brains(settings: Settings, roster: Roster, playbook: PlaybookModel) -> AsyncIterator[NamedBrains]:
    """Make the brains; the language model's SDK is loaded only where one is used."""
    if settings.model == OFFLINE:
        yield NamedBrains(playbook, default=PLAYBOOK)
        return
    from adapters.models.claude import Claude  # noqa: PLC0415  # 55 MB and a second that the offline default does not need
    from adapters.models.connection import connect  # noqa: PLC0415
    from adapters.models.prices import Prices  # noqa: PLC0415

    client = connect()
    prices = Prices(roster.workforce.prices)

    def language(name: str) -> tuple[Claude, Callable[[int], int]]:
        claude = Claude(client=client, model=name, prices=prices)
        return claude, claude.estimate

    try:
        yield NamedBrains(playbook, language=language, names=roster.workforce.models, default=settings.model)
    finally:
        await client.close()
