"""A request's private threads: one in each support channel of its workspace, begun with a header that tells how the request is now.

The header is changed in place. Nothing but private texts and the mirrors of public ones is queued for these threads (`telling`).
"""

from dataclasses import replace

from bot.conversation import Conversation
from bot.desk.desk import Desk
from bot.desk.heading import Heading, heading
from bot.desk.posting import post, reply_key
from bot.ids import ConversationId, ReplyId, derived_id
from bot.labels import Visibility
from bot.mailroom import Bell, ring
from bot.person import Platform
from bot.ports import Reader, UnitOfWork
from bot.reply import Reply
from bot.request import Request


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
            replaces=reply_key(thread, "header", 0),
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


async def support_thread_at(reader: Reader, conversation: Conversation) -> Conversation | None:
    """Return the support thread of a request that stands where `conversation` is; None when there is none."""
    if conversation.thread is None:
        return None
    found = await reader.find(
        Conversation,
        platform=conversation.platform,
        channel=conversation.channel,
        thread=conversation.thread,
        kind="support",
    )
    return next((item for item in found if item.request_ids), None)
