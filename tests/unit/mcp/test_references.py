"""Secrets: resolved once, shown never."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mcp.references import Redactor, resolve
from bot.errors import PermanentError

KNOWN = {"env:TOKEN": "s3cr3t-value"}


def test_references_are_replaced_and_other_values_kept() -> None:
    """A scheme word before the reference stays."""
    resolved = resolve(
        {"Authorization": "Bearer env:TOKEN", "X-Key": "env:TOKEN", "X-Site": "environment: prod"},
        tool="Git",
        secret=KNOWN.__getitem__,
    )

    assert resolved.values == {
        "Authorization": "Bearer s3cr3t-value",
        "X-Key": "s3cr3t-value",
        "X-Site": "environment: prod",
    }
    assert resolved.secrets == {"s3cr3t-value"}


@pytest.mark.parametrize("known", [{}, {"env:OTHER": ""}])
def test_a_missing_value_names_the_variable_and_the_tool(known: dict[str, str]) -> None:
    """An empty value is missing too."""
    with pytest.raises(PermanentError, match="Git needs the environment variable OTHER"):
        resolve({"KEY": "env:OTHER"}, tool="Git", secret=known.__getitem__)


def test_a_value_that_is_not_needed_may_be_missing() -> None:
    """It is left out; the others are there."""
    resolved = resolve({"KEY": "env:OTHER", "MODE": "test"}, tool="Git", secret=KNOWN.__getitem__, needed=False)

    assert resolved.values == {"MODE": "test"}


@given(st.text(), st.text())
def test_a_secret_is_found_wherever_it_stands(before: str, after: str) -> None:
    """In texts, keys and nested values."""
    redactor = Redactor(["s3cr3t-value"])

    text = redactor.text(before + "s3cr3t-value" + after)
    data = redactor.data({"s3cr3t-value": [before + "s3cr3t-value"], "n": 1})

    assert "s3cr3t-value" not in text
    assert "s3cr3t-value" not in str(data)


def test_a_secret_within_another_leaves_no_rest() -> None:
    """The longer one is replaced first."""
    assert Redactor(["abcd", "abcdefgh"]).text("abcdefgh") == "[redacted]"
