"""What a model is offered besides its granted tools (the public contract names them)."""

from typing import Any

from coworkers.model import Offer


def _offer(tool: str, told: str, /, **properties: dict[str, Any]) -> Offer:
    """Return an offer; a property with a default of its own (`optional`) need not be given."""
    required = [key for key, schema in properties.items() if not schema.get("optional")]
    shown = {key: {k: v for k, v in schema.items() if k != "optional"} for key, schema in properties.items()}
    schema = {"type": "object", "properties": shown, "required": required, "additionalProperties": False}
    return Offer(name=tool, description=told, schema=schema, effect="write")


_TEXT = {"type": "string", "minLength": 1, "maxLength": 12_000}
_SHORT = {"type": "string", "minLength": 1, "maxLength": 400}
_LIST = {
    "type": "array",
    "items": {"type": "string", "minLength": 1, "maxLength": 1_000},
    "maxItems": 20,
    "optional": True,
}

ENDING: tuple[Offer, ...] = (
    _offer(
        "ask_requester",
        "Ask the requester in public what you need to know. Ends the run; the request waits for the answer.",
        question=_TEXT,
    ),
    _offer(
        "hand_off",
        "Give the request to a colleague: a coworker, a workspace or an agent group, by id. Ends the run. Only colleagues read this.",
        to=_SHORT,
        reason=_TEXT,
        verified_facts=_LIST,
        open_questions=_LIST,
    ),
    _offer(
        "set_status",
        "Let the request wait: `pending` for the requester, `on_hold` for a third party. Ends the run. Only colleagues read the reason.",
        status={"enum": ["pending", "on_hold"]},
        reason=_TEXT,
    ),
    _offer(
        "resolve",
        "Resolve the request. The requester reads the summary: what was found, what was done. Ends the run.",
        summary=_TEXT,
    ),
    _offer(
        "escalate",
        "Give the request to a human, with all that is known. Ends the run. Only colleagues read this.",
        reason=_TEXT,
    ),
    _offer(
        "request_approval",
        "Have a human decide about one exact call. Ends the run; an approved call is made as the first step of the next one.",
        tool=_SHORT,
        arguments={"type": "object"},
        reason=_TEXT,
    ),
)
"""The calls that end a run."""

ACTING: tuple[Offer, ...] = (
    _offer(
        "post_public_note",
        "Tell the requester something, in their thread. Nothing from private notes may be in it.",
        text=_TEXT,
    ),
    _offer("post_private_note", "Tell colleagues something, in the private support channel.", text=_TEXT),
    _offer(
        "open_linked_request",
        "Open a request in another workspace for a part of the work, linked to this one. The requester reads title and description.",
        workspace=_SHORT,
        title=_SHORT,
        description=_TEXT,
        relation={"enum": ["child", "blocks", "relates_to", "duplicate"]},
    ),
    _offer("search_knowledge", "Search the organisation's documents.", query=_SHORT),
    _offer("search_requests", "Search this workspace's past requests.", query=_SHORT),
    _offer("read_skill", "Read one of your skills before you follow it.", name=_SHORT),
    _offer(
        "remember",
        "Keep a fact for later: about this person, for yourself, or for the workspace.",
        fact=_SHORT,
        scope={"enum": ["person", "coworker", "workspace"]},
    ),
    _offer("recall", "Look up what was remembered about this person, by you, or in this workspace.", query=_SHORT),
)
"""The calls that act at once."""

FRONT_DOOR: tuple[Offer, ...] = (
    _offer("answer", "Answer from knowledge, with the passages it rests on.", text=_TEXT, citations=_LIST),
    _offer(
        "open_request",
        "Open a request; once for each separate problem.",
        title=_SHORT,
        description=_TEXT,
        workspace={"type": "string", "maxLength": 100},
        priority={"enum": ["urgent", "high", "normal", "low"], "optional": True},
    ),
    _offer("continue_request", "Pass the message on to one of this person's own requests.", number=_SHORT, text=_TEXT),
    _offer(
        "request_status",
        "Tell this person where one of their requests stands, or all of them (empty number).",
        number={"type": "string", "maxLength": 40, "optional": True},
    ),
    _offer("say", "Small talk, or one clarifying question.", text=_TEXT),
    _offer("search_knowledge", "Search the organisation's documents.", query=_SHORT),
)
"""What Atom is offered."""

ENDING_NAMES = frozenset(offer.name for offer in ENDING)
DESK_NAMES = frozenset(offer.name for offer in (*ENDING, *ACTING, *FRONT_DOOR))
