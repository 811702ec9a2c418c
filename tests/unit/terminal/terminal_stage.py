"""A stage for tests of the terminal: a small organisation, records in memory, and a console whose text can be read."""

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from rich.console import Console

from adapters.terminal.platform import TerminalMessenger
from adapters.terminal.voice import Voice
from bot.audit import Event
from bot.conversation import Conversation
from bot.errors import Refused
from bot.ids import ConversationId, CoworkerId, MailboxId, NoteId, PersonId, ReplyId, RequestId, RunId, WorkspaceId
from bot.labels import Actor, Source, Visibility
from bot.mail import Mailbox
from bot.note import Note
from bot.outcome import Outcome
from bot.person import Identity, Person, identity_id
from bot.reply import Button, Reply, ReplyKind
from bot.request import Assignee, Request
from bot.run import Run, Step
from bot.turn import Call, CallResult
from bot.workspace import CoworkerCard, Workspace
from tests.fakes.memory import MemoryStorage

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
IT, SECURITY = WorkspaceId("it-support"), WorkspaceId("security")
JUNE, SAM = PersonId("p-june"), PersonId("p-sam")
HOME = Conversation(
    id=ConversationId("terminal:local:me:june@example.com"),
    platform="terminal",
    tenant="local",
    channel="me:june@example.com",
    kind="direct",
)
REQUEST = Request(
    id=RequestId("r-1"),
    number="IT-1001",
    title="My laptop feels really slow lately",
    description="My laptop feels really slow lately.",
    requester=JUNE,
    author=JUNE,
    workspace=IT,
    assignee=Assignee(kind="coworker", id="it-triage"),
    conversation_id=HOME.id,
    opened_at=START,
    changed_at=START,
)


def support(workspace: WorkspaceId, thread: str | None = "t-1") -> Conversation:
    """Return the request's private thread in a workspace's support channel."""
    return Conversation(
        id=ConversationId(f"support:r-1:terminal:support-{workspace}"),
        platform="terminal",
        tenant="local",
        channel=f"support-{workspace}",
        thread=thread,
        kind="support",
        request_ids=(REQUEST.id,),
        workspace=workspace,
    )


class WrittenDirectory:
    """`bot.ports.Directory` of two workspaces and their coworkers."""

    def __init__(self) -> None:
        self._places = [
            Workspace(id=key, name=name, prefix=prefix, about="", triage=CoworkerId(f"{key}-triage"))
            for key, name, prefix in ((IT, "IT Support", "IT"), (SECURITY, "Security", "SEC"))
        ]
        names = {
            "it-triage": "IT Support Triage",
            "hardware-engineer": "Hardware Engineer",
            "security-specialist": "Security Specialist",
        }
        self._staff = {
            key: CoworkerCard(id=CoworkerId(key), name=name, kind="specialist", workspace=IT, state="active")
            for key, name in names.items()
        }

    def workspaces(self) -> Sequence[Workspace]:
        """Return both."""
        return self._places

    def workspace(self, key: WorkspaceId) -> Workspace:
        """Return one of them."""
        for place in self._places:
            if place.id == key:
                return place
        raise Refused(f"There is no workspace {key}.")

    def coworker(self, key: CoworkerId) -> CoworkerCard | None:
        """Return one of the coworkers."""
        return self._staff.get(key)

    def coworkers(self) -> Collection[CoworkerCard]:
        """Return all."""
        return self._staff.values()

    def global_triage(self) -> CoworkerCard | None:
        """Return none: the stage has no global triage."""
        return None


def coworker(key: str) -> Actor:
    """Return a coworker who acts."""
    card = WrittenDirectory().coworker(CoworkerId(key))
    return Actor(kind="coworker", id=key, name=card.name if card else key)


def event(kind: str, who: str = "hardware-engineer", *, run: str | None = None, **data: object) -> Event:
    """Return an audit event of the request."""
    return Event(kind=kind, actor=coworker(who), request_id=REQUEST.id, run_id=run, data=data, at=START)


