"""What forms say: their titles, questions and hints, what is wrong with an answer, and what becomes of one that was sent."""

from collections.abc import Sequence

from bot.mail import Priority
from bot.request import Request
from bot.wording.titles import closing

ATOM_CHOOSES = "Let Atom choose"
SEND = "Send"
OPEN = "Open request"
NEW_TITLE = "Open a request"
REPLY_TITLE = "Reply to requester"
ASSIGN_TITLE = "Assign"
RESOLVE_TITLE = "Resolve"
PRIORITY_TITLE = "Set priority"
LINK_TITLE = "Link requests"
COMMENT_TITLE = "Your comment"

WORKSPACE = "Team"
WORKSPACE_HINT = "Not sure? Let Atom choose."
TITLE = "What is it about?"
TITLE_HINT = "A few words, such as: my laptop is slow."
DESCRIPTION = "Details"
DESCRIPTION_HINT = "What happened, since when, and what you have tried."
PRIORITY = "Priority"
ON_BEHALF = "On behalf of"
ON_BEHALF_HINT = "Leave it empty when it is for you. Replies go to whom you choose; you are told too."
ANSWER_IN = "Where to answer"
IN_OWN_CHAT = "In their own chat with Atom"
IN_THREAD = "In the message's thread, where others read along"
FILES = "Files"
ANSWER = "What the requester reads"
ASSIGNEE = "To whom"
SUMMARY = "What was done"
SUMMARY_HINT = "The requester reads this, and is asked how it went."
NUMBER = "Number of the other request"
NUMBER_HINT = "Such as IT-1042."
RELATION = "How they are related"
COMMENT = "What went well, what did not?"

PRIORITIES: dict[Priority, str] = {
    "urgent": "Urgent: people cannot work, or something is at risk now",
    "high": "High",
    "normal": "Normal",
    "low": "Low",
}
RELATIONS: dict[str, str] = {
    "relates_to": "relates to",
    "duplicate": "is a duplicate of",
    "blocks": "blocks",
    "blocked_by": "is blocked by",
    "parent": "is a part of",
    "child": "has as its part",
}


def about(request: Request) -> str:
    """Say which request a form is about."""
    return f"**{request.number}**: {' '.join(request.title.split())}"


def from_message(author: str) -> str:
    """Explain where the words of a prefilled form come from."""
    return f"From a message by {author or 'somebody'}. Check what it says before you send it."


def from_colleagues() -> str:
    """Explain why a form that was opened from a message in a private channel is empty."""
    return (
        "That message is in a private channel, so its words are not taken over. Write only what the requester may read."
    )


def coworker(name: str) -> str:
    """Name a coworker as a choice."""
    return f"{name} (AI coworker)"


def group(name: str) -> str:
    """Name an agent group as a choice."""
    return "All agents" if name == "agents" else f"Group: {name}"


def myself(name: str) -> str:
    """Name the person who looks at the form as a choice."""
    return f"{name} (me)"


def missing() -> str:
    """Ask for a field that was left empty."""
    return "Please write something here."


def choose() -> str:
    """Ask for one of the choices that there are."""
    return "Please choose one of the list."


def too_long(limit: int) -> str:
    """Ask for a shorter text."""
    return f"Please keep this under {limit:,} characters."


def unknown_person() -> str:
    """Refuse somebody whom nobody knows."""
    return "This person is not known here; choose somebody of this organisation."


def not_for_others() -> str:
    """Refuse a guest who opens a request for somebody else."""
    return "guests can open requests for themselves only; ask the person, or somebody of the organisation, to do it."


def no_such_number(number: str) -> str:
    """Refuse the number of no request that the person may see."""
    return f"There is no request {number[:40]} that you can work on; write a number such as IT-1042."


def requester_only() -> str:
    """Refuse a comment by anybody but the requester."""
    return "only the requester can comment on how a request went."


def unknown_form() -> str:
    """Refuse what is no form."""
    return "this form does not exist any more; open it anew."


def opened_for(request: Request, workspace: str, author: str) -> str:
    """Tell the requester that somebody opened a request for them."""
    return (
        f"{author} has opened **{request.number}** for you with {workspace}: {closing(request)}. "
        "I'll reply here; add anything that helps."
    )


def opened_from(request: Request, workspace: str, author: str) -> str:
    """Tell, in a message's own thread, that it has become a request of its author."""
    by = f"{author} has" if author else "I've"
    return f"{by} opened **{request.number}** with {workspace} for this: {closing(request)}. I'll reply here."


def opened(request: Request, workspace: str, requester: str) -> str:
    """Tell whoever sent the form what became of it; `requester` is empty when it is for themselves."""
    if requester:
        return (
            f"**{request.number}** is open with {workspace} for {requester}: {closing(request)}. "
            "Replies go to them; you follow it and are told too."
        )
    return f"**{request.number}** is open with {workspace}: {closing(request)}. I reply in its own thread."


def replied(number: str) -> str:
    """Confirm a reply."""
    return f"Your reply to the requester of {number} is on its way."


def assigned(number: str, to: str) -> str:
    """Confirm an assignment."""
    return f"{number} is with {to} now."


def resolved(number: str) -> str:
    """Confirm a resolution."""
    return f"{number} is resolved. The requester is told, and asked how it went."


def prioritised(number: str, priority: str) -> str:
    """Confirm a priority."""
    return f"{number} has {priority} priority now."


def linked(number: str, how: str, other: str) -> str:
    """Confirm a link."""
    return f"Done: {number} {how} {other}."


def attached(text: str, names: Sequence[str]) -> str:
    """Add the names of files to a description."""
    return f"{text}\n\n(attached: {', '.join(names)})".strip() if names else text
