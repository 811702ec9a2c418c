"""From a form to a modal, and from a modal that was sent back to what was sent, purely.

A field is an input block whose id is the field's name, which is also how Slack is told what is wrong with it. What must come back
(subject, context, where it was opened) travels in the private metadata. Everything is cut to Slack's limits: a view that
breaks one is not shown at all.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias, get_args

from adapters.slack.arrivals import Ignored, Setting, Spot, aside, author, spot
from adapters.slack.attached import attached
from adapters.slack.links import plain
from adapters.slack.mrkdwn import mrkdwn
from adapters.slack.payload import Json, identifier, part, parts, storable, team_of, text, ts
from bot.conversation import Conversation
from bot.file import File
from bot.form import Choice, Field, Form, FormKind, Submission
from bot.ids import MessageId
from bot.message import Arrival, Message
from bot.person import Identity, identity_id
from bot.wording import surfaces as wording

Block: TypeAlias = dict[str, object]
View: TypeAlias = dict[str, object]

VALUE = "value"
"""The action id of every field's element."""
PREFIX = "form:"
_TITLE, _LABEL, _HINT, _OPTION, _OPTION_VALUE = 24, 2_000, 2_000, 75, 150
_SECTION, _TEXT, _METADATA, _BLOCKS, _OPTIONS, _FILES = 3_000, 3_000, 3_000, 100, 100, 10
_NAME, _FIELDS, _SUBJECT, _CONTEXT = 255, 90, 200, 2_000
_KINDS: tuple[FormKind, ...] = get_args(FormKind)


def plain_text(words: str, limit: int) -> Block:
    """Return a text object without markup, at most `limit` characters and never empty."""
    return {"type": "plain_text", "text": plain(words, limit) or "…", "emoji": False}


def section(words: str) -> Block:
    """Return a section of words that are Slack's markup already; at most 3,000 characters."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": words[:_SECTION] or "…", "verbatim": True}}


def modal(form: Form, where: Conversation) -> View:
    """Return the view of a form that is opened from `where`."""
    shown = list(form.fields[:_FIELDS])
    pieces = mrkdwn(form.explanation) if form.explanation.strip() else []
    return {
        "type": "modal",
        "callback_id": f"{PREFIX}{form.kind}",
        "title": plain_text(form.title, _TITLE),
        "submit": plain_text(form.send, _TITLE),
        "close": plain_text(wording.CANCEL, _TITLE),
        "private_metadata": _metadata(form, where),
        "blocks": [*map(section, pieces[: _BLOCKS - len(shown)]), *map(_field, shown)],
    }


def problem(sentence: str) -> View:
    """Return a view that says why something cannot be done."""
    return {
        "type": "modal",
        "callback_id": "problem",
        "title": plain_text(wording.PROBLEM, _TITLE),
        "close": plain_text(wording.CLOSE, _TITLE),
        "blocks": [{"type": "section", "text": plain_text(sentence, _SECTION)}],
    }


def _metadata(form: Form, where: Conversation) -> str:
    """Return what comes back with the answer; a context that is too long loses the ends of its longest texts."""
    context = {name: storable(value) for name, value in form.context.items()}
    url = where.address.get("response_url", "")
    came = {"channel": where.channel, "thread": where.thread or "", "response_url": url}
    while True:
        kept = {"subject": form.subject, **{name: value for name, value in came.items() if value}, "context": context}
        written = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
        if len(written) <= _METADATA or not context:
            return written[:_METADATA]
        longest = max(context, key=lambda name: len(context[name]))
        cut = context[longest][: len(context[longest]) // 2]
        context = {**context, longest: cut} if cut else {key: context[key] for key in context if key != longest}


def _field(field: Field) -> Block:
    element = _element(field)
    if element is None:
        return {"type": "section", "text": plain_text(f"{field.label}: {wording.NOTHING_TO_CHOOSE}", _SECTION)}
    block: Block = {
        "type": "input",
        "block_id": field.name[:_NAME],
        "label": plain_text(field.label, _LABEL),
        "optional": field.optional,
        "element": {**element, "action_id": VALUE},
    }
    if field.hint.strip():
        block["hint"] = plain_text(field.hint, _HINT)
    return block


def _element(field: Field) -> Block | None:
    match field.kind:
        case "text" | "long_text":
            return _input(field)
        case "choice":
            return _select(field)
        case "person":
            user = field.initial.rpartition(":")[2] if field.initial.startswith("slack:") else ""
            return {"type": "users_select", "initial_user": user} if user else {"type": "users_select"}
        case "files":
            return {"type": "file_input", "max_files": _FILES}


def _input(field: Field) -> Block:
    longest = max(1, min(field.longest, _TEXT))
    element: Block = {
        "type": "plain_text_input",
        "multiline": field.kind == "long_text",
        "max_length": longest,
    }
    initial = storable(field.initial)[:longest]
    return {**element, "initial_value": initial} if initial else element


def _select(field: Field) -> Block | None:
    """Return a menu; None when there is nothing in it, which Slack does not take."""
    options = {choice.value: _option(choice) for choice in field.choices if 0 < len(choice.value) <= _OPTION_VALUE}
    if not options:
        return None
    kept = dict(list(options.items())[:_OPTIONS])
    element: Block = {"type": "static_select", "options": list(kept.values())}
    return {**element, "initial_option": kept[field.initial]} if field.initial in kept else element


def _option(choice: Choice) -> Block:
    return {"text": plain_text(choice.label or choice.value, _OPTION), "value": choice.value}


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A form that came back."""

    arrival: Arrival
    fields: tuple[str, ...]
    """The names of the fields that were shown, where something can be said to be wrong."""


