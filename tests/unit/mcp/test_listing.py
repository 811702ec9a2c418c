"""Lists of tools, taken leniently."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from mcp_types import ListToolsResult

from adapters.mcp.limits import ServerLimits
from adapters.mcp.listing import usable

LIMITS = ServerLimits(capabilities=5)
GOOD = {"name": "good", "inputSchema": {"type": "object"}}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "name", "$ref", "items", "$schema", "pattern", "properties"]), inner)
    ),
    max_leaves=8,
)
TOOLS = (
    st.fixed_dictionaries({"name": JSON, "inputSchema": JSON}, optional={"description": JSON, "outputSchema": JSON})
    | JSON
)


def names(tools: list[Any]) -> list[str]:
    return [each["name"] for each in usable({"tools": tools}, server="S", limits=LIMITS)["tools"]]


@given(st.lists(TOOLS, max_size=4))
def test_whatever_is_listed_the_sdk_accepts_what_is_left(tools: list[Any]) -> None:
    """And the good one is among it."""
    result = usable({"tools": [GOOD, *tools], "nextCursor": None}, server="S", limits=LIMITS)

    accepted = ListToolsResult.model_validate(result, by_name=False)
    assert "good" in {tool.name for tool in accepted.tools}


def test_names_stay_and_the_first_of_two_wins() -> None:
    """Dots and capitals are the server's own affair."""
    first = {"name": "Group.do-it", "description": "first", "inputSchema": {"type": "object"}}
    kept = usable({"tools": [first, {**first, "description": "second"}]}, server="S", limits=LIMITS)["tools"]

    assert [(each["name"], each["description"]) for each in kept] == [("Group.do-it", "first")]


def test_a_list_without_end_is_cut() -> None:
    """Five of a hundred are enough here."""
    assert names([{**GOOD, "name": f"t{number}"} for number in range(100)]) == ["t0", "t1", "t2", "t3", "t4"]


def test_a_schema_that_points_outside_or_nests_too_deeply_is_left_out() -> None:
    """Nobody fetches an address because a tool says so."""
    deep: dict[str, Any] = {"type": "object"}
    for _ in range(40):
        deep = {"type": "object", "properties": {"a": deep}}
    outside = {"type": "object", "properties": {"a": {"items": [{"$ref": "https://example.com/x"}]}}}
    inside = {"type": "object", "$defs": {"x": {"type": "string"}}, "properties": {"a": {"$ref": "#/$defs/x"}}}

    listed = names(
        [{"name": name, "inputSchema": schema} for name, schema in (("d", deep), ("o", outside), ("i", inside))]
    )

    assert listed == ["i"]


def test_other_results_pass_unchanged() -> None:
    """Only lists of tools are looked at."""
    result = {"content": [], "tools": "many"}

    assert result == usable(result, server="S", limits=LIMITS)
