"""Ten thousand broken payloads, signed and sent over HTTP: none gets a 5xx, none ends the process, none is stored that should not be.

The endpoint is the real one with the real intake over a storage in memory. Each payload finds it empty, so that none is taken for one
that came before.
"""

import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterable
from itertools import count

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.slack.doorways import Doorways
from adapters.slack.listeners import PATH, Door, StoreFirst
from bot.conversation import Conversation
from bot.intake import Intake
from bot.message import Arrival, Message
from bot.person import Identity
from bot.ports import Reader
from tests.fakes.clock import FrozenClock
from tests.fakes.memory import MemoryStorage
from tests.fakes.slack import sign
from tests.unit.slack.doors import WrittenCalls, WrittenSurfaces
from tests.unit.slack.mutants import JSON, SAMPLES, Mutant, mutants, ours, samples
from tests.unit.slack.payloads import Payload, event, in_support

SECRET = "secret"
SEED = 20_260_101
DECIDING = {"type", "subtype", "bot_id", "user", "tab", "callback_id", "text", "event", "edited", "previous_message"}
"""Fields on which it depends whether something is anybody's to answer: broken, they may make it so."""

Kept = tuple[list[Message], Collection[str], Collection[str]]
"""The messages, and the ids of the identities and conversations, that a storage holds."""


class Office:
    """The endpoint of a running server; the storage behind it can be changed for an empty one."""

    def __init__(self) -> None:
        self.url = ""
        self.http: aiohttp.ClientSession | None = None
        self.surfaces = WrittenSurfaces()
        self._numbers = count(1)
        self.empty()
        doorways = Doorways(
            accept=self.accept,
            support=in_support,
            surfaces=self.surfaces,
            calls=lambda _: WrittenCalls(),
            api_url="https://slack.com/api/",
            settled=0,
        )
        first = StoreFirst(accept=self.accept, support=in_support, bot_user=lambda: "U0ATOM", doorways=doorways)
        self.door = Door(token="xoxb-1", signing_secret=SECRET, first=first)

    def empty(self) -> None:
        """Put an empty storage in the place of the other."""
        self.storage = MemoryStorage()
        self._intake = Intake(self.storage, FrozenClock())

    async def accept(self, arrival: Arrival) -> None:
        """Store an arrival as Deskmate does."""
        await self._intake.accept(arrival)

    async def send(self, body: bytes, content_type: str, headers: dict[str, str] | None = None) -> int:
        """Send a request, signed unless `headers` says otherwise; return the status."""
        assert self.http is not None
        signed = sign(SECRET, int(time.time()), body) if headers is None else headers
        async with self.http.post(self.url, data=body, headers={"Content-Type": content_type, **signed}) as answer:
            await answer.read()
            return answer.status

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
    found = Office()
    application = web.Application()
    application.add_routes(found.door.routes())
    one = aiohttp.TCPConnector(limit=1)
    async with TestServer(application) as server, aiohttp.ClientSession(connector=one) as http:
        found.url, found.http = str(server.make_url(PATH)), http
        yield found


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
