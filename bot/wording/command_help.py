"""How each command is written and what it does: what `help` says, and what a mistake in typing is answered with."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.conversation import ConversationKind
from bot.person import RoleName


@dataclass(frozen=True, kw_only=True)
class Explained:
    """How a command is written and what it does."""

    usage: str
    summary: str
    example: str


EXPLAINED: dict[str, Explained] = {
    "help": Explained(
        usage="help [command]", summary="Lists what you can do here, or explains one command.", example="help assign"
    ),
    "new": Explained(
        usage="new <what you need>",
        summary="Opens a request; the first line becomes its title.",
        example="new My laptop is slow since Monday",
    ),
    "mine": Explained(usage="mine", summary="Lists your open requests.", example="mine"),
    "status": Explained(
        usage="status [number]",
        summary="Says where a request stands; without a number, yours.",
        example="status IT-1001",
    ),
    "assign": Explained(
        usage="assign <number> to <coworker, e-mail, group or me>",
        summary="Gives a request to somebody of its workspace.",
        example="assign IT-1001 to sam@example.com",
    ),
    "take": Explained(
        usage="take <number>",
        summary="Takes a request over; coworkers stay silent to the requester until it is released.",
        example="take IT-1001",
    ),
    "release": Explained(
        usage="release <number>",
        summary="Hands a request back to the coworker that had it, or to triage.",
        example="release IT-1001",
    ),
    "note": Explained(
        usage="note <number> <text>",
        summary="Leaves a private note, which the requester cannot read.",
        example="note IT-1001 The disk is failing.",
    ),
    "reply": Explained(
        usage="reply <number> <text>",
        summary="Sends the requester a public note.",
        example="reply IT-1001 Your new laptop is ready.",
    ),
    "resolve": Explained(
        usage="resolve <number> [summary]",
        summary="Resolves a request; the requester is told the summary.",
        example="resolve IT-1001 Replaced the disk.",
    ),
    "link": Explained(
        usage="link <number> <relation> <number>",
        summary="Links two requests: parent, child, blocks, blocked-by, relates-to or duplicate.",
        example="link IT-1001 blocks IT-1002",
    ),
    "priority": Explained(
        usage="priority <number> <urgent, high, normal or low>",
        summary="Sets a request's priority.",
        example="priority IT-1001 high",
    ),
    "coworkers": Explained(
        usage="coworkers", summary="Lists the coworkers, their state and their open requests.", example="coworkers"
    ),
    "workspaces": Explained(
        usage="workspaces", summary="Lists the workspaces, who works there and what is open.", example="workspaces"
    ),
    "approvals": Explained(
        usage="approvals", summary="Lists the calls that wait for a human's decision.", example="approvals"
    ),
    "budget": Explained(
        usage="budget [number or coworker]",
        summary="Shows what requests and coworkers have spent against their limits.",
        example="budget IT-1001",
    ),
    "who-is": Explained(
        usage="who-is <name, e-mail or account>",
        summary="Says who somebody is: roles and chat accounts.",
        example="who-is june@example.com",
    ),
    "pause": Explained(
        usage="pause <coworker or all> [reason]",
        summary="Gives a coworker no new work; what it is doing now it finishes.",
        example="pause hardware-engineer wrong answers since noon",
    ),
    "resume": Explained(
        usage="resume <coworker or all>", summary="Lets a paused or killed coworker work again.", example="resume all"
    ),
    "kill": Explained(
        usage="kill <coworker or all> [reason]",
        summary="Stops a coworker at its next step. `all` leaves Atom answering, so that people reach a human.",
        example="kill hardware-engineer it locks the wrong devices",
    ),
    "link-account": Explained(
        usage="link-account <account or its e-mail> to <e-mail>",
        summary="Links a chat account to a person, with all their roles, though its e-mail is another.",
        example="link-account slack:T012:U034 to june@example.com",
    ),
    "unlink-account": Explained(
        usage="unlink-account <account or its e-mail>",
        summary="Takes a chat account from its person; no e-mail links it again, until you link it.",
        example="unlink-account slack:T012:U034",
    ),
    "reload": Explained(
        usage="reload", summary="Takes the workforce files as they are now, if they have no mistake.", example="reload"
    ),
}
"""Every command, in the order in which they are listed."""

ROLES: dict[RoleName, str] = {
    "employee": "everybody",
    "agent": "agents of a workspace",
    "workspace_admin": "workspace admins",
    "organisation_admin": "organisation admins",
    "auditor": "auditors",
}


_CALLS = {"aside": "/atom", "channel": "@Atom", "group": "@Atom", "support": "@Atom"}
"""What stands before a command where the answer is read, by the kind of the conversation; elsewhere nothing does."""
_COMMAND = re.compile(rf"`((?:{'|'.join(EXPLAINED)})(?: [^`\n]*)?)`")


def as_typed(answer: str, kind: ConversationKind) -> str:
    """Write every command in an answer as the reader has to type it: a bare `mine` would be a message to the channel."""
    call = _CALLS.get(kind)
    return _COMMAND.sub(rf"`{call} \1`", answer) if call else answer


def help_list(names: Sequence[str]) -> str:
    """List the commands that a person may give."""
    lines = [f"- `{EXPLAINED[name].usage}`: {EXPLAINED[name].summary}" for name in names]
    return "What you can do:\n" + "\n".join(lines) + "\n\nWrite `help` and a command's name to read more about it."


def help_one(name: str, role: RoleName, *, allowed: bool) -> str:
    """Explain one command."""
    told = EXPLAINED[name]
    text = f"`{told.usage}`\n\n{told.summary} For example: `{told.example}`\n\nFor {ROLES[role]}."
    return text if allowed else f"{text} You don't have that role."


def not_shown(more: int) -> str:
    """Say that a list has been cut."""
    return "1 more is not shown." if more == 1 else f"{more} more are not shown."


def usage(name: str, problem: str = "") -> str:
    """Say how a command is written, after what is wrong."""
    told = EXPLAINED[name]
    return f"{problem} Write `{told.usage}`, for example: `{told.example}`".strip()
