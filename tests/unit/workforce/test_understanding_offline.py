"""Kinds of work, kinds of replies, and the expressions of playbooks."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ids import CoworkerId
from coworkers.playbook.expressions import ExpressionFailed, bounded, evaluate, fault, holds, render
from coworkers.playbook.steps import Playbook
from coworkers.playbook.understanding import kind_of_reply, kind_of_work
from tests.unit.workforce.office import seeded


def playbook(coworker: str) -> Playbook:
    """Return a seeded coworker's playbook."""
    found = seeded().coworkers[CoworkerId(coworker)].playbook
    assert found is not None
    return found


REPLIES = {
    "cleared": [
        "No, nothing like that.", "no", "nope", "Nope, none of that", "No, none of these.", "no suspicious emails or prompts",
        "I have not noticed anything unusual", "no links, prompts or redirects", "negative, none of it",
        "No, I haven't experienced any suspicious links or prompts", "Nothing suspicious at all", "I clicked nothing strange",
        "Hi, no, none of those things happened", "all normal here", "I don't think I clicked on anything",
        "No, nothing like that, but it's still really slow", "no weird mails", "none. it began on monday",
    ],
    "suspicious": [
        "yes", "Yes, I clicked a link", "No, but I did get an MFA prompt last night", "I opened an attachment on Monday",
        "my browser redirects me to a search page", "I got MFA prompts that I did not start", "Yes there was a suspicious email",
        "Nothing much, but I did click a link in an odd mail", "there were sign-ins from another country",
        "actually yes, two prompts on my phone this morning", "no links, got an MFA prompt though", "No, clicked a link yesterday",
        "No redirects. But there was a login alert from Poland.", "nothing, except a mail with a strange attachment",
    ],
    "unsure": [
        "not sure", "what do you mean by MFA prompt?", "maybe", "I don't know", "can you explain?", "ok", "Hm, possibly",
        "it is still slow", "thanks", "hello?", "when will it be fixed", "", "🙂", "no idea",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [(text, kind) for kind, texts in REPLIES.items() for text in texts])
def test_replies_are_told_apart(text: str, expected: str) -> None:
    """A clear no, any sign, and what settles nothing."""
    assert kind_of_reply(text, playbook("security-specialist").replies) == expected


@pytest.mark.parametrize(
    ("coworker", "text", "expected"),
    [
        ("hardware-engineer", "My laptop feels really slow lately", "slow-device"),
        ("hardware-engineer", "battery is empty after 30 minutes", "failing-device"),
        ("hardware-engineer", "what model is my laptop", "check-device-info"),
        ("hardware-engineer", "I can't remember my laptop password", "reset-device-password"),
        ("hardware-engineer", "the paper in the third floor ran out", "unsure"),
        ("software-engineer", "vpn down", "connection"),
        ("software-engineer", "excel crashes", "app-problem"),
        ("security-specialist", "I clicked on a phishing link and typed my password", "possible-compromise"),
        ("security-specialist", "got a phishing mail", "reported-message"),
    ],
)
def test_work_is_put_into_buckets(coworker: str, text: str, expected: str) -> None:
    """By examples and keywords; the more serious kind when it is close."""
    assert kind_of_work(text, playbook(coworker).buckets) == expected


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_a_kind(text: str) -> None:
    """Nothing that people write makes understanding fail."""
    book = playbook("security-specialist")

    assert kind_of_reply(text, book.replies) in {"cleared", "suspicious", "unsure"}
    assert kind_of_work(text, book.buckets) in {"unsure", *(bucket.name for bucket in book.buckets)}


DATA = {"logs": {"entries": [{"a": "x", "n": 1}, {"a": "y", "n": 2}]}, "facts": ["one"], "failed": []}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ logs.entries[0].n }}", 1),
        ("n is {{ logs.entries[1].n }}.", "n is 2."),
        ('{{ join(logs.entries.map(e, e.a), " + ") }}', "x + y"),
        ("{{ bullets(logs.entries.map(e, e.a)) }}", "- x\n- y"),
        ("{{ take(logs.entries.map(e, e.n), 1) }}", [1]),
        ('{{ unique(["a", "a"]) }}', ["a"]),
        ('{{ lower("AB") }}', "ab"),
        ({"hours": 24, "on": True, "list": ["{{ facts[0] }}"]}, {"hours": 24, "on": True, "list": ["one"]}),
    ],
)
def test_templates_are_filled(template: str, expected: object) -> None:
    """A lone expression keeps its type; numbers of the file stay numbers."""
    assert render(template, DATA) == expected


@pytest.mark.parametrize("source", ["logs.missing", "logs.entries[9].a", "1 / 0", '"a" + 1', "nobody"])
def test_an_expression_that_fails_says_so(source: str) -> None:
    """It is never taken for false."""
    with pytest.raises(ExpressionFailed, match="`"):
        holds(source, DATA)


def test_a_condition_must_be_true_or_false() -> None:
    """A number is neither."""
    with pytest.raises(ExpressionFailed, match="neither true nor false"):
        holds("1", DATA)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x" * 1_001, "the expression is longer than 1,000 characters"),
        ("l.all(a, l.all(b, l.all(c, true)))", "more than 2 loops stand inside one another"),
        ("open('/etc/passwd')", "there is no function `open`"),
        ("reply.texts", "`reply` has no field `texts`"),
        ("__import__", "`__import__` is not a known name here"),
        ("(((", "`(((` is not a CEL expression: at character 4, mismatched input '<EOF>'"),
    ],
)
def test_a_bad_expression_is_found_when_the_file_is_checked(source: str, expected: str) -> None:
    """Before any request meets it."""
    wrong = fault(source, frozenset({"l"}))

    assert wrong is not None
    assert wrong[0] == expected


def test_words_in_quotes_are_not_names() -> None:
    """A name in a text needs not be known."""
    assert fault('reply.text.contains("request.foo is (odd")', frozenset()) is None


def test_results_that_are_too_long_are_not_looked_through() -> None:
    """A bound on what an expression can cost."""
    with pytest.raises(ExpressionFailed, match="1,001 entries"):
        bounded({"l": [0] * 1_001})


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_no_expression_does_worse_than_fail(source: str) -> None:
    """Any text is a value or a named failure."""
    with suppress(ExpressionFailed):
        evaluate(source, DATA)
