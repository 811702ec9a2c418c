"""Forms, files, survey, switches and installations: what the platforms' whole surface needs.

Written once and never changed again: a database that has them was made by exactly these lines.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _text(name: str, to: str | None = None, *, optional: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.Text, *([sa.ForeignKey(f"{to}.id")] if to else []), nullable=optional)


def _moment(name: str, *, optional: bool = False) -> "sa.Column[int]":
    """Microseconds since 1970, UTC."""
    return sa.Column(name, sa.BigInteger, nullable=optional)


def _flag(name: str) -> "sa.Column[bool]":
    return sa.Column(name, sa.Boolean, nullable=False)


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _table(name: str, *columns: "sa.Column[str] | sa.Column[int] | sa.Column[bool]") -> None:
    op.create_table(
        name,
        sa.Column("added", _number(), primary_key=True, autoincrement=True),
        _text("id"),
        *columns,
        sa.UniqueConstraint("id"),
        sqlite_autoincrement=True,
    )


def _new_text(table: str, name: str, default: str) -> None:
    op.add_column(table, sa.Column(name, sa.Text, nullable=False, server_default=default))


def upgrade() -> None:
    """Add the columns that old rows lack, with what they mean there, then the new tables."""
    _new_text("message", "files", "[]")
    op.add_column("message", _text("form", optional=True))
    _new_text("reply", "footer", "")
    _new_text("request", "source_link", "")
    op.add_column("request", _moment("responded_at", optional=True))
    op.add_column("request", _text("stopped_run", optional=True))
    _table(
        "satisfaction",
        _text("request_id", "request"),
        _text("person_id", "person"),
        sa.Column("score", sa.BigInteger, nullable=False),
        _text("comment"),
        _moment("at"),
    )
    _table("feedback", _text("reply_id", "reply"), _text("person_id", "person"), _flag("helpful"), _moment("at"))
    _table("switch", _text("state"), _text("by", "person"), _text("reason"), _moment("at"))
    _table(
        "installation",
        *(_text(name) for name in ("platform", "tenant", "enterprise", "name", "bot_user", "bot_id", "scopes")),
        _text("sealed_token"),
        _text("installed_by"),
        _moment("at"),
        _moment("revoked_at", optional=True),
    )
    op.create_index("ix_installation_platform_tenant", "installation", ["platform", "tenant"])
    _table("install_state", _moment("at"), _flag("used"))
