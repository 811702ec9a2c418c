"""What agents are told when they steer a request: why something was refused, and the lines that colleagues read about it."""

from collections.abc import Sequence

_RELATIONS = {
    "parent": "belongs to",
    "child": "has as its part",
    "blocks": "blocks",
    "blocked_by": "is blocked by",
    "relates_to": "relates to",
    "duplicate": "is a duplicate of",
}
_AGENTS = "agents"


def group(name: str) -> str:
    """Return an agent group as people know it."""
    return "the agents" if name == _AGENTS else f"the group {name}"


def relation(name: str) -> str:
    """Return a relation as the middle of a sentence: the first request … the second."""
    return _RELATIONS[name]


def agents_only(workspace: str) -> str:
    """Refuse somebody who is no agent."""
    return f"only agents of {workspace} can do that. Ask one of them, or an admin for the role."


def agents_reply(workspace: str) -> str:
    """Refuse somebody who would answer the requester and is no agent."""
    return f"only agents of {workspace} can reply to the requester. Ask one of them, or leave a private note."


def empty_reply() -> str:
    """Refuse an answer without words."""
    return "there is nothing after `reply:`; write the answer behind it."


def own_request() -> str:
    """Refuse an agent who would work on what they asked for themselves."""
    return "somebody else in the team must work on your own request."


def no_request(number: str) -> str:
    """Refuse a number that nothing goes by, or nothing that the person may see."""
    if not number:
        return "this request does not exist; look it up by its number."
    return f"there is no request {number} that you can work on; check the number, such as IT-1001."


def final(number: str, status: str) -> str:
    """Refuse to change what is over."""
    return f"{number} is {status}; open a new request instead."


def resolved_already(number: str) -> str:
    """Refuse to resolve twice."""
    return f"{number} is resolved already."


def blocked(number: str, by: Sequence[str]) -> str:
    """Refuse to resolve before what blocks it."""
    return f"{', '.join(by)} must be resolved before {number}."


def no_such_priority(name: str, known: Sequence[str]) -> str:
    """Refuse an unknown priority."""
    return f"{name!r} is no priority; use one of: {', '.join(known)}."


def no_such_relation(name: str, known: Sequence[str]) -> str:
    """Refuse an unknown relation."""
    return f"{name!r} is no relation; use one of: {', '.join(known)}."


def no_such_coworker(name: str) -> str:
    """Refuse an assignee whom nobody employs."""
    return f"there is no coworker {name!r}; choose one of the list."


def not_working(name: str, state: str) -> str:
    """Refuse a coworker that takes no work."""
    return f"{name} is {state} and takes no work; choose another coworker or a group."


def elsewhere(name: str, workspace: str) -> str:
    """Refuse a coworker of another workspace."""
    return f"{name} does not work in {workspace}; hand the request to a triage coworker, which can move it."


def no_agent(name: str, workspace: str) -> str:
    """Refuse an assignee who may not work in the workspace."""
    return f"{name} is no agent of {workspace}; choose one of its agents, or ask an admin for the role."


def their_own(name: str) -> str:
    """Refuse to give somebody the request that they made."""
    return f"{name} asked for this; somebody else in the team must work on it."


def no_such_group(name: str, workspace: str) -> str:
    """Refuse an agent group that does not exist."""
    return f"{workspace} has no agent group {name!r}; choose one of the list."


def itself() -> str:
    """Refuse to link a request to itself."""
    return "a request cannot be linked to itself; give another number."


def too_many_links(number: str, limit: int) -> str:
    """Refuse a link too many."""
    return f"{number} has {limit} linked requests already; that is the most."


def in_a_circle(one: str, other: str) -> str:
    """Refuse requests that would wait for each other."""
    return f"{one} and {other} would wait for each other; choose another relation."


def assigned(number: str, by: str, to: str) -> str:
    """Tell colleagues who has it now."""
    return f"{by} assigned {number} to {to}."


def priority_set(number: str, by: str, was: str, now: str) -> str:
    """Tell colleagues of a new priority."""
    return f"{by} changed the priority of {number} from {was} to {now}."


def resolved(number: str, by: str) -> str:
    """Tell colleagues that a human resolved it."""
    return f"{by} resolved {number}."


def linked(number: str, by: str, how: str, other: str) -> str:
    """Tell colleagues of a link."""
    return f"{by} linked it: {number} {relation(how)} {other}."
