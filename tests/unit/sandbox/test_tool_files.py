"""The seeded tool files and the systems that they name agree."""

from pathlib import Path

import pytest
import yaml
from mcp import Client

from adapters.sandbox.start import SYSTEMS

TOOLS = Path(__file__).resolve().parents[3] / "config" / "workforce" / "tools"


@pytest.mark.parametrize("system", sorted(SYSTEMS))
async def test_what_a_tool_file_declares_the_system_offers(system: str, tmp_path: Path) -> None:
    """Names are the same, and neither reading nor repeating is promised where the system does not hold it."""
    file = TOOLS / f"{system}.yaml"
    if not file.exists():
        pytest.skip(f"{file.name} is not part of the seeded workforce")
    declared = yaml.safe_load(file.read_text())["capabilities"]

    async with Client(SYSTEMS[system](tmp_path)) as client:
        offered = {tool.name: tool.annotations for tool in (await client.list_tools()).tools}

    assert set(declared) <= set(offered)
    for name, capability in declared.items():
        hints = offered[name]
        assert hints is not None
        assert (capability["effect"] == "read") == bool(hints.read_only_hint)
        assert (capability["effect"] == "destructive") <= (not hints.read_only_hint)
        assert bool(capability.get("idempotent")) <= bool(hints.idempotent_hint)
        assert capability.get("undo", name) in offered
