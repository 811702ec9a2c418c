"""Ten thousand broken payloads, signed and sent over HTTP: none gets a 5xx, none ends the process, none is stored that should not be.

The endpoint is the real one, for several teams, with the real intake over a storage in memory. Each payload finds that empty, so that none
is taken for one that came before. All come over one connection, written and read as bytes: a client that does more takes longer than what
is tested.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from itertools import count

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.slack.audience import SlackAudience
from adapters.slack.calls import TokenRefused
from adapters.slack.clients import Client, Clients
from adapters.slack.doorways import Doorways
from adapters.slack.installations import Installations, Seal
from adapters.slack.listeners import PATH, Door, StoreFirst
from adapters.slack.membership import Membership
from adapters.slack.messenger import Bot, SlackMessenger
from bot.conversation import Conversation
from bot.intake import Intake
from bot.message import Arrival, Message
from bot.person import Identity
from bot.ports import Reader
from bot.readership import AudienceChange
from tests.fakes.clock import FrozenClock
from tests.fakes.memory import MemoryStorage
from tests.fakes.slack import sign
from tests.unit.slack.doors import WrittenCalls, WrittenSurfaces
from tests.unit.slack.mutants import JSON, SAMPLES, Mutant, mutants, ours, samples
from tests.unit.slack.payloads import Payload, event, in_support

SECRET = "secret"
SEED = 20_260_101
API = "https://slack.com/api/"
DECIDING = {"type", "subtype", "bot_id", "user", "tab", "callback_id", "text", "event", "edited", "previous_message"}
"""Fields on which it depends whether something is anybody's to answer: broken, they may make it so."""

Kept = tuple[list[Message], Collection[str], Collection[str]]
"""The messages, and the ids of the identities and conversations, that a storage holds."""


class Office:
    """The endpoint of a running server; the storage behind it can be changed for an empty one."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self.connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.surfaces = WrittenSurfaces()
        self.changes: list[AudienceChange] = []
        self._numbers = count(1)
        self.empty()
        clock, calls = FrozenClock(), WrittenCalls()

        def client(_token: str, who: Callable[[], Bot | None], _refused: TokenRefused | None) -> Client:
            messenger = SlackMessenger(calls=calls, who=who, clock=clock, http=http, api_url=API)
            return Client(calls=calls, messenger=messenger, audience=SlackAudience(calls=calls, clock=clock))

        clients = Clients(
            make=client, token="xoxb-1", installations=Installations(MemoryStorage(), clock, Seal("secret"))
        )
        membership = Membership(changes=self.changed, forget=clients.forget, bot_user=lambda: "U0ATOM")
        doorways = Doorways(
            accept=self.accept,
            support=in_support,
            surfaces=self.surfaces,
            calls=clients.calls,
            api_url=API,
            settled=0,
        )
        first = StoreFirst(
            admit=clients.admit,
            accept=self.accept,
            support=in_support,
            bot_user=lambda: "U0ATOM",
            doorways=doorways,
            other=membership.take,
        )
        self.door = Door(signing_secret=SECRET, first=first)

    def empty(self) -> None:
        """Put an empty storage in the place of the other."""
        self.storage = MemoryStorage()
        self._intake = Intake(self.storage, FrozenClock())

    async def accept(self, arrival: Arrival) -> None:
        """Store an arrival as Deskmate does."""
        await self._intake.accept(arrival)

    async def changed(self, change: AudienceChange) -> None:
        """Take a change of who can read where."""
        self.changes.append(change)

    async def send(self, body: bytes, content_type: str) -> int:
        """Send a signed request; return the status."""
        assert self.connection is not None
        reader, writer = self.connection
        signed = sign(SECRET, int(time.time()), body)
        around = {"Host": "localhost", "Content-Type": content_type, "Content-Length": str(len(body)), **signed}
        head = "".join(f"{name}: {value}\r\n" for name, value in around.items())
        writer.write(f"POST {PATH} HTTP/1.1\r\n{head}\r\n".encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        await reader.readexactly(int(answer.partition("content-length: ")[2].partition("\r\n")[0]))
        return int(answer.split(" ")[1])

    async def takes_a_good_event(self) -> bool:
        """Tell whether a message that arrives now is stored and acknowledged."""
        number = next(self._numbers)
        ts = f"17000{number:05}.000100"
        good = event(channel="D1", channel_type="im", ts=ts, event_ts=ts) | {"event_id": f"EvGood{number}"}
        status = await self.send(json.dumps(good).encode(), JSON)
        kept, _, _ = await self.storage.read(stored)
        return status == 200 and f"slack:T1:D1:{ts}" in {message.id for message in kept}


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with aiohttp.ClientSession() as http:
        found = Office(http)
        application = web.Application()
        application.add_routes(found.door.routes())
        async with TestServer(application) as server:
            found.connection = await asyncio.open_connection(server.host, server.port)
            yield found
            found.connection[1].close()
            await found.connection[1].wait_closed()


async def stored(reader: Reader) -> Kept:
    """Return all that is stored of what arrived."""
    people = {identity.id for identity in await reader.find(Identity)}
    places = {place.id for place in await reader.find(Conversation)}
    return list(await reader.find(Message)), people, places


def sound(kept: Kept) -> list[str]:
    """Return what is wrong with what was stored."""
    messages, people, places = kept
    wrong = []
    for message in messages:
        user = message.author_id.split(":")[-1]
        checks = {
            "nobody wrote it": message.author_id in people and user not in {"", "U0ATOM", "USLACKBOT"},
            "it is nowhere": message.conversation_id in places and message.conversation_id.startswith("slack:"),
            "its id": message.id.startswith("slack:") and len(message.id) < 400,
            "its text": len(message.text) <= 41_000 and "\x00" not in message.text,
            "no form": (message.kind == "form") == (message.form is not None),
            "no press": (message.kind == "press") == (message.press is not None),
        }
        wrong += [f"{why}: {message}" for why, fine in checks.items() if not fine]
        message.text.encode()
    return wrong


async def survives(office: Office, sample: str, requests: Iterable[Mutant]) -> tuple[Counter[int], list[str]]:
    """Send a sample's mutants; return the statuses, and what is wrong with what became of them."""
    statuses: Counter[int] = Counter()
    wrong: list[str] = []
    ours_as_it_is = False
    for mutant in requests:
        office.empty()
        status = await office.send(mutant.body, mutant.content_type)
        statuses[status] += 1
        if not (200 <= status < 300 or 400 <= status < 500):
            wrong.append(f"{status} for {sample} {mutant.path} {mutant.way}")
        kept = await office.storage.read(stored)
        wrong += sound(kept)
        if not mutant.path:
            ours_as_it_is = bool(kept[0])
        elif kept[0] and not ours_as_it_is and not DECIDING & set(map(str, mutant.path)):
            wrong.append(f"{sample} with {mutant.path} {mutant.way} was stored: {kept[0][-1]}")
    if not await office.takes_a_good_event():
        wrong.append(f"nothing is taken any more after {sample}")
    return statuses, wrong


