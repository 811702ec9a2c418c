"""Dialogues (task modules) in Teams as a person uses them: opened by a button or on a message, filled in by the labels, sent.

The client itself keeps what is required from being left empty and cuts what is too long, so neither is sent. A dialogue stays open
until the bot closes it; a failed answer leaves it as it was.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from tests.fakes import teams_shapes as shapes
from tests.fakes.faults import JsonObject
from tests.fakes.teams_cards import faults_of, nodes
from tests.fakes.teams_delivery import Attempt
from tests.fakes.teams_state import Person, Place, Tenant


@dataclass(kw_only=True)
class Dialogue:
    """One that somebody has open."""

    person: Person
    place: Place
    about: JsonObject
    """`conversation` and, where a card opened it, `replyToId`."""
    action: JsonObject | None
    """The `commandId` and the like of a message action; None for a task module."""
    title: str = ""
    card: JsonObject = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    """What stands in the inputs, by id."""
    open: bool = True
    said: str = ""
    """The last words, once it is closed with some."""


def show(dialogue: Dialogue, body: object) -> list[str]:
    """Show what the bot answered; return what is wrong with it."""
    task = body.get("task") if isinstance(body, dict) else None
    if not isinstance(task, dict) or task.get("type") not in {"continue", "message"}:
        return ["The answer is no task."]
    if task["type"] == "message":
        dialogue.open, dialogue.said = False, task["value"]
        return [] if isinstance(task["value"], str) else ["Last words are a text."]
    shown = task["value"]
    dialogue.title, dialogue.card = shown["title"], shown["card"]["content"]
    dialogue.typed = {item["id"]: item["value"] for item in inputs(dialogue.card) if item.get("value")}
    return faults_of(dialogue.card)


def inputs(card: JsonObject) -> list[JsonObject]:
    """Return the inputs of a card, in order."""
    return [item for item in nodes(card) if str(item.get("type", "")).startswith("Input.")]


def fill(dialogue: Dialogue, values: Mapping[str, str], people: Mapping[str, Person]) -> None:
    """Type into the inputs, by their labels; a choice by its title, a person by their id in Teams."""
    by_label = {item["label"]: item for item in inputs(dialogue.card)}
    for label, value in values.items():
        if label not in by_label:
            raise LookupError(f"The dialogue has no {label!r}; it has: {', '.join(by_label)}.")
        asked = by_label[label]
        dialogue.typed[asked["id"]] = _answer(asked, value, people)
    empty = [
        item["label"] for item in by_label.values() if item.get("isRequired") and not dialogue.typed.get(item["id"])
    ]
    if empty:
        raise LookupError(f"Teams does not send this: {', '.join(empty)} is required.")


def _answer(asked: JsonObject, value: str, people: Mapping[str, Person]) -> str:
    if asked["type"] == "Input.Text":
        return value[: asked.get("maxLength", len(value))]
    if "choices.data" in asked:
        return people[value].aad_object_id if value else ""
    titles = {choice["title"]: str(choice["value"]) for choice in asked["choices"]}
    if value not in titles:
        raise LookupError(f"{asked['label']!r} offers no {value!r}; it offers: {', '.join(titles)}.")
    return titles[value]


def sent_data(dialogue: Dialogue) -> JsonObject:
    """Return what the one button of the dialogue sends."""
    actions = [item for item in nodes(dialogue.card) if item.get("type") == "Action.Submit"]
    if not dialogue.open or len(actions) != 1:
        raise LookupError("The dialogue is closed, or has no button that sends it.")
    return {**dialogue.typed, **(actions[0].get("data") or {})}


def words_of(dialogue: Dialogue) -> str:
    """Return what a person reads in the card."""
    read = (item.get("text") or item.get("label") or "" for item in nodes(dialogue.card))
    return "\n".join(text for text in read if text)


class Dialogues:
    """All dialogues of a tenant, by keys of their own."""

    def __init__(
        self, tenant: Tenant, deliver: Callable[[JsonObject], Awaitable[Attempt]], service_url: Callable[[], str]
    ) -> None:
        self._tenant = tenant
        self._deliver = deliver
        self._service_url = service_url
        self._known: dict[str, Dialogue] = {}

    async def opens(self, person: str, conversation: str, activity: str, form: str) -> JsonObject:
        """Somebody presses a button that opens a form; what they see, as `looks` says."""
        place, card = self._tenant.place(conversation), self._tenant.activity(conversation, activity)
        action = shapes.find_action(card, {"form": form, "msteams": {"type": "task/fetch"}}, None)
        about = {"replyToId": card["id"], "conversation": card["conversation"]}
        dialogue = Dialogue(person=self._tenant.people[person], place=place, about=about, action=None)
        return await self._shown(dialogue, "task/fetch", {"data": action["data"], "context": {"theme": "default"}})

    async def opens_on(self, person: str, conversation: str, activity: str) -> JsonObject:
        """Somebody uses the action "Open a request" on a message; what they see, as `looks` says."""
        place, message = self._tenant.place(conversation), self._tenant.activity(conversation, activity)
        action = {"commandId": "open_request", "commandContext": "message", "context": {"theme": "default"}}
        action |= {"messagePayload": shapes.pointed_at(message)}
        about = {"conversation": message["conversation"]}
        dialogue = Dialogue(person=self._tenant.people[person], place=place, about=about, action=action)
        return await self._shown(dialogue, "composeExtension/fetchTask", action)

    async def sends(self, dialogue: str, values: Mapping[str, str] | None = None) -> JsonObject:
        """Fill in a dialogue by its labels and send it; what is seen then, as `looks` says."""
        found = self._known[dialogue]
        fill(found, values or {}, self._tenant.people)
        name = "composeExtension/submitAction" if found.action else "task/submit"
        value = {**(found.action or {"context": {"theme": "default"}}), "data": sent_data(found)}
        return await self._shown(found, name, value, dialogue)

    def looks(self, dialogue: str, status: int | None = 200) -> JsonObject:
        """Give what somebody sees of a dialogue (`typed` by id, `asks` as inputs), and the bot's status."""
        found = self._known[dialogue]
        seen = {"open": found.open, "title": found.title, "words": words_of(found), "typed": dict(found.typed)}
        asked = {"said": found.said, "asks": inputs(found.card)}
        return {"dialogue": dialogue, "status": status, **asked, **seen}

    def card_of(self, dialogue: str) -> JsonObject:
        """Give the card of a dialogue, for a client that changes it before it is sent."""
        return self._known[dialogue].card

    async def _shown(self, dialogue: Dialogue, name: str, value: JsonObject, key: str | None = None) -> JsonObject:
        sent = shapes.invoked(dialogue.person, dialogue.place, name, dialogue.about, value, self._service_url())
        attempt = await self._deliver({"id": f"f:{self._tenant.next_id()}", **sent})
        if attempt.status == 200 and (wrong := show(dialogue, json.loads(attempt.body))):
            raise AssertionError(f"Teams does not show this: {'; '.join(wrong)}")
        key = key or f"dialogue-{len(self._known) + 1}"
        self._known[key] = dialogue
        return self.looks(key, attempt.status)
