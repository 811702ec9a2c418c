"""The status table is the product's, `transition` is pure, and nobody else changes a status."""

import ast
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import TransitionRefused
from bot.ids import ConversationId, PersonId, RequestId, WorkspaceId
from bot.labels import SYSTEM
from bot.request import FINAL, Assignee, Change, Request, Status, transition

NOW = datetime(2026, 11, 20, tzinfo=UTC)
STATUSES: tuple[Status, ...] = get_args(Status)
PRODUCT: dict[str, str] = {
    "open": "in_progress, pending, awaiting_approval, on_hold, resolved, cancelled",
    "in_progress": "open, pending, awaiting_approval, on_hold, resolved, cancelled",
    "pending": "in_progress, on_hold, resolved, cancelled",
    "awaiting_approval": "in_progress, cancelled",
    "on_hold": "in_progress, resolved, cancelled",
    "resolved": "in_progress, closed",
    "closed": "",
    "cancelled": "",
}
"""As the product page writes it."""
ROOT = Path(__file__).resolve().parents[3]


def request(status: Status) -> Request:
    return Request(
        id=RequestId("r"),
        number="IT-1001",
        title="t",
        description="d",
        status=status,
        requester=PersonId("maria"),
        author=PersonId("maria"),
        workspace=WorkspaceId("it"),
        assignee=Assignee(kind="coworker", id="c"),
        conversation_id=ConversationId("x"),
        fields={"a": "b"},
        opened_at=NOW,
        changed_at=NOW,
    )


@given(before=st.sampled_from(STATUSES), after=st.sampled_from(STATUSES), days=st.integers(0, 1000), reason=st.text())
def test_every_pair_behaves_as_the_table_says(before: Status, after: Status, days: int, reason: str) -> None:
    """What the table allows gives the same request with another status; everything else is refused with what is possible."""
    old = request(before)
    kept = replace(old, fields=dict(old.fields))
    change = Change(to=after, at=NOW + timedelta(days=days), reason=reason)
    allowed = PRODUCT[before].split(", ") if PRODUCT[before] else []

    if after in allowed:
        new = transition(old, change, SYSTEM)
        assert (after, change.at) == (new.status, new.changed_at)
        assert replace(new, status=before, changed_at=NOW) == old
    else:
        with pytest.raises(TransitionRefused) as refusal:
            transition(old, change, SYSTEM)
        assert all(status in str(refusal.value) for status in allowed)
    assert old == kept


def test_nothing_leaves_a_final_status() -> None:
    """Closed and cancelled are the only ends."""
    assert {status for status in STATUSES if not PRODUCT[status]} == FINAL


def changes_of_status(path: Path) -> list[int]:
    """Return the lines that build or change a request's status: `replace(…, status=…)`, `Request(… status=…)`, `object.__setattr__`."""
    lines: list[int] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        named = any(keyword.arg == "status" for keyword in node.keywords)
        if name == "__setattr__" or (name in {"replace", "Request"} and named):
            lines.append(node.lineno)
    return lines


def test_only_the_transition_changes_a_status() -> None:
    """No other code builds a request with another status, or goes around a frozen record."""
    own = [
        path
        for folder in ("bot", "coworkers", "adapters", "storage", "config")
        for path in (ROOT / folder).rglob("*.py")
    ]

    found = {str(path.relative_to(ROOT)): lines for path in own if (lines := changes_of_status(path))}

    assert ["bot/request.py"] == list(found)
    assert len(found["bot/request.py"]) == 1


def test_a_request_has_one_status_field() -> None:
    """The check above looks for the right name."""
    assert "status" in {each.name for each in fields(Request)}
