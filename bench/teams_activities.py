"""Signed Teams activities for load: personal messages, each with an id of its own, in the size of real ones (about 1.2 kB).

Each has a token of its own, and all are made before anything is measured. (Teams uses one for about an hour, which is easier.)
"""

import json
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from tests.fakes.separate import Remote
from tests.fakes.teams import REGION
from tests.fakes.teams_shapes import message
from tests.fakes.teams_state import TENANT, Person, Place

ANSWER = "You have 25 days of annual leave in each calendar year; ask for them in the HR system."
"""What the adapters that are measured alone reply."""
QUESTION = "How many days of annual leave do full-time employees have in each calendar year?"


def person(number: int) -> str:
    """Return the id of somebody who writes."""
    return f"29:bench{number:04d}"


async def meet(teams: Remote, people: int) -> list[str]:
    """Add people with a personal chat each; return the chats' ids."""
    chats = []
    for number in range(people):
        key = person(number)
        await teams.do("add_person", id=key, name=f"Person {number}", email=f"bench{number}@example.com")
        chats.append(await teams.do("open_personal", person=key))
    return chats


async def prepare(teams: Remote, bot: str, chats: Sequence[str], numbers: range) -> str:
    """Return the HTTP requests that deliver activities of these numbers to `bot`, from one chat after the other, as JSON."""
    service_url = f"{teams.url}{REGION}/"
    tokens: list[str] = await teams.do("mint_many", service_url=service_url, count=len(numbers))
    found = _requests(service_url, urlsplit(bot).netloc, chats, numbers, tokens)
    return json.dumps(list(found))


def _requests(
    service_url: str, host: str, chats: Sequence[str], numbers: range, tokens: Sequence[str]
) -> Iterator[str]:
    for number in numbers:
        at = number % len(chats)
        who = Person(id=person(at), name=f"Person {at}", aad_object_id=f"aad-bench{at:04d}", email=None)
        chat = Place(id=chats[at], kind="personal", name="", members=(who.id,))
        about = {"id": chat.id, "conversationType": "personal", "tenantId": TENANT}
        said = message(who, chat, QUESTION, service_url, mention=False)
        content = json.dumps({**said, "id": str(1_700_000_000_000 + number), "conversation": about})
        headers = {
            "Host": host,
            "Content-Type": "application/json; charset=utf-8",
            "Content-Length": str(len(content)),
            "Authorization": f"Bearer {tokens[number % len(tokens)]}",
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        yield f"POST /api/messages HTTP/1.1\r\n{lines}\r\n{content}"
