"""Button presses: an Action.Execute comes as an invoke, its Action.Submit fallback as a message with a value.

Both carry the same words: the verb, what it is about and, where there is a choice, what was chosen. Whether the person may do that
is decided by the desk, not here.
"""

from typing import get_args

from adapters.teams.cards import REFRESH, TEXT_ABOVE
from adapters.teams.reading import Json, identifier, inside
from bot.ids import ReplyId
from bot.message import Press
from bot.reply import Action

ACTION = "adaptiveCard/action"


def press_of(activity: Json) -> Press | None:
    """Return the press that `activity` is; None when it is none of ours."""
    if activity.get("type") == "invoke" and activity.get("name") != ACTION:
        return None
    action = inside(activity, "value", "action")
    data = inside(action, "data") if activity.get("type") == "invoke" else inside(activity, "value")
    verb = _verb(identifier(action, "verb") or identifier(data, "verb"))
    subject = identifier(data, "subject")
    if verb is None or not subject:
        return None
    return Press(action=verb, subject=subject, value=identifier(data, "value"), post=identifier(activity, "replyToId"))


def refreshes(activity: Json) -> bool:
    """Tell whether an invoke asks for a card anew, which does nothing."""
    return identifier(inside(activity, "value", "action"), "verb") == REFRESH


def reply_of(activity: Json) -> ReplyId:
    """Return the reply whose card was pressed or looked at, as the client says; empty when it says nothing."""
    return ReplyId(identifier(inside(activity, "value", "action", "data"), "reply"))


def is_under_text(activity: Json) -> bool:
    """Tell whether the card that was pressed or looked at stands under a text that was streamed."""
    data = inside(activity, "value", "action", "data")
    return all(identifier(data, key) == value for key, value in TEXT_ABOVE.items())


def _verb(name: str) -> Action | None:
    known: tuple[Action, ...] = get_args(Action)
    return next((action for action in known if action == name), None)
