"""A running desk over any storage: intake, front door, casework, outbox and engine, with scripted models and written tools.

`settle` works whatever is due, one mailbox after the other, and moves the clock on when everything waits for a later moment. `start`
begins anew as a process does: nothing is remembered but what is stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal, TypeVar

from bot.casework import Casework
from bot.clock.due import fire_due
from bot.conversation import Conversation, Place
from bot.desk.assigning import assign
from bot.desk.desk import Desk
from bot.desk.opening import Wish, open_request
from bot.frontdoor.reading import FrontDoor
from bot.ids import ConversationId, MessageId, PersonId, WorkspaceId
from bot.intake import store
from bot.labels import SYSTEM, Visibility
from bot.mail import Mailbox
from bot.message import Arrival, Message, Press
from bot.note import Note
from bot.outbox import Outbox
from bot.ports import Passage, Storage, UnitOfWork
from bot.reply import SHOWN, Action, Reply
from bot.request import Assignee, Request
from bot.run import Run, Step
from bot.work import Engine, due_mailboxes, inherit
from bot.workspace import Workspace
from coworkers.profile import Workforce
from coworkers.roster import Roster
from coworkers.run import Runner
from tests.fakes.audience import WrittenAudience
from tests.fakes.clock import FrozenClock
from tests.fakes.fuse import Fuse, FusedStorage
from tests.fakes.memory import MemoryStorage
from tests.fakes.messenger import Killed, RecordingMessenger
from tests.fakes.scripted import ScriptedBrains, ScriptedModel
from tests.fakes.tools import WrittenServers
from tests.fakes.workforce import IT, PEOPLE, STAFF, WORKFORCE, account, direct, said_profile

Record = TypeVar("Record")


class Shelf:
    """`bot.ports.Knowledge` with a few passages."""

    def __init__(self, *passages: Passage) -> None:
        self.passages = passages

    async def search(self, query: str, limit: int) -> Sequence[Passage]:
        """Return all passages, whatever is asked."""
        return self.passages[:limit]


@dataclass(kw_only=True)
class RunningDesk:
    """Everything that works, over one storage."""

    model: ScriptedModel
    second: ScriptedModel | None = None
    servers: WrittenServers = field(default_factory=WrittenServers)
    workforce: Workforce = WORKFORCE
    plain: Storage = field(default_factory=MemoryStorage)
    clock: FrozenClock = field(default_factory=FrozenClock)
    audience: WrittenAudience = field(default_factory=WrittenAudience)
    fuse: Fuse = field(default_factory=Fuse)
    knowledge: Shelf = field(default_factory=Shelf)
    stamp: int = 0

    def __post_init__(self) -> None:
        self.messenger = RecordingMessenger(self.clock.now)
        self.model.around = self.fuse.burn
        self.servers.around = self.fuse.burn
        self.storage: Storage = FusedStorage(self.plain, self.fuse)
        self.audience.places |= dict.fromkeys(("CIT", "CHR", "CSEC"), STAFF)
        self.audience.people |= {account(item.id).id: said_profile(item.id) for item in PEOPLE}
        self.start()

    def start(self) -> None:
        """Begin anew, as a process does."""
        roster = Roster(self.workforce)
        self.desk = Desk(directory=roster, clock=self.clock, platforms=frozenset({"slack"}), tenant_of=lambda _: "T1")
        brains = ScriptedBrains(first=self.model, second=self.second)
        self.runner = Runner(self.storage, self.desk, roster, brains, self.servers, self.knowledge)
        outbox = Outbox(
            self.storage,
            self.desk,
            self.audience,
            {"slack": self.messenger},
            admins=_no_admins,
            readdress=_no_readdress,
            chance=lambda: 1.0,
        )
        self.engine = Engine(
            self.storage,
            self.clock,
            {
                "conversation": FrontDoor(self.storage, self.desk, self.runner, self.audience),
                "request": Casework(self.storage, self.desk, self.runner),
                "outbox": outbox,
            },
            holder="test",
        )

    async def employ_people(self) -> None:
        """Store the people that the organisation knows."""
        await self.plain.transact(lambda uow: uow.add(*PEOPLE))

    async def say(
        self,
        who: str,
        text: str,
        *,
        where: Conversation | None = None,
        to_atom: bool = True,
        kind: Literal["text", "edited", "deleted"] = "text",
    ) -> MessageId:
        """Let somebody write; return the message's id."""
        return await self._arrive(who, where or direct(who), text=text, to_atom=to_atom, kind=kind)

    async def press(
        self,
        who: str,
        action: Action,
        subject: str,
        where: Conversation | None = None,
        *,
        value: str = "",
        post: str = "",
    ) -> MessageId:
        """Let somebody press a button, under the post of that id where it matters."""
        press = Press(action=action, subject=subject, value=value, post=post)
        return await self._arrive(who, where or direct(who), press=press, kind="press", to_atom=False)

    async def _arrive(
        self,
        who: str,
        where: Conversation,
        *,
        kind: Literal["text", "edited", "deleted", "press"],
        to_atom: bool,
        text: str = "",
        press: Press | None = None,
    ) -> MessageId:
        self.stamp += 1
        author = account(who)
        message = Message(
            id=MessageId(f"slack:T1:{where.channel}:{self.stamp}"),
            event_id=f"E{self.stamp}",
            conversation_id=where.id,
            author_id=author.id,
            author_name=author.name,
            kind=kind,
            text=text,
            addresses_atom=to_atom,
            press=press,
            at=self.clock.now(),
        )
        arrival = Arrival(message=message, conversation=where, author=author)
        await self.plain.transact(lambda uow: store(uow, [arrival], self.clock.now(), timedelta()))
        return message.id

    async def open(
        self, *, to: str = "hardware-engineer", workspace: WorkspaceId = IT, text: str = "It is slow."
    ) -> Request:
        """Open a request of Maria's and give it to a coworker."""

        async def work(uow: UnitOfWork) -> Request:
            where = direct()
            if await uow.get(Conversation, where.id) is None:
                await uow.add(where)
            if not await uow.find(Note, limit=1) and not await uow.find(Request, limit=1):
                await uow.add(replace(account("maria"), email="maria@example.com", person_id=PersonId("maria")))
            wish = Wish(
                title="Slow laptop",
                description=text,
                workspace=workspace,
                requester=PersonId("maria"),
                author=PersonId("maria"),
                conversation_id=where.id,
            )
            request = await open_request(uow, self.desk, wish, SYSTEM, cause=f"test-{self.stamp}")
            return await assign(uow, self.desk, request, Assignee(kind="coworker", id=to), SYSTEM, cause="test")

        self.stamp += 1
        return await self.plain.transact(work)

    async def settle(self, *, hours: float = 3.0, rounds: int = 500) -> None:
        """Work until nothing is due, or so many hours have passed; begin anew whenever the process dies."""
        end = self.clock.now() + timedelta(hours=hours)
        for _ in range(rounds):
            try:
                later = [await self.engine.work(key) for key in await due_mailboxes(self.storage)]
                await fire_due(self.storage, self.desk)
            except Killed:
                self.start()
                await inherit(self.plain, self.clock.now())
                continue
            due = await self.all(Mailbox, due=True)
            if not due:
                return
            moments: list[datetime] = [at for at in later if at is not None]
            if moments and len(moments) == len(later):
                self.clock.move_to(min(moments))
            if self.clock.now() >= end:
                return
        raise AssertionError("it never ends")

    async def all(self, kind: type[Record], /, **where: object) -> list[Record]:
        """Return all stored records of a kind."""
        return list(await self.plain.read(lambda reader: reader.find(kind, limit=None, newest=False, **where)))

    async def request(self, number: str = "IT-1001") -> Request:
        """Return one request."""
        return (await self.all(Request, number=number))[0]

    async def runs(self, **where: object) -> list[Run]:
        """Return the runs."""
        return await self.all(Run, **where)

    async def steps(self, **where: object) -> list[Step]:
        """Return the steps of all runs, in order."""
        return await self.all(Step, **where)

    async def notes(self, visibility: Visibility) -> list[str]:
        """Return the notes that are public, or private."""
        return [note.text for note in await self.all(Note, visibility=visibility)]

    async def told(self, conversation: str | None = None) -> list[str]:
        """Return what was queued for a conversation (Maria's), whatever became of it."""
        where = ConversationId(conversation or direct().id)
        return [reply.text for reply in await self.all(Reply, conversation_id=where) if reply.kind not in SHOWN]

    def shown(self, channel: str) -> list[str]:
        """Return what stands in a channel."""
        return [
            posted.text for posted in self.messenger.posts if posted.channel == channel and posted.kind not in SHOWN
        ]

    async def thread(self, channel: str = "CIT") -> Conversation:
        """Return the request's thread in a support channel as a colleague's message comes from it."""
        found = (await self.all(Conversation, channel=channel, kind="support"))[0]
        return replace(found, id=ConversationId(f"slack:T1:{channel}:{found.thread}"), request_ids=())

    async def events(self, kind: str) -> list[str]:
        """Return the audit entries of a kind, as they are chained."""
        assert isinstance(self.plain, MemoryStorage)
        entries = await self.plain.audit_entries(limit=100_000)
        return [entry.canonical for entry in entries if f'"kind":"{kind}"' in entry.canonical]


async def running(model: ScriptedModel, **options: object) -> RunningDesk:
    """Return a running desk whose people are known; `options` as `RunningDesk` takes them."""
    desk = RunningDesk(model=model, **options)  # type: ignore[arg-type]
    await desk.employ_people()
    return desk


async def _no_admins(_: Workspace) -> Sequence[Conversation]:
    return []


async def _no_readdress(_: UnitOfWork, request: Request, __: Workspace, place: Place) -> Conversation:
    raise LookupError(f"{request.number} has no other place than {place.channel}")
