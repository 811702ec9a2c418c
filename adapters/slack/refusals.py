"""What Slack's refusals mean: try later, or have a person act, and what that person must do.

Slack names its errors; those that an administrator can mend have a sentence here, as every method gives them. An error that
is not listed is taken as lasting: repeating what Slack has refused helps nobody, and the reply is parked where people see it.
"""

from bot.errors import PermanentError, TemporaryError

PASSING = frozenset(
    {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)
"""Errors that pass by themselves."""
LIMITED = frozenset({"ratelimited", "rate_limited"})
"""Of these, the ones that come of calling too often."""
_UNSURE = frozenset({"internal_error", "fatal_error", "request_timeout"})
"""Slack says of these that part of the work may have been done."""

_REINSTALL = "Slack refuses the bot's token ({error}). Install the app again and set SLACK_BOT_TOKEN to the new one."
_REMEDIES = {
    "is_archived": "The Slack channel is archived. Unarchive it, or name another support channel in the workspace's file.",
    "not_in_channel": "The Slack app is not in the channel. Invite it there with /invite.",
    "channel_not_found": "Slack knows no such channel, or the app is not in it. Check the id, and invite the app with /invite.",
    "restricted_action_thread_locked": "The Slack thread is locked. Unlock it, or answer the requester in a new one.",
    "restricted_action": "A setting of the Slack workspace forbids posting there. Allow the app to post in the channel.",
    "restricted_action_read_only_channel": "The Slack channel is read-only. Allow the app to post in it.",
    "restricted_action_thread_only_channel": "Only thread replies are allowed in the Slack channel. Allow the app to post in it.",
    "user_disabled": "The Slack account of the person is deactivated. Reach them another way.",
    "cannot_dm_bot": "The recipient is a bot, and Slack lets no bot write to another. Check who the requester is.",
    "messages_tab_disabled": "The app's messages tab is off. Switch it on under App Home in the Slack app's settings.",
    "missing_scope": "The Slack app lacks a permission. Install it again with the manifest of `deskmate manifest slack`.",
    "msg_too_long": "The message is too long for Slack. Answer the requester yourself and report this: notes should have been split.",
    "msg_blocks_too_long": "The message is too long for Slack. Answer yourself and report this: notes should have been split.",
    "message_not_found": "The Slack message is gone; somebody has deleted it. Write a new note if it is still needed.",
    "invalid_thread_ts": "The Slack thread is gone; somebody has deleted its first message. Write to the person directly.",
    "thread_not_found": "The Slack thread is gone; somebody has deleted its first message. Write to the person directly.",
    "cant_update_message": "The Slack message is not the app's own, so it cannot be changed. Write a new note instead.",
    "edit_window_closed": "Slack no longer lets the message be changed. Write a new note instead.",
    "token_revoked": _REINSTALL,
    "token_expired": _REINSTALL,
    "account_inactive": _REINSTALL,
    "invalid_auth": _REINSTALL,
    "not_authed": _REINSTALL,
    "no_permission": _REINSTALL,
}


class SlackRefusal(PermanentError):
    """Slack refuses the call; `error` is its name for the reason."""

    def __init__(self, message: str, *, error: str) -> None:
        super().__init__(message)
        self.error = error


def refusal(method: str, error: str, delay: float) -> TemporaryError | SlackRefusal:
    """Return what Slack's `error` to `method` means; `delay` is used when it passes."""
    if error in PASSING:
        return TemporaryError(
            f"Slack cannot do {method} now ({error}); it is tried again.",
            delay=delay,
            maybe_done=error in _UNSURE,
            too_soon=error in LIMITED,
        )
    remedy = _REMEDIES.get(error, "Look the name up in Slack's documentation of {method} and mend what it says.")
    return SlackRefusal(f"{remedy.format(error=error, method=method)} (Slack: {method}: {error})", error=error)
