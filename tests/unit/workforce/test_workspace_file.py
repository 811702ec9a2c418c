"""What a workspace's file becomes."""

from pathlib import Path

from bot.ids import WorkspaceId
from tests.unit.workforce.folders import changed, read


def test_an_agents_address_is_the_same_in_any_case(tmp_path: Path) -> None:
    """Platforms give verified addresses in lower case, and a group's members get their authority by them."""
    workforce = read(tmp_path, changed("workspaces/it.yaml", "sam@example.com", "Sam@Example.COM")).workforce

    assert workforce is not None
    assert ("sam@example.com", "fixer") == workforce.workspaces[WorkspaceId("it")].groups["devices"]
