"""What is read of announcements, and how tokens and states are sealed: pure, so tried with anything."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.slack.belonging import ending, whose
from adapters.slack.installations import Seal
from bot.errors import PermanentError
from bot.installation import Installation

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
IDS = st.sampled_from(["T1", "T2", "E1", "", "W1", None, 7, "T1; DROP", "T" * 100])
PLACES = st.fixed_dictionaries(
    {},
    optional={
        "team_id": IDS,
        "enterprise_id": IDS,
        "context_team_id": IDS,
        "authorizations": st.lists(st.fixed_dictionaries({"team_id": IDS, "enterprise_id": IDS}) | JSON, max_size=2)
        | JSON,
        "team": st.fixed_dictionaries({"id": IDS}) | JSON,
        "enterprise": st.fixed_dictionaries({"id": IDS}) | JSON,
        "user": st.fixed_dictionaries({"team_id": IDS}) | JSON,
        "view": st.fixed_dictionaries({"app_installed_team_id": IDS}) | JSON,
        "event_time": st.integers() | JSON,
        "event": JSON
        | st.fixed_dictionaries({"type": st.sampled_from(["app_uninstalled", "tokens_revoked"]), "tokens": JSON}),
    },
)


def installation(key: str = "slack:T1", **fields: str) -> Installation:
    return Installation(
        id=key, platform="slack", tenant="T1", bot_user="U", bot_id="B", sealed_token=fields.get("sealed", ""), at=NOW
    )


@given(PLACES)
@example({"event_time": 10**40, "event": {"type": "app_uninstalled"}})
@example({"event_time": True, "event": {"type": "app_uninstalled"}})
def test_no_payload_makes_the_reading_fail(body: dict[str, object]) -> None:
    """A team is a team and an organisation is one, or there is none."""
    found, over = whose(body), ending(body)

    assert found.team == "" or (found.team.startswith("T") and len(found.team) <= 64)
    assert found.enterprise == "" or found.enterprise.startswith("E")
    assert over is None or over.at is None or over.at.tzinfo is UTC


@pytest.mark.parametrize(
    ("body", "team", "enterprise"),
    [
        ({"team_id": "T1", "authorizations": [{"team_id": "T2", "enterprise_id": None}]}, "T2", ""),
        ({"team_id": "T1", "authorizations": [{"team_id": None, "enterprise_id": "E1"}]}, "T1", "E1"),
        ({"team_id": "E1", "context_team_id": "T1", "authorizations": []}, "T1", "E1"),
        ({"type": "block_actions", "team": {"id": "T1"}, "enterprise": None, "user": {"team_id": "T9"}}, "T1", ""),
        ({"type": "block_actions", "team": None, "enterprise": {"id": "E1"}, "user": {"team_id": "T1"}}, "T1", "E1"),
        ({"type": "view_submission", "team": {"id": "T9"}, "view": {"app_installed_team_id": "T1"}}, "T1", ""),
        ({"command": "/atom", "team_id": "T1", "enterprise_id": "E1"}, "T1", "E1"),
    ],
)
def test_a_payload_belongs_to_the_team_through_which_it_came(
    body: dict[str, object], team: str, enterprise: str
) -> None:
    """In a channel that is shared, and in an organisation."""
    found = whose(body)

    assert (team, enterprise) == (found.team, found.enterprise)


@given(st.text(min_size=1, max_size=60), st.text(max_size=200))
def test_a_token_is_read_back_with_the_same_secret_only(secret: str, token: str) -> None:
    """And only from the row that it was sealed for."""
    sealed = Seal(secret).close("slack:T1", token)

    assert token == Seal(secret).open(installation(sealed=sealed))
    for stranger in (installation("slack:T2", sealed=sealed), replace(installation(), sealed_token=sealed[:-3])):
        with pytest.raises(PermanentError, match="SLACK_CLIENT_SECRET"):
            Seal(secret).open(stranger)
    with pytest.raises(PermanentError, match="SLACK_CLIENT_SECRET"):
        Seal(f"{secret}x").open(installation(sealed=sealed))


def test_a_token_is_sealed_differently_each_time() -> None:
    """So that equal tokens do not show."""
    seal = Seal("secret")

    assert seal.close("slack:T1", "xoxb-1") != seal.close("slack:T1", "xoxb-1")


@given(st.text(max_size=300))
@example("")
@example("=" * 300)
@example(Seal("secret").close("slack:T1", "a token that is no state"))
def test_a_made_up_state_is_never_fresh(state: str) -> None:
    """Also one that was sealed for something else."""
    assert not Seal("secret").fresh(state, NOW, 600)


@pytest.mark.parametrize(("seconds", "fresh"), [(0, True), (599, True), (601, False), (-3_600, False)])
def test_a_state_is_fresh_for_so_long(seconds: int, *, fresh: bool) -> None:
    """From the moment in it; one from the future is none."""
    seal = Seal("secret")
    state = seal.stamp("word", NOW)

    assert fresh == seal.fresh(state, NOW + timedelta(seconds=seconds), 600)
    assert not Seal("another").fresh(state, NOW, 600)
    assert "=" not in state
