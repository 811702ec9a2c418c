"""What becomes of a reply, each change one function inside a transaction under the lease of its conversation's outbox.

The order is: the intent (`sending`) is stored, the platform is called, the result is stored. A reply is read again inside each
transaction, so that nothing is written over what changed meanwhile.
Whoever writes is shown at once that they are heard. That sign is taken back when their conversation comes to rest, whatever became of the
words, and when the post that should have taken its place is given up.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.audit import Event, text_digest
from bot.conversation import Conversation
from bot.desk.desk import Desk
from bot.desk.standing import as_it_is_now
from bot.errors import TemporaryError
from bot.ids import ConversationId, MailboxId, ReplyId, derived_id
from bot.labels import SYSTEM, Visibility
from bot.mail import Mailbox
from bot.mailroom import Bell, ring
from bot.ports import Messenger, Reader, UnitOfWork
from bot.reply import SHOWN, Reply, ReplyKind, ReplyState
from bot.wording import delivery

_SIGNIFICANT: tuple[ReplyKind, ...] = ("note", "talk", "header", "card", "notice", "status")
"""Kinds that take a sign's place, or are one."""
_LATEST = 5
UNSENT: tuple[ReplyState, ...] = ("queued", "sending", "held")


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What admins are told, and where."""

    text: str
    conversations: tuple[Conversation, ...]


async def intend(uow: UnitOfWork, desk: Desk, key: ReplyId, *, repeated: bool) -> Reply | None:
    """Store that the reply is about to be posted and return it as it is posted; None when it is not to be posted any more.

    What stands under a note about its request is true at this moment, not at the one at which the note was queued. What is
    `repeated` because nobody can tell whether it stands says so to its readers; that line belongs to this post only.
    """
    reply = await uow.get(Reply, key)
    if reply is None or reply.state not in UNSENT:
        return None
    sending = replace(reply, state="sending", attempts=reply.attempts + 1, post=None, problem="", unsure=False)
    sending = await as_it_is_now(uow, desk, sending)
    await uow.put(sending)
    if not repeated:
        return sending
    await uow.audit(_event("reply.repeated", sending, desk.now(), reason=delivery.never_known()))
    return replace(sending, footer=" · ".join(filter(None, (sending.footer, delivery.twice()))))


async def begun(uow: UnitOfWork, reply: Reply, note: str | None) -> bool:
    """Store what the messenger has begun for a reply, so that whoever looks for it after a crash can finish it.

    False, and nothing is stored, when this is no longer the attempt that is under way: somebody else works the reply now.
    """
    stored = await uow.get(Reply, reply.id)
    if stored is None or (stored.state, stored.attempts) != ("sending", reply.attempts):
        return False
    await uow.put(replace(stored, post=note))
    return True


async def sent(uow: UnitOfWork, key: ReplyId, now: datetime, post: str, messenger: Messenger) -> None:
    """Store that the reply stands as `post`; a header's post begins the conversation's thread."""
    reply = await uow.get(Reply, key)
    if reply is None or reply.state == "sent":
        return
    await uow.put(replace(reply, state="sent", post=post, sent_at=now, problem=""))
    conversation = await uow.get(Conversation, reply.conversation_id)
    if conversation is not None and reply.kind == "header" and conversation.thread is None:
        conversation = messenger.thread_of(conversation, post)
        await uow.put(conversation)
    await uow.audit(_event("reply.posted", reply, now, **_place(conversation), post=post))


async def postponed(
    uow: UnitOfWork,
    key: ReplyId,
    until: datetime,
    box: MailboxId,
    error: TemporaryError,
    *,
    state: ReplyState,
    counted: bool,
) -> None:
    """Store that a reply is tried again, not before `until`, whoever works its outbox then.

    `counted`: the attempt is to be counted; it was already when it was intended. What came too soon is no attempt.
    """
    reply = await uow.get(Reply, key)
    if reply is not None:
        attempts = reply.attempts + counted - error.too_soon
        await uow.put(replace(reply, state=state, problem=str(error), attempts=attempts))
    mailbox = await uow.get(Mailbox, box)
    if mailbox is not None:
        await uow.put(replace(mailbox, not_before=until))


async def dropped(uow: UnitOfWork, key: ReplyId, problem: str) -> None:
    """Store that a reply is not posted, which nobody misses."""
    reply = await uow.get(Reply, key)
    if reply is not None:
        await uow.put(replace(reply, state="dropped", problem=problem))


async def parked(uow: UnitOfWork, key: ReplyId, now: datetime, problem: str, notice: Notice | None) -> None:
    """Store that a reply is given up, and tell the admins."""
    reply = await uow.get(Reply, key)
    if reply is None or reply.state not in UNSENT:
        return
    await uow.put(replace(reply, state="parked", problem=problem))
    await uow.audit(_event("reply.parked", reply, now, reason=problem))
    await _tell(uow, now, reply, "parked", notice)
    await take_back(uow, reply.conversation_id, now)


async def held(
    uow: UnitOfWork, key: ReplyId, now: datetime, reason: str, sentence: str, notice: Notice | None, *, unsure: bool
) -> None:
    """Store that a reply is withheld for the time being, and tell the admins; `unsure`: an earlier attempt may stand."""
    reply = await uow.get(Reply, key)
    if reply is None or reply.state not in UNSENT:
        return
    await uow.put(replace(reply, state="held", problem=sentence, attempts=0, unsure=unsure))
    if reply.state != "held" or reply.problem != sentence:
        await uow.audit(_event("note.withheld", reply, now, reason=reason))
        await _tell(uow, now, reply, f"held:{reason}", notice)


async def moved(uow: UnitOfWork, key: ReplyId, now: datetime, target: Conversation, reason: str) -> None:
    """Readdress a withheld reply, and what waits behind it with the same fate, to the thread in the restricted channel.

    When the old thread has not begun, everything that waits for it moves, and its header is no longer needed.
    """
    reply = await uow.get(Reply, key)
    if reply is None or reply.state not in UNSENT:
        return
    old = await uow.get(Conversation, reply.conversation_id)
    unbegun = old is not None and old.thread is None
    for waiting in await uow.find(Reply, conversation_id=reply.conversation_id, state=UNSENT):
        if not unbegun and waiting.visibility is not Visibility.PRIVATE:
            continue
        if waiting.kind in {"header"} | SHOWN:
            await uow.put(replace(waiting, state="dropped", problem=delivery.begun_elsewhere()))
        else:
            await uow.put(replace(waiting, conversation_id=target.id, state="queued", attempts=0, problem=""))
        await uow.audit(_event("reply.readdressed", waiting, now, reason=reason, to=target.id))
    await ring(uow, now, Bell(kind="outbox", subject=target.id))


async def standing(reader: Reader, reply: Reply) -> str | None:
    """Return the post that `reply` is to change: that of the latest one it replaces that stands in its conversation."""
    key, seen = reply.replaces, set[ReplyId]()
    while key is not None and key not in seen:
        old = await reader.get(Reply, key)
        if old is None or (old.state == "sent" and old.conversation_id == reply.conversation_id):
            return old.post if old else None
        seen.add(key)
        key = old.replaces
    return None


async def sign_at(reader: Reader, conversation: ConversationId) -> Reply | None:
    """Return the sign that work goes on which a conversation is left with; None when it shows none, or a post has followed."""
    latest = await reader.find(Reply, conversation_id=conversation, kind=_SIGNIFICANT, newest=True, limit=_LATEST)
    last = next((item for item in latest if item.kind == "status" or _takes_a_place(item)), None)
    return last if last is not None and last.kind == "status" and last.text else None


def _takes_a_place(reply: Reply) -> bool:
    """Tell whether a post of its own comes of the reply: what changes another in place takes no sign back."""
    return reply.replaces is None and reply.state not in {"parked", "dropped"}


async def take_back(uow: UnitOfWork, conversation: ConversationId, now: datetime) -> None:
    """Queue that nothing goes on any more, where a sign says otherwise; once for each sign."""
    sign = await sign_at(uow, conversation)
    if sign is None:
        return
    await uow.add(
        Reply(
            id=ReplyId(derived_id("reply", conversation, "rested", sign.id)),
            conversation_id=conversation,
            visibility=Visibility.PUBLIC,
            kind="status",
            text="",
            at=now,
        )
    )
    await ring(uow, now, Bell(kind="outbox", subject=conversation))


async def _tell(uow: UnitOfWork, now: datetime, about: Reply, what: str, notice: Notice | None) -> None:
    """Queue the notice once in each of its conversations."""
    for conversation in notice.conversations if notice else ():
        key = ReplyId(derived_id("notice", about.id, what, conversation.id))
        if await uow.get(Reply, key) is not None:
            continue
        if await uow.get(Conversation, conversation.id) is None:
            await uow.add(conversation)
        assert notice is not None
        await uow.add(
            Reply(
                id=key,
                conversation_id=conversation.id,
                request_id=about.request_id,
                visibility=Visibility.PRIVATE,
                kind="notice",
                text=notice.text,
                at=now,
            )
        )
        await ring(uow, now, Bell(kind="outbox", subject=conversation.id))


def _place(conversation: Conversation | None) -> dict[str, str]:
    if conversation is None:
        return {}
    return {
        "platform": conversation.platform,
        "tenant": conversation.tenant,
        "channel": conversation.channel,
        "thread": conversation.thread or "",
    }


def _event(kind: str, reply: Reply, now: datetime, *, reason: str = "", **data: str) -> Event:
    ids = {"reply": reply.id, "note": reply.note_id, "conversation": reply.conversation_id, "kind": reply.kind}
    return Event(
        kind=kind,
        actor=SYSTEM,
        reason=reason,
        request_id=reply.request_id,
        data={**ids, "visibility": str(reply.visibility), "text": text_digest(reply.text), **data},
        at=now,
    )
