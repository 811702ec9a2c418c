"""A running desk to which people give commands, each in a place that only they see; a test writes down what the files say."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.audit import Event
from bot.conversation import Conversation, ConversationKind
from bot.errors import DeskmateError
from bot.ids import ConversationId, MailboxId, MessageId
from bot.intake import store
from bot.labels import Visibility
from bot.message import Arrival, Message
from bot.person import Role
from bot.waking import WakingStorage
from config.staff import Staff
from coworkers.profile import Workforce
from coworkers.roster import Roster
from tests.fakes.desk import RunningDesk
from tests.fakes.fuse import FusedStorage
from tests.fakes.messenger import Killed
from tests.fakes.scripted import ScriptedModel, call
from tests.fakes.workforce import COWORKERS, HR, IT, account, person, said_profile

HOLD = call("set_status", status="on_hold", reason="a test")
ADMINS = (
    person("lea", Role(name="workspace_admin", workspace=IT)),
    person("hal", Role(name="workspace_admin", workspace=HR)),
    person("oda", Role(name="organisation_admin")),
)
"""Lea leads IT Support, Hal People Ops, Oda the organisation."""


def aside(who: str) -> Conversation:
    """Return the place where only this person sees the answer."""
    user = account(who).user
    return Conversation(
        id=ConversationId(f"slack:T1:CTOWN:aside:{user}"),
        platform="slack",
        tenant="T1",
        channel="CTOWN",
        kind="aside",
        address={"user": user},
    )


def place(kind: ConversationKind, channel: str = "CPLACE") -> Conversation:
    """Return a thread of another kind."""
    key = ConversationId(f"slack:T1:{channel}:9")
    workspace = IT if kind == "support" else None
    return Conversation(
        id=key, platform="slack", tenant="T1", channel=channel, thread="9", kind=kind, workspace=workspace
    )


class Nobody:
    """A dispatcher that wakes nobody: the test works what is due."""

    def wake(self, *mailboxes: MailboxId) -> None:
        """Do nothing."""

    async def serve(self, work: Callable[[MailboxId], Awaitable[datetime | None]]) -> None:
        """Do nothing."""

    async def stop(self) -> None:
        """Do nothing."""


@dataclass(kw_only=True)
class Chat(RunningDesk):
    """A running desk with a staff."""

    files: list[Workforce | DeskmateError] = field(default_factory=list)
    """What the next readings of the files bring; beyond the end, the workforce in force."""
    begun: bool = False
    """Whether the staff has begun since the start."""
    adopted: list[Workforce] = field(default_factory=list)

    def start(self) -> None:
        """Begin anew, as a process does."""
        self.storage = WakingStorage(FusedStorage(self.plain, self.fuse), Nobody(), watch=self._told)
        super().start()
        self.staff = Staff(self.storage, self.desk, self.roster, read=self._read, adopt=self._adopt)
        self.begun = False

    async def begin(self) -> None:
        """Do what the office does after a start."""
        if not self.begun:
            await self.staff.begin()
            self.begun = True

    def _told(self, events: Sequence[Event]) -> None:
        self.staff.heard(events)

    @property
    def roster(self) -> Roster:
        """The roster in force."""
        assert isinstance(self.desk.directory, Roster)
        return self.desk.directory

    def _read(self) -> Workforce:
        found = self.files.pop(0) if self.files else self.roster.workforce
        if isinstance(found, DeskmateError):
            raise found
        return found

    async def _adopt(self, fresh: Workforce) -> None:
        self.adopted.append(fresh)
        self.roster.adopt(fresh)

    async def type(self, who: str, text: str, where: Conversation | None = None) -> MessageId:
        """Let somebody give a command; return the message's id."""
        self.stamp += 1
        conversation = where or aside(who)
        author = account(who)
        message = Message(
            id=MessageId(f"slack:T1:{conversation.channel}:command:{self.stamp}"),
            event_id=f"E{self.stamp}",
            conversation_id=conversation.id,
            author_id=author.id,
            author_name=author.name,
            kind="command",
            text=text,
            at=self.clock.now(),
        )
        arrival = Arrival(message=message, conversation=conversation, author=author)
        await self.plain.transact(lambda uow: store(uow, [arrival], self.clock.now(), timedelta()))
        return message.id

    async def ask(self, who: str, text: str, where: Conversation | None = None) -> str:
        """Let somebody give a command, have everything worked, and return what was answered to it."""
        before = len(await self.told((where or aside(who)).id))
        await self.type(who, text, where)
        await self.work()
        return "\n\n".join((await self.told((where or aside(who)).id))[before:])

    async def work(self) -> None:
        """Work everything, and what the staff heard of; begin anew when the process dies."""
        for _ in range(2):
            await self.settle(hours=1.0)
            try:
                await self.begin()
                await asyncio.gather(*self.staff._tasks)
            except Killed:
                self.start()
                await self.begin()
        await self.settle(hours=1.0)

    async def private(self) -> list[str]:
        """Return the private notes."""
        return await self.notes(Visibility.PRIVATE)


async def chatting(model: ScriptedModel | None = None, **options: object) -> Chat:
    """Return a desk whose people and admins are known, and whose coworkers let everything rest."""
    resting = ScriptedModel(script={item.id: [HOLD] for item in COWORKERS})
    desk = Chat(model=model or resting, **options)  # type: ignore[arg-type]
    await desk.employ_people()
    await desk.plain.transact(lambda uow: uow.add(*ADMINS))
    desk.audience.people |= {account(item.id).id: said_profile(item.id) for item in ADMINS}
    await desk.begin()
    return desk


async def opened() -> Chat:
    """Return such a desk with Maria's request IT-1001, which the hardware engineer has put on hold."""
    desk = await chatting()
    await desk.open()
    await desk.work()
    return desk
