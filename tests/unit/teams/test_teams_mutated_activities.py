"""Ten thousand broken activities with good tokens, over HTTP: none gets a 5xx, none is stored that should not be.

The endpoint is the real one, with real tokens and the real intake over a storage in memory, which each sample finds empty. All come
over one connection, written and read as bytes: a client that does more takes longer than what is tested.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

import pytest

from adapters.teams.account import Account
from adapters.teams.connect import Servers, Teams
from adapters.teams.reading import JsonObject
from bot.conversation import Conversation
from bot.intake import Intake
from bot.message import Arrival, Message
from bot.person import Identity
from bot.ports import Reader
from tests.contract.teams.teams_at_work import furnish, nothing_stored, served, support_channels, unheeded
from tests.contract.teams.written_surfaces import WrittenSurfaces
from tests.fakes.clock import FrozenClock
from tests.fakes.memory import MemoryStorage
from tests.fakes.teams import LocalTeams
from tests.fakes.teams_state import APP_ID, TENANT
from tests.fakes.teams_tokens import PASSWORD
from tests.unit.teams.mutants import PAYLOADS, activity, filled, mutants, ours, samples

SEED = 20_261_120
WAYS, ALL_WAYS = 5, 16


class Office:
    """The endpoint of a running server; the storage behind it can be changed for an empty one."""

    def __init__(self, platform: LocalTeams, connection: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
        self.service_url = platform.service_url
        self._token = platform.issuer.mint(platform.service_url)
        self._connection = connection
        self.statuses: Counter[int] = Counter()

    async def send(self, body: bytes) -> int:
        """Send an activity with a good token; return the status."""
        reader, writer = self._connection
        around = {"Host": "localhost", "Content-Length": str(len(body)), "Authorization": f"Bearer {self._token}"}
        head = "".join(f"{name}: {value}\r\n" for name, value in around.items())
        writer.write(f"POST /api/messages HTTP/1.1\r\n{head}\r\n".encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        await reader.readexactly(int(answer.partition("content-length: ")[2].partition("\r\n")[0] or 0))
        status = int(answer.split(" ")[1])
        self.statuses[status] += 1
        return status


class Shelf:
    """Stores arrivals as Deskmate does, in a storage that can be emptied."""

    def __init__(self) -> None:
        self.empty()

    def empty(self) -> None:
        """Put an empty storage in the place of the other."""
        self.storage = MemoryStorage()
        self._intake = Intake(self.storage, FrozenClock())

    async def accept(self, arrival: Arrival) -> None:
        """Store an arrival."""
        await self._intake.accept(arrival)


@asynccontextmanager
async def offices() -> AsyncIterator[tuple[Office, Shelf]]:
    """Run the endpoint, and a local Teams for keys and rosters."""
    async with LocalTeams() as platform:
        shelf = Shelf()
        servers = Servers(
            metadata_url=platform.metadata_url,
            login_url=platform.login_url,
            service_hosts=[platform.url],
            default_service=platform.service_url,
        )
        teams = Teams(
            Account(app_id=APP_ID, password=PASSWORD, tenant=TENANT),
            accept=shelf.accept,
            surfaces=WrittenSurfaces(),
            support=support_channels,
            service_url=nothing_stored,
            servers=servers,
            storage=shelf.storage,
            changed=unheeded,
            private=tuple,
        )
        furnish(platform)
        async with teams, served(teams) as url:
            host, port = url.removeprefix("http://").partition("/")[0].split(":")
            connection = await asyncio.open_connection(host, int(port))
            try:
                yield Office(platform, connection), shelf
            finally:
                connection[1].close()
                await connection[1].wait_closed()


async def unsound(shelf: Shelf) -> list[str]:
    """Return what is wrong with what was stored."""

    async def look(reader: Reader) -> tuple[list[Message], Collection[str], Collection[str]]:
        people = {identity.id for identity in await reader.find(Identity)}
        places = {place.id for place in await reader.find(Conversation)}
        return list(await reader.find(Message)), people, places

    messages, people, places = await shelf.storage.read(look)
    wrong = []
    for message in messages:
        checks = {
            "nobody wrote it": message.author_id in people and message.author_id.startswith(f"teams:{TENANT}:"),
            "it is nowhere": message.conversation_id in places,
            "its id": message.id.startswith(f"teams:{TENANT}:"),
            "its text": len(message.text) <= 41_000 and "\x00" not in message.text,
            "no form": (message.kind == "form") == (message.form is not None),
            "no press": (message.kind == "press") == (message.press is not None),
        }
        wrong += [f"{why}: {message}" for why, fine in checks.items() if not fine]
        json.dumps([message.id, message.text, message.author_name, str(message.form)], ensure_ascii=False).encode()
    return wrong


async def attack(office: Office, shelf: Shelf, whole: dict[str, JsonObject], *, ways: int) -> list[str]:
    """Send the mutants of all; return what is wrong with what became of them."""
    wrong: list[str] = []
    for number, (name, document) in enumerate(whole.items()):
        shelf.empty()
        for mutant in mutants(name, document, ways=ways, seed=SEED):
            status = await office.send(mutant.body)
            if not (200 <= status < 300 or 400 <= status < 500):
                wrong.append(f"{status} for {name} {mutant.path}")
        wrong += await unsound(shelf)
        good = activity(office.service_url, id=f"good-{number}")
        if await office.send(json.dumps(good).encode()) != 202:
            wrong.append(f"nothing is taken any more after {name}")
    return wrong


@pytest.mark.skipif(not PAYLOADS.is_dir(), reason="the recorded activities are not beside the repository")
async def test_ten_thousand_broken_activities_do_no_harm() -> None:
    """Each value of each recorded sample in some ways, of our own shapes in all: 2xx or 4xx, and nothing else."""
    async with offices() as (office, shelf):
        recorded = {name: filled(sample, office.service_url) for name, sample in samples().items()}

        wrong = await attack(office, shelf, recorded, ways=WAYS)
        wrong += await attack(office, shelf, ours(office.service_url), ways=ALL_WAYS)

        assert [] == wrong
        assert office.statuses.total() >= 10_000
        assert office.statuses[200] + office.statuses[202] > 5_000


async def test_whole_activities_of_ours_are_stored() -> None:
    """So that the mutants are those of something: all but the two that only show a form."""
    async with offices() as (office, shelf):
        kinds: Counter[str] = Counter()
        for document in ours(office.service_url).values():
            shelf.empty()
            await office.send(json.dumps(document).encode())
            kinds.update(message.kind for message in await shelf.storage.read(lambda reader: reader.find(Message)))

        assert {"text": 3, "edited": 1, "deleted": 1, "command": 1, "press": 2, "form": 2} == kinds
