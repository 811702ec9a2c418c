"""Forms as cards: whatever they hold, the card is one that Teams shows, and what is typed into it comes back as it was typed."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.asking import sent_of, wish_of
from adapters.teams.dialogs import CARD, FIELD, OURS, PERSON, dialog, last_words, problem
from adapters.teams.reading import JsonObject
from bot.form import Choice, Field, Form
from tests.fakes.teams_cards import faults_of, nodes
from tests.fakes.teams_state import TENANT
from tests.unit.teams.mutants import activity
from tests.unit.teams.test_teams_inbound import NOW, support

NASTY = Path(__file__).parents[4] / "shared" / "data" / "nasty" / "blns.json"
STRINGS: list[str] = json.loads(NASTY.read_text()) if NASTY.exists() else ["<at>Atom</at>", "[x](javascript:1)"]
WORDS = st.text(st.characters(), min_size=1, max_size=30)
NAMES = st.text("abcdefghij_", min_size=1, max_size=8)
FIELDS = st.builds(
    Field,
    name=NAMES,
    label=WORDS,
    kind=st.sampled_from(["text", "long_text", "choice", "person", "files"]),
    hint=st.just("") | WORDS,
    choices=st.lists(st.builds(Choice, value=WORDS, label=WORDS), max_size=3).map(tuple),
    initial=st.just("") | WORDS | st.just(f"teams:{TENANT}:aad-erin"),
    optional=st.booleans(),
    longest=st.integers(1, 3_000),
)
FORMS = st.builds(
    Form,
    kind=st.sampled_from(["new", "reply", "link"]),
    subject=st.just("") | NAMES,
    title=WORDS,
    send=WORDS,
    explanation=st.just("") | WORDS,
    fields=st.lists(FIELDS, max_size=5, unique_by=lambda field: field.name).map(tuple),
    context=st.dictionaries(NAMES, NAMES, max_size=3),
)


def shown(answer: JsonObject) -> dict[str, Any]:
    """Return the card in an answer."""
    task: Any = answer["task"]
    assert (task["type"], task["value"]["card"]["contentType"]) == ("continue", CARD)
    content: dict[str, Any] = task["value"]["card"]["content"]
    return content


def sent_back(card: dict[str, Any], typed: dict[str, str]) -> JsonObject:
    """Return the invoke with which a card's one button sends what was typed."""
    data = {**typed, **card["actions"][0]["data"]}
    return activity("https://smba.example/", type="invoke", name="task/submit", value={"data": data}, text=None)


@given(form=FORMS, typed=st.dictionaries(NAMES, WORDS, max_size=3), wrong=st.dictionaries(NAMES, WORDS, max_size=3))
def test_any_form_is_a_card_that_teams_shows(form: Form, typed: dict[str, str], wrong: dict[str, str]) -> None:
    """At first and with mistakes in it; every mistake is read somewhere."""
    card = shown(dialog(form, nonce="n", typed=typed, wrong=wrong))

    read = {item.get("text") for item in nodes(card)}
    assert [] == faults_of(card)
    assert {f"\N{WARNING SIGN} {sentence}" for sentence in wrong.values()} <= read


@given(form=FORMS, said=WORDS)
def test_what_is_typed_comes_back_with_what_belongs_to_it(form: Form, said: str) -> None:
    """The same form, about the same, with its context; people as identities of the tenant, blanks as nothing."""
    card = shown(dialog(form, nonce="n"))
    typed = {field.name: said for field in form.fields if field.kind in {"text", "long_text", "choice"}}
    people = {field.name: "AAD-Erin" for field in form.fields if field.kind == "person"}
    inputs = {FIELD + name: text for name, text in typed.items()} | {
        PERSON + name: user for name, user in people.items()
    }

    found = sent_of(sent_back(card, inputs), support, NOW)

    assert found is not None
    cleaned = said.replace("\x00", "").encode(errors="replace").decode()
    words = dict.fromkeys(typed, cleaned) if cleaned.strip() else {}
    assert (form.kind, form.subject, form.context) == (found.form.kind, found.form.subject, found.form.context)
    assert words | dict.fromkeys(people, f"teams:{TENANT}:aad-erin") == found.form.values


@pytest.mark.parametrize("sentence", [*STRINGS[:120], ""])
def test_nasty_sentences_are_shown_as_they_are(sentence: str) -> None:
    """As text, never as markup."""
    card = shown(problem(sentence))

    assert [] == faults_of(card)
    assert sentence in [item.get("text") for item in nodes(card)]
    assert {"task": {"type": "message", "value": sentence}} == last_words(sentence)


def test_somebody_elses_nonce_is_of_no_use() -> None:
    """A form is one message of the person who sent it; whoever repeats its nonce sends another."""
    card = shown(dialog(Form(kind="new", title="New", send="Send"), nonce="n"))
    mine, theirs = sent_back(card, {}), sent_back(card, {})
    theirs["from"] = {"id": "29:sam", "name": "Sam", "aadObjectId": "aad-sam"}

    found = [sent_of(item, support, NOW) for item in (mine, mine, theirs)]

    first, second, third = (item.arrival.message.id if item else "" for item in found)
    assert first == second
    assert first != third


@pytest.mark.parametrize(
    "value", [None, {}, {"data": {}}, {"data": {"form": "wipe"}}, {"data": {OURS: {"form": "new"}}}]
)
def test_what_is_no_form_of_ours_is_nothing(value: object) -> None:
    """A button of another app, or one that somebody made up."""
    fetched = activity("https://smba.example/", type="invoke", name="task/fetch", value=value, text=None)
    sent = activity("https://smba.example/", type="invoke", name="task/submit", value=value, text=None)

    assert wish_of(fetched, support) is None
    assert sent_of(sent, support, NOW) is None


def test_a_form_names_few_people() -> None:
    """Each is looked up in Teams and kept: whoever sends many makes us ask for as many."""
    card = shown(dialog(Form(kind="new", title="New", send="Send"), nonce="n"))
    named = {f"{PERSON}{number}": f"aad-{number}" for number in range(80)}

    found = sent_of(sent_back(card, named), support, NOW)

    assert found is not None
    assert (5, 5) == (len(found.arrival.others), len(found.form.values))
