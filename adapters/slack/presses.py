"""From a press of one of our buttons to a message.

A press carries no event id and is sent once; its id is made of the message that held the button, the moment of the press
and who pressed, so that the same press found twice is one. What may be done about it is decided by the desk, when it is
worked: the button proves nothing.
"""

from typing import Literal, TypeAlias, get_args

from adapters.slack.arrivals import Ignored, Support, author, spot
from adapters.slack.payload import Json, identifier, moment, part, parts, team_of, text, ts
from bot.message import Arrival, Message, Press

Action: TypeAlias = Literal["approve", "deny", "take_over", "hand_back"]
_SUBJECT_LIMIT = 200


def press(body: Json, *, support: Support) -> Arrival | Ignored:
    """Return what a `block_actions` payload says, or why it is ignored."""
    container, presser = part(body, "container"), part(body, "user")
    held, pressed = part(body, "message"), _ours(parts(body, "actions"))
    team = identifier(part(body, "team"), "id") or team_of(body)
    channel = identifier(part(body, "channel"), "id") or identifier(container, "channel_id")
    post = ts(container, "message_ts") or ts(held, "ts")
    user = identifier(presser, "id")
    if pressed is None:
        return Ignored(reason="a press of something that is not ours")
    action, subject, stamp = pressed
    if not (team and channel and post and user):
        return Ignored(reason="a press that does not say where, on what or by whom")
    kind = "mpim" if text(part(body, "channel"), "name", 80).startswith("mpdm-") else ""
    where = spot(team, channel, kind, support)
    thread = where.conversation(ts(container, "thread_ts") or ts(held, "thread_ts") or post)
    who = author(where, user, presser)
    key = where.message_id(post, "press", stamp, user)
    message = Message(
        id=key,
        event_id=key,
        conversation_id=thread.id,
        author_id=who.id,
        author_name=who.name,
        kind="press",
        press=Press(action=action, subject=subject, post=post),
        at=moment(stamp),
        post=post,
    )
    return Arrival(message=message, conversation=thread, author=who)


def _ours(actions: list[Json]) -> tuple[Action, str, str] | None:
    known: tuple[Action, ...] = get_args(Action)
    for item in actions:
        subject, stamp = text(item, "value", _SUBJECT_LIMIT), ts(item, "action_ts")
        for action in known:
            if item.get("action_id") == action and subject and stamp:
                return action, subject, stamp
    return None
