"""Cuts a briefing to a token budget, because a request may live longer than any model's context.

The oldest notes go first: what they said is in the packet, or was answered by a newer one. Who the coworker is, the packet,
the occasions, the new messages and the newest notes always stay, so a briefing may still be larger than its budget when these
alone are. A line in the place of the cut notes says how many there were, so that a model knows what it does not see.
Tokens are estimated at four bytes of UTF-8 each, which is near enough for a budget and needs no vendor's tokenizer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.labels import Source, Visibility
from bot.packet import Packet
from bot.request import Request
from bot.wording.files import described
from coworkers.briefing import Briefing, Said

NEWEST = 3
"""So many of the newest notes are never cut."""
BYTES_PER_TOKEN = 4
FRAME = 160
"""Bytes that labels and fences add to each text; no model's rendering needs more."""


def budget_tokens(briefing: Briefing) -> int:
    """Estimate the tokens of a whole briefing as a model is shown it."""
    return -(-(_fixed(briefing) + sum(map(_of_said, briefing.said))) // BYTES_PER_TOKEN)


def trim(briefing: Briefing, budget: int, *, newest: int = NEWEST) -> Briefing:
    """Return the briefing within `budget` tokens, or as near to it as cutting all but the `newest` notes brings it.

    Notes are cut from the oldest on; the order of the others is kept. The first remaining place tells how many were cut.
    """
    weights = [_of_said(said) for said in briefing.said]
    room = budget * BYTES_PER_TOKEN - _fixed(briefing)
    total, cut = sum(weights), 0
    if total <= room:
        return briefing
    last = max(0, len(weights) - newest)
    while cut < last and total + _of_said(_left_out(briefing.said, cut)) > room:
        total -= weights[cut]
        cut += 1
    if cut == 0:
        return briefing
    return replace(briefing, said=(_left_out(briefing.said, cut), *briefing.said[cut:]))


def _left_out(notes: Sequence[Said], cut: int) -> Said:
    nearest = notes[min(cut, len(notes) - 1)]
    what = "1 older note was" if cut == 1 else f"{cut} older notes were"
    return Said(
        author="Deskmate",
        text=f"{what} left out to save room; what was verified is in the packet.",
        visibility=Visibility.PUBLIC,
        source=Source.ORGANISATION,
        at=nearest.at,
    )


def _weight(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass")) + FRAME


def _of_said(said: Said) -> int:
    return _weight(said.text) + len(said.author.encode("utf-8", "surrogatepass"))


def _fixed(briefing: Briefing) -> int:
    coworker = briefing.coworker
    texts = [coworker.name, coworker.goal, coworker.identity, coworker.soul, briefing.organisation, briefing.requester]
    texts += [skill.name + skill.description for skill in briefing.skills]
    texts += [workspace.name + workspace.about for workspace in briefing.workspaces]
    for candidate in briefing.candidates:
        card = candidate.coworker
        texts += [card.id + card.name + card.identity, *card.examples]
    texts += [text for request in briefing.own_requests for text in _of_request(request)]
    if briefing.request is not None:
        texts += _of_request(briefing.request)
    if briefing.packet is not None:
        texts += _of_packet(briefing.packet)
    texts += ["\n".join(described(briefing.files))] if briefing.files else []
    for occasion in briefing.occasions:
        texts += [occasion.kind + occasion.text, *([occasion.result.text] if occasion.result else [])]
    return sum(map(_weight, texts)) + sum(map(_of_said, briefing.messages))


def _of_request(request: Request) -> Iterable[str]:
    return [request.number + request.title, request.description]


def _of_packet(packet: Packet) -> Iterable[str]:
    facts = [fact.text + fact.evidence for fact in packet.facts]
    return [packet.asked, packet.reason, packet.wanted, *facts, *packet.actions, *packet.open_questions]
