"""A service desk without a database: briefings, transcripts and tools, to try the offline brain on."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from bot.ids import ATOM, ConversationId, CoworkerId, PersonId, RequestId, WorkspaceId
from bot.labels import Fact, Source, Visibility
from bot.packet import Packet
from bot.request import Assignee, Request, Status
from bot.turn import Call, CallResult, Turn
from coworkers.briefing import Briefing, Occasion, Said
from coworkers.files.read import read_workforce
from coworkers.model import Exchange, Offer
from coworkers.playbook.brain import PlaybookModel
from coworkers.profile import Workforce
from coworkers.roster import Roster

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SEEDED = Path(__file__).parents[3] / "config" / "workforce"
DESK = (
    "post_public_note", "post_private_note", "ask_requester", "hand_off", "set_status", "resolve", "escalate",
    "request_approval", "open_linked_request", "search_knowledge", "search_requests", "read_skill", "remember", "recall",
)  # fmt: skip
FRONT = ("answer", "open_request", "continue_request", "request_status", "say", "search_knowledge")
ENDS = frozenset({"ask_requester", "hand_off", "set_status", "resolve", "escalate", "request_approval"})
JUNE = "June Park, <june@example.com>, department: Marketing, location: London"

Tool = Callable[[dict[str, Any]], dict[str, Any]]


@cache
def seeded() -> Workforce:
    """Return the seeded workforce."""
    reading = read_workforce(SEEDED)
    assert reading.workforce is not None, "\n".join(map(str, reading.errors))
    return reading.workforce


def request(text: str, *, workspace: str = "it-support", status: Status = "open", number: str = "IT-1001") -> Request:
    """Return a request by June."""
    return Request(
        id=RequestId(number),
        number=number,
        title=text[:60],
        description=text,
        status=status,
        requester=PersonId("june"),
        author=PersonId("june"),
        workspace=WorkspaceId(workspace),
        assignee=Assignee(kind="group", id=f"{workspace}/agents"),
        conversation_id=ConversationId("c1"),
        opened_at=NOW,
        changed_at=NOW,
    )


@dataclass
class Office:
    """One request that moves between coworkers, and everything that was said on the way."""

    request: Request
    tools: dict[str, Tool]
    workforce: Workforce = field(default_factory=seeded)
    packet: Packet | None = None
    quarantined: frozenset[str] = frozenset()
    said: list[Said] = field(default_factory=list)
    log: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    """(coworker, tool, arguments) of every call."""

    def briefing(self, coworker: str, *occasions: Occasion) -> Briefing:
        """Return what the coworker is told."""
        roster = Roster(self.workforce)
        return Briefing(
            coworker=roster.profile(CoworkerId(coworker)),
            organisation="Example Ltd",
            candidates=roster.candidates(CoworkerId(coworker)),
            request=self.request,
            requester=JUNE,
            packet=self.packet,
            said=tuple(self.said),
            occasions=occasions or (Occasion(kind="assigned"),),
            now=NOW,
        )

    async def run(self, coworker: str, *occasions: Occasion, crash: bool = False) -> tuple[str, dict[str, Any]]:
        """Let the coworker work until its run ends; return the call that ended it. `crash`: a new brain for every turn."""
        briefing, transcript = self.briefing(coworker, *occasions), list[Exchange]()
        brain, offers = PlaybookModel(), self.offers(coworker)
        for _ in range(20):
            brain = PlaybookModel() if crash else brain
            turn = await brain.next_turn(briefing, transcript, offers)
            if not turn.calls:
                return "", {}
            [call] = turn.calls
            self.log.append((coworker, call.name, call.arguments))
            result = self._do(coworker, call)
            if call.name in ENDS:
                return call.name, call.arguments
            transcript.append(Exchange(turn=turn, results=(result,)))
        raise AssertionError("the run does not end")

    def offers(self, coworker: str) -> list[Offer]:
        """Return what the coworker may call."""
        profile = Roster(self.workforce).profile(CoworkerId(coworker))
        granted = [
            f"{tool}__{name}" for tool, modes in profile.grants.items() for name in modes if modes[name] != "deny"
        ]
        return [Offer(name=name, description="") for name in (*DESK, *granted) if name not in self.quarantined]

    def reply(self, text: str) -> Occasion:
        """Let the requester write."""
        self._say("June Park", text, Visibility.PUBLIC, Source.REQUESTER)
        return Occasion(kind="requester_replied", text=text)

    def _do(self, coworker: str, call: Call) -> CallResult:
        name = Roster(self.workforce).profile(CoworkerId(coworker)).name
        if call.name in self.tools:
            data = self.tools[call.name](call.arguments)
            return CallResult(call_id=call.id, text=str(data), data=data, error="error" in data)
        if call.name in {"post_public_note", "ask_requester"}:
            text = call.arguments.get("text") or call.arguments["question"]
            self._say(name, text, Visibility.PUBLIC, Source.COLLEAGUE)
        if call.name == "post_private_note":
            self._say(name, call.arguments["text"], Visibility.PRIVATE, Source.COLLEAGUE)
        if call.name == "hand_off":
            self._hand_off(coworker, call.arguments)
        return CallResult(call_id=call.id, text="Done.")

    def _say(self, author: str, text: str, visibility: Visibility, source: Source) -> None:
        self.said.append(Said(author=author, text=text, visibility=visibility, source=source, at=NOW))

    def _hand_off(self, sender: str, arguments: dict[str, Any]) -> None:
        known = self.packet.facts if self.packet else ()
        fresh = [
            Fact(text=text, source=Source.COLLEAGUE, visibility=Visibility.PRIVATE)
            for text in arguments.get("verified_facts", ())
        ]
        self.packet = Packet(
            id=f"p{len(self.log)}",
            request_id=self.request.id,
            asked=self.request.description,
            sender=sender,
            receiver=arguments["to"],
            reason=arguments["reason"],
            facts=(*known, *fresh),
            open_questions=tuple(arguments.get("open_questions", ())),
            at=NOW,
        )
        receiver = self.workforce.coworkers.get(CoworkerId(arguments["to"]))
        if receiver is not None and receiver.workspace is not None:
            self.request = replace(self.request, workspace=receiver.workspace)


async def atom(
    text: str, *, said: tuple[Said, ...] = (), own: tuple[Request, ...] = ()
) -> list[tuple[str, dict[str, Any]]]:
    """Return what the front door does with a message; a search for knowledge finds `KNOWLEDGE` if it is in the question."""
    roster, brain, transcript = Roster(seeded()), PlaybookModel(), list[Exchange]()
    briefing = Briefing(
        coworker=roster.profile(ATOM),
        organisation="Example Ltd",
        workspaces=tuple(roster.workspaces()),
        candidates=roster.candidates(ATOM),
        requester=JUNE,
        said=said,
        messages=(Said(author="June Park", text=text, visibility=Visibility.PUBLIC, source=Source.REQUESTER, at=NOW),),
        own_requests=own,
        now=NOW,
    )
    offers = [Offer(name=name, description="") for name in FRONT]
    turn = await brain.next_turn(briefing, transcript, offers)
    if [call.name for call in turn.calls] == ["search_knowledge"]:
        transcript.append(Exchange(turn=turn, results=(_search(turn),)))
        turn = await brain.next_turn(briefing, transcript, offers)
    return [(call.name, call.arguments) for call in turn.calls]


KNOWLEDGE = {
    "document": "working-abroad.md",
    "section": "How long",
    "text": "You may work from abroad for up to thirty days a year, within the European Union.",
    "score": 3.0,
}


def _search(turn: Turn) -> CallResult:
    call = turn.calls[0]
    found = [KNOWLEDGE] if "abroad" in call.arguments["query"] else []
    return CallResult(call_id=call.id, text="…", data={"passages": found})
