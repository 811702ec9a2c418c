"""What an approver reads is the whole call: no character of an argument is there without being seen."""

import pytest

from bot.turn import Call
from bot.wording.approvals import call_text


@pytest.mark.parametrize(
    ("unseen", "code"),
    [
        ("\u202e", "\\u202e"),
        ("\u200b", "\\u200b"),
        ("\u3164", "\\u3164"),
        ("\u115f", "\\u115f"),
        ("\u2800", "\\u2800"),
        ("\ufe0e", "\\ufe0e"),
        ("\u034f", "\\u034f"),
        ("\U000e0041", "\\udb40\\udc41"),
    ],
)
def test_what_nobody_sees_is_written_as_its_code(unseen: str, code: str) -> None:
    """Also what counts as a letter or a mark, and is blank on the screen."""
    told = call_text(Call(id="c-1", name="mail__send", arguments={"to": f"sam{unseen}@example.com"}))

    assert f"sam{code}@example.com" in told
    assert unseen not in told


def test_what_is_seen_stays_as_it_is() -> None:
    """In any script."""
    assert '"to": "Zoë 東京 שלום"' in call_text(Call(id="c-1", name="mail__send", arguments={"to": "Zoë 東京 שלום"}))
