"""From Slack's events to ours, purely: the same payload gives the same arrival, and none makes this raise.

What is kept: what people write (also with files, as /me, or shown in the channel too), their edits and their deletions, in
direct messages, channels and groups; that somebody opens their chat with Atom, and that they stop what it does there.
Everything else is named and ignored: bots (ours first of all), joins, topics, pins. An edit that changed no words is
Slack adding a preview.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from adapters.slack.arrivals import Ignored, Spot, Support, author, spot
from adapters.slack.attached import attached
from adapters.slack.markup import LIMIT, mentions, plain
from adapters.slack.payload import Json, flag, identifier, moment, part, parts, team_of, text, ts
from bot.conversation import Conversation
from bot.ids import IdentityId, MessageId
from bot.message import Arrival, Message, Press
from bot.person import Identity

Kind: TypeAlias = Literal["text", "edited", "deleted"]
Deed: TypeAlias = Literal["opened", "press"]

NOBODY = IdentityId("")
"""The author of a deletion that does not say whose message it was; whoever stores it knows the message."""
_TYPED = {"", "file_share", "me_message", "thread_broadcast"}
_RAW_LIMIT = 4 * LIMIT
"""Markup is longer than what it says."""


def arrival(body: Json, *, support: Support, bot_user: str = "") -> Arrival | Ignored:
    """Return what a payload of the Events API says, or why it is ignored.

    `bot_user` is our own user id as auth.test gave it; the ids under `authorizations` count as ours too.
    """
    kind = text(body, "type", 40)
    if kind != "event_callback":
        return Ignored(reason=f"a {kind or 'payload without a type'}, which Deskmate has no use for")
    event, team = part(body, "event"), team_of(body)
    channel, event_type = identifier(event, "channel"), text(event, "type", 40)
    if event_type not in {"message", "app_mention", "app_home_opened", "agent_session_stopped"}:
        return Ignored(reason=f"a {event_type or 'nameless'} event")
    if not team or not channel:
        return Ignored(reason=f"a {event_type} event without a team or a channel")
    delivery = _Delivery(
        event=event,
        event_id=identifier(body, "event_id"),
        where=spot(team, channel, text(event, "channel_type", 20), support),
        own=frozenset({bot_user, *_bot_users(body)} - {""}),
    )
    if event_type == "app_home_opened":
        return _opened(delivery)
    if event_type == "agent_session_stopped":
        return _stopped(delivery)
    return _message(delivery)


@dataclass(frozen=True, kw_only=True)
class _Delivery:
    """One delivery of an event about a message."""

    event: Json
    event_id: str
    where: Spot
    own: frozenset[str]
    """The user ids that are ours."""

    def arrival(self, said: Json, stamp: str, at: str, *, kind: Kind = "text", key: tuple[str, ...] = ()) -> Arrival:
        """Return what `said`, the message of timestamp `stamp`, comes to; `key` is what makes its id distinct."""
        who = author(self.where, identifier(said, "user"), said)
        thread = self.where.conversation(ts(said, "thread_ts") or stamp)
        message_id = self.where.message_id(stamp, *key)
        message = Message(
            id=message_id,
            event_id=self.event_id or message_id,
            conversation_id=thread.id,
            author_id=who.id,
            author_name=who.name,
            kind=kind,
            text="" if kind == "deleted" else _words(said, self.own),
            addresses_atom=self.where.kind == "direct" or self.named(said),
            files=() if kind == "deleted" else attached(said),
            at=moment(at),
            post=stamp,
        )
        return Arrival(message=message, conversation=thread, author=who)

    def deed(
        self, here: Conversation, who: Identity, key: MessageId, stamp: str, kind: Deed, press: Press | None = None
    ) -> Arrival:
        """Return what somebody did without a word."""
        message = Message(
            id=key,
            event_id=self.event_id or key,
            conversation_id=here.id,
            author_id=who.id,
            kind=kind,
            addresses_atom=True,
            press=press,
            at=moment(stamp),
        )
        return Arrival(message=message, conversation=here, author=who)

    def named(self, said: Json) -> bool:
        """Tell whether we are mentioned."""
        return text(self.event, "type", 40) == "app_mention" or mentions(text(said, "text", _RAW_LIMIT), self.own)


def _opened(delivery: _Delivery) -> Arrival | Ignored:
    """Return that somebody looks at their chat with Atom; the home page beside it is shown, not stored."""
    event, where = delivery.event, delivery.where
    user, stamp = identifier(event, "user"), ts(event, "event_ts")
    if text(event, "tab", 20) != "messages" or where.kind != "direct" or not user or not stamp:
        return Ignored(reason="a home page that was opened")
    who, here = author(where, user, {}), where.conversation(None)
    return delivery.deed(here, who, where.message_id("opened", user, stamp), stamp, "opened")


def _stopped(delivery: _Delivery) -> Arrival | Ignored:
    """Return that somebody pressed Slack's own stop button in a thread."""
    event, where = delivery.event, delivery.where
    user, thread = identifier(event, "user"), ts(event, "thread_ts")
    stamp = ts(event, "event_ts") or thread
    if not user or not thread:
        return Ignored(reason="a stop that does not say who or where")
    who, here = author(where, user, {}), where.conversation(thread)
    stop = Press(action="stop", subject="")
    return delivery.deed(here, who, where.message_id(thread, "stop", stamp, user), stamp, "press", stop)


