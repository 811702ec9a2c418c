"""A desk with Maria's requests, their threads and an outbox that a test can stop at any transaction."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from bot.conversation import Conversation, Place
from bot.desk.desk import Desk
from bot.errors import Refused
from bot.ids import ConversationId, CoworkerId, IdentityId, PersonId, ReplyId, RequestId, WorkspaceId
from bot.labels import Visibility
from bot.mail import Lease, Mailbox, mailbox_id
from bot.mailroom import Bell, ring
from bot.outbox import Outbox
from bot.person import Identity, Person
from bot.ports import Messenger, Reader, Readers, UnitOfWork
from bot.reply import Reply, ReplyKind
from bot.request import Assignee, Request
from bot.work import Engine, due_mailboxes, inherit
from bot.workspace import CoworkerCard, Workspace
from tests.fakes.audience import COLLEAGUES, WrittenAudience
from tests.fakes.clock import FrozenClock
from tests.fakes.databases import AnyStorage
from tests.fakes.memory import MemoryStorage
from tests.fakes.messenger import Killed, RecordingMessenger

Result = TypeVar("Result")

ADMIN = Conversation(
    id=ConversationId("slack:T1:DADMIN"), platform="slack", tenant="T1", channel="DADMIN", kind="admin"
)
MARIA = Readers(identities=frozenset({"slack:T1:UMARIA", "slack:T1:UAGENT"}), emails=frozenset({"maria@example.com"}))
"""The support channel as it must not be: the requester reads it."""
IT = Workspace(
    id=WorkspaceId("it"),
    name="IT",
    prefix="IT",
    about="",
    triage=CoworkerId("triage"),
    support_channels={"slack": "CSUPPORT"},
)


class OneWorkspace:
    """A `bot.ports.Directory` of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.only = workspace

    def workspaces(self) -> Sequence[Workspace]:
        return [self.only]

    def workspace(self, key: WorkspaceId) -> Workspace:
        if key != self.only.id:
            raise Refused(f"There is no workspace {key}.")
        return self.only

    def coworker(self, key: CoworkerId) -> CoworkerCard | None:
        return None

    def coworkers(self) -> Collection[CoworkerCard]:
        return []

    def global_triage(self) -> CoworkerCard | None:
        return None


class KillingStorage:
    """A storage whose process dies at the n-th transaction from now, before or after it is durable."""

    def __init__(self, inner: AnyStorage) -> None:
        self.inner = inner
        self.count = 0
        self.kill_at: int | None = None
        self.after = False
        self.forgot = 0
        """How often it died before something was durable, so that the next process cannot know it."""

    async def transact(self, work: Callable[[UnitOfWork], Awaitable[Result]], *, under: Lease | None = None) -> Result:
        self.count += 1
        if self.count == self.kill_at and not self.after:
            self.forgot += 1
            raise Killed
        result = await self.inner.transact(work, under=under)
        if self.count == self.kill_at:
            raise Killed
        return result

    async def read(self, work: Callable[[Reader], Awaitable[Result]]) -> Result:
        return await self.inner.read(work)


