"""What a message says to quote.

Written once and never changed again: a database that has it was made by exactly these lines.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of the messages known so far nothing is known to be quoted."""
    op.add_column("message", sa.Column("quotes", sa.Text, nullable=False, server_default="[]"))
