"""Telling colleagues of attached files, with links: where they may open them on the platform, they can."""

from collections.abc import Sequence

from bot.attachments import files_of
from bot.desk.desk import Desk
from bot.desk.telling import tell_colleagues
from bot.file import File
from bot.ids import MessageId
from bot.labels import Visibility
from bot.message import Message
from bot.ports import UnitOfWork
from bot.request import Request
from bot.wording import files as wording
from bot.wording.requester import with_files


async def with_links(uow: UnitOfWork, text: str, cause: str) -> str:
    """Return the text of a note as colleagues read it: with links to the files of the message that caused it, once."""
    message = await uow.get(Message, cause)
    if message is None or not message.files:
        return text
    named = with_files("", [file.name for file in message.files])
    return f"{text.removesuffix(named).rstrip()}\n\n{wording.linked(message.files)}".strip()


async def show_files(uow: UnitOfWork, desk: Desk, request: Request) -> None:
    """Tell colleagues of the files with which a request was opened, if there are any."""
    await _show(uow, desk, request, [item.file for item in await files_of(uow, request)], cause=f"files:{request.id}")


async def show_sent_files(
    uow: UnitOfWork, desk: Desk, request: Request, messages: Sequence[MessageId], *, cause: str
) -> None:
    """Tell colleagues of the files in messages that Atom has passed on from another thread, if there are any."""
    sent = await uow.find(Message, id=list(messages)) if messages else ()
    await _show(uow, desk, request, [file for message in sent for file in message.files], cause=f"files:{cause}")


async def _show(uow: UnitOfWork, desk: Desk, request: Request, files: Sequence[File], *, cause: str) -> None:
    if files:
        await tell_colleagues(
            uow,
            desk,
            request,
            wording.linked(files),
            cause=cause,
            visibility=Visibility.PUBLIC,
        )
