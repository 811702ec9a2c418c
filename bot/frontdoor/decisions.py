"""Atom's decisions as records, and what follows from each.

A decision is what the front door's model asks for; what it leads to is done here, in one transaction, the same for every platform
and every brain. Whatever Atom says here was made from public texts only: private notes are no part of its briefing.
"""

from dataclasses import dataclass
from functools import partial
from typing import assert_never

from bot.conversation import Conversation
from bot.desk.access import find_workspace, told_here
from bot.desk.desk import Desk, person_actor
from bot.desk.judging import thumbs
from bot.desk.opening import Wish, link, open_request
from bot.desk.posting import post, reply_id
from bot.desk.replying import requester_replied
from bot.desk.showing_files import show_sent_files
from bot.errors import Refused
from bot.labels import Visibility
from bot.mail import Priority, Said
from bot.message import Message
from bot.person import Person
from bot.ports import UnitOfWork
from bot.request import FINAL, Link, Request
from bot.run import Run
from bot.wording import requester as wording


@dataclass(frozen=True, kw_only=True)
class AnswerIt:
    """Answer from knowledge, with citations (`document, section`)."""

    text: str
    citations: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OpenIt:
    """Open a request for one problem."""

    title: str
    description: str
    workspace: str
    priority: Priority = "normal"


@dataclass(frozen=True, kw_only=True)
class ContinueIt:
    """The message belongs to an own request."""

    number: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ReportIt:
    """Say where a request stands, or (number empty) all of them."""

    number: str = ""


@dataclass(frozen=True, kw_only=True)
class SayIt:
    """Small talk, or a clarifying question."""

    text: str


Decision = AnswerIt | OpenIt | ContinueIt | ReportIt | SayIt


@dataclass(frozen=True, kw_only=True)
class Talk:
    """Who talks with Atom, where, in which run."""

    conversation: Conversation
    person: Person
    run: Run


async def follow(uow: UnitOfWork, desk: Desk, talk: Talk, decision: Decision, *, cause: str) -> str:
    """Do what follows from `decision`; return what the model is told. Raises `Refused`."""
    match decision:
        case AnswerIt(text=text, citations=citations):
            return await _answer(uow, desk, talk, wording.answered(text, citations), cause=cause)
        case SayIt(text=text):
            return await _say(uow, desk, talk, text, cause=cause)
        case OpenIt():
            return await _open(uow, desk, talk, decision, cause=cause)
        case ContinueIt(number=number, text=text):
            return await _continue(uow, desk, talk, await _own(uow, talk, number), text, cause=cause)
        case ReportIt(number=number):
            return await _report(uow, desk, talk, number, cause=cause)
        case _:
            assert_never(decision)


async def _say(uow: UnitOfWork, desk: Desk, talk: Talk, text: str, *, cause: str) -> str:
    if not text.strip():
        raise Refused("There is nothing to say in an empty text.")
    await post(uow, desk, talk.conversation.id, text, cause=cause, visibility=Visibility.PUBLIC, kind="talk")
    return "Said."


async def _answer(uow: UnitOfWork, desk: Desk, talk: Talk, text: str, *, cause: str) -> str:
    """Give an answer that can be judged; in a chat that has no name yet, it is called by the question."""
    if not text.strip():
        raise Refused("There is nothing to say in an empty text.")
    where = talk.conversation
    answer = reply_id(desk, where.id, text, cause=cause)
    await post(
        uow,
        desk,
        where.id,
        text,
        cause=cause,
        visibility=Visibility.PUBLIC,
        kind="talk",
        buttons=thumbs(answer),
    )
    asked = talk.run.triggers[0] if talk.run.triggers else None
    question = await uow.get(Message, asked.message_id) if isinstance(asked, Said) else None
    if question is not None and not where.request_ids:
        await name_thread(uow, desk, where, wording.question_title(question.text), cause="title:question")
    return "Said."


