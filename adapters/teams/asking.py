"""From the invokes of dialogues to the form that somebody wishes for, or to the one that they sent, purely.

A dialogue is opened by a button of ours, or by the message action, which brings the words, the author and the place of the message it was
used on. Where it was opened is read from the activity, which Teams has signed; which form, its subject and its context come from
the client, prove nothing and are judged by the desk; it may name no other thread than the one in which the form was opened. The sender
is told in the private thread from which the form was opened, and else in their own chat, since Teams has no way to show something to
one person where others read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import get_args

from adapters.teams.connector import MARK, is_channel
from adapters.teams.dialogs import FIELD, OURS, PERSON
from adapters.teams.inbound import SupportChannels, author_of, place_of
from adapters.teams.markup import plain
from adapters.teams.reading import Json, identifier, inside, storable, string
from bot.conversation import Conversation
from bot.form import FormKind, Submission
from bot.ids import ConversationId, MessageId, derived_id
from bot.message import Arrival, Message
from bot.person import Identity, identity_id

_KINDS: tuple[FormKind, ...] = get_args(FormKind)
_TEXT, _VALUE, _CONTEXT, _FIELDS = 3_000, 40_000, 2_000, 90
_PEOPLE = 5
"""People whom one form may name: Teams is asked who each of them is."""
_WHERE = frozenset({"channel", "thread", "reachable"})
"""What says in a context where the request is answered."""
_OUTSIDE = frozenset({"anonymousGuest", "federatedUser", "emailUser", "phoneUser"})
"""Kinds of users in a message that are none of the tenant's."""


@dataclass(frozen=True, kw_only=True)
class FormWish:
    """Somebody wants to see a form."""

    kind: FormKind
    who: Identity
    place: Conversation
    """Where they asked for it."""
    subject: str = ""
    context: dict[str, str] = field(default_factory=dict)
    others: tuple[Identity, ...] = ()
    """Further people whom the form names."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A form that somebody sent."""

    arrival: Arrival
    place: Conversation
    """Where it was opened."""
    form: Submission
    nonce: str


def wish_of(activity: Json, support: SupportChannels) -> FormWish | None:
    """Return the form that a press of ours, or the message action, asks for; None for anything else."""
    who, place = author_of(activity), place_of(activity, support)
    if who is None or place is None:
        return None
    if identifier(activity, "name") == "composeExtension/fetchTask":
        return _from_message(inside(activity, "value", "messagePayload"), who, place)
    data = inside(activity, "value", "data")
    kind = _kind(identifier(data, "form"))
    return FormWish(kind=kind, who=who, place=place, subject=identifier(data, "subject")) if kind else None


def sent_of(activity: Json, support: SupportChannels, received: datetime) -> Sent | None:
    """Return what a dialogue of ours sent; None for anything else. The same form of the same person is the same message."""
    who, place = author_of(activity), place_of(activity, support)
    data = inside(activity, "value", "data")
    back = inside(data, OURS)
    kind, nonce = _kind(identifier(back, "form")), identifier(back, "nonce")
    if who is None or place is None or kind is None or not nonce:
        return None
    values, others = _values(data, place.tenant)
    sent = Submission(
        kind=kind,
        subject=identifier(back, "subject"),
        values=values,
        context=_of_here(_texts(inside(back, "context")), place),
    )
    where = place if place.kind == "support" else aside(place, who)
    key = MessageId(f"teams:{place.tenant}:form:{derived_id('form', who.id, nonce)}")
    message = Message(
        id=key,
        event_id=key,
        conversation_id=where.id,
        author_id=who.id,
        author_name=who.name,
        kind="form",
        form=sent,
        addresses_atom=True,
        at=received,
    )
    arrival = Arrival(message=message, conversation=where, author=who, others=others)
    return Sent(arrival=arrival, place=place, form=sent, nonce=nonce)


def aside(place: Conversation, who: Identity) -> Conversation:
    """Return where `who` alone is told something: their own chat with Atom, kept apart from what they say there."""
    return Conversation(
        id=ConversationId(f"teams:{place.tenant}:{who.user}:aside:{who.user}"),
        platform="teams",
        tenant=place.tenant,
        channel=who.user,
        kind="aside",
        address={**place.address, "user": who.user},
    )


def _kind(name: str) -> FormKind | None:
    return next((kind for kind in _KINDS if kind == name), None)


def _from_message(payload: Json, who: Identity, place: Conversation) -> FormWish:
    """Return a new request, with the words and the author of the message on which the action was used."""
    writer = _writer(inside(payload, "from", "user"), place.tenant)
    body = inside(payload, "body")
    said = string(body, "content", longest=200_000)
    text = said if string(body, "contentType") == "text" else plain(said, ())
    stamp = place.thread or identifier(payload, "replyToId") or identifier(payload, "id")
    link = identifier(payload, "linkToMessage")
    context = {
        "message_text": text[:_TEXT],
        "message_author": writer.id if writer else "",
        "message_link": link if link.startswith("https://") else "",
        "channel": place.channel,
        "thread": stamp if is_channel(place.channel) and MARK not in stamp else "",
    }
    kept = {name: value for name, value in context.items() if value}
    others = (writer,) if writer else ()
    return FormWish(kind="new", who=who, place=place, context=kept if payload else {}, others=others)


def _writer(user: Json, tenant: str) -> Identity | None:
    """Return who wrote the message; None for a bot, and where that is not said."""
    key, home = identifier(user, "id").lower(), identifier(user, "tenantId").lower()
    if not key or ":" in key:
        return None
    return Identity(
        id=identity_id("teams", tenant, key),
        platform="teams",
        tenant=tenant,
        user=key,
        name=string(user, "displayName", longest=200),
        guest=string(user, "userIdentityType") in _OUTSIDE or bool(home and home != tenant),
    )


def _values(data: Json, tenant: str) -> tuple[dict[str, str], tuple[Identity, ...]]:
    """Return the values by field, and the people among them; a field that was left empty is missing."""
    values: dict[str, str] = {}
    others: list[Identity] = []
    for name in list(data)[:_FIELDS]:
        if name.startswith(PERSON):
            user = identifier(data, name).strip().lower()
            if user and ":" not in user and len(others) < _PEOPLE:
                key = identity_id("teams", tenant, user)
                others.append(Identity(id=key, platform="teams", tenant=tenant, user=user))
                values[storable(name.removeprefix(PERSON))] = key
        elif name.startswith(FIELD):
            said = string(data, name, longest=_VALUE)
            if said.strip():
                values[storable(name.removeprefix(FIELD))] = said
    return values, tuple(others)


def _of_here(context: dict[str, str], place: Conversation) -> dict[str, str]:
    """Return the context without a thread that is not the one in which the form was opened: the client could name any."""
    named = (context.get("channel"), context.get("thread"))
    if is_channel(place.channel) and named == (place.channel, place.thread or named[1]):
        return context
    return {name: value for name, value in context.items() if name not in _WHERE}


def _texts(context: Mapping[str, object]) -> dict[str, str]:
    named = ((storable(name), string(context, name, longest=_CONTEXT)) for name in list(context)[:20])
    return {name: value for name, value in named if value}
