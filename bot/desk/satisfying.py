"""The survey: asked once for each resolution, answered by the requester alone, and what follows from a low score.

A score can be changed; the newest counts. A low one opens the request again for a human and tells whoever is accountable, without a word
of what the request was about.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace

from bot.audit import Event, text_digest
from bot.conversation import Conversation
from bot.desk.desk import Desk, person_actor
from bot.desk.posting import post
from bot.desk.settling import need_human
from bot.desk.telling import tell_colleagues
from bot.desk.telling_admins import admin_conversations, conversations_of, tell_each
from bot.errors import Refused
from bot.labels import Visibility
from bot.person import Person
from bot.ports import UnitOfWork
from bot.reply import Button, Reply
from bot.request import Request
from bot.satisfaction import Satisfaction
from bot.wording import survey as wording

log = logging.getLogger("deskmate.desk")

LOW = 2
"""This score or less is a low one."""
LONGEST = 3_000
"""Characters of a comment."""


def is_score(text: str) -> bool:
    """Tell whether a text is nothing but a score: what somebody types who sees no buttons."""
    return text.strip() in {str(score) for score in wording.SCORES}


async def rate(
    uow: UnitOfWork, desk: Desk, key: str, person: Person, value: str, *, cause: str, on_post: str = ""
) -> Satisfaction:
    """Store the requester's score and do what follows from it. Raises `Refused` for anybody else, and for what is no score.

    `on_post` is the platform's id of the post that was pressed: it is changed into thanks. The same score again changes nothing,
    unless the request was resolved anew; and whoever is accountable is not told at each press of somebody who goes on pressing.
    """
    request = await uow.get(Request, key)
    if request is None or person.id != request.requester:
        raise Refused(wording.NOT_YOURS)
    if not is_score(value):
        raise Refused(wording.NO_SCORE)
    known = await uow.get(Satisfaction, request.id)
    low = int(value) <= LOW
    reopened = low and request.status == "resolved"
    if known is not None and known.score == int(value) and not reopened:
        return known
    given = Satisfaction(
        id=request.id,
        request_id=request.id,
        person_id=person.id,
        score=int(value),
        comment=known.comment if known else "",
        at=desk.now(),
    )
    await (uow.put(given) if known else uow.add(given))
    await uow.audit(_event(desk, request, person, "request.rated", score=given.score))
    if reopened:
        reason = wording.low_score(given.score)
        await need_human(uow, desk, request, person_actor(person), reason, cause=f"rated:{cause}")
    if reopened or (low and (known is None or known.score > LOW)):
        await _tell_accountable(uow, desk, request, given.score, reopened=reopened, cause=cause)
    comment = Button(action="form", subject=request.id, value="comment", label=wording.COMMENT)
    thanks = wording.thanks(request.number, given.score)
    await _replace(uow, desk, request, thanks, (comment,), cause=cause, on_post=on_post)
    return given


async def comment_on(uow: UnitOfWork, desk: Desk, key: str, person: Person, text: str, *, cause: str) -> Satisfaction:
    """Add the requester's comment to their score, and show it to colleagues.

    Raises `Refused` for anybody else, for an empty comment, and before there is a score.
    """
    request = await uow.get(Request, key)
    if request is None or person.id != request.requester:
        raise Refused(wording.NOT_YOURS)
    known = await uow.get(Satisfaction, request.id)
    if known is None:
        raise Refused(wording.SCORE_FIRST)
    comment = desk.redact(text.strip())[:LONGEST]
    if not comment:
        raise Refused(wording.EMPTY)
    if comment == known.comment:
        return known
    given = replace(known, comment=comment, at=desk.now())
    await uow.put(given)
    await uow.audit(_event(desk, request, person, "request.commented", digest=text_digest(comment)))
    told = wording.comment_for_colleagues(request.number, given.score, comment)
    await tell_colleagues(uow, desk, request, told, cause=f"comment:{cause}", kind="notice")
    await _replace(uow, desk, request, wording.commented(request.number, given.score), (), cause=cause)
    return given


def _event(desk: Desk, request: Request, person: Person, kind: str, **data: object) -> Event:
    return Event(kind=kind, actor=person_actor(person), request_id=request.id, data=data, at=desk.now())


async def _replace(
    uow: UnitOfWork,
    desk: Desk,
    request: Request,
    text: str,
    buttons: tuple[Button, ...],
    *,
    cause: str,
    on_post: str = "",
) -> None:
    """Change the survey's post (the one that was pressed, else the newest) into `text`; without one, post it."""
    found = await _surveys(uow, request)
    pressed = [item for item in found if item.post and item.post == on_post]
    survey = (pressed or found)[-1] if found else None
    await post(
        uow,
        desk,
        survey.conversation_id if survey else request.conversation_id,
        text,
        cause=f"rated:{cause}",
        visibility=Visibility.PUBLIC,
        kind="talk",
        request=request,
        buttons=buttons,
        replaces=survey.id if survey else None,
    )


async def _surveys(uow: UnitOfWork, request: Request) -> list[Reply]:
    """Return the posts that ask how it went, oldest first, each with the id of the post as first made."""
    replies = await uow.find(Reply, request_id=request.id, kind="talk")
    return [item for item in replies if any(one.action == "rate" for one in item.buttons)]


async def _tell_accountable(
    uow: UnitOfWork, desk: Desk, request: Request, score: int, *, reopened: bool, cause: str
) -> None:
    """Tell the coworker's manager, failing that the workspace's admins; never the requester, who knows."""
    conversations = await _accountable(uow, desk, request)
    if not conversations:
        log.error("%s got a low score, and nobody who answers for it was ever met: see the audit", request.number)
    told = wording.low_score_notice(request.number, score, reopened=reopened)
    await tell_each(uow, desk, conversations, told, cause=f"low score:{cause}", request=request)


async def _accountable(uow: UnitOfWork, desk: Desk, request: Request) -> Sequence[Conversation]:
    workspace = desk.workspace(request.workspace)
    key = request.assignee.id if request.assignee.kind == "coworker" else request.held_from
    card = desk.coworker(key) if key else None
    requester = await uow.find(Person, id=request.requester, limit=1)
    own = requester[0].email if requester else None
    managers = [card.manager] if card and card.manager and card.manager.casefold() != own else []
    found = await conversations_of(uow, desk, managers, workspace)
    return found or await admin_conversations(uow, desk, workspace, but_not=own)
