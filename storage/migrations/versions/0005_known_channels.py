"""What a platform has told of its channels: their teams, who may be let in, and where they are reached.

Written once and never changed again: a database that has it was made by exactly these lines.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; nothing is known of any channel yet."""
    names = ("platform", "tenant", "channel", "team", "directory", "access", "service_url", "present")
    op.create_table(
        "known_channel",
        sa.Column("added", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("id", sa.Text, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in names),
        sa.UniqueConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_known_channel_platform_tenant_team", "known_channel", ["platform", "tenant", "team"])
