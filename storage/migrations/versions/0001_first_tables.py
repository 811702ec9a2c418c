"""The first tables.

Written once and never changed again: a database that has them was made by exactly these lines. What comes later is a revision of its own.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _text(name: str, to: str | None = None, *, optional: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.Text, *([sa.ForeignKey(f"{to}.id")] if to else []), nullable=optional)


def _whole(name: str, *, optional: bool = False) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger, nullable=optional)


def _flag(name: str) -> "sa.Column[bool]":
    return sa.Column(name, sa.Boolean, nullable=False)


_moment = _whole
"""Microseconds since 1970, UTC."""
_json = _text


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _table(
    name: str, *columns: "sa.Column[str] | sa.Column[int] | sa.Column[bool]", unique: tuple[str, ...] = ()
) -> None:
    op.create_table(
        name,
        sa.Column("added", _number(), primary_key=True, autoincrement=True),
        _text("id"),
        *columns,
        *[sa.UniqueConstraint(field) for field in ("id", *unique)],
        sqlite_autoincrement=True,
    )


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def upgrade() -> None:
    """Make the tables, those that others refer to first."""
    _people_and_places()
    _requests()
    _work()
    _what_is_said()
    _waits_and_accounts()
    _audit_trail()


def _people_and_places() -> None:
    _table(
        "person",
        _text("name"),
        _text("email", optional=True),
        _text("manager", optional=True),
        _text("language"),
        _json("attributes"),
        _json("roles"),
    )
    _index("person", "email")
    _table(
        "identity",
        _text("platform"),
        _text("tenant"),
        _text("user"),
        _text("name"),
        _text("email", optional=True),
        _flag("guest"),
        _text("person_id", "person", optional=True),
    )
    _index("identity", "person_id")
    _index("identity", "email")
    _table(
        "conversation",
        _text("platform"),
        _text("tenant"),
        _text("channel"),
        _text("thread", optional=True),
        _text("kind"),
        _json("request_ids"),
        _text("workspace", optional=True),
        _json("address"),
    )
    _index("conversation", "channel", "thread")
    _index("conversation", "platform", "tenant")
    _table(
        "message",
        _text("event_id"),
        _text("conversation_id", "conversation"),
        _text("author_id", "identity"),
        _text("author_name"),
        _text("kind"),
        _text("text"),
        _flag("addresses_atom"),
        _json("press", optional=True),
        _moment("at"),
        _text("post"),
    )
    _index("message", "event_id")
    _index("message", "conversation_id")


def _requests() -> None:
    _table(
        "request",
        _text("number"),
        _text("type"),
        _text("title"),
        _text("description"),
        _text("priority"),
        _text("status"),
        _text("requester", "person"),
        _text("author", "person"),
        _text("workspace"),
        _json("assignee"),
        _text("held_from", optional=True),
        _text("conversation_id", "conversation"),
        _json("followers"),
        _json("links"),
        _json("tags"),
        _json("fields"),
        _moment("opened_at"),
        _moment("changed_at"),
        unique=("number",),
    )
    _index("request", "requester")
    _index("request", "status")
    _index("request", "conversation_id")
    _table(
        "packet",
        _text("request_id", "request"),
        _text("asked"),
        _text("sender"),
        _text("receiver"),
        _text("reason"),
        _text("wanted"),
        _json("facts"),
        _json("actions"),
        _json("open_questions"),
        _whole("hop"),
        _whole("budget_left_micro_usd", optional=True),
        _moment("at"),
    )
    _index("packet", "request_id")


def _work() -> None:
    _table(
        "mailbox",
        _text("kind"),
        _text("subject"),
        _flag("due"),
        _whole("priority"),
        _moment("waiting_since"),
        _moment("not_before", optional=True),
        _flag("firm"),
        _text("holder", optional=True),
        _moment("lease_until", optional=True),
        _whole("token"),
        _whole("arrivals"),
        _whole("failures"),
    )
    _index("mailbox", "due")
    _table("mail", _text("mailbox_id", "mailbox"), _json("trigger"), _moment("at"), _text("taken_by", optional=True))
    _index("mail", "mailbox_id", "taken_by")
    _table(
        "run",
        _text("mailbox_id", "mailbox"),
        _text("request_id", "request", optional=True),
        _text("conversation_id", "conversation", optional=True),
        _text("coworker"),
        _text("version"),
        _text("model"),
        _json("triggers"),
        _text("state"),
        _json("outcome", optional=True),
        _text("error"),
        _moment("started_at"),
        _moment("ended_at", optional=True),
    )
    _index("run", "mailbox_id", "state")
    _index("run", "request_id")
    _index("run", "state")
    _table(
        "step",
        _text("run_id", "run"),
        _whole("seq"),
        _text("kind"),
        _text("state"),
        _json("call", optional=True),
        _text("effect"),
        _flag("idempotent"),
        _json("turn", optional=True),
        _json("result", optional=True),
        _whole("reserved_tokens"),
        _whole("reserved_micro_usd"),
        _moment("begun_at"),
        _moment("ended_at", optional=True),
    )
    _index("step", "run_id")


def _what_is_said() -> None:
    _table(
        "note",
        _text("request_id", "request"),
        _text("visibility"),
        _text("source"),
        _json("author"),
        _text("text"),
        _moment("at"),
        _text("run_id", "run", optional=True),
    )
    _index("note", "request_id")
    _table(
        "reply",
        _text("conversation_id", "conversation"),
        _text("request_id", "request", optional=True),
        _text("note_id", "note", optional=True),
        _text("visibility"),
        _text("kind"),
        _text("speaker"),
        _text("text"),
        _json("buttons"),
        _text("replaces", "reply", optional=True),
        _text("state"),
        _whole("attempts"),
        _text("post", optional=True),
        _text("problem"),
        _moment("at"),
        _moment("sent_at", optional=True),
    )
    _index("reply", "conversation_id", "state")
    _index("reply", "state")
    _index("reply", "request_id")


def _waits_and_accounts() -> None:
    _table(
        "approval",
        _text("request_id", "request"),
        _text("run_id", "run"),
        _text("coworker"),
        _text("version"),
        _json("call"),
        _text("digest"),
        _text("reason"),
        _text("state"),
        _moment("asked_at"),
        _moment("expires_at"),
        _text("decided_by", "person", optional=True),
        _moment("decided_at", optional=True),
    )
    _index("approval", "request_id", "state")
    _table("timer", _text("request_id", "request"), _text("name"), _text("subject"), _moment("due_at"), _text("state"))
    _index("timer", "state", "due_at")
    _index("timer", "request_id")
    _table(
        "spending",
        _text("scope"),
        _whole("tokens"),
        _whole("micro_usd"),
        _whole("model_calls"),
        _whole("tool_calls"),
        _whole("reserved_tokens"),
        _whole("reserved_micro_usd"),
    )
    _table("counter", _whole("value"))
    _table(
        "memory",
        _text("scope"),
        _text("subject"),
        _text("text"),
        _text("source"),
        _text("author"),
        _text("request_id", "request"),
        _moment("at"),
        _moment("expires_at"),
    )
    _index("memory", "scope", "subject")


def _audit_trail() -> None:
    op.create_table(
        "audit",
        sa.Column("number", _number(), primary_key=True, autoincrement=False),
        _text("canonical"),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        _moment("at"),
        _text("kind"),
        _text("request_id", optional=True),
    )
    _index("audit", "request_id")
    _index("audit", "kind", "at")
