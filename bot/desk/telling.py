"""Telling those whom a request concerns: a private text in its private threads, a public one to the requester and, mirrored, there too.

Visibility alone decides: there is no parameter for a destination. A workspace without a private channel on a connected platform has
nobody who reads along, so its admins are told.
"""

from bot.desk.desk import Desk
from bot.desk.posting import post
from bot.desk.private_threads import support_threads
from bot.desk.telling_admins import tell_admins
from bot.ids import ConversationId
from bot.labels import Visibility
from bot.note import Note
from bot.ports import UnitOfWork
from bot.reply import Button, ReplyKind
from bot.request import Request
from bot.wording import cards


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

    Where there is no such thread, the workspace's admins are told so, once per request.
    """
    threads = await support_threads(uow, desk, request)
    if not threads:
        workspace = desk.workspace(request.workspace)
        told = cards.no_channel(request.number, workspace.name)
        await tell_admins(uow, desk, workspace, told, cause=f"no channel:{request.id}", request=request)
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
