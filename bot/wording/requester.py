"""What the requester is told by Deskmate itself (notes are written by coworkers and humans, within the firewall)."""

from collections.abc import Sequence

from bot.request import Request
from bot.wording.cards import status
from bot.wording.titles import closing


def with_files(text: str, names: Sequence[str]) -> str:
    """Add the names of attached files to what a person wrote with them."""
    return f"{text}\n\n(attached: {', '.join(names)})".strip()


def opened(request: Request, workspace: str) -> str:
    """Confirm that a request was opened."""
    return f"I've opened **{request.number}** with {workspace}: {closing(request)}. I'll reply here; add anything that helps."


def opened_linked(request: Request, workspace: str) -> str:
    """Tell of a further request that was opened for the same person."""
    return f"I've also opened **{request.number}** with {workspace}: {closing(request)}."


def open_again(number: str) -> str:
    """Tell that a reply opened a resolved request again, which a human has."""
    return f"I've opened {number} again. A colleague has it and reads this."


def reopened_as(request: Request, old: str) -> str:
    """Tell that a reply to a closed request opened a new one."""
    return f"{old} is closed, so I've opened **{request.number}** for this and linked the two."


def human_next(number: str) -> str:
    """Tell that a human takes it from here."""
    return f"I've asked a colleague to look at {number} personally. They will reply here."


def noted_while_waiting(number: str) -> str:
    """Acknowledge a reply while an approval is awaited."""
    return f"Thanks, I've added that to {number}. It is waiting for an approval; I'll reply here when that is decided."


def passed_on(number: str, *, here: bool = False) -> str:
    """Acknowledge what belongs to a request that is told of elsewhere, or (`here`) in the same chat without threads.

    The number is empty where others read.
    """
    if not number:
        return "Thanks, I've passed that on. The answer comes where you asked first."
    if here:
        return f"Thanks, I've added that to {number}. The answer comes here."
    return f"Thanks, I've added that to {number}. The answer comes in its own thread."


def resolved(number: str) -> str:
    """Close a resolution note."""
    return f"I've marked {number} as resolved. Reply here if it isn't, and I'll open it again."


_WAITS_FOR: dict[str, str] = {
    "pending": "waiting for your answer in its thread",
    "resolved": "resolved; reply there if it isn't",
}
"""What a status means to the requester, where that differs from how colleagues read it."""


def _where(request: Request, workspace: str) -> str:
    """Say where one request stands and who is next."""
    stands = _WAITS_FOR.get(request.status) or status(request.status).lower()
    human = request.status not in {"pending", "resolved"} and request.assignee.kind != "coworker"
    return f"{stands}, with a colleague in {workspace}" if human else f"{stands} ({workspace})"


TITLE = 60
"""Characters of a thread's name."""
A_COLLEAGUE = "a colleague"
NOT_THE_ASKER = "only the one who asked for it can do that."
SOLVED = "This is solved"
HELP = "I still need help"


def footer(request: Request, holder: str) -> str:
    """Return the small line under a public note: number, status, who has it."""
    stands = {"pending": "Waiting for your answer"}.get(request.status) or status(request.status)
    return f"{request.number} · {stands} · with {holder}"


def statuses(requests: Sequence[Request], workspaces: dict[str, str]) -> str:
    """List requests and where they stand."""
    if not requests:
        return "You have no open requests. Tell me what you need and I'll open one."
    lines = [
        f"- **{item.number}** {item.title}: {_where(item, workspaces.get(item.workspace, item.workspace))}"
        for item in requests
    ]
    return "Your requests:\n" + "\n".join(lines)


def no_such_request(number: str) -> str:
    """Answer a question about a request that is not theirs or does not exist."""
    return f"I can't find {number} among your requests. Say *status* to see them all."


def rest_in_private() -> str:
    """Say where a person hears of their other requests, in a place where others read along."""
    return "Others can read here, so I only speak of what was opened here. Ask me in a direct message about the rest."


def answered(text: str, citations: Sequence[str]) -> str:
    """Return an answer with what it rests on."""
    return f"{text}\n\nSources: {'; '.join(citations)}" if citations else text


def edited(text: str) -> str:
    """Return what an edited message says now, as the requester's further words."""
    return f"(edited) {text}"


DELETED = "(deleted a message)"
"""What a deleted message says to colleagues."""


def out_of_service() -> str:
    """Say that a message could not be worked, after all attempts failed."""
    return "I couldn't work on your message just now, so I've passed it to a colleague. They will reply here."


def reminder(request: Request) -> str:
    """Remind of a question that waits for an answer."""
    return f"A reminder: {request.number} ({request.title}) is waiting for your answer. Reply here and I'll pass it on."


def resolved_by_time(request: Request) -> str:
    """Tell that a request was resolved because no answer came."""
    return f"I haven't heard back, so I've marked {request.number} as resolved. Reply here and I'll open it again."


WORKING = "is looking into it…"
"""The status line while work goes on, after Atom's name."""


def resolved_by_requester(number: str) -> str:
    """Confirm that the requester's own press resolved a request."""
    return f"Glad to hear it: {number} is resolved. Reply here if it comes back, and I'll open it again."


def human_has_it(number: str) -> str:
    """Tell that a human has the request already and knows that help is still needed."""
    return f"{number} is with a colleague already. I've told them that it isn't settled for you; they will reply here."


def refused(reason: str) -> str:
    """Tell somebody alone why what they pressed or sent did nothing."""
    return f"Nothing was done: {reason}"


def thread_title(request: Request) -> str:
    """Name the thread in which a request was opened."""
    return f"{request.number} {closing(request)}"[:200]


def question_title(question: str) -> str:
    """Name the thread in which a question was answered: its first words."""
    words = " ".join(question.split())
    return words if len(words) <= TITLE else f"{words[:TITLE].rsplit(' ', 1)[0]}…"


def cannot_be_resolved(request: Request) -> str:
    """Say why a request cannot be resolved by a press."""
    return f"{request.number} is {status(request.status).lower()} and cannot be resolved now."


def waits_for_others(number: str, others: Sequence[str]) -> str:
    """Say that other work comes first, and under which numbers as far as the person may know them."""
    if not others:
        return f"{number} cannot be resolved yet: the team has other work to finish for it first. It tells you here."
    return f"{number} is resolved after {', '.join(others)}."


def over(request: Request) -> str:
    """Say how help is had when a request is over."""
    return f"{request.number} is {request.status}; write here and I'll open a new one and link the two."


def solved_line(number: str, name: str) -> str:
    """Tell colleagues that the requester's press resolved a request."""
    return f"{name} says that {number} is solved. It is resolved."
