"""Whatever a bot sends as blocks or as a view, the local Slack answers as Slack would: with a refusal, never with a crash."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.slack_limits import problems, view_problems

NAMES = (
    "type",
    "text",
    "elements",
    "element",
    "label",
    "options",
    "confirm",
    "value",
    "fields",
    "rows",
    "action_id",
    "x",
)
KINDS = (
    "section",
    "header",
    "markdown",
    "actions",
    "context",
    "input",
    "table",
    "button",
    "plain_text",
    "modal",
    "home",
)
LEAVES: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.sampled_from(KINDS)
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=20,
)
BLOCKS = st.lists(
    st.fixed_dictionaries({"type": st.sampled_from(KINDS)}, optional=dict.fromkeys(NAMES[1:], JSON)), max_size=3
)
"""What looks like blocks at first."""


@given(JSON | BLOCKS)
def test_blocks_of_any_shape_are_judged(blocks: object) -> None:
    """What is wrong is said in sentences; what is no list of objects is wrong."""
    found = problems(blocks)

    assert all(isinstance(sentence, str) for sentence in found)
    assert found or isinstance(blocks, list)


@given(BLOCKS, st.sampled_from(KINDS), JSON)
def test_views_of_any_shape_are_judged(blocks: list[dict[str, object]], kind: str, title: object) -> None:
    """A view that is neither a modal nor a home page is refused, whatever it holds."""
    found = view_problems({"type": kind, "title": title, "blocks": blocks})

    assert all(isinstance(sentence, str) for sentence in found)
    assert found or kind in ("modal", "home")