def reply(
    text: str,
    *,
    to: Conversation = HOME,
    key: str = "",
    note: str | None = None,
    kind: ReplyKind = "note",
    speaker: str = "",
    buttons: tuple[Button, ...] = (),
) -> Reply:
    """Return a reply that stands where its conversation says."""
    private = to.kind == "support"
    return Reply(
        id=ReplyId(key or f"reply-{text[:20]}"),
        conversation_id=to.id,
        request_id=REQUEST.id,
        note_id=NoteId(note) if note else None,
        visibility=Visibility.PRIVATE if private else Visibility.PUBLIC,
        kind=kind,
        speaker=speaker,
        text=text,
        buttons=buttons,
        at=START,
    )


def note(key: str, text: str, who: Actor, *, private: bool, source: Source = Source.COLLEAGUE) -> Note:
    """Return a note of the request."""
    visibility = Visibility.PRIVATE if private else Visibility.PUBLIC
    return Note(
        id=NoteId(key), request_id=REQUEST.id, visibility=visibility, source=source, author=who, text=text, at=START
    )


def written(item: Note) -> Event:
    """Return the audit event of a note."""
    return Event(
        kind="note.written",
        actor=item.author,
        request_id=REQUEST.id,
        data={"note": item.id, "visibility": item.visibility.value, "source": item.source.value},
        at=START,
    )


def run_of(key: str, who: str, outcome: Outcome | None = None, *, model: str = "playbook") -> Run:
    """Return a run that has ended with `outcome`."""
    return Run(
        id=RunId(key),
        mailbox_id=MailboxId("request:r-1"),
        request_id=REQUEST.id,
        coworker=CoworkerId(who),
        version="v1",
        model=model,
        triggers=(),
        state="done" if outcome else "running",
        outcome=outcome,
        started_at=START,
    )


def tool_step(run: str, seq: int, call: Call, result: CallResult | None) -> Step:
    """Return a tool call's step, of unknown end when there is no result."""
    return Step(
        id=f"{run}:{seq}",
        run_id=RunId(run),
        seq=seq,
        kind="tool",
        state="done" if result else "unknown",
        call=call,
        result=result,
        begun_at=START + timedelta(seconds=seq),
    )


@dataclass(kw_only=True)
class Stage:
    """A voice with its console, over records in memory."""

    width: int = 100
    patience: float = 30.0
    encoding: str = "utf-8"
    storage: MemoryStorage = field(default_factory=MemoryStorage)

    def __post_init__(self) -> None:
        self._written = io.BytesIO()
        self._file = io.TextIOWrapper(self._written, encoding=self.encoding, newline="\n", write_through=True)
        console = Console(file=self._file, width=self.width, color_system=None, force_terminal=False, _environ={})
        self.voice = Voice(console, self.storage, WrittenDirectory(), patience=self.patience)
        self.messenger = TerminalMessenger(self.voice)

    @property
    def text(self) -> str:
        """What stands on the console, without spaces at the ends of lines."""
        shown = self._written.getvalue().decode(self.encoding)
        return "\n".join(line.rstrip() for line in shown.split("\n"))

    async def keep(self, *records: object) -> None:
        """Store records."""
        await self.storage.transact(lambda uow: uow.add(*records))

    async def furnish(self) -> None:
        """Store the people, the places and the request."""
        key = identity_id("terminal", "local", "june@example.com")
        author = Identity(id=key, platform="terminal", tenant="local", user="june@example.com", person_id=JUNE)
        await self.keep(
            Person(id=JUNE, name="June Park", email="june@example.com"),
            Person(id=SAM, name="Sam Okafor", email="sam@example.com"),
            author,
            HOME,
            support(IT),
            support(SECURITY, "t-2"),
            Mailbox(id=MailboxId("request:r-1"), kind="request", subject="r-1", waiting_since=START),
            REQUEST,
        )

    @contextlib.asynccontextmanager
    async def speaking(self) -> AsyncIterator[None]:
        """Let the voice speak; at the end everything has been told."""
        task = asyncio.create_task(self.voice.run())
        try:
            yield
            await self.voice.drained()
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
