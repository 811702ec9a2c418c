"""What all tests share: the databases, and which tests run when."""

import pytest
from hypothesis import HealthCheck, settings

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


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take `--chaos`: run the whole kill and fault suite too; `--soak` and `--soak-seed` are for its storms."""
    parser.addoption("--chaos", action="store_true", help="run the tests marked chaos (make chaos)")
    parser.addoption("--soak", default="60", help="seconds that each storm lasts")
    parser.addoption("--soak-seed", default="1", help="which people and faults it draws")


def pytest_configure(config: pytest.Config) -> None:
    """Have `make test` try the same examples each time, and `make chaos` others; neither measures the machine's speed."""
    settings.register_profile(
        "deskmate",
        derandomize=not config.getoption("--chaos"),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("deskmate")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only `make chaos` runs."""
    if config.getoption("--chaos"):
        return
    kept = [item for item in items if item.get_closest_marker("chaos") is None]
    if len(kept) < len(items):
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = kept
