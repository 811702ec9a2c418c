"""Telling people who answer for a workspace something by Deskmate itself: in a direct chat with each, on every connected platform.

Its admins are told what cannot be delivered, a coworker's manager how its work was judged.
"""

import logging
from collections.abc import Sequence

from bot.conversation import Conversation
from bot.desk.desk import Desk
from bot.desk.posting import last_part, post
from bot.ids import ConversationId
from bot.labels import Visibility
from bot.person import Identity, Person
from bot.ports import Reader, UnitOfWork
from bot.reply import Reply
from bot.request import Request
from bot.workspace import Workspace

log = logging.getLogger("deskmate.desk")


async def tell_admins(
    uow: UnitOfWork, desk: Desk, workspace: Workspace, text: str, *, cause: str, request: Request | None = None
) -> bool:
    """Tell the workspace's admins; return False when all of them were told of this cause before.

    When no admin was ever met, only the log says so.
    """
    admins = await admin_conversations(uow, desk, workspace)
    if not admins:
        log.error("An admin of %s is to be told something (%s), and none was ever met", workspace.name, cause)
        return True
    return await tell_each(uow, desk, admins, text, cause=cause, request=request)


async def tell_each(
    uow: UnitOfWork,
    desk: Desk,
    conversations: Sequence[Conversation],
    text: str,
    *,
    cause: str,
    request: Request | None = None,
) -> bool:
    """Queue a notice for each of these conversations, stored if they are new; return whether any had not been told of it before."""
    fresh = False
    for conversation in conversations:
        if await uow.get(Conversation, conversation.id) is None:
            await uow.add(conversation)
        if await uow.get(Reply, await last_part(uow, conversation.id, cause)) is None:
            fresh = True
            await post(
                uow,
                desk,
                conversation.id,
                text,
                cause=cause,
                visibility=Visibility.PRIVATE,
                kind="notice",
                request=request,
            )
    return fresh


async def admin_conversations(
    reader: Reader, desk: Desk, workspace: Workspace, *, but_not: str | None = None
) -> Sequence[Conversation]:
    """Return a conversation for each known chat identity of the workspace's admins; none when no admin was ever met.

    `but_not` is the e-mail of an admin who is not to be told.
    """
    admins = [email for email in desk.admins_of(workspace.id) if email.casefold() != but_not]
    return await conversations_of(reader, desk, admins, workspace)


async def conversations_of(
    reader: Reader, desk: Desk, emails: Sequence[str], workspace: Workspace
) -> Sequence[Conversation]:
    """Return a conversation for each known chat identity of the people with these e-mails, about matters of `workspace`."""
    folded = [email.casefold() for email in emails]
    people = await reader.find(Person, email=folded) if folded else ()
    keys = [person.id for person in people]
    met = await reader.find(Identity, person_id=keys) if keys else ()
    return [_direct(identity, workspace) for identity in met if identity.platform in desk.platforms]


def _direct(identity: Identity, workspace: Workspace) -> Conversation:
    return Conversation(
        id=ConversationId(f"admin:{identity.id}"),
        platform=identity.platform,
        tenant=identity.tenant,
        channel=identity.user,
        kind="admin",
        workspace=workspace.id,
    )
