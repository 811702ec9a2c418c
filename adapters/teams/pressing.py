"""Button presses: an Action.Execute comes as an invoke, its Action.Submit fallback as a message with a value.

Both carry the same two words, the verb and what it is about. Whether the person may do that is decided by the desk, not here.
"""

from typing import Literal

from adapters.teams.reading import Json, identifier, inside
from bot.message import Press

ACTION = "adaptiveCard/action"
Verb = Literal["approve", "deny", "take_over", "hand_back"]
_VERBS: dict[str, Verb] = {
    "approve": "approve",
    "deny": "deny",
    "take_over": "take_over",
    "hand_back": "hand_back",
}


def press_of(activity: Json) -> Press | None:
    """Return the press that `activity` is; None when it is none of ours."""
    if activity.get("type") == "invoke" and activity.get("name") != ACTION:
        return None
    action = inside(activity, "value", "action")
    data = inside(action, "data") if activity.get("type") == "invoke" else inside(activity, "value")
    verb = _VERBS.get(identifier(action, "verb") or identifier(data, "verb"))
    subject = identifier(data, "subject")
    if verb is None or not subject:
        return None
    return Press(action=verb, subject=subject, post=identifier(activity, "replyToId"))
