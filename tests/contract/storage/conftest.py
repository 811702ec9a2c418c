"""The databases that the suite runs on."""

from tests.fakes.databases import (
    database_url,
    empty_postgres,
    migrated_file,
    migrated_postgres,
    postgres_database,
    sqlite_database,
    storage,
)

__all__ = [
    "database_url",
    "empty_postgres",
    "migrated_file",
    "migrated_postgres",
    "postgres_database",
    "sqlite_database",
    "storage",
]
