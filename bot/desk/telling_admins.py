"""Where the admins of a workspace are told that something cannot be delivered: a direct chat with each, on every connected platform."""

from collections.abc import Sequence

from bot.conversation import Conversation
from bot.desk.desk import Desk
from bot.ids import ConversationId
from bot.person import Identity, Person
from bot.ports import Reader
from bot.workspace import Workspace


async def admin_conversations(reader: Reader, desk: Desk, workspace: Workspace) -> Sequence[Conversation]:
    """Return a conversation for each known chat identity of the workspace's admins; none when no admin was ever met."""
    emails = [email.casefold() for email in desk.admins_of(workspace.id)]
    people = await reader.find(Person, email=emails) if emails else ()
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
