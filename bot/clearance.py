"""Asks the firewall about one reply with the audience of this moment.

What the firewall must know of the request (its private channels, all identities of its requester) is read with the reply; the
audience is asked of the platform outside of any transaction. Between this answer and the post somebody can still join the
channel: no platform has a post that depends on its readers.
"""

from dataclasses import dataclass, replace

from bot.conversation import Conversation, Place
from bot.desk.desk import Desk
from bot.errors import PermanentError, Refused
from bot.firewall import Allowed, Channel, Withheld, closed, private_channels, verdict
from bot.labels import Visibility
from bot.person import Identity, Person
from bot.ports import Audience, Reader, Readers
from bot.reply import Reply
from bot.request import Request
from bot.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is stored about a reply and about whom it must not reach."""

    reply: Reply
    conversation: Conversation
    request: Request | None
    workspace: Workspace | None
    """Whose support channel it is, else the request's; None when there is none any more."""
    accounts: tuple[Identity, ...]
    """All chat identities that are linked to the requester."""
    email: str | None

    @property
    def number(self) -> str:
        """The request's number; empty without a request."""
        return self.request.number if self.request else ""


async def read_case(reader: Reader, desk: Desk, reply: Reply, conversation: Conversation) -> Case:
    """Read what the firewall must know of `reply`."""
    request = await reader.get(Request, reply.request_id) if reply.request_id else None
    requester = await reader.get(Person, request.requester) if request else None
    linked = await reader.find(Identity, person_id=request.requester) if request else ()
    emails = {identity.email for identity in linked if identity.email}
    email = requester.email if requester and requester.email else next(iter(sorted(emails)), None)
    return Case(
        reply=reply,
        conversation=conversation,
        request=request,
        workspace=_workspace(desk, request, conversation),
        accounts=tuple(linked),
        email=email,
    )


def restricted_place(case: Case) -> Place | None:
    """Return the restricted channel to which a withheld reply of a support thread may go instead, if there is one."""
    conversation, workspace = case.conversation, case.workspace
    if conversation.kind != "support" or case.request is None or workspace is None:
        return None
    channel = workspace.restricted_channels.get(conversation.platform)
    if channel is None or channel == conversation.channel:
        return None
    return replace(conversation.place, channel=channel)


async def cleared(case: Case, desk: Desk, audience: Audience, place: Place | None = None) -> Allowed | Withheld:
    """Tell whether the reply may go to its conversation now, or to `place`.

    A notice to an admin holds no content, and without a request there is no requester to rule out: there only strangers matter.
    Who reads there is asked last: somebody can join while another platform is slow to say who the requester is.
    Raises `TemporaryError` when the platform cannot be asked now; that it never tells means unknown.
    """
    reply, conversation = case.reply, case.conversation
    own = place is None and _own(case)
    if own and reply.visibility is Visibility.PUBLIC:
        return Allowed()
    where = place or conversation.place
    if reply.kind == "notice" and conversation.kind == "admin":
        return closed(await _readers(audience, where))
    allowed = _channels(case, desk)
    if case.request is None and (where.platform, where.channel) in allowed:
        return closed(await _readers(audience, where))
    identities = frozenset(identity.id for identity in case.accounts)
    emails = await _addresses(case, audience, where) if reply.visibility is Visibility.PRIVATE else [case.email]
    readers = await _readers(audience, where)
    verdicts = [verdict(reply.visibility, where, readers, identities, email, allowed, own=own) for email in emails]
    return next((found for found in verdicts if isinstance(found, Withheld)), verdicts[0])


async def _addresses(case: Case, audience: Audience, where: Place) -> list[str | None]:
    """Return all addresses of the requester, also those that other platforms give them now; None alone: there is none.

    One platform may know a person by the mailbox and the other by the sign-in name, and either may have changed.
    """
    said = [await audience.profile(item) for item in case.accounts if item.platform != where.platform]
    now = {address for profile in said if profile for address in (*profile.emails, profile.identity.email) if address}
    return [*sorted(now | ({case.email} if case.email else set()))] or [None]


def _channels(case: Case, desk: Desk) -> frozenset[Channel]:
    if case.workspace is None:
        return frozenset()
    return private_channels(case.workspace, desk.support_channels(case.workspace).items())


async def _readers(audience: Audience, place: Place) -> Readers | None:
    try:
        return await audience.readers(place)
    except PermanentError:
        return None


def _own(case: Case) -> bool:
    """Tell whether this is the requester's conversation, a follower's about the request, or talk without a request."""
    conversation, request = case.conversation, case.request
    if conversation.kind == "support":
        return False
    return request is None or conversation.id == request.conversation_id or request.id in conversation.request_ids


def _workspace(desk: Desk, request: Request | None, conversation: Conversation) -> Workspace | None:
    key = conversation.workspace or (request.workspace if request else None)
    try:
        return desk.workspace(key) if key else None
    except Refused:
        return None