async def attack(office: Office, bodies: dict[str, Payload], *, every_way: bool) -> tuple[Counter[int], list[str]]:
    """Send the mutants of all samples."""
    statuses: Counter[int] = Counter()
    wrong: list[str] = []
    for name, body in bodies.items():
        told, found = await survives(office, name, mutants(name, body, every_way=every_way, seed=SEED))
        statuses += told
        wrong += found
    return statuses, wrong


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="Slack's recorded samples are not beside the repository")
async def test_ten_thousand_broken_payloads_do_no_harm(office: Office) -> None:
    """Each field of each recorded sample in one way, each field of our own shapes in every way: 2xx or 4xx, and nothing else."""
    statuses, wrong = await attack(office, samples(), every_way=False)
    more, also = await attack(office, ours(), every_way=True)
    statuses += more

    assert [] == [*wrong, *also]
    assert {"slack"} == {change.place.platform for change in office.changes if change.place is not None}
    assert statuses.total() >= 10_000
    assert statuses[200] > 9_000


async def test_broken_payloads_of_ours_do_no_harm(office: Office) -> None:
    """What Deskmate does something about, where Slack's samples are not at hand."""
    bodies = ours()
    some = {name: bodies[name] for name in ("message", "press", "form", "command", "message shortcut")}

    statuses, wrong = await attack(office, some, every_way=True)

    assert [] == wrong
    assert {200, 400} >= set(statuses)


@pytest.mark.chaos
@pytest.mark.skipif(not SAMPLES.is_dir(), reason="Slack's recorded samples are not beside the repository")
async def test_every_field_broken_in_every_way_does_no_harm(office: Office) -> None:
    """The whole of what the ten thousand are drawn from."""
    statuses, wrong = await attack(office, samples(), every_way=True)

    assert [] == wrong
    assert statuses.total() > 40_000
