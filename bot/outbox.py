"""Delivers replies: each conversation is a queue, worked one reply at a time under the lease of its outbox.

For each reply the firewall is asked with the real audience, then the intent is stored, then the platform is called, then the result
is stored. A reply that is found as intended (a crash, a lost answer) is looked for on the platform before it is posted again. Temporary
failures wait as long as the platform says, and the queue with them; permanent ones park the reply and tell the admins. A withheld
private reply goes to the restricted channel, or is held with what is private behind it. A Retry-After with which a process died
before it was stored cannot be honoured by the next.
"""

import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.clearance import Case, cleared, read_case, restricted_place
from bot.conversation import Conversation, Place
from bot.delivering import UNSENT, Notice, dropped, held, intend, moved, parked, postponed, sent, standing
from bot.desk.desk import Desk
from bot.errors import PermanentError, TemporaryError
from bot.firewall import Allowed, Withheld
from bot.ids import ConversationId
from bot.labels import Visibility
from bot.mail import Lease, Mailbox
from bot.ports import Audience, Messenger, Reader, Storage, UnitOfWork
from bot.progress import Idle, Later, More, Progress
from bot.reply import SHOWN, Reply
from bot.request import Request
from bot.wording import cards, delivery
from bot.workspace import Workspace

Admins = Callable[[Workspace], Awaitable[Sequence[Conversation]]]
"""Where the admins of a workspace are told; a conversation that is not stored yet is stored with the notice."""
Readdress = Callable[[UnitOfWork, Request, Workspace, Place], Awaitable[Conversation]]
"""Returns the request's thread at a restricted place, stored, and begun with a header when it is new."""

ATTEMPTS = 8
"""Failed attempts before a reply is parked."""
LOOK_AGAIN = timedelta(minutes=5)
"""When a held reply is tried anew, unless something new for its conversation comes first."""
STALE = timedelta(seconds=60)
"""A status older than this tells nothing any more, unless it says that nothing goes on."""
_LONGEST_WAIT = 300.0


@dataclass(frozen=True, kw_only=True)
class _Step:
    """One reply to be worked, and what it is worked with."""

    reply: Reply
    case: Case
    lease: Lease
    target: str | None
    """The post to change; None: post anew."""
    header: Reply | None
    others_held: bool


@dataclass(frozen=True, kw_only=True)
class _Queue:
    """What waits in a conversation, headers first, else in the order in which it was added."""

    replies: tuple[Reply, ...] = ()
    box: Mailbox | None = None


