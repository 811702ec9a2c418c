"""From a press of one of our buttons to a message, or to a form or a page that is wished for.

A press carries no event id and is sent once; its id is made of the message that held the button, the moment of the press
and who pressed, so that the same press found twice is one. What may be done about it is decided by the desk, when it is
worked: the button proves nothing. An element's `action_id` is the action, or `action:value` where there is a value (ids
are unique within a block); its `value` is the subject. A press on the home page or in what only one person sees has
no thread: that person is told aside.
"""

from dataclasses import dataclass
from typing import get_args

from adapters.slack.arrivals import FormWish, Ignored, Setting, Spot, aside, author, spot
from adapters.slack.payload import Json, flag, identifier, moment, part, parts, team_of, text, ts
from bot.conversation import Conversation
from bot.form import FormKind
from bot.message import Arrival, Message, Press
from bot.person import Identity
from bot.reply import Action

_SUBJECT_LIMIT, _ID_LIMIT, _VALUE_LIMIT = 200, 255, 60
_QUERY_LIMIT = 200
PAGE = "home:page"
"""The action of what leads to another part of the home page; behind a colon follows which."""
_ACTIONS: tuple[Action, ...] = get_args(Action)
_FORMS: tuple[FormKind, ...] = get_args(FormKind)


@dataclass(frozen=True, kw_only=True)
class Turned:
    """Somebody looks at another part of their home page."""

    who: Identity
    value: str
    """The page's number, or the words that were typed into the search."""
    searched: bool


@dataclass(frozen=True, kw_only=True)
class _Element:
    """What was pressed, of everything in a payload that is ours."""

    name: str
    value: str
    subject: str
    typed: str
    stamp: str


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Where something was pressed."""

    spot: Spot
    post: str
    """The message that held it; empty on the home page."""
    key: str
    """The message, or the view, for the press's id."""
    thread: Conversation
    who: Identity


def press(body: Json, *, setting: Setting) -> Arrival | FormWish | Turned | Ignored:
    """Return what a `block_actions` payload says, or why it is ignored."""
    pressed = _ours(parts(body, "actions"))
    if pressed is None:
        return Ignored(reason="a press of something that is not ours")
    place = _place(body, setting)
    if place is None:
        return Ignored(reason="a press that does not say where, on what or by whom")
    if pressed.name == PAGE:
        searched = pressed.value == "search"
        return Turned(who=place.who, value=pressed.typed if searched else pressed.subject, searched=searched)
    if pressed.name == "form":
        return _form(body, pressed, place)
    return _deed(pressed, place)


def _form(body: Json, pressed: _Element, place: _Place) -> FormWish | Ignored:
    trigger = text(body, "trigger_id", _ID_LIMIT)
    for kind in _FORMS:
        if kind == pressed.value and trigger:
            return FormWish(kind=kind, who=place.who, trigger=trigger, where=place.thread, subject=pressed.subject)
    return Ignored(reason="a press for a form that there is not")


def _deed(pressed: _Element, place: _Place) -> Arrival | Ignored:
    action = next((known for known in _ACTIONS if known == pressed.name), None)
    if action is None or not pressed.subject:
        return Ignored(reason="a press of something that is not ours")
    key = place.spot.message_id(place.key, "press", pressed.stamp, place.who.user)
    message = Message(
        id=key,
        event_id=key,
        conversation_id=place.thread.id,
        author_id=place.who.id,
        author_name=place.who.name,
        kind="press",
        press=Press(action=action, subject=pressed.subject, value=pressed.value, post=place.post),
        at=moment(pressed.stamp),
        post=place.post,
    )
    return Arrival(message=message, conversation=place.thread, author=place.who)


def _place(body: Json, setting: Setting) -> _Place | None:
    container, held, presser = part(body, "container"), part(body, "message"), part(body, "user")
    seen, user = part(body, "view"), identifier(presser, "id")
    team = identifier(seen, "app_installed_team_id") or identifier(part(body, "team"), "id") or team_of(body)
    channel = identifier(part(body, "channel"), "id") or identifier(container, "channel_id")
    view = identifier(seen, "id") or identifier(container, "view_id")
    post = ts(container, "message_ts") or ts(held, "ts")
    if not (team and user and ((channel and post) or view)):
        return None
    if not (channel and post):
        where = Spot(team=team, channel=user, kind="aside")
        thread = aside(team, user, user)
        return _Place(spot=where, post="", key=view, thread=thread, who=author(where, user, presser))
    kind = "mpim" if text(part(body, "channel"), "name", 80).startswith("mpdm-") else ""
    where = spot(team, channel, kind, setting.support)
    root = ts(container, "thread_ts") or ts(held, "thread_ts")
    alone = flag(container, "is_ephemeral") and not root and where.kind != "support"
    thread = setting.aside(body, team, channel, user) if alone else where.conversation(root or post)
    return _Place(spot=where, post=post, key=post, thread=thread, who=author(where, user, presser))


def _ours(actions: list[Json]) -> _Element | None:
    for item in actions:
        found = _element(item)
        if found.stamp and (found.name in {"form", PAGE} or found.name in _ACTIONS):
            return found
    return None


def _element(item: Json) -> _Element:
    action_id, value = text(item, "action_id", _ID_LIMIT), text(item, "value", _SUBJECT_LIMIT)
    page = action_id.startswith(f"{PAGE}:")
    name, _, chosen = (PAGE, "", action_id[len(PAGE) + 1 :]) if page else action_id.partition(":")
    if name == "feedback" and not chosen:
        chosen, _, value = value.partition(":")
    stamp, typed = ts(item, "action_ts"), text(item, "value", _QUERY_LIMIT).strip()
    return _Element(name=name, value=chosen[:_VALUE_LIMIT], subject=value, typed=typed, stamp=stamp)
