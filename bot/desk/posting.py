"""Putting replies into the outbox: each cause is told once per conversation, in as many posts as its text needs.

This is the lowest step. Where a note goes is decided above it (`telling`, `private_threads`), by its visibility alone; the firewall looks
at the real audience again before each post.
"""

from bot.desk.desk import Desk
from bot.ids import ConversationId, NoteId, ReplyId, derived_id
from bot.labels import Visibility
from bot.mail import Priority
from bot.mailroom import Bell, ring
from bot.ports import Reader, UnitOfWork
from bot.reply import Button, Reply, ReplyKind
from bot.request import Request
from bot.split import split


async def post(
    uow: UnitOfWork,
    desk: Desk,
    conversation: ConversationId,
    text: str,
    *,
    cause: str,
    visibility: Visibility,
    kind: ReplyKind,
    speaker: str = "",
    request: Request | None = None,
    note: NoteId | None = None,
    footer: str = "",
    buttons: tuple[Button, ...] = (),
    replaces: ReplyId | None = None,
) -> ReplyId:
    """Queue `text`, in as many posts as it needs; return the id of the last, which carries footer and buttons.

    `cause` names what is told of: the same cause is told once per conversation.
    """
    parts = split(desk.redact(text)) or ("",)
    keys = [reply_key(conversation, cause, index) for index in range(len(parts))]
    if await uow.get(Reply, keys[0]) is not None:
        return keys[-1]
    now = desk.now()
    last = len(parts) - 1
    await uow.add(
        *(
            Reply(
                id=key,
                conversation_id=conversation,
                request_id=request.id if request else None,
                note_id=note,
                visibility=visibility,
                kind=kind,
                speaker=speaker,
                text=part,
                footer=footer if index == last else "",
                buttons=buttons if index == last else (),
                replaces=replaces if index == 0 else None,
                at=now,
            )
            for index, (key, part) in enumerate(zip(keys, parts, strict=True))
        )
    )
    priority: Priority = request.priority if request else "normal"
    await ring(uow, now, Bell(kind="outbox", subject=conversation, priority=priority))
    return keys[-1]


def reply_id(desk: Desk, conversation: ConversationId, text: str, *, cause: str) -> ReplyId:
    """Return the id that `post` will give to the last of the posts of `text`: a button under it can name it."""
    return reply_key(conversation, cause, max(len(split(desk.redact(text))), 1) - 1)


async def last_part(reader: Reader, conversation: ConversationId, cause: str) -> ReplyId:
    """Return the id of the last of the posts in which `cause` was told there: the one with the buttons."""
    index = 0
    while await reader.get(Reply, reply_key(conversation, cause, index + 1)) is not None:
        index += 1
    return reply_key(conversation, cause, index)


def reply_key(conversation: ConversationId, cause: str, index: int) -> ReplyId:
    """Return the id of one of the posts in which `cause` is told there, counted from 0."""
    return ReplyId(derived_id("reply", conversation, cause, str(index)))
