"""From a form to the card that a task module shows, purely.

An input is named after its field, with a sign of what it holds, since what comes back says only names and strings. What must come
back with it (which form, about what, its context) travels in the data of the button that sends it. `nonce` stays the same however
often the card is shown again, so that a form that is sent twice is one. Bots cannot ask for files in Teams: such a field is
left out.
"""

from collections.abc import Mapping

from adapters.teams import blocks
from adapters.teams.reading import JsonObject, storable
from bot.form import Field, Form
from bot.wording import forms as asking
from bot.wording import surfaces as wording

OURS = "deskmate"
"""What the button's data is called in what comes back."""
FIELD, PERSON = "field:", "person:"
"""How the ids of inputs begin: those of texts and choices, and those of people."""
CARD = "application/vnd.microsoft.card.adaptive"
_USERS: JsonObject = {"type": "Data.Query", "dataset": "graph.microsoft.com/users"}
"""Has the client look people up in the tenant's directory; the value is their Entra object id."""
_TITLE = 60


def dialog(
    form: Form, *, nonce: str, typed: Mapping[str, str] | None = None, wrong: Mapping[str, str] | None = None
) -> JsonObject:
    """Return the answer that shows a form: at first, or again with what was `typed` and, by field, what is `wrong` with it."""
    typed, wrong = typed or {}, wrong or {}
    shown = [field for field in form.fields if field.kind != "files"]
    elsewhere = [sentence for name, sentence in wrong.items() if name not in {field.name for field in shown}]
    body = [
        *(_problem(sentence) for sentence in elsewhere),
        *blocks.body(form.explanation),
        *(element for field in shown for element in _field(field, typed, wrong.get(field.name, ""))),
    ]
    back = {"form": form.kind, "subject": form.subject, "context": form.context, "nonce": nonce}
    send: JsonObject = {"type": "Action.Submit", "title": form.send, "style": "positive", "data": {OURS: back}}
    return _shown(form.title, body, [send])


def problem(sentence: str) -> JsonObject:
    """Return the answer that shows why there is no form."""
    return _shown(wording.PROBLEM, [blocks.rich(blocks.run(sentence))], [])


def last_words(sentence: str) -> JsonObject:
    """Return the answer that closes a dialogue with a sentence."""
    return {"task": {"type": "message", "value": sentence}}


def _shown(title: str, body: list[JsonObject], actions: list[JsonObject]) -> JsonObject:
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.5",
        "body": body,
        "actions": actions,
    }
    about = {"title": title[:_TITLE], "height": "medium", "width": "medium"}
    return {"task": {"type": "continue", "value": {**about, "card": {"contentType": CARD, "content": card}}}}


def _problem(sentence: str) -> JsonObject:
    """Return what is wrong, with a sign and in bold: in the colour for it, it could hardly be read on a dark background."""
    return blocks.rich(blocks.run(f"\N{WARNING SIGN} {sentence}", weight="Bolder"))


def _field(field: Field, typed: Mapping[str, str], wrong: str) -> list[JsonObject]:
    """Return a question: what is wrong with the answer before it, the hint below it."""
    asked = _input(field, typed)
    if asked is None:
        return [blocks.rich(blocks.run(f"{field.label}: {wording.NOTHING_TO_CHOOSE}"))]
    required: JsonObject = {} if field.optional else {"isRequired": True, "errorMessage": _missing(field)}
    hint = [blocks.rich(blocks.run(field.hint, size="Small", isSubtle=True), spacing="None")] if field.hint else []
    return [*([_problem(wrong)] if wrong else []), {**asked, "label": field.label, **required}, *hint]


def _missing(field: Field) -> str:
    return asking.missing() if field.kind in {"text", "long_text"} else asking.choose()


def _input(field: Field, typed: Mapping[str, str]) -> JsonObject | None:
    """Return the input of a field; None for a choice of nothing, which cannot be answered."""
    value = storable(typed.get(field.name, field.initial))
    match field.kind:
        case "choice":
            choices = [{"title": choice.label or choice.value, "value": choice.value} for choice in field.choices]
            if not choices:
                return None
            offered = value in {choice.value for choice in field.choices}
            asked: JsonObject = {"type": "Input.ChoiceSet", "id": FIELD + field.name, "style": "compact"}
            return {**asked, "choices": choices} | ({"value": value} if offered else {})
        case "person":
            user = value.rpartition(":")[2] if value.startswith("teams:") else ""
            asked = {"type": "Input.ChoiceSet", "id": PERSON + field.name, "choices": [], "choices.data": _USERS}
            return asked | ({"value": user} if user else {})
        case _:
            longest = max(1, field.longest)
            asked = {"type": "Input.Text", "id": FIELD + field.name, "maxLength": longest}
            multiline = {"isMultiline": True} if field.kind == "long_text" else {}
            return asked | multiline | ({"value": value[:longest]} if value else {})