def submission(body: Json, *, setting: Setting) -> Sent | Ignored:
    """Return what a `view_submission` says; its message is known by the view, so that one that is sent twice is one."""
    view, sender = part(body, "view"), part(body, "user")
    team, user = _team(body, view), identifier(sender, "id")
    key, name = identifier(view, "id"), text(view, "callback_id", 60).removeprefix(PREFIX)
    kind = next((known for known in _KINDS if known == name), None)
    if not (team and user and key and kind):
        return Ignored(reason="a view that is not a form of ours")
    kept = _came_back(view)
    where = _where(team, user, kept, setting)
    place = spot(team, user, "", setting.support)
    read = _values(part(part(view, "state"), "values"), place)
    who = author(place, user, sender)
    sent = Submission(
        kind=kind,
        subject=text(kept, "subject", _SUBJECT),
        values=read.values,
        context=_texts(part(kept, "context")),
        files=tuple(read.files),
    )
    message_id = MessageId(f"slack:{team}:view:{key}")
    message = Message(
        id=message_id,
        event_id=message_id,
        conversation_id=where.id,
        author_id=who.id,
        author_name=who.name,
        kind="form",
        form=sent,
        addresses_atom=True,
        at=setting.received,
    )
    inputs = (item for item in parts(view, "blocks", _BLOCKS) if item.get("type") == "input")
    fields = tuple(filter(None, (text(item, "block_id", _NAME) for item in inputs)))
    arrival = Arrival(message=message, conversation=where, author=who, others=tuple(read.others))
    return Sent(arrival=arrival, fields=fields or tuple(read.values))


def _team(body: Json, view: Json) -> str:
    """Return the team through which the form was shown: in a shared channel the sender's own may be another."""
    named = (identifier(view, "app_installed_team_id"), identifier(part(body, "team"), "id"), team_of(body))
    return next((team for team in named if team), "") or identifier(part(body, "user"), "team_id")


def errors(sent: Sent, wrong: dict[str, str]) -> dict[str, object]:
    """Return the answer that keeps a form open: each sentence at its field, or at the first where there is no such field."""
    if not sent.fields:
        return {"response_action": "update", "view": problem(" ".join(wrong.values()))}
    told: dict[str, str] = {}
    for name, sentence in wrong.items():
        field = name if name in sent.fields else sent.fields[0]
        told[field] = f"{told[field]} {sentence}" if field in told else sentence
    return {"response_action": "errors", "errors": told}


def _came_back(view: Json) -> Json:
    try:
        kept = json.loads(text(view, "private_metadata", _METADATA))
    except (ValueError, RecursionError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _texts(context: Json) -> dict[str, str]:
    named = ((storable(name), text(context, name, _CONTEXT)) for name in list(context)[:20])
    return {name: value for name, value in named if value}


def _where(team: str, user: str, kept: Json, setting: Setting) -> Conversation:
    """Return the thread that the form was opened from, where the person can be told in it; else aside."""
    channel, thread = identifier(kept, "channel"), ts(kept, "thread")
    place = spot(team, channel, "", setting.support)
    if channel and thread and place.kind in {"support", "direct"}:
        return place.conversation(thread)
    return aside(team, channel or user, user, setting.response_url(kept))


@dataclass(frozen=True, kw_only=True)
class _Read:
    values: dict[str, str]
    others: list[Identity]
    files: list[File]


def _values(state: Json, place: Spot) -> _Read:
    read = _Read(values={}, others=[], files=[])
    for name, element in _states(state):
        read.files.extend(attached(element, _FILES))
        if user := identifier(element, "selected_user"):
            other = Identity(id=identity_id("slack", place.team, user), platform="slack", tenant=place.team, user=user)
            read.others.append(other)
            read.values[name] = other.id
            continue
        said = text(part(element, "selected_option"), "value", _OPTION_VALUE) or text(element, "value", _TEXT)
        if said.strip():
            read.values[name] = said
    return read


def _states(state: Json) -> Iterable[tuple[str, Json]]:
    for name in list(state)[:_FIELDS]:
        yield storable(name[:_NAME]), part(part(state, name), VALUE)
