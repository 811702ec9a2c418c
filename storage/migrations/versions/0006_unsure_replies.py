"""That nobody could tell, when a reply was held back, whether an earlier attempt had posted it.

Written once and never changed again: a database that has it was made by exactly these lines.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of the replies known so far nobody was unsure."""
    op.add_column("reply", sa.Column("unsure", sa.Boolean, nullable=False, server_default=sa.false()))
