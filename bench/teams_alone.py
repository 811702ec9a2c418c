"""Deskmate's Teams adapter by itself: token check, translation and one reply through its connector for each activity; nothing is stored.

It does what the stock reference does, and answers when the reply was posted. Run as
`python -m bench.teams_alone TEAMS_URL APP_ID PASSWORD TENANT`; it prints its address first.
"""

import argparse
import asyncio
from datetime import UTC, datetime

from adapters.teams.account import Account
from adapters.teams.connect import Servers, Teams
from bench.processes import serve_app
from bench.teams_activities import ANSWER
from bot.ids import ReplyId, WorkspaceId
from bot.labels import Visibility
from bot.message import Arrival
from bot.readership import AudienceChange
from bot.reply import Reply
from tests.contract.teams.written_surfaces import WrittenSurfaces
from tests.fakes.memory import MemoryStorage


async def serve(options: argparse.Namespace) -> None:
    """Serve until SIGTERM."""
    account = Account(app_id=options.app_id, password=options.password, tenant=options.tenant)
    servers = Servers(
        metadata_url=f"{options.teams}/v1/.well-known/openidconfiguration",
        login_url=options.teams,
        service_hosts=[options.teams],
    )

    async def answer(arrival: Arrival) -> None:
        said = arrival.message
        reply = Reply(
            id=ReplyId(f"reply:{said.id}"),
            conversation_id=said.conversation_id,
            visibility=Visibility.PUBLIC,
            kind="talk",
            text=ANSWER,
            at=datetime.now(UTC),
        )
        await teams.messenger.post(reply, arrival.conversation)

    teams = Teams(
        account,
        accept=answer,
        surfaces=WrittenSurfaces(),
        support=_no_workspace,
        service_url=_unknown,
        servers=servers,
        storage=MemoryStorage(),
        changed=_unheeded,
        private=tuple,
    )
    async with teams:
        await serve_app(teams.routes())


def _no_workspace(_tenant: str, _channel: str) -> WorkspaceId | None:
    return None


async def _unheeded(_: AudienceChange) -> None:
    """Nobody keeps private notes here."""


async def _unknown(_tenant: str) -> str | None:
    return None


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("teams", "app_id", "password", "tenant"):
        parser.add_argument(name)
    asyncio.run(serve(parser.parse_args()))
