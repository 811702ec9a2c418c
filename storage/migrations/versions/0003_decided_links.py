"""What an admin has decided about the link between an account and a person.

Written once and never changed again: a database that has it was made by exactly these lines.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; about the accounts known so far nobody has decided anything."""
    op.add_column("identity", sa.Column("decided", sa.Text, nullable=False, server_default=""))
