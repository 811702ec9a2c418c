"""What approvers read: the exact call that waits, what was decided, and why a decision was not taken."""

import json

from bot.approval import Approval
from bot.leak.folding import is_seen
from bot.turn import Call

APPROVE = "Approve"
DENY = "Deny"


def call_text(call: Call) -> str:
    """Return one exact call with its arguments, for a human to judge: what cannot be seen is written as its code."""
    plain = json.dumps(call.arguments, indent=2, sort_keys=True, ensure_ascii=False)
    arguments = "".join(char if is_seen(char) or char == "\n" else json.dumps(char)[1:-1] for char in plain)
    return f"`{call.name}`\n```\n{arguments}\n```"


def question(item: Approval, number: str, coworker: str) -> str:
    """Return the question to the approvers; the coworker's reason is kept to one line, so that it forms no card of its own."""
    reason = " ".join(item.reason.split())
    return (
        f"**Approval needed for {number}**\n\n{coworker} wants to make exactly this call:\n\n{call_text(item.call)}\n\n"
        f"Why: {reason}\n\nIt expires {item.expires_at:%Y-%m-%d %H:%M} UTC. The requester cannot decide it."
    )


def decided(item: Approval, number: str, coworker: str, decider: str) -> str:
    """Return what takes the place of the question once it is decided."""
    verb = {"approved": "Approved", "denied": "Denied", "expired": "Expired", "waiting": "Waiting"}[item.state]
    when = f", {item.decided_at:%Y-%m-%d %H:%M} UTC" if item.decided_at else ""
    return f"**{verb}** by {decider}{when}: {coworker}'s call for {number}\n\n{call_text(item.call)}"


def unknown() -> str:
    """Refuse to decide what is not there."""
    return "this approval does not exist; ask the coworker's manager."


def own_request() -> str:
    """Refuse whoever asked for it."""
    return "a requester cannot decide about their own request; somebody else in the team must."


def agents_only(workspace: str) -> str:
    """Refuse somebody who is no agent."""
    return f"only agents of {workspace} can decide this. Ask one of them, or an admin for the role."


def expired() -> str:
    """Refuse what comes too late."""
    return "it has expired; the coworker will ask again if it still needs to."


def decided_before(state: str) -> str:
    """Refuse a second decision."""
    return f"it is {state} already."


def not_theirs_now(number: str) -> str:
    """Refuse a call of a coworker that has the request no more."""
    return f"{number} is no longer with the coworker that asked; hand it back first, or deny it."
