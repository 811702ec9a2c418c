"""What expressions may look at: the briefing as plain maps, lists and texts.

Also what is read out of a transcript: results as data, and what people wrote meanwhile. Nothing here decides anything.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.labels import Visibility
from bot.packet import Packet
from bot.request import Request
from bot.turn import Call, CallResult
from coworkers.briefing import Briefing, Occasion
from coworkers.model import Exchange
from coworkers.playbook.expressions import bounded

_EMAIL = re.compile(r"[^\s<>,;()]+@[^\s<>,;()]+\.[^\s<>,;()]+")
_NEWS = re.compile(r"^Meanwhile (.+?) wrote: (.*)$", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A call that was made in this run, and what came back."""

    call: Call
    result: CallResult | None
    news: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Requester:
    """Whom the request is for, as far as the briefing says."""

    name: str = ""
    email: str = ""
    about: str = ""

    @property
    def first_name(self) -> str:
        """Return the first word of the name, for greetings; `there` when no name is known."""
        return self.name.split()[0] if self.name and "@" not in self.name else "there"


def requester_of(briefing: Briefing) -> Requester:
    """Read the requester out of `Name, <e-mail>, attribute: value, …`."""
    text = briefing.requester
    email = _EMAIL.search(text)
    name = re.split(r"[,;<(]", text, maxsplit=1)[0].strip()
    return Requester(name=name, email=email[0].lower() if email else "", about=text)


def recorded(transcript: Sequence[Exchange]) -> list[Recorded]:
    """Return the calls of a run in order; turns without a call left nothing behind."""
    found = []
    for exchange in transcript:
        results = {result.call_id: result for result in exchange.results}
        for at, call in enumerate(exchange.turn.calls):
            last = at == len(exchange.turn.calls) - 1
            found.append(Recorded(call=call, result=results.get(call.id), news=exchange.news if last else ()))
    return found


def written_meanwhile(news: Sequence[str], author: str) -> list[str]:
    """Return what `author` wrote, out of a run's news."""
    matches = (_NEWS.match(item) for item in news)
    return [match[2].strip() for match in matches if match is not None and match[1] == author]


def reply_of(occasions: Sequence[Occasion]) -> str:
    """Return what the requester replied, several replies read together."""
    return "\n".join(occasion.text for occasion in occasions if occasion.kind == "requester_replied" and occasion.text)


def text_of(request: Request | None) -> str:
    """Return title and description, once where they say the same."""
    if request is None:
        return ""
    if request.description.startswith(request.title.rstrip("…. ")):
        return request.description
    return f"{request.title}\n{request.description}".strip()


def names_of(briefing: Briefing) -> dict[str, object]:
    """Return the built-in names; `bucket`, `reply` and `occasion` are filled in by whoever chooses them."""
    coworker = {briefing.coworker.name, str(briefing.coworker.id)}
    requester = requester_of(briefing)
    own = [said for said in briefing.said if said.author in coworker]
    return {
        "request": _request(briefing.request),
        "requester": {
            "name": requester.name,
            "first_name": requester.first_name,
            "email": requester.email,
            "about": requester.about,
            "asked_by": briefing.asked_by,
        },
        "bucket": "",
        "reply": {"text": "", "bucket": ""},
        "occasion": {"kind": "", "text": ""},
        "packet": _packet(briefing.packet),
        "facts": [fact.text for fact in briefing.packet.facts] if briefing.packet else [],
        "said": [{"author": s.author, "text": s.text, "visibility": str(s.visibility)} for s in briefing.said],
        "mine": {
            "public": [said.text for said in own if said.visibility is Visibility.PUBLIC],
            "private": [said.text for said in own if said.visibility is Visibility.PRIVATE],
        },
        "result": {},
        "failed": [],
        "news": [],
    }


def _request(request: Request | None) -> dict[str, object]:
    if request is None:
        return dict.fromkeys(("number", "title", "description", "text", "priority", "status", "type", "workspace"), "")
    return {
        "number": request.number,
        "title": request.title,
        "description": request.description,
        "text": text_of(request),
        "priority": str(request.priority),
        "status": str(request.status),
        "type": str(request.type),
        "workspace": str(request.workspace),
        "tags": list(request.tags),
        "fields": dict(request.fields),
    }


def _packet(packet: Packet | None) -> dict[str, object]:
    return {
        "asked": packet.asked if packet else "",
        "reason": packet.reason if packet else "",
        "sender": packet.sender if packet else "",
        "facts": [fact.text for fact in packet.facts] if packet else [],
        "actions": list(packet.actions) if packet else [],
        "open_questions": list(packet.open_questions) if packet else [],
    }


def data_of(result: CallResult) -> object:
    """Return a result as data: its structure, else its text read as JSON, else the text. Raises `ExpressionFailed` for long lists."""
    data: object = result.data
    if data is None:
        try:
            data = json.loads(result.text)
        except ValueError:
            data = None
    if isinstance(data, dict) and set(data) == {"result"} and isinstance(data["result"], dict):
        data = data["result"]
    return bounded(
        data if isinstance(data, dict) else {"text": result.text, "items": data if isinstance(data, list) else []}
    )
