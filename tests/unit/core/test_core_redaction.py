"""Secrets are taken out by value, wherever they turn up."""

import json

from hypothesis import given
from hypothesis import strategies as st

from bot.redaction import MARK, SHORTEST, Redactor
from bot.turn import CallResult
from coworkers.guarded import without_secrets

SECRETS = st.text(alphabet="abcdefXYZ0189-_", min_size=SHORTEST, max_size=40)


@given(secret=SECRETS, before=st.text(), after=st.text())
def test_no_text_shows_a_secret(secret: str, before: str, after: str) -> None:
    """Whatever stands around it."""
    shown = Redactor([secret])(before + secret + after)

    assert secret not in shown.replace(MARK, "")


def test_a_secret_that_holds_another_goes_whole() -> None:
    """The longest is taken out first, so that no rest of it stays."""
    assert f"key: {MARK}" == Redactor(["abcdefgh", "abcdefgh-and-more"])("key: abcdefgh-and-more")


def test_a_tools_answer_reaches_no_model_with_a_secret_in_it() -> None:
    """Neither in its text nor anywhere in its data."""
    answer = CallResult(call_id="c", text="token s3cr3t-t0k3n", data={"deep": [{"token": "s3cr3t-t0k3n"}], "n": 1})

    clean = without_secrets(answer, Redactor(["s3cr3t-t0k3n"]))

    assert "s3cr3t-t0k3n" not in clean.text + json.dumps(clean.data)
    assert 1 == (clean.data or {})["n"]


def test_a_secret_that_json_would_escape_is_found_too() -> None:
    """Data is looked through as it is, not as it would be written."""
    answer = CallResult(call_id="c", text="", data={"token": 'pass"word\\x'})

    assert {"token": MARK} == without_secrets(answer, Redactor(['pass"word\\x'])).data
