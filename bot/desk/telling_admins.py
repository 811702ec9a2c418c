"""Where people who answer for a workspace are told something by Deskmate itself: a direct chat with each, on every connected platform.

Its admins are told what cannot be delivered, a coworker's manager how its work was judged.
"""

from collections.abc import Sequence

from bot.conversation import Conversation
from bot.desk.desk import Desk
from bot.ids import ConversationId
from bot.person import Identity, Person
from bot.ports import Reader
from bot.workspace import Workspace


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
