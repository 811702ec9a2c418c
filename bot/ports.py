"""What the desk needs from outside, as Protocols of at most five methods.

`Storage` is the only way to the database: a transaction is a function that is given a unit of work and may be called again from
the start, so it does nothing but read and write through it. A transaction under a lease is refused (`LeaseLost`) when somebody else
has claimed the mailbox since; that check and every write happen together.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from bot.audit import Event
from bot.conversation import Conversation, Place
from bot.ids import CoworkerId, MailboxId, WorkspaceId
from bot.mail import Lease
from bot.person import Identity
from bot.reply import Reply
from bot.run import Run
from bot.workspace import CoworkerCard, Workspace

Record = TypeVar("Record")
Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class AtMost:
    """A condition of `find`: the field has a value, and it is `value` or less."""

    value: datetime | int


class Reader(Protocol):
    """Reads records. A record's key is its `id`."""

    async def get(self, kind: type[Record], key: str, /) -> Record | None:
        """Return the record, or None. Inside a transaction its row stays locked until the end."""
        ...

    async def find(
        self, kind: type[Record], /, *, limit: int | None = None, newest: bool = False, **where: object
    ) -> Sequence[Record]:
        """Return the records whose fields equal `where`, in the order in which they were added (`newest`: backwards).

        A collection as value means any of its members, None means unset, `AtMost` means no more than. With an `AtMost`, the
        order is by that field. Nested fields cannot be asked for. Inside a transaction the rows stay locked until the end, except
        those found with a `limit`: whoever wants to change one of them gets it by its key first.
        """
        ...


class UnitOfWork(Reader, Protocol):
    """One transaction: all of it is stored at the end, or nothing."""

    async def add(self, *records: object) -> None:
        """Store new records; `Conflict` (and the transaction starts again) when a key exists."""
        ...

    async def put(self, *records: object) -> None:
        """Replace existing records; a record that does not exist is an error."""
        ...

    async def audit(self, *events: Event) -> None:
        """Chain the events to the audit trail when the transaction commits."""
        ...


class Storage(Protocol):
    """Where everything is kept."""

    async def transact(self, work: Callable[[UnitOfWork], Awaitable[Result]], *, under: Lease | None = None) -> Result:
        """Run `work` in one transaction and return its result once that is durable.

        `work` may be called several times (after `Conflict` or a lost race) and must touch nothing but its unit of work.
        Raises `LeaseLost` when `under` is no longer the mailbox's token, `TemporaryError` when the database cannot be reached.
        """
        ...

    async def read(self, work: Callable[[Reader], Awaitable[Result]]) -> Result:
        """Run `work` on one consistent view without locking anything."""
        ...


class Clock(Protocol):
    """The time, as a port so that tests own it."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""
        ...


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What a platform itself says of one of its users."""

    identity: Identity
    """With name, verified e-mail and guest filled in."""
    emails: frozenset[str] = frozenset()
    """All verified addresses, lower case, where the platform knows several (a mailbox and a sign-in name)."""
    language: str = "en"
    time_zone: str = "UTC"


@dataclass(frozen=True, kw_only=True)
class Readers:
    """Who can read a place, as its platform says."""

    identities: frozenset[str]
    """Identity ids of the members."""
    emails: frozenset[str]
    """The verified e-mails of the members, lower case."""
    everyone: bool = False
    """Anybody in the organisation may join and read (a public channel)."""
    outsiders: bool = False
    """Guests or external members are among the readers, or the place is shared with another organisation."""
    certain: bool = True
    """False when some member could not be looked up: then the place is treated as unknown."""


class Audience(Protocol):
    """Asks a platform who can read, and who somebody is."""

    async def readers(self, place: Place) -> Readers | None:
        """Return who can read there; None when the platform does not say (then nothing private goes there)."""
        ...

    async def profile(self, identity: Identity) -> Profile | None:
        """Return what the platform knows of the user; None when it does not say."""
        ...


class Messenger(Protocol):
    """Posts replies on one platform. Raises `TemporaryError` or `PermanentError` and nothing else."""

    async def post(self, reply: Reply, conversation: Conversation) -> str:
        """Post `reply` in `conversation` and return the platform's id of the post."""
        ...

    async def change(self, reply: Reply, conversation: Conversation, post: str) -> None:
        """Give the post that stands at `post` the content of `reply`."""
        ...

    async def find(self, reply: Reply, conversation: Conversation) -> str | None:
        """Return the id of the post that carries this reply's id, or None when it is certain that there is none.

        Raises `TemporaryError` when the platform cannot be asked now, `PermanentError` when it can never tell.
        """
        ...

    def thread_of(self, conversation: Conversation, post: str) -> Conversation:
        """Return `conversation` as the thread that `post`, its first post, has begun."""
        ...


@dataclass(frozen=True, kw_only=True)
class Employment:
    """What a run of a coworker is begun with."""

    version: str
    """Digest of the coworker's definition."""
    model: str
    """Which brain works; it does not change within a run."""


class Worker(Protocol):
    """Whoever works runs: the coworkers' run loop, or a test's double."""

    def employ(self, coworker: CoworkerId, *, fallback: bool = False) -> Employment:
        """Return what a run begun now works with; `fallback`: without the language model that just failed."""
        ...

    async def begin(self, uow: UnitOfWork, run: Run) -> None:
        """Store the run's first intent, in the transaction that stores the run."""
        ...

    async def advance(self, run: Run, lease: Lease) -> bool:
        """Do the next recorded step of `run` under `lease`; return True once the run has ended and its outcome is applied."""
        ...


class Dispatcher(Protocol):
    """Spreads the work. Correctness never depends on a wake-up arriving once, in time or in order."""

    def wake(self, *mailboxes: MailboxId) -> None:
        """Have these mailboxes looked at soon."""
        ...

    async def serve(self, work: Callable[[MailboxId], Awaitable[datetime | None]]) -> None:
        """Call `work` for mailboxes that were woken until `stop`; a moment that it returns is when to look again."""
        ...

    async def stop(self) -> None:
        """Let the work that is under way finish its step, then return from `serve`."""
        ...


class Directory(Protocol):
    """Who works here: workspaces and coworkers of the workforce in force."""

    def workspaces(self) -> Sequence[Workspace]:
        """Return all workspaces."""
        ...

    def workspace(self, key: WorkspaceId) -> Workspace:
        """Return one; `Refused`, naming those that exist, when there is none."""
        ...

    def coworker(self, key: CoworkerId) -> CoworkerCard | None:
        """Return one coworker, whatever its state; None when there is none."""
        ...

    def coworkers(self) -> Collection[CoworkerCard]:
        """Return all coworkers."""
        ...

    def global_triage(self) -> CoworkerCard | None:
        """Return the global triage coworker, if one is employed and active."""
        ...


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A piece of knowledge that answers something."""

    document: str
    section: str
    text: str
    score: float


class Knowledge(Protocol):
    """Searches the organisation's documents."""

    async def search(self, query: str, limit: int) -> Sequence[Passage]:
        """Return the best passages, best first."""
        ...
