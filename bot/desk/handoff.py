"""Handing a request over: to whom it really goes, what it carries, and when a human must take it instead.

A receiver is always woken. A coworker that cannot see the receiver's workspace reaches it through the global triage coworker,
and the private note says so. Six hand-offs between specialists, or A→B→A→B without a new verified fact (directly or through triage),
end with a human who gets the whole packet. Hand-offs from or to a triage coworker do not count as hops (product page, Rulings).
"""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.audit import Event, text_digest
from bot.desk.assigning import AGENTS, agents_of, assign, call_human
from bot.desk.changing import change_status, keep
from bot.desk.desk import Desk
from bot.desk.private_threads import close_header
from bot.desk.telling import tell_colleagues
from bot.errors import Refused
from bot.ids import WorkspaceId, derived_id
from bot.labels import Actor, Fact
from bot.packet import Packet
from bot.ports import UnitOfWork
from bot.request import Assignee, Request
from bot.run import Run, Step
from bot.wording import cards
from bot.workspace import CoworkerCard

HOP_LIMIT = 6
_ROUND = 3
"""Hand-offs after which A→B→A→B is seen: the third is the second from A to B."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a hand-off goes."""

    assignee: Assignee
    name: str
    workspace: WorkspaceId | None
    """None: the request stays where it is."""
    triage: bool = False
    wanted: str = ""
    """Whom the sender meant, when it goes through global triage."""


def resolve_target(desk: Desk, request: Request, sender: str, to: str) -> Target:
    """Find out whom `to` (a coworker, a workspace or an agent group, by id or name) means for this sender.

    Raises `Refused`, naming what comes nearest, for somebody unknown, inactive, or the sender itself.
    """
    wish = to.strip().casefold()
    for workspace in desk.directory.workspaces():
        if wish in {workspace.id, workspace.name.casefold()}:
            to, wish = workspace.triage, workspace.triage.casefold()
            break
    for card in desk.directory.coworkers():
        if wish in {card.id.casefold(), card.name.casefold()}:
            return _to_coworker(desk, request, sender, card)
    group = _group(desk, request, wish)
    if group is not None:
        return group
    names = [card.id for card in desk.directory.coworkers() if card.state == "active" and card.kind != "front_door"]
    near = difflib.get_close_matches(wish, names, n=3, cutoff=0.4) or sorted(names)
    raise Refused(f"Nobody here is called {to!r}. Hand over to one of: {', '.join(near)}; or use escalate(reason).")


def _to_coworker(desk: Desk, request: Request, sender: str, card: CoworkerCard) -> Target:
    if card.id == sender:
        raise Refused("You hold this request already. Work it, or hand it to somebody else.")
    if card.kind == "front_door" or card.state != "active":
        raise Refused(f"{card.name} is {card.state} and takes no work. Choose another, or use escalate(reason).")
    target = Target(
        assignee=Assignee(kind="coworker", id=card.id),
        name=card.name,
        workspace=card.workspace,
        triage=card.kind != "specialist",
    )
    if card.workspace is None or _sees(desk, request, sender, card.workspace):
        return target
    through = desk.directory.global_triage()
    if through is None:
        raise Refused(f"{card.name} cannot be reached from your workspace. Use escalate(reason), and name them in it.")
    return Target(
        assignee=Assignee(kind="coworker", id=through.id),
        name=through.name,
        workspace=None,
        triage=True,
        wanted=card.name,
    )


def _sees(desk: Desk, request: Request, sender: str, workspace: WorkspaceId) -> bool:
    card = desk.coworker(sender)
    if card is not None and card.kind == "global_triage":
        return True
    home = card.workspace if card and card.workspace else request.workspace
    return workspace == home or workspace in desk.workspace(home).sees


def _group(desk: Desk, request: Request, wish: str) -> Target | None:
    workspace = desk.workspace(request.workspace)
    for name in (*workspace.groups, AGENTS):
        if wish in {name.casefold(), f"{workspace.id}/{name}".casefold()}:
            assignee = Assignee(kind="group", id=f"{workspace.id}/{name}")
            return Target(assignee=assignee, name=f"{workspace.name}: {name}", workspace=None)
    return None


@dataclass(frozen=True, kw_only=True)
class HandOff:
    """What a coworker says when it hands over."""

    to: str
    reason: str
    facts: tuple[Fact, ...] = ()
    open_questions: tuple[str, ...] = ()
    budget_left_micro_usd: int | None = None