async def name_thread(uow: UnitOfWork, desk: Desk, conversation: Conversation, title: str, *, cause: str) -> None:
    """Name the thread of a direct chat; the same `cause` names it once."""
    if conversation.kind == "direct" and conversation.thread is not None and title.strip():
        await post(uow, desk, conversation.id, title, cause=cause, visibility=Visibility.PUBLIC, kind="title")


async def _open(uow: UnitOfWork, desk: Desk, talk: Talk, decision: OpenIt, *, cause: str) -> str:
    siblings = [
        request
        for request in await uow.find(Request, conversation_id=talk.conversation.id)
        if request.fields.get("opened_in") == talk.run.id
    ]
    workspace = find_workspace(desk, decision.workspace)
    wish = Wish(
        title=decision.title,
        description=decision.description,
        workspace=workspace.id,
        priority=decision.priority,
        requester=talk.person.id,
        author=talk.person.id,
        conversation_id=talk.conversation.id,
        fields={"opened_in": talk.run.id},
    )
    announce = partial(wording.opened_linked, workspace=workspace.name) if siblings else None
    request = await open_request(uow, desk, wish, person_actor(talk.person), cause=cause, announce=announce)
    await name_thread(uow, desk, talk.conversation, wording.thread_title(request), cause="title:request")
    for sibling in siblings:
        if sibling.id == request.id:
            continue
        current = await uow.get(Request, request.id)
        other = await uow.get(Request, sibling.id)
        if current is not None and other is not None:
            await link(
                uow,
                desk,
                current,
                other,
                Link(request_id=other.id, relation="relates_to"),
                Link(request_id=current.id, relation="relates_to"),
                person_actor(talk.person),
            )
    return f"Opened {request.number} with {workspace.name}."


def _same_chat(one: Conversation, other: Conversation) -> bool:
    """Tell whether two of a person's conversations with Atom stand in one chat, as they do where chats have no threads."""
    chats = {(item.platform, item.tenant, item.kind, item.thread) for item in (one, other)}
    return chats == {(one.platform, one.tenant, "direct", None)}


async def _continue(uow: UnitOfWork, desk: Desk, talk: Talk, request: Request, text: str, *, cause: str) -> str:
    """Pass the words on; whoever wrote them in another thread than the request's is told so there, where nothing else would come."""
    current = await requester_replied(uow, desk, request, talk.person, text, cause=cause)
    said = [trigger.message_id for trigger in talk.run.triggers if isinstance(trigger, Said)]
    await show_sent_files(uow, desk, current, said, cause=cause)
    if current.conversation_id != talk.conversation.id:
        home = await uow.get(Conversation, current.conversation_id)
        number = current.number if told_here([current], talk.conversation) else ""
        told = wording.passed_on(number, here=home is not None and _same_chat(home, talk.conversation))
        await _say(uow, desk, talk, told, cause=f"passed on:{cause}")
    return f"Passed on to {current.number}."


async def _own(uow: UnitOfWork, talk: Talk, number: str) -> Request:
    found = await uow.find(Request, number=number.strip().upper(), requester=talk.person.id)
    if not found:
        raise Refused(f"This person has no request {number}; use request_status() to list theirs.")
    return found[0]


async def _report(uow: UnitOfWork, desk: Desk, talk: Talk, number: str, *, cause: str) -> str:
    mine = told_here(await uow.find(Request, requester=talk.person.id, newest=True, limit=50), talk.conversation)
    names = {str(item.id): item.name for item in desk.directory.workspaces()}
    if number:
        chosen = [item for item in mine if item.number == number.strip().upper()]
        text = wording.statuses(chosen, names) if chosen else wording.no_such_request(number.strip().upper())
    else:
        text = wording.statuses([item for item in mine if item.status not in FINAL][:20], names)
    if talk.conversation.kind != "direct":
        text = f"{text}\n\n{wording.rest_in_private()}"
    return await _say(uow, desk, talk, text, cause=cause)
