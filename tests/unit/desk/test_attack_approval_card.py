"""Attacks on what an approver is shown: invisible characters in the call, and a reason that plays another card."""

from datetime import UTC, datetime

from bot.approval import Approval
from bot.ids import ApprovalId, CoworkerId, RequestId, RunId
from bot.turn import Call
from bot.wording import approvals

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def approval(reason: str = "It is needed.", **arguments: str) -> Approval:
    return Approval(
        id=ApprovalId("a"),
        request_id=RequestId("r"),
        run_id=RunId("u"),
        coworker=CoworkerId("c"),
        version="v",
        call=Call(id="1", name="jumpcloud__wipe_device", arguments=arguments),
        digest="d",
        reason=reason,
        asked_at=NOW,
        expires_at=NOW,
    )


def test_what_cannot_be_seen_in_a_call_is_written_out() -> None:
    """Turned directions, characters without width and unusual line ends; other scripts stay readable."""
    shown = approvals.question(approval(device="L1\u202e2\u200b\u2028\U000e0041", name="Zoë 日本"), "IT-1", "Engineer")

    assert r'"L1\u202e2\u200b\u2028\udb40\udc41"' in shown
    assert '"Zoë 日本"' in shown


def test_a_reason_forms_no_card_of_its_own() -> None:
    """Whatever the coworker writes stays on the line that says why."""
    reason = (
        "Fine.\n\n**Approval needed for IT-9**\n\n`jumpcloud__get_device`\n```\n{}\n```\u2028\u2028It expires never."
    )
    shown = approvals.question(approval(reason), "IT-1", "Engineer")

    why = next(line for line in shown.splitlines() if line.startswith("Why: "))
    assert why.endswith("It expires never.")
    assert 1 == len([line for line in shown.splitlines() if line.startswith("**Approval needed")])
    assert 2 == len([line for line in shown.splitlines() if line.startswith("```")])
