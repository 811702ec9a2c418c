"""The steps of a migration, taken by Alembic on a connection whose transaction somebody else has opened and will end."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.errors import PermanentError

SCRIPTS = Path(__file__).with_name("migrations")


def upgrade(connection: Connection, to: str) -> None:
    """Bring the database to the revision `to`; `PermanentError` when it is at one that these scripts do not know."""
    config = configuration()
    _refuse_newer(connection, ScriptDirectory.from_config(config))
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def configuration() -> Config:
    """Return Alembic's configuration, which needs no file."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config


def _refuse_newer(connection: Connection, scripts: ScriptDirectory) -> None:
    known = {script.revision for script in scripts.walk_revisions()}
    unknown = set(MigrationContext.configure(connection).get_current_heads()) - known
    if unknown:
        raise PermanentError(
            f"The database was migrated by a newer Deskmate (revision {', '.join(sorted(unknown))}): start that version or a later one."
        )
