"""Briefings, offers and turns for the tests of the model adapters, with everything set that a rendering shows.

Each function takes what a test is about and fills in the rest. The texts are fictional.
"""

from datetime import UTC, datetime, timedelta

from bot.ids import ConversationId, CoworkerId, PersonId, RequestId, WorkspaceId
from bot.labels import Fact, Source, Visibility
from bot.packet import Packet
from bot.request import Assignee, Request
from bot.turn import Call, CallResult, Effect, Turn
from bot.workspace import CoworkerKind, Workspace
from coworkers.briefing import Briefing, Candidate, Occasion, Said
from coworkers.model import Model, Offer
from coworkers.profile import Profile, Skill

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
IT = Workspace(
    id=WorkspaceId("it-support"),
    name="IT Support",
    prefix="IT",
    about="Laptops and apps.",
    triage=CoworkerId("it-triage"),
)


def profile(kind: CoworkerKind = "specialist", *, name: str = "Hardware Engineer") -> Profile:
    """Give a coworker with every text and a grant."""
    return Profile(
        id=CoworkerId("hardware-engineer"),
        name=name,
        kind=kind,
        workspace=None if kind == "front_door" else IT.id,
        manager="lead@example.com",
        goal="## Decision framework\nLook before you act.",
        identity="## Role\nKeeps laptops working.",
        soul="Calm.",
        examples=("my laptop is slow",),
        grants={"jumpcloud": {"get_device": "allow"}},
    )


def request(
    number: str = "IT-1042", *, title: str = "Slow laptop", description: str = "It takes minutes to start."
) -> Request:
    """Give an incident of Jane's."""
    return Request(
        id=RequestId(number.lower()),
        number=number,
        title=title,
        description=description,
        requester=PersonId("jane"),
        author=PersonId("jane"),
        workspace=IT.id,
        assignee=Assignee(kind="coworker", id="hardware-engineer"),
        conversation_id=ConversationId("c1"),
        tags=("laptop",),
        fields={"asset": "MBP-7"},
        opened_at=NOW,
        changed_at=NOW,
    )


def said(
    text: str,
    *,
    source: Source = Source.REQUESTER,
    visibility: Visibility = Visibility.PUBLIC,
    author: str = "Jane Lee",
    minute: int = 0,
) -> Said:
    """Give a note or a message."""
    return Said(author=author, text=text, visibility=visibility, source=source, at=NOW + timedelta(minutes=minute))


def packet(fact: str = "The disk is full.") -> Packet:
    """Give a hand-off from triage with one private fact."""
    return Packet(
        id="p1",
        request_id=RequestId("it-1042"),
        asked="A faster laptop.",
        sender="it-triage",
        receiver="hardware-engineer",
        reason="Hardware.",
        facts=(
            Fact(text=fact, source=Source.EXTERNAL, visibility=Visibility.PRIVATE, evidence="jumpcloud__get_device"),
        ),
        actions=("Looked the device up.",),
        open_questions=("Is it under warranty?",),
        at=NOW,
    )


def briefing(
    *,
    coworker: Profile | None = None,
    about: Request | None = None,
    notes: tuple[Said, ...] = (),
    messages: tuple[Said, ...] = (),
    occasions: tuple[Occasion, ...] = (Occasion(kind="assigned"),),
    moved: Packet | None = None,
    requester: str = "Jane Lee, Design, Berlin",
) -> Briefing:
    """Give a briefing of a coworker on a request, with a candidate, a workspace and a skill."""
    return Briefing(
        coworker=coworker or profile(),
        organisation="Example Ltd",
        skills=(Skill(name="slow-laptop-diagnosis", description="What to look at first.", body="body-of-the-skill"),),
        workspaces=(IT,),
        candidates=(Candidate(coworker=profile(name="Software Engineer"), workspace=IT),),
        request=about or request(),
        requester=requester,
        packet=moved,
        said=notes,
        messages=messages,
        occasions=occasions,
        own_requests=(request("IT-7"),),
        now=NOW,
    )


def offer(name: str, *, effect: Effect = "read", needs_approval: bool = False) -> Offer:
    """Give a tool on offer that takes one text."""
    schema = {"properties": {"id": {"type": "string"}}, "required": ["id"]}
    return Offer(name=name, description=f"Does {name}.", schema=schema, effect=effect, needs_approval=needs_approval)


def calling(*call_ids: str, text: str = "Let me look.") -> Turn:
    """Give a turn that calls `look` once for each id, as the API's own blocks have it."""
    blocks = [{"type": "tool_use", "id": call_id, "name": "look", "input": {"id": call_id}} for call_id in call_ids]
    return Turn(
        text=text,
        calls=tuple(Call(id=call_id, name="look", arguments={"id": call_id}) for call_id in call_ids),
        stop="tool_use",
        model="claude-sonnet-5-5",
        raw=({"type": "thinking", "thinking": "hm", "signature": "s1"}, {"type": "text", "text": text}, *blocks),
    )


def brought(
    call_id: str, text: str = "The disk is full.", *, error: bool = False, source: Source = Source.EXTERNAL
) -> CallResult:
    """Give what a call brought back, for colleagues."""
    return CallResult(call_id=call_id, text=text, error=error, source=source, visibility=Visibility.PRIVATE)


OFFERS = [offer("resolve", effect="write"), offer("look")]


async def next_turn(model: Model) -> Turn:
    """Ask for the first turn of a run."""
    return await model.next_turn(briefing(notes=(said("Please help"),), moved=packet()), [], OFFERS)