@dataclass(kw_only=True)
class Scene:
    """Everything around the outbox."""

    workspace: Workspace = IT
    clock: FrozenClock = field(default_factory=FrozenClock)
    memory: AnyStorage = field(default_factory=MemoryStorage)
    audience: WrittenAudience = field(default_factory=WrittenAudience)
    can_tell: bool = True

    def __post_init__(self) -> None:
        self.storage = KillingStorage(self.memory)
        self.messenger = RecordingMessenger(self.clock.now, can_tell=self.can_tell)
        self.messengers: dict[str, Messenger] = {"slack": self.messenger}
        self.audience.places.update({"CSUPPORT": COLLEAGUES, "CRESTRICTED": COLLEAGUES, "DADMIN": COLLEAGUES})
        self.desk = Desk(directory=OneWorkspace(self.workspace), clock=self.clock, platforms=frozenset({"slack"}))
        self.start()

    def start(self) -> None:
        """Begin anew, as a process does: nothing is remembered but what is stored."""
        self.outbox = Outbox(
            self.storage,
            self.desk,
            self.audience,
            self.messengers,
            admins=self._admins,
            readdress=self._readdress,
            chance=lambda: 1.0,
        )
        self.engine = Engine(self.storage, self.clock, {"outbox": self.outbox}, holder="test")

    async def open(self, number: int = 1) -> None:
        """Store a request of Maria's with her thread and its support thread, header queued."""

        async def work(uow: UnitOfWork) -> None:
            if await uow.get(Person, "maria") is None:
                await uow.add(Person(id=PersonId("maria"), name="Maria", email="maria@example.com"))
                await uow.add(
                    Identity(
                        id=IdentityId("slack:T1:UMARIA"),
                        platform="slack",
                        tenant="T1",
                        user="UMARIA",
                        person_id=PersonId("maria"),
                    )
                )
            await uow.add(self.own(number))
            await uow.add(
                Request(
                    id=RequestId(f"r{number}"),
                    number=f"IT-{number}",
                    title="Slow laptop",
                    description="",
                    requester=PersonId("maria"),
                    author=PersonId("maria"),
                    workspace=self.workspace.id,
                    assignee=Assignee(kind="coworker", id="hardware-engineer"),
                    conversation_id=self.own(number).id,
                    opened_at=self.clock.now(),
                    changed_at=self.clock.now(),
                )
            )
            await uow.add(support(number))

        await self.memory.transact(work)
        await self.queue(f"header{number}", support(number), kind="header", number=number)

    def own(self, number: int = 1) -> Conversation:
        """Return Maria's thread of a request."""
        return Conversation(
            id=ConversationId(f"slack:T1:D1:{number}"),
            platform="slack",
            tenant="T1",
            channel="D1",
            thread=str(number),
            kind="direct",
            request_ids=(RequestId(f"r{number}"),),
        )

    async def queue(
        self,
        key: str,
        conversation: Conversation,
        *,
        visibility: Visibility = Visibility.PRIVATE,
        kind: ReplyKind = "note",
        number: int | None = 1,
        replaces: str | None = None,
    ) -> None:
        """Queue a reply."""
        reply = Reply(
            id=ReplyId(key),
            conversation_id=conversation.id,
            request_id=RequestId(f"r{number}") if number else None,
            visibility=visibility,
            kind=kind,
            text=f"text of {key}",
            replaces=ReplyId(replaces) if replaces else None,
            at=self.clock.now(),
        )

        async def work(uow: UnitOfWork) -> None:
            await uow.add(reply)
            await ring(uow, self.clock.now(), Bell(kind="outbox", subject=conversation.id))

        await self.memory.transact(work)

    async def once(self) -> list[datetime]:
        """Work every mailbox that is due once; return when they want to be looked at again."""
        later = [await self.engine.work(key) for key in await due_mailboxes(self.storage)]
        return [at for at in later if at is not None]

    async def settle(self, *, rounds: int = 200, hours: float = 2) -> None:
        """Work, and let time pass, until nothing is due or so many hours are over; start anew whenever killed."""
        end = self.clock.now() + timedelta(hours=hours)
        for _ in range(rounds):
            try:
                later = await self.once()
            except Killed:
                self.start()
                await inherit(self.memory, self.clock.now())
                continue
            due = await self.memory.read(lambda reader: reader.find(Mailbox, due=True))
            if not due:
                return
            if later and all(box.not_before is not None for box in due):
                self.clock.move_to(min(later))
            if self.clock.now() >= end:
                return
        raise AssertionError("it never ends")

    async def replies(self) -> dict[str, Reply]:
        """Return all replies by their key."""
        found = await self.memory.read(lambda reader: reader.find(Reply))
        return {reply.id: reply for reply in found}

    async def mailbox(self, conversation: Conversation) -> Mailbox:
        """Return the outbox's mailbox of a conversation."""
        found = await self.memory.read(lambda reader: reader.get(Mailbox, mailbox_id("outbox", conversation.id)))
        assert found is not None
        return found

    async def events(self) -> list[str]:
        """Return the audit trail's canonical forms."""
        return [entry.canonical for entry in await self.memory.audit_entries()]

    def shown(self, channel: str) -> list[str]:
        """Return the keys of what stands in a channel, in order."""
        return [posted.reply_id for posted in self.messenger.posts if posted.channel == channel]

    async def _admins(self, workspace: Workspace) -> Sequence[Conversation]:
        return [ADMIN]

    async def _readdress(self, uow: UnitOfWork, request: Request, workspace: Workspace, place: Place) -> Conversation:
        key = ConversationId(f"support:{request.id}:{place.platform}:{place.channel}")
        known = await uow.get(Conversation, key)
        if known is not None:
            return known
        made = replace(support(int(request.id[1:])), id=key, channel=place.channel)
        await uow.add(made)
        await uow.add(
            Reply(
                id=ReplyId(f"restricted-header-{request.id}"),
                conversation_id=key,
                request_id=request.id,
                visibility=Visibility.PRIVATE,
                kind="header",
                text="header",
                at=self.clock.now(),
            )
        )
        return made


def support(number: int = 1) -> Conversation:
    """Return a request's support thread, before its first post."""
    return Conversation(
        id=ConversationId(f"support:r{number}:slack:CSUPPORT"),
        platform="slack",
        tenant="T1",
        channel="CSUPPORT",
        kind="support",
        request_ids=(RequestId(f"r{number}"),),
        workspace=WorkspaceId("it"),
    )
