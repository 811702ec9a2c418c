"""What people are told who give commands: what was done, and why something was not."""

from collections.abc import Sequence

from bot.person import RoleName
from bot.request import Request
from bot.wording.cards import status
from bot.wording.command_help import ROLES, not_shown, usage

TITLE = 90
"""Characters of a request's title in a list."""


def unknown_command(word: str, near: str) -> str:
    """Answer a command that does not exist."""
    if near:
        return f"There is no command `{word}`. Did you mean `{near}`? Write `help` to see what you can do."
    return f"There is no command `{word}`. Write `help` to see what you can do, or `new` and what you need to open a request."


def number_wanted(word: str, name: str) -> str:
    """Answer a command that needs a request's number and has none."""
    problem = f"`{word}` is not a request's number." if word else "The request's number is missing."
    return usage(name, problem)


def text_wanted(name: str) -> str:
    """Answer a note or a reply without words."""
    return usage(name, "There is no text.")


def role_needed(name: str, role: RoleName) -> str:
    """Refuse a command for want of a role."""
    return f"`{name}` is for {ROLES[role]}. Ask one of them, or open a request with `new`."


def admins_only(workspace: str) -> str:
    """Refuse what only admins of a workspace can do."""
    return f"Only workspace admins of {workspace} can do that. Ask one of them."


def organisation_only() -> str:
    """Refuse what concerns the whole organisation."""
    return "Only organisation admins can do that. Ask one of them."


def agents_only_see(number: str, workspace: str) -> str:
    """Refuse a question about a request that is somebody else's, or does not exist: the two are not told apart."""
    who = f"agents of {workspace or ITS_WORKSPACE}"
    return f"I can't find {number} among your requests. Only {who} can ask about other people's. Write `mine` to see yours."


def moved(number: str, workspace: str) -> str:
    """Refuse an agent's question about a request that is in another workspace by now."""
    return f"{number} is with {workspace} now. Only agents of {workspace} can ask about it."


def refused(reason: str) -> str:
    """Say why nothing was done."""
    return f"{reason[:1].upper()}{reason[1:]}"


def others_read_here(name: str) -> str:
    """Decline to answer where others read along."""
    return f"Others can read here. Send me `{name}` in a direct message."


def no_request(number: str) -> str:
    """Answer a command about a request that does not exist."""
    return f"There is no request {number}. Check the number, or write `mine` to see yours."


def form_opens() -> str:
    """Say how a request is opened, where no form could be shown."""
    return (
        "Press *Open a request* for a form, where you see that button, or write what you need right away: "
        "`new My laptop is slow since Monday`"
    )


def opened(request: Request, workspace: str) -> str:
    """Confirm a request whose thread is elsewhere."""
    return (
        f"I've opened **{request.number}** with {workspace}: {_title(request)}. I'll write to you in our direct chat."
    )


def _title(request: Request) -> str:
    """Return the title on one line, cut to what a list can hold, as the end of a sentence."""
    plain = " ".join(request.title.split())
    return (plain if len(plain) <= TITLE else plain[:TITLE].rstrip() + "…").rstrip(" .")


def line(request: Request, stands: str) -> str:
    """Return a request as one item of a list."""
    return f"- **{request.number}** {_title(request)}: {stands}"


def mine(lines: Sequence[str], *, more: int) -> str:
    """List a person's open requests."""
    if not lines:
        return "You have no open requests. Write `new` and what you need to open one."
    rest = f"\n\n{not_shown(more)}" if more else ""
    return "Your requests:\n" + "\n".join(lines) + rest + "\n\nWrite `status` and a number to read more about one."


def stands(request: Request, *, own: bool) -> str:
    """Return a status as its requester (`own`) or somebody else reads it."""
    return "Waiting for your answer" if own and request.status == "pending" else status(request.status)


def one_status(request: Request, workspace: str, assignee: str, since: str, *, own: bool) -> str:
    """Say where one request stands, to its requester (`own`) or to somebody else."""
    return (
        f"**{request.number}** {_title(request)}\n\n{stands(request, own=own)}, {request.priority} priority, "
        f"with {assignee} in {workspace}. Last changed {since}.\n\n{_next(request, own=own)}"
    )


def _next(request: Request, *, own: bool) -> str:
    match request.status:
        case "pending" if own:
            return "Answer the question where it was asked."
        case "resolved" if own:
            return "If it isn't solved, reply where you were told, and it is opened again."
        case "pending":
            return "It waits for the requester's answer in its thread."
        case "resolved":
            return "A reply of the requester in its thread opens it again."
        case "closed" | "cancelled":
            return "It is over; open a new request with `new`."
        case _:
            return "Add anything that helps in its thread."


def done_take(number: str) -> str:
    """Confirm that a request was taken."""
    return f"You have {number} now. Coworkers stay silent to the requester. Write `release {number}` to hand it back."


def done_release(number: str, to: str) -> str:
    """Confirm that a request was handed back."""
    return f"{number} is back with {to}. Write `take {number}` to take it again."


def done_assign(number: str, to: str) -> str:
    """Confirm a new assignee."""
    return f"{number} is with {to} now. Write `status {number}` to see where it stands."


def done_note(number: str) -> str:
    """Confirm a private note."""
    return f"Your private note is in {number}'s private thread. The requester can't read it."


def done_reply(number: str) -> str:
    """Confirm a public note."""
    return f"Your reply to the requester of {number} is on its way. Write `resolve {number}` when it is done."


def done_resolve(number: str) -> str:
    """Confirm that a request is resolved."""
    return f"{number} is resolved, and the requester told. If they reply, it opens again."


def done_link(first: str, relation: str, second: str) -> str:
    """Confirm a link."""
    return f"Linked: {first} {relation} {second}."


def done_priority(number: str, priority: str) -> str:
    """Confirm a priority."""
    return f"{number} has {priority} priority now."


def nobody_called(word: str, workspace: str, near: str) -> str:
    """Answer an assignment to somebody who is not found."""
    hint = f" Did you mean `{near}`?" if near else ""
    return (
        f"I find no coworker, agent or group of {workspace} called `{word}`.{hint} "
        "Write a coworker's id, an agent's e-mail, a group, or `me`."
    )


def no_such_relation(word: str, near: str) -> str:
    """Answer a link with a relation that does not exist."""
    return usage("link", f"`{word}` is no relation." + (f" Did you mean `{near}`?" if near else ""))


def no_such_priority(word: str, near: str) -> str:
    """Answer a priority that does not exist."""
    return usage("priority", f"`{word}` is no priority." + (f" Did you mean `{near}`?" if near else ""))


ME = "you"
ITS_WORKSPACE = "its workspace"