def _message(delivery: _Delivery) -> Arrival | Ignored:
    event = delivery.event
    subtype = text(event, "subtype", 40)
    if subtype in _TYPED:
        return _typed(delivery)
    if subtype == "message_changed":
        return _changed(delivery)
    if subtype == "message_deleted":
        return _deleted(delivery, ts(event, "deleted_ts"))
    return Ignored(reason=f"a message of subtype {subtype}")


def _typed(delivery: _Delivery) -> Arrival | Ignored:
    event, stamp = delivery.event, ts(delivery.event, "ts")
    if reason := _not_a_person(event, stamp, delivery.own):
        return Ignored(reason=reason)
    if not (_words(event, delivery.own) or attached(event) or delivery.named(event)):
        return Ignored(reason="a message that says nothing")
    return delivery.arrival(event, stamp, stamp)


def _changed(delivery: _Delivery) -> Arrival | Ignored:
    new, old = part(delivery.event, "message"), part(delivery.event, "previous_message")
    stamp, edited = ts(new, "ts"), ts(part(new, "edited"), "ts")
    if text(new, "subtype", 40) == "tombstone":
        return _deleted(delivery, stamp)
    if reason := _not_a_person(new, stamp, delivery.own):
        return Ignored(reason=reason)
    if not edited or (old and _words(new, delivery.own) == _words(old, delivery.own)):
        return Ignored(reason="a change that is not the author's")
    return delivery.arrival(new, stamp, edited, kind="edited", key=("edited", edited))


def _deleted(delivery: _Delivery, stamp: str) -> Arrival | Ignored:
    event, old = delivery.event, part(delivery.event, "previous_message")
    at = ts(event, "event_ts") or ts(event, "ts") or stamp
    if not old and stamp:
        came = delivery.arrival(old, stamp, at, kind="deleted", key=("deleted",))
        return replace(came, message=replace(came.message, author_id=NOBODY))
    if reason := _not_a_person(old, stamp, delivery.own):
        return Ignored(reason=reason)
    return delivery.arrival(old, stamp, at, kind="deleted", key=("deleted",))


def _bot_users(body: Json) -> set[str]:
    return {identifier(item, "user_id") for item in parts(body, "authorizations") if flag(item, "is_bot")}


def _not_a_person(said: Json, stamp: str, own: Collection[str]) -> str:
    user = identifier(said, "user")
    if not user or not stamp:
        return "a message without an author or a timestamp"
    if said.get("bot_id") or user in own or user == "USLACKBOT":
        return "a message of a bot"
    return ""


def _words(said: Json, own: Collection[str]) -> str:
    forwarded = [text(item, "text", _RAW_LIMIT) for item in parts(said, "attachments") if flag(item, "is_share")]
    return plain("\n\n".join(filter(None, [text(said, "text", _RAW_LIMIT), *forwarded])), own)
