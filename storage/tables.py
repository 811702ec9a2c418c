"""The tables: one for each stored record, and the audit trail.

A table's columns are its record's fields, by the same names. `added` numbers the rows in the order of their coming; `id` is the key.
A new record is one line in `KEPT` and a migration that makes its table (a test compares the two).
References are checked by the database at once, so a record is added after, or together with, what it refers to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.approval import Approval
from bot.conversation import Conversation
from bot.counter import Counter
from bot.installation import Installation, InstallState
from bot.known_channel import KnownChannel
from bot.mail import Mail, Mailbox
from bot.memory import Memory
from bot.message import Message
from bot.note import Note
from bot.packet import Packet
from bot.person import Identity, Person
from bot.reply import Reply
from bot.request import Request
from bot.run import Run, Step
from bot.satisfaction import Feedback, Satisfaction
from bot.spending import Spending
from bot.switch import Switch
from bot.timer import Timer
from storage.shapes import Keeping, Shape, shapes

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A record that is stored."""

    kind: type
    name: str
    """Of its table."""
    refers: Mapping[str, str] = field(default_factory=dict)
    """Field → table whose `id` it holds."""
    asked: tuple[tuple[str, ...], ...] = ()
    """Groups of fields that `find` is asked for together: an index each."""
    unique: tuple[str, ...] = ()
    """Fields that are unique besides `id`."""


KEPT = (
    Kept(kind=Person, name="person", asked=(("email",),)),
    Kept(kind=Identity, name="identity", refers={"person_id": "person"}, asked=(("person_id",), ("email",))),
    Kept(kind=Conversation, name="conversation", asked=(("channel", "thread"), ("platform", "tenant"))),
    Kept(
        kind=Message,
        name="message",
        refers={"conversation_id": "conversation", "author_id": "identity"},
        asked=(("event_id",), ("conversation_id",)),
    ),
    Kept(
        kind=Request,
        name="request",
        refers={"requester": "person", "author": "person", "conversation_id": "conversation"},
        asked=(("requester",), ("status",), ("conversation_id",)),
        unique=("number",),
    ),
    Kept(kind=Packet, name="packet", refers={"request_id": "request"}, asked=(("request_id",),)),
    Kept(kind=Mailbox, name="mailbox", asked=(("due",),)),
    Kept(kind=Mail, name="mail", refers={"mailbox_id": "mailbox"}, asked=(("mailbox_id", "taken_by"),)),
    Kept(
        kind=Run,
        name="run",
        refers={"mailbox_id": "mailbox", "request_id": "request", "conversation_id": "conversation"},
        asked=(("mailbox_id", "state"), ("request_id",), ("state",)),
    ),
    Kept(kind=Step, name="step", refers={"run_id": "run"}, asked=(("run_id",),)),
    Kept(kind=Note, name="note", refers={"request_id": "request", "run_id": "run"}, asked=(("request_id",),)),
    Kept(
        kind=Reply,
        name="reply",
        refers={
            "conversation_id": "conversation",
            "request_id": "request",
            "note_id": "note",
            "replaces": "reply",
        },
        asked=(("conversation_id", "state"), ("state",), ("request_id",)),
    ),
    Kept(
        kind=Approval,
        name="approval",
        refers={"request_id": "request", "run_id": "run", "decided_by": "person"},
        asked=(("request_id", "state"),),
    ),
    Kept(
        kind=Timer,
        name="timer",
        refers={"request_id": "request"},
        asked=(("state", "due_at"), ("request_id",)),
    ),
    Kept(kind=Spending, name="spending"),
    Kept(kind=Counter, name="counter"),
    Kept(kind=Memory, name="memory", refers={"request_id": "request"}, asked=(("scope", "subject"),)),
    Kept(kind=Satisfaction, name="satisfaction", refers={"request_id": "request", "person_id": "person"}),
    Kept(kind=Feedback, name="feedback", refers={"reply_id": "reply", "person_id": "person"}),
    Kept(kind=Switch, name="switch", refers={"by": "person"}),
    Kept(kind=Installation, name="installation", asked=(("platform", "tenant"),)),
    Kept(kind=InstallState, name="install_state"),
    Kept(kind=KnownChannel, name="known_channel", asked=(("platform", "tenant", "team"),)),
)
"""Every stored record. A record stands below those that it refers to."""

TYPES: Mapping[Keeping, Text | BigInteger | Boolean] = MappingProxyType(
    {
        Keeping.TEXT: Text(),
        Keeping.WHOLE: BigInteger(),
        Keeping.FLAG: Boolean(),
        Keeping.MOMENT: BigInteger(),
        Keeping.NESTED: Text(),
    }
)
"""The column type of each way of keeping."""


def _column(shape: Shape, kept: Kept) -> Column[object]:
    reference = [ForeignKey(f"{kept.refers[shape.name]}.id")] if shape.name in kept.refers else []
    return Column(shape.name, TYPES[shape.keeping], *reference, nullable=shape.optional)


def _table(kept: Kept) -> Table:
    order = Column("added", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    columns = [_column(shape, kept) for shape in shapes(kept.kind)]
    unique = [UniqueConstraint(name) for name in ("id", *kept.unique)]
    indexes = [Index(None, *names) for names in kept.asked]
    return Table(kept.name, METADATA, order, *columns, *unique, *indexes, sqlite_autoincrement=True)


TABLES: Mapping[type, Table] = MappingProxyType({kept.kind: _table(kept) for kept in KEPT})
"""Record → its table."""

AUDIT = Table(
    "audit",
    METADATA,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("canonical", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("request_id", Text),
    Index(None, "request_id"),
    Index(None, "kind", "at"),
)
"""The audit trail: the chain, and what it may be asked for. No reference leads out of it, so that it outlives what it tells of."""
