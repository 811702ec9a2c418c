"""From a shortcut to the form that it opens: the global one, and the one on a message.

The message's words, author and place go along as the form's context. Its author is somebody else than who uses the shortcut, so
both are told apart from the start. Whether Atom can answer in that thread, and the message's link, are asked of Slack by the caller.
"""

from dataclasses import dataclass

from adapters.slack.arrivals import FormWish, Ignored, Setting, aside, author, spot
from adapters.slack.markup import plain
from adapters.slack.payload import Json, identifier, part, team_of, text, ts

GLOBAL, ON_MESSAGE = "new_request", "open_request"
"""The callback ids, as the manifest declares them."""
_RAW_LIMIT, _TEXT_LIMIT, _TRIGGER_LIMIT = 40_000, 3_000, 255


@dataclass(frozen=True, kw_only=True)
class Pointed:
    """The message that a shortcut was used on."""

    channel: str
    ts: str
    link: str
    """What its link is made of where Slack does not give one."""


def shortcut(body: Json, *, setting: Setting) -> tuple[FormWish, Pointed | None] | Ignored:
    """Return the form that somebody wishes for, and the message that they used the shortcut on."""
    user, presser = identifier(part(body, "user"), "id"), part(body, "user")
    team = identifier(part(body, "team"), "id") or team_of(body) or identifier(presser, "team_id")
    trigger, name = text(body, "trigger_id", _TRIGGER_LIMIT), text(body, "callback_id", 40)
    if not (team and user and trigger):
        return Ignored(reason="a shortcut that does not say where or by whom")
    kind = text(body, "type", 40)
    if (kind, name) not in {("shortcut", GLOBAL), ("message_action", ON_MESSAGE)}:
        return Ignored(reason="a shortcut that is not ours")
    own = aside(team, user, user)
    who = author(spot(team, user, "", setting.support), user, presser)
    wish = FormWish(kind="new", who=who, trigger=trigger, where=own)
    if kind == "shortcut":
        return wish, None
    return _on_message(body, wish, setting)


def _on_message(body: Json, wish: FormWish, setting: Setting) -> tuple[FormWish, Pointed | None] | Ignored:
    said, channel, team = part(body, "message"), identifier(part(body, "channel"), "id"), wish.where.tenant
    stamp = ts(said, "ts") or ts(body, "message_ts")
    if not (channel and stamp):
        return Ignored(reason="a shortcut on no message")
    writer = identifier(said, "user") if not said.get("bot_id") else ""
    wrote = author(spot(team, channel, "", setting.support), writer, said) if writer else None
    context = {
        "message_text": plain(text(said, "text", _RAW_LIMIT), ())[:_TEXT_LIMIT],
        "message_author": wrote.id if wrote else "",
        "channel": channel,
        "thread": ts(said, "thread_ts") or stamp,
    }
    domain = identifier(part(body, "team"), "domain")
    link = f"https://{domain}.slack.com/archives/{channel}/p{stamp.replace('.', '')}" if domain else ""
    found = FormWish(
        kind="new",
        who=wish.who,
        trigger=wish.trigger,
        where=setting.aside(body, team, channel, wish.who.user),
        context={name: value for name, value in context.items() if value},
        others=(wrote,) if wrote else (),
    )
    return found, Pointed(channel=channel, ts=stamp, link=link)
