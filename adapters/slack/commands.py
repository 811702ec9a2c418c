"""From a slash command to a message, or to the form that it asks for.

A command carries neither an event id nor a time; its trigger is given once, so it is what the command is known by. The answer
goes where only that person sees it. What follows the name is kept as it was typed; only `new` alone is not stored, since
the form that it opens will be.
"""

import re

from adapters.slack.arrivals import FormWish, Ignored, Setting, author, spot
from adapters.slack.markup import plain
from adapters.slack.payload import Json, identifier, text
from bot.ids import derived_id
from bot.message import Arrival, Message

_TYPED_LIMIT = 40_000
_TRIGGER_LIMIT = 255
_NEW = "new"
_LABEL = re.compile(r"(<@[A-Z0-9]{2,64})\|[^<>]*>")
"""A mention with a label: the label is a name that its owner may change, the id says who is meant."""


def is_command(body: Json) -> bool:
    """Tell whether a payload is a slash command's."""
    return text(body, "command", 40).startswith("/")


def command(body: Json, *, setting: Setting) -> Arrival | FormWish | Ignored:
    """Return what somebody typed, or why it is ignored."""
    team, channel, user = (identifier(body, name) for name in ("team_id", "channel_id", "user_id"))
    trigger = text(body, "trigger_id", _TRIGGER_LIMIT)
    if not (team and channel and user and trigger):
        return Ignored(reason="a command that does not say where, by whom or when")
    where = spot(team, channel, "", setting.support)
    who = author(where, user, {"name": body.get("user_name")})
    here = setting.aside(body, team, channel, user)
    typed = plain(_LABEL.sub(r"\1>", text(body, "text", _TYPED_LIMIT)), ())
    if typed.lower() == _NEW:
        return FormWish(kind="new", who=who, trigger=trigger, where=here)
    key = where.message_id("command", derived_id("command", trigger))
    message = Message(
        id=key,
        event_id=key,
        conversation_id=here.id,
        author_id=who.id,
        author_name=who.name,
        kind="command",
        text=typed,
        addresses_atom=True,
        at=setting.received,
    )
    return Arrival(message=message, conversation=here, author=who)
