"""Permission for one exact call: the strictest of grant, tool file and what the run has read."""

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.labels import Source, Visibility
from bot.turn import Call, CallResult, Effect
from coworkers.guarded import Allowed, Denied, Granted, NeedsApproval, judge, labelled, schema_error, strictest
from coworkers.profile import Capability, Mode, Tool
from coworkers.toolbox import Offered

EFFECTS: tuple[Effect, ...] = get_args(Effect)
MODES: tuple[Mode, ...] = get_args(Mode)
TOOL = Tool(id="t", name="T", transport="stdio")


def item(effect: Effect, mode: Mode = "allow", schema: dict[str, Any] | None = None) -> Granted:
    return Granted(
        tool=TOOL,
        capability=Capability(name="c", effect=effect),
        offered=Offered(name="c", description="", schema=schema or {}),
        mode=mode,
    )


@given(mode=st.sampled_from(MODES), effect=st.sampled_from(EFFECTS))
def test_the_strictest_mode_holds(mode: Mode, effect: Effect) -> None:
    """What the file does not name is denied; what destroys is asked for at least."""
    assert "deny" == strictest(mode, None)
    expected = "ask" if (mode, effect) == ("allow", "destructive") else mode
    assert expected == strictest(mode, Capability(name="c", effect=effect))


@given(
    effect=st.sampled_from(EFFECTS),
    mode=st.sampled_from(("allow", "ask")),
    source=st.sampled_from(Source),
    visibility=st.sampled_from(Visibility),
)
def test_acting_after_reading_outsiders_and_private_data_needs_a_human(
    effect: Effect, mode: Mode, source: Source, visibility: Visibility
) -> None:
    """And what must be asked is always asked."""
    verdict = judge(Call(id="x", name="t__c"), [item(effect, mode)], source=source, visibility=visibility)

    both = source is Source.EXTERNAL and visibility is Visibility.PRIVATE
    asked = mode == "ask" or (effect != "read" and both)
    assert isinstance(verdict, NeedsApproval if asked else Allowed)


@given(name=st.text(max_size=20))
def test_a_name_that_is_not_granted_is_denied(name: str) -> None:
    """Whatever a model writes."""
    verdict = judge(Call(id="x", name=name), [item("read")], source=Source.COLLEAGUE, visibility=Visibility.PUBLIC)

    assert isinstance(verdict, Allowed if name == "t__c" else Denied)


@pytest.mark.parametrize(
    ("schema", "arguments", "said"),
    [
        ({}, {"anything": 1}, ""),
        ({"type": "object", "required": ["a"]}, {}, "'a' is a required property"),
        ({"properties": {"a": {"type": "array", "items": {"type": "integer"}}}}, {"a": [1, "x"]}, "argument a/1"),
        ({"$ref": "#/nowhere"}, {}, "cannot be applied"),
        ({"$ref": "http://127.0.0.1:9/schema.json"}, {}, "cannot be applied"),
        ({"properties": {"a": {"pattern": "("}}}, {"a": "x"}, "cannot be applied"),
        ({"$ref": "#"}, {}, "cannot be applied"),
        ({"type": "no such type"}, {}, "cannot be applied"),
    ],
)
def test_arguments_are_held_to_the_schema(schema: dict[str, Any], arguments: dict[str, Any], said: str) -> None:
    """A schema that cannot be applied lets nothing pass, and nothing is fetched for it."""
    found = schema_error(arguments, schema)

    assert said in found
    assert bool(said) == bool(found)


@given(untrusted=st.booleans(), private=st.booleans(), claimed=st.sampled_from(Source))
def test_the_tool_file_labels_results_whatever_the_server_says(untrusted: bool, private: bool, claimed: Source) -> None:  # noqa: FBT001
    """The server's own labels and call id do not count."""
    answer = CallResult(call_id="theirs", text="x", source=claimed, visibility=Visibility.PUBLIC)

    result = labelled(answer, Call(id="ours", name="t__c"), Capability(name="c", untrusted=untrusted, private=private))

    assert ("ours", "x") == (result.call_id, result.text)
    assert (result.source is Source.EXTERNAL, result.visibility is Visibility.PRIVATE) == (untrusted, private)
