"""Putting replies into the outbox: where a note goes is decided here, by its visibility alone.

A private text is only ever given to a request's support threads, a public one to the requester's conversation with a mirror in the
support threads, so that support staff read what the requester reads. There is no parameter for a destination. The firewall looks at
the real audience again before each post.
"""

import logging
from dataclasses import replace

from bot.conversation import Conversation
from bot.desk.desk import Desk
from bot.desk.heading import Heading, heading
from bot.desk.telling_admins import admin_conversations
from bot.ids import ConversationId, NoteId, ReplyId, derived_id
from bot.labels import Visibility
from bot.mail import Priority
from bot.mailroom import Bell, ring
from bot.note import Note
from bot.person import Platform
from bot.ports import Reader, UnitOfWork
from bot.reply import Button, Reply, ReplyKind
from bot.request import Request
from bot.split import split
from bot.wording import cards

log = logging.getLogger("deskmate.desk")


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
    keys = [_part(conversation, cause, index) for index in range(len(parts))]
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
    return _part(conversation, cause, max(len(split(desk.redact(text))), 1) - 1)


async def last_part(reader: Reader, conversation: ConversationId, cause: str) -> ReplyId:
    """Return the id of the last of the posts in which `cause` was told there: the one with the buttons."""
    index = 0
    while await reader.get(Reply, _part(conversation, cause, index + 1)) is not None:
        index += 1
    return _part(conversation, cause, index)


def _part(conversation: ConversationId, cause: str, index: int) -> ReplyId:
    return ReplyId(derived_id("reply", conversation, cause, str(index)))


async def support_threads(uow: UnitOfWork, desk: Desk, request: Request) -> list[ConversationId]:
    """Return the request's threads in its workspace's support channels, each begun with a header when it is new."""
    channels = desk.support_channels(desk.workspace(request.workspace))
    return [(await support_thread(uow, desk, request, name, channel)).id for name, channel in channels.items()]


async def support_thread(uow: UnitOfWork, desk: Desk, request: Request, platform: str, channel: str) -> Conversation:
    """Return the request's thread in one private channel, begun with a header when it is new."""
    key = support_thread_id(request, platform, channel)
    known = await uow.get(Conversation, key)
    if known is not None:
        return known
    thread = Conversation(
        id=key,
        platform=_platform(platform),
        tenant=desk.tenant(platform),
        channel=channel,
        kind="support",
        request_ids=(request.id,),
        workspace=request.workspace,
    )
    await uow.add(thread)
    head = await heading(uow, desk, request)
    await post(
        uow,
        desk,
        key,
        head.text,
        cause="header",
        visibility=Visibility.PRIVATE,
        kind="header",
        request=request,
        buttons=head.buttons,
    )
    return thread


async def refresh_header(uow: UnitOfWork, desk: Desk, request: Request) -> None:
    """Have the header of each of the request's private threads tell how the request is now, beginning those that are new."""
    head = await heading(uow, desk, request)
    for thread in await support_threads(uow, desk, request):
        await _retell(uow, desk, request, thread, head)
    for name, channel in desk.workspace(request.workspace).restricted_channels.items():
        key = support_thread_id(request, name, channel)
        if await uow.find(Conversation, id=key, limit=1):
            await _retell(uow, desk, request, key, head)


async def close_header(uow: UnitOfWork, desk: Desk, request: Request, text: str) -> None:
    """Have the headers of a request that leaves its workspace say so, with nothing to press."""
    for thread in await support_threads(uow, desk, request):
        await _retell(uow, desk, request, thread, Heading(text=text, buttons=()))