class Outbox:
    """The handler of `outbox` mailboxes (see `bot.work.Handler`)."""

    def __init__(
        self,
        storage: Storage,
        desk: Desk,
        audience: Audience,
        messengers: Mapping[str, Messenger],
        *,
        admins: Admins,
        readdress: Readdress,
        chance: Callable[[], float] = random.random,
        look_again: timedelta = LOOK_AGAIN,
    ) -> None:
        self._storage = storage
        self._desk = desk
        self._audience = audience
        self._messengers = messengers
        self._admins = admins
        self._readdress = readdress
        self._chance = chance
        self._look_again = look_again

    async def advance(self, box: Mailbox, lease: Lease) -> Progress:
        """Work the oldest reply that can be worked; raises `LeaseLost`, and what the storage raises."""
        queue = await self._storage.read(lambda reader: _waiting(reader, box))
        now = self._desk.now()
        if queue.box is not None and queue.box.not_before is not None and queue.box.not_before > now:
            return Later(at=queue.box.not_before)
        blocked = False
        for number, reply in enumerate(queue.replies):
            if reply.kind == "status" and self._outdated(reply, last=number == len(queue.replies) - 1):
                return await self._drop(reply, lease, "It was overtaken.")
            if blocked and reply.visibility is Visibility.PRIVATE:
                continue
            step = await self._read_step(reply, lease, queue, blocked=blocked)
            progress = await self._work(step) if step is not None else None
            if progress is not None:
                return progress
            blocked = True
            if reply.kind == "header":
                break
        return Later(at=now + self._look_again, firm=False) if blocked else Idle()

    async def give_up(self, box: Mailbox, lease: Lease, reason: str) -> None:
        """Park the reply whose turn it is: working it failed too often in ways that nobody foresaw."""
        queue = await self._storage.read(lambda reader: _waiting(reader, box))
        reply = next((reply for reply in queue.replies if reply.state != "held"), None)
        step = await self._read_step(reply, lease, queue, blocked=False) if reply is not None else None
        if step is not None:
            await self._park(step, reason)

    async def _read_step(self, reply: Reply, lease: Lease, queue: _Queue, *, blocked: bool) -> _Step | None:
        async def read(reader: Reader) -> _Step | None:
            conversation = await reader.get(Conversation, reply.conversation_id)
            if conversation is None:
                return None
            headers = await reader.find(Reply, conversation_id=conversation.id, kind="header", newest=True, limit=1)
            return _Step(
                reply=reply,
                case=await read_case(reader, self._desk, reply, conversation),
                lease=lease,
                target=await standing(reader, reply),
                header=headers[0] if headers else None,
                others_held=blocked or any(other.state == "held" for other in queue.replies if other.id != reply.id),
            )

        return await self._storage.read(read)

    async def _work(self, step: _Step) -> Progress | None:
        """Do what is next for one reply; None: it is held."""
        messenger = self._messengers.get(step.case.conversation.platform)
        if messenger is None:
            return await self._park(step, delivery.not_connected(step.case.conversation.platform))
        repeated = False
        if step.target is None and (step.reply.state == "sending" or step.reply.unsure):
            found = await self._reconcile(step, messenger)
            if not isinstance(found, bool):
                return found
            repeated = found
        if step.reply.attempts >= ATTEMPTS:
            return await self._park(step, delivery.exhausted(step.reply.attempts, step.reply.problem))
        if _lost_its_header(step):
            return await self._without_header(step)
        try:
            verdict = await cleared(step.case, self._desk, self._audience)
        except TemporaryError as error:
            verdict = Withheld(reason="unknown_audience")
            if step.reply.attempts + 1 < ATTEMPTS or error.too_soon:
                return await self._wait(step, error, step.reply, counted=True)
        if isinstance(verdict, Withheld):
            return await self._withhold(step, verdict, unsure=repeated)
        return await self._post(step, messenger, repeated=repeated)

    async def _reconcile(self, step: _Step, messenger: Messenger) -> Progress | bool:
        """Look whether an intended reply stands; False when it certainly does not, True when nobody can tell."""
        try:
            post = await messenger.find(step.reply, step.case.conversation)
        except TemporaryError as error:
            if step.reply.attempts >= ATTEMPTS and not error.too_soon:
                return await self._park(step, delivery.exhausted(step.reply.attempts, delivery.never_known()))
            return await self._wait(step, error, step.reply, counted=True)
        except PermanentError:
            return True
        if post is None:
            return False
        return await self._sent(step, messenger, post)

    async def _post(self, step: _Step, messenger: Messenger, *, repeated: bool) -> Progress:
        reply = await self._storage.transact(
            lambda uow: intend(uow, self._desk, step.reply.id, repeated=repeated), under=step.lease
        )
        if reply is None:
            return More()
        try:
            if step.target is None:
                post = await messenger.post(reply, step.case.conversation)
            else:
                post = step.target
                await messenger.change(reply, step.case.conversation, post)
        except TemporaryError as error:
            return await self._failed(step, reply, error, repeated=repeated)
        except PermanentError as error:
            return await self._park(step, str(error))
        return await self._sent(step, messenger, post)

    async def _sent(self, step: _Step, messenger: Messenger, post: str) -> Progress:
        now = self._desk.now()
        await self._storage.transact(lambda uow: sent(uow, step.reply.id, now, post, messenger), under=step.lease)
        return More()

    async def _failed(self, step: _Step, reply: Reply, error: TemporaryError, *, repeated: bool) -> Progress:
        """Try again later; what was `repeated` may stand from before, even if it certainly was not posted this time."""
        if reply.attempts >= ATTEMPTS and not (error.maybe_done or error.too_soon):
            return await self._park(step, delivery.exhausted(reply.attempts, str(error)))
        return await self._wait(step, error, reply, counted=False, known=not (error.maybe_done or repeated))

    async def _wait(
        self, step: _Step, error: TemporaryError, reply: Reply, *, counted: bool, known: bool = False
    ) -> Progress:
        """Put the queue off: at least as long as the platform says, longer with each attempt that failed."""
        if reply.kind in SHOWN:
            return await self._drop(reply, step.lease, str(error))
        growing = min(_LONGEST_WAIT, 2.0 ** max(0, reply.attempts - 1)) * (0.5 + self._chance() / 2)
        until = self._desk.now() + timedelta(seconds=max(error.delay, growing))
        state = "queued" if known else reply.state
        box = step.lease.mailbox_id
        await self._storage.transact(
            lambda uow: postponed(uow, reply.id, until, box, error, state=state, counted=counted), under=step.lease
        )
        return Later(at=until)

    async def _park(self, step: _Step, problem: str) -> Progress:
        reply, now = step.reply, self._desk.now()
        if reply.kind in SHOWN:
            return await self._drop(reply, step.lease, problem)
        text = delivery.undelivered(step.case.number or delivery.no_request(), problem)
        notice = None if reply.kind == "notice" else await self._notice(step, text)
        await self._storage.transact(lambda uow: parked(uow, reply.id, now, problem, notice), under=step.lease)
        return More()

    async def _withhold(self, step: _Step, verdict: Withheld, *, unsure: bool) -> Progress | None:
        """Readdress a withheld reply to the restricted channel if that is allowed, else hold it."""
        reply, case = step.reply, step.case
        if reply.kind in SHOWN:
            return await self._drop(reply, step.lease, verdict.sentence)
        place = restricted_place(case)
        if place is not None and reply.visibility is Visibility.PRIVATE and await self._allowed(case, place):
            return await self._move(step, place, verdict.reason)
        if (reply.state, reply.problem) == ("held", verdict.sentence):
            return None
        text = cards.withheld(case.number or delivery.no_request(), verdict.sentence)
        quiet = step.others_held or reply.state == "held" or reply.kind == "notice"
        notice = None if quiet else await self._notice(step, text)
        now = self._desk.now()
        await self._storage.transact(
            lambda uow: held(uow, reply.id, now, verdict.reason, verdict.sentence, notice, unsure=unsure),
            under=step.lease,
        )
        return None

    async def _without_header(self, step: _Step) -> Progress | None:
        """Let a reply of a thread that never began share the fate of its header: parked, or moved to the restricted channel."""
        assert step.header is not None
        place = restricted_place(step.case)
        if step.header.state == "dropped" and place is not None and await self._allowed(step.case, place):
            return await self._move(step, place, "requester")
        now, reply = self._desk.now(), step.reply
        problem = delivery.unbegun(step.header.problem)
        await self._storage.transact(lambda uow: parked(uow, reply.id, now, problem, None), under=step.lease)
        return More()

    async def _move(self, step: _Step, place: Place, reason: str) -> Progress:
        request, workspace, now = step.case.request, step.case.workspace, self._desk.now()
        assert request is not None
        assert workspace is not None

        async def work(uow: UnitOfWork) -> None:
            target = await self._readdress(uow, request, workspace, place)
            await moved(uow, step.reply.id, now, target, reason)

        await self._storage.transact(work, under=step.lease)
        return More()

    async def _allowed(self, case: Case, place: Place) -> bool:
        try:
            return isinstance(await cleared(case, self._desk, self._audience, place), Allowed)
        except TemporaryError:
            return False

    async def _drop(self, reply: Reply, lease: Lease, problem: str) -> Progress:
        await self._storage.transact(lambda uow: dropped(uow, reply.id, problem), under=lease)
        return More()

    async def _notice(self, step: _Step, text: str) -> Notice | None:
        workspace = step.case.workspace
        return Notice(text=text, conversations=tuple(await self._admins(workspace))) if workspace else None

    def _outdated(self, reply: Reply, *, last: bool) -> bool:
        return not last or (reply.text != "" and (reply.state == "sending" or self._desk.now() - reply.at > STALE))


async def _waiting(reader: Reader, box: Mailbox) -> _Queue:
    replies = await reader.find(Reply, conversation_id=ConversationId(box.subject), state=UNSENT)
    ordered = sorted(replies, key=lambda reply: reply.kind != "header")
    return _Queue(replies=tuple(ordered), box=await reader.get(Mailbox, box.id))


def _lost_its_header(step: _Step) -> bool:
    """Tell whether the thread that the reply belongs into was given up before it began."""
    conversation, header = step.case.conversation, step.header
    unbegun = conversation.kind == "support" and conversation.thread is None and step.reply.kind != "header"
    return unbegun and header is not None and header.state in {"parked", "dropped"}
