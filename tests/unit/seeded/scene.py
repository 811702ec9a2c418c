"""A seeded specialist at work: the offline brain, the real sandbox in this process, and a desk that only writes down.

A scene is one request. Each occasion (assigned, a reply, a decided approval) is one run: the brain is asked for turns until a call ends
the run, as the run loop does. Calls to tools act on the sandbox's books; a call in mode `ask` ends the run and waits for `approved`.
Arguments are checked against the desk's own schemas, so that a playbook cannot pass here and fail there.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema
from mcp import Client
from mcp_types import TextContent

from adapters.knowledge.sections import Sections
from adapters.sandbox.start import SYSTEMS
from bot.ids import ConversationId, CoworkerId, PersonId, RequestId, WorkspaceId
from bot.labels import Fact, Source, Visibility
from bot.leak import find_leak
from bot.packet import Packet
from bot.request import Assignee, Request
from bot.turn import Call, CallResult
from coworkers.briefing import Briefing, Occasion, Said
from coworkers.desk_tools.schemas import ACTING, ENDING
from coworkers.files.read import read_workforce
from coworkers.model import Exchange, Offer
from coworkers.playbook.brain import PlaybookModel
from coworkers.profile import Profile, Workforce

FOLDER: Final = Path(__file__).parents[3] / "config" / "workforce"
MINE: Final = (
    "access-specialist",
    "network-engineer",
    "onboarding-coordinator",
    "leave-specialist",
    "workplace-coordinator",
    "expense-specialist",
    "phishing-triage-specialist",
    "vulnerability-triage-specialist",
)
"""The specialists that these tests are about."""
NOW: Final = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
DESK: Final = {offer.name: offer for offer in (*ACTING, *ENDING)}
ENDS: Final = frozenset(offer.name for offer in ENDING)
SAYS: Final = {"post_public_note": "text", "ask_requester": "question", "resolve": "summary"}
"""Calls that the requester reads, and the argument that they read."""
_MOST: Final = 20


@cache
def workforce() -> Workforce:
    """Read the seeded workforce, which must be without a mistake."""
    reading = read_workforce(FOLDER)
    assert reading.workforce is not None, "\n".join(str(problem) for problem in reading.problems)
    return reading.workforce


@dataclass(kw_only=True)
class Scene:
    """One request, given to one coworker."""

    workforce: Workforce
    books: Path
    """Where the sandbox keeps its books."""
    coworker: str
    text: str
    requester: str = "june@example.com"
    """E-mail; empty for a machine."""
    title: str = ""
    sender: str = ""
    """Who handed it over."""
    facts: tuple[str, ...] = ()
    broken: frozenset[str] = frozenset()
    """Tools that do not answer."""
    said: list[Said] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    """Everything that was called, in order, over all runs."""
    private: list[str] = field(default_factory=list)
    """Private notes and results of private capabilities."""
    leaks: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    """What the requester wrote after the request itself."""
    waits_for: Call | None = None
    """The call that a human has to decide about."""

    @property
    def profile(self) -> Profile:
        """The coworker's definition."""
        return self.workforce.coworkers[CoworkerId(self.coworker)]

    @property
    def names(self) -> list[str]:
        """What was called, in order."""
        return [call.name for call in self.calls]

    @property
    def last(self) -> Call:
        """The call that ended the latest run."""
        return self.calls[-1]

    @property
    def public(self) -> str:
        """All that the requester has read so far."""
        return "\n".join(said.text for said in self.said if said.visibility is Visibility.PUBLIC)

    @property
    def acted(self) -> list[str]:
        """The tools' capabilities that were really called and are no reads."""
        found = []
        for call in self.calls:
            tool, _, name = call.name.partition("__")
            if name and call is not self.waits_for and self.workforce.tools[tool].capabilities[name].effect != "read":
                found.append(call.name)
        return found

    async def assigned(self) -> "Scene":
        """Give the request to the coworker."""
        return await self._run(Occasion(kind="assigned"))

    async def replied(self, text: str) -> "Scene":
        """Let the requester answer."""
        self.known.append(text)
        return await self._run(Occasion(kind="requester_replied", text=text))

    async def approved(self) -> "Scene":
        """Approve the call that waits, make it, and tell the coworker."""
        assert self.waits_for is not None, "nothing waits for an approval"
        call, self.waits_for = self.waits_for, None
        return await self._run(Occasion(kind="approval_decided", result=await self._tool(call)))

    async def rejected(self) -> "Scene":
        """Refuse the call that waits."""
        assert self.waits_for is not None, "nothing waits for an approval"
        call, self.waits_for = self.waits_for, None
        self.calls.remove(call)
        result = CallResult(call_id=call.id, text="It was not approved.", error=True)
        return await self._run(Occasion(kind="approval_decided", result=result))

    async def _run(self, occasion: Occasion) -> "Scene":
        briefing = self._briefing(occasion)
        transcript: list[Exchange] = []
        for _ in range(_MOST):
            turn = await PlaybookModel().next_turn(briefing, transcript, self._offers())
            assert len(turn.calls) == 1, "the run ended without an outcome"
            call = turn.calls[0]
            self.calls.append(call)
            if call.name in ENDS or self._asks(call):
                self._end(call)
                return self
            transcript.append(Exchange(turn=turn, results=(await self._answer(call),)))
        raise AssertionError(f"the run does not end: {self.names}")

    def _end(self, call: Call) -> None:
        if call.name in ENDS:
            self._check(call)
            self._say(call)
        else:
            self.waits_for = call

    async def _answer(self, call: Call) -> CallResult:
        if "__" in call.name:
            result = await self._tool(call)
            tool, _, name = call.name.partition("__")
            if self.workforce.tools[tool].capabilities[name].private:
                self.private.append(result.text)
            return result
        self._check(call)
        self._say(call)
        if call.name == "search_knowledge":
            return await self._search(call)
        return CallResult(call_id=call.id, text="Done.")

    def _check(self, call: Call) -> None:
        jsonschema.validate(call.arguments, DESK[call.name].schema)

    def _say(self, call: Call) -> None:
        if call.name == "post_private_note":
            self.private.append(call.arguments["text"])
            self._note(call.arguments["text"], Visibility.PRIVATE)
        elif call.name == "open_linked_request":
            self._tell(f"{call.arguments['title']}\n{call.arguments['description']}")
        elif call.name in SAYS:
            self._tell(call.arguments[SAYS[call.name]])

    def _tell(self, text: str) -> None:
        earlier = [said.text for said in self.said if said.visibility is Visibility.PUBLIC]
        known = [self.text, self.title, *self.known]
        leak = find_leak(text, self.private, known, earlier)
        if leak is not None:
            self.leaks.append(f"{leak.kind}: {text}\n   from: {self.private[leak.source]}")
        self._note(text, Visibility.PUBLIC)

    def _note(self, text: str, visibility: Visibility) -> None:
        at = NOW + timedelta(seconds=len(self.said))
        author = self.profile.name
        self.said.append(Said(author=author, text=text, visibility=visibility, source=Source.COLLEAGUE, at=at))

    async def _search(self, call: Call) -> CallResult:
        found = await Sections(self.workforce.knowledge).search(call.arguments["query"], 5)
        passages = [{"document": p.document, "section": p.section, "text": p.text, "score": p.score} for p in found]
        return CallResult(call_id=call.id, text=json.dumps(passages), data={"passages": passages})

    async def _tool(self, call: Call) -> CallResult:
        tool, _, name = call.name.partition("__")
        if tool in self.broken:
            return CallResult(call_id=call.id, text="The system does not answer.", error=True)
        async with Client(SYSTEMS[tool](self.books)) as client:
            result = await client.call_tool(name, call.arguments)
        text = "".join(block.text for block in result.content if isinstance(block, TextContent))
        data: dict[str, Any] | None = result.structured_content
        return CallResult(call_id=call.id, text=text, data=data, error=bool(result.is_error))

    def _asks(self, call: Call) -> bool:
        tool, _, name = call.name.partition("__")
        return bool(name) and self.profile.grants[tool][name] == "ask"

    def _offers(self) -> list[Offer]:
        granted = [
            Offer(name=f"{tool}__{name}", description=name)
            for tool, modes in self.profile.grants.items()
            for name, mode in modes.items()
            if mode != "deny"
        ]
        return [*DESK.values(), *granted]

    def _briefing(self, occasion: Occasion) -> Briefing:
        return Briefing(
            coworker=self.profile,
            organisation=self.workforce.name,
            request=self._request(),
            requester=self._who(),
            packet=self._packet(),
            said=tuple(self.said),
            occasions=(occasion,),
            now=NOW,
        )

    def _who(self) -> str:
        for person in self.workforce.people:
            if person.email == self.requester:
                known = [f"{key}: {value}" for key, value in sorted(person.attributes.items())]
                return ", ".join([person.name, f"<{person.email}>", *known])
        return f"Somebody, <{self.requester}>" if self.requester else "Scanner"

    def _request(self) -> Request:
        workspace = self.profile.workspace
        assert workspace is not None
        return Request(
            id=RequestId("r1"),
            number=f"{self.workforce.workspaces[workspace].prefix}-1042",
            title=self.title or self.text[:80],
            description=self.text,
            requester=PersonId("p1"),
            author=PersonId("p1"),
            workspace=WorkspaceId(workspace),
            assignee=Assignee(kind="coworker", id=self.coworker),
            conversation_id=ConversationId("c1"),
            opened_at=NOW,
            changed_at=NOW,
        )

    def _packet(self) -> Packet | None:
        if not self.sender:
            return None
        facts = tuple(Fact(text=text, source=Source.COLLEAGUE, visibility=Visibility.PRIVATE) for text in self.facts)
        return Packet(
            id="k1",
            request_id=RequestId("r1"),
            asked=self.text,
            sender=self.sender,
            receiver=self.coworker,
            reason="It resembles most what you work on.",
            facts=facts,
            at=NOW,
        )


Opened = Callable[..., Scene]
"""Opens a scene on the test's own books."""