async def hand_off(uow: UnitOfWork, desk: Desk, request: Request, run: Run, wish: HandOff) -> Request:
    """Move the request with its packet and wake the receiver; or call a human when it goes round in circles."""
    sender = desk.coworker_actor(run.coworker, request)
    target = resolve_target(desk, request, run.coworker, wish.to)
    earlier = await uow.find(Packet, request_id=request.id)
    packet = await _packet(uow, desk, request, run, wish, target, earlier)
    await uow.add(packet)
    await uow.audit(
        Event(
            kind="request.handed_off",
            actor=sender,
            reason=text_digest(wish.reason),
            request_id=request.id,
            run_id=run.id,
            data={"to": packet.receiver, "hop": packet.hop, "packet": packet.id, "wanted": packet.wanted},
            at=packet.at,
        )
    )
    await tell_colleagues(
        uow,
        desk,
        request,
        cards.hand_off(packet, request.number, sender.name, target.name),
        cause=packet.id,
        kind="card",
        speaker=sender.name,
    )
    stuck = _going_round(desk, packet, earlier)
    if stuck:
        return await call_human(uow, desk, request, stuck, sender, cause=packet.id, packet=packet)
    if target.assignee.kind == "group":
        return await _to_group(uow, desk, request, sender, target, packet)
    if request.status == "in_progress":
        request = await change_status(uow, desk, request, "open", sender, reason=wish.reason)
    moved = replace(request, workspace=target.workspace or request.workspace)
    if moved.workspace != request.workspace:
        await _move(uow, desk, request, moved, packet, sender, target)
    return await assign(uow, desk, moved, target.assignee, sender, cause=packet.id, packet=packet)


async def _to_group(
    uow: UnitOfWork, desk: Desk, request: Request, sender: Actor, target: Target, packet: Packet
) -> Request:
    given = await call_human(uow, desk, request, packet.reason, sender, cause=packet.id, packet=packet)
    if target.assignee == agents_of(desk.workspace(request.workspace)):
        return given
    return await assign(uow, desk, given, target.assignee, sender, cause=packet.id, packet=packet)


async def _move(
    uow: UnitOfWork, desk: Desk, old: Request, moved: Request, packet: Packet, sender: Actor, target: Target
) -> None:
    """Take the request to another workspace: number stays, the old private thread gets a pointer, the new one the packet."""
    workspace = desk.workspace(moved.workspace)
    await tell_colleagues(
        uow, desk, old, cards.moved_away(old.number, workspace.name), cause=f"moved:{packet.id}", kind="notice"
    )
    await close_header(uow, desk, old, cards.moved_header(old.number, old.title, workspace.name))
    await keep(uow, desk, moved)
    await tell_colleagues(
        uow,
        desk,
        moved,
        cards.hand_off(packet, moved.number, sender.name, target.name),
        cause=packet.id,
        kind="card",
        speaker=sender.name,
    )


async def _packet(
    uow: UnitOfWork, desk: Desk, request: Request, run: Run, wish: HandOff, target: Target, known: Sequence[Packet]
) -> Packet:
    facts = dict.fromkeys(fact for packet in known[-1:] for fact in packet.facts)
    facts |= dict.fromkeys(wish.facts)
    sender = desk.coworker(run.coworker)
    counts = not target.triage and sender is not None and sender.kind == "specialist"
    hops = known[-1].hop if known else 0
    return Packet(
        id=derived_id("packet", run.id),
        request_id=request.id,
        asked=request.description or request.title,
        sender=run.coworker,
        receiver=target.assignee.id,
        reason=wish.reason,
        wanted=target.wanted,
        facts=tuple(facts),
        actions=await _actions(uow, request),
        open_questions=wish.open_questions or _still_open(sender, known),
        hop=hops + 1 if counts else hops,
        budget_left_micro_usd=wish.budget_left_micro_usd,
        at=desk.now(),
    )


def _still_open(sender: CoworkerCard | None, known: Sequence[Packet]) -> tuple[str, ...]:
    """Return the earlier packet's open questions when a triage coworker, which answers none, passes it on."""
    return known[-1].open_questions if known and sender is not None and sender.kind != "specialist" else ()


async def _actions(uow: UnitOfWork, request: Request) -> tuple[str, ...]:
    """Return the acting calls that were made for the request, with what is known of each."""
    runs = await uow.find(Run, request_id=request.id)
    steps = await uow.find(Step, run_id=[run.id for run in runs], kind="tool")
    acted = [step for step in steps if step.effect != "read" and step.call is not None]
    return tuple(
        f"{step.call.name}: " + ("not known whether it was done" if step.state != "done" else "done")
        for step in acted
        if step.call is not None and not (step.result and step.result.error)
    )


def _going_round(desk: Desk, packet: Packet, earlier: Sequence[Packet]) -> str:
    """Return why a human must take it, or nothing."""
    if packet.hop > HOP_LIMIT:
        return cards.too_many_hops(packet.hop)
    packets = [*earlier, packet]
    for last in (packets[-_ROUND:], _between_specialists(desk, packets)[-_ROUND:]):
        if len(last) == _ROUND and _back_and_forth(last, packet):
            return cards.back_and_forth(last[0].sender, packet.receiver)
    return ""


def _between_specialists(desk: Desk, packets: Sequence[Packet]) -> list[Packet]:
    """Return the packet with which each specialist in turn let go of it, whatever triage it went through afterwards."""
    left: list[Packet] = []
    for packet in packets:
        card = desk.coworker(packet.sender)
        if card is not None and card.kind == "specialist" and (not left or left[-1].sender != packet.sender):
            left.append(packet)
    return left


def _back_and_forth(last: Sequence[Packet], packet: Packet) -> bool:
    """Tell whether A, B and A let go of it in turn and B gets it again, with nothing verified since A did first."""
    first, second, third = last
    if (first.sender, second.sender) != (third.sender, packet.receiver):
        return False
    before = {fact.text.casefold() for fact in first.facts}
    return {fact.text.casefold() for fact in packet.facts} <= before