async def _retell(uow: UnitOfWork, desk: Desk, request: Request, thread: ConversationId, head: Heading) -> None:
    """Queue a change in place of a thread's header, or put it into the change that still waits.

    The mailbox is rung before the reply is locked, the order in which the outbox does it.
    """
    newest = await uow.find(Reply, conversation_id=thread, kind="header", newest=True, limit=1)
    text = desk.redact(head.text)
    if not newest or (newest[0].text, newest[0].buttons) == (text, head.buttons):
        return
    if await _given_up(uow, thread, newest[0]):
        return
    await ring(uow, desk.now(), Bell(kind="outbox", subject=thread, priority=request.priority))
    last = await uow.get(Reply, newest[0].id) or newest[0]
    if last.state in {"queued", "held"}:
        await uow.put(replace(last, text=text, buttons=head.buttons))
        return
    await uow.add(
        Reply(
            id=ReplyId(derived_id("reply", thread, "header after", last.id)),
            conversation_id=thread,
            request_id=request.id,
            visibility=Visibility.PRIVATE,
            kind="header",
            text=text,
            buttons=head.buttons,
            replaces=_part(thread, "header", 0),
            at=desk.now(),
        )
    )


async def _given_up(uow: UnitOfWork, thread: ConversationId, header: Reply) -> bool:
    """Tell whether a thread's header cannot be posted, or was begun in the restricted channel instead.

    A change that was withheld where the thread stands is tried again with the next one: the requester may have left the channel.
    """
    place = await uow.get(Conversation, thread)
    return header.state == "parked" or (header.state == "dropped" and (place is None or place.thread is None))


def support_thread_id(request: Request, platform: str, channel: str) -> ConversationId:
    """Return the key of a request's thread in a support channel."""
    return ConversationId(f"support:{request.id}:{platform}:{channel}")


def _platform(name: str) -> Platform:
    if name == "slack":
        return "slack"
    return "teams" if name == "teams" else "terminal"


async def tell_colleagues(
    uow: UnitOfWork,
    desk: Desk,
    request: Request,
    text: str,
    *,
    cause: str,
    kind: ReplyKind = "note",
    speaker: str = "",
    note: Note | None = None,
    buttons: tuple[Button, ...] = (),
    visibility: Visibility = Visibility.PRIVATE,
    but_not: ConversationId | None = None,
) -> None:
    """Queue a text for every support thread of the request, except the one it was written in.

    A workspace without a private channel on a connected platform has nobody who reads along: its admins are told so, once per request.
    """
    threads = await support_threads(uow, desk, request)
    if not threads:
        await _tell_admins(uow, desk, request)
    for thread in threads:
        if thread != but_not:
            await post(
                uow,
                desk,
                thread,
                text,
                cause=cause,
                visibility=visibility,
                kind=kind,
                speaker=speaker,
                request=request,
                note=note.id if note else None,
                buttons=buttons,
            )


async def _tell_admins(uow: UnitOfWork, desk: Desk, request: Request) -> None:
    """Tell the workspace's admins that it has no private channel to post in."""
    workspace = desk.workspace(request.workspace)
    admins = await admin_conversations(uow, desk, workspace)
    if not admins:
        log.error("%s has no private channel on a connected platform, and no admin who was ever met", workspace.name)
    for conversation in admins:
        if await uow.get(Conversation, conversation.id) is None:
            await uow.add(conversation)
        told = cards.no_channel(request.number, workspace.name)
        await post(
            uow,
            desk,
            conversation.id,
            told,
            cause=f"no channel:{request.id}",
            visibility=Visibility.PRIVATE,
            kind="notice",
            request=request,
        )


async def tell_requester(
    uow: UnitOfWork,
    desk: Desk,
    request: Request,
    text: str,
    *,
    cause: str,
    kind: ReplyKind = "note",
    speaker: str = "",
    note: Note | None = None,
    footer: str = "",
    buttons: tuple[Button, ...] = (),
    but_not: ConversationId | None = None,
) -> None:
    """Queue a text for the requester's conversation."""
    if request.conversation_id != but_not:
        await post(
            uow,
            desk,
            request.conversation_id,
            text,
            cause=cause,
            visibility=Visibility.PUBLIC,
            kind=kind,
            speaker=speaker,
            request=request,
            note=note.id if note else None,
            footer=footer,
            buttons=buttons,
        )
