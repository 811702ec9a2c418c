"""The forms of agents, and the requester's comment: who is shown them, what each does, and what is refused on the way."""

from dataclasses import replace

import pytest

from bot.errors import Refused
from bot.form import FormKind
from bot.labels import Visibility
from bot.reply import Reply
from bot.request import Assignee, Request
from bot.satisfaction import Satisfaction
from tests.fakes.desk import RunningDesk
from tests.fakes.workforce import IT, person
from tests.unit.desk_managing.office_hours import at_rest, true_headers
from tests.unit.forms.forms_scene import aside, send, shown, wrong

AGENTS: dict[FormKind, dict[str, str]] = {
    "reply": {"text": "It is ready."},
    "assign": {"assignee": "coworker:software-engineer"},
    "resolve": {"summary": "A new disk."},
    "priority": {"priority": "urgent"},
    "link": {"number": "IT-1002", "relation": "relates_to"},
}
"""A form of an agent, and what could be sent with it."""


async def two() -> tuple[RunningDesk, Request]:
    """Return a desk with two requests, and the first."""
    desk = await at_rest()
    await desk.open()
    await desk.settle()
    return desk, await desk.request()


async def sent(desk: RunningDesk, who: str, kind: FormKind, values: dict[str, str] | None = None) -> None:
    """Let somebody send a form from the private thread, and have it worked."""
    where = await desk.thread()
    subject = (await desk.request()).id
    await send(desk, who, kind, AGENTS[kind] if values is None else values, subject=subject, where=where)
    await desk.settle()


@pytest.mark.parametrize("kind", AGENTS)
async def test_an_agent_is_shown_the_form(kind: FormKind) -> None:
    """It names the request, and what could be sent is taken."""
    desk, request = await two()

    form = await shown(desk, "sam", kind, request.id)

    assert (kind, request.id) == (form.kind, form.subject)
    assert "IT-1001" in form.explanation
    assert set(AGENTS[kind]) == {field.name for field in form.fields}
    assert {} == await wrong(desk, "sam", kind, AGENTS[kind], subject=request.id)
    assert max(len(form.title), len(form.send)) <= 24


@pytest.mark.parametrize("kind", AGENTS)
@pytest.mark.parametrize("who", ["maria", "bo", "ann"])
async def test_nobody_else_is_and_what_they_send_does_nothing(kind: FormKind, who: str) -> None:
    """The refusal names the role; the attempt is kept; they are told where they are."""
    desk, request = await two()
    before = await desk.all(Request)

    with pytest.raises(Refused, match="only agents of IT Support"):
        await shown(desk, who, kind, request.id)
    with pytest.raises(Refused, match="only agents of IT Support"):
        await wrong(desk, who, kind, AGENTS[kind], subject=request.id)
    await send(desk, who, kind, AGENTS[kind], subject=request.id)
    await desk.settle()

    assert before == await desk.all(Request)
    assert ["only agents" in text for text in await desk.told(aside(who).id)] == [True]
    assert 1 == len(await desk.events("form.refused"))


@pytest.mark.parametrize("kind", AGENTS)
async def test_what_changed_since_the_form_was_opened_counts(kind: FormKind) -> None:
    """A request that is over by then stays as it is, and the private thread says why."""
    desk, request = await two()
    await shown(desk, "sam", kind, request.id)
    over = replace(request, status="closed")
    await desk.plain.transact(lambda uow: uow.put(over))

    await sent(desk, "sam", kind)

    assert over == await desk.request()
    assert any("Sam: IT-1001 is closed" in text for text in desk.shown("CIT"))
    assert [] == await desk.notes(Visibility.PUBLIC)


@pytest.mark.parametrize("kind", AGENTS)
async def test_a_request_that_never_was_is_refused(kind: FormKind) -> None:
    """The subject comes from outside."""
    desk, _ = await two()

    with pytest.raises(Refused, match="does not exist"):
        await shown(desk, "sam", kind, "made up")
    await send(desk, "sam", kind, AGENTS[kind], subject="made up")
    await desk.settle()

    assert any("Nothing was done" in text for text in await desk.told(aside("sam").id))


async def test_a_reply_reaches_the_requester() -> None:
    """As a public note under the agent's name; colleagues read it too, and the coworker keeps the request."""
    desk, request = await two()

    await sent(desk, "sam", "reply")

    assert "It is ready." in desk.shown("DMARIA")
    assert "It is ready." in desk.shown("CIT")
    assert ["Sam"] == [item.speaker for item in await desk.all(Reply, text="It is ready.", visibility="public")][:1]
    assert request.assignee == (await desk.request()).assignee


async def test_assigning_offers_those_who_could_have_it() -> None:
    """Oneself first, then active coworkers, groups, other agents; not who has it, nor the requester, nor strangers."""
    desk, request = await two()
    own = replace(request, requester=person("ida").id)
    await desk.plain.transact(lambda uow: uow.put(own))

    form = await shown(desk, "sam", "assign", request.id)

    assert [
        "person:sam",
        "coworker:global-triage",
        "coworker:it-triage",
        "coworker:software-engineer",
        f"group:{IT}/agents",
        f"group:{IT}/devices",
    ] == [choice.value for choice in form.fields[0].choices]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("person:ida", Assignee(kind="person", id="ida")),
        ("person:sam", Assignee(kind="person", id="sam")),
        ("coworker:software-engineer", Assignee(kind="coworker", id="software-engineer")),
        (f"group:{IT}/devices", Assignee(kind="group", id=f"{IT}/devices")),
    ],
)
async def test_assigning_gives_it_away(value: str, expected: Assignee) -> None:
    """To a colleague, oneself, a coworker, a group."""
    desk, _ = await two()

    await sent(desk, "sam", "assign", {"assignee": value})

    assert expected == (await desk.request()).assignee
    await true_headers(desk)


async def test_resolving_by_form() -> None:
    """The summary is what the requester reads."""
    desk, _ = await two()

    await sent(desk, "sam", "resolve")

    assert "resolved" == (await desk.request()).status
    assert "A new disk." in desk.shown("DMARIA")
    await true_headers(desk)


async def test_priority_and_link_by_form() -> None:
    """Both are read in the header."""
    desk, _ = await two()

    await sent(desk, "sam", "priority")
    await sent(desk, "sam", "link")

    request = await desk.request()
    assert ("urgent", ["relates_to"]) == (request.priority, [link.relation for link in request.links])
    await true_headers(desk)


async def test_from_aside_the_sender_is_told_aside() -> None:
    """A form that was opened from the home page has no thread."""
    desk, request = await two()

    await send(desk, "sam", "priority", AGENTS["priority"], subject=request.id)
    await desk.settle()

    assert ["IT-1001 has urgent priority now."] == await desk.told(aside("sam").id)


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        ("reply", {}, "text"),
        ("reply", {"text": " \n "}, "text"),
        ("reply", {"text": "x" * 3_001}, "text"),
        ("resolve", {"summary": ""}, "summary"),
        ("priority", {"priority": "now"}, "priority"),
        ("priority", {}, "priority"),
        ("assign", {}, "assignee"),
        ("assign", {"assignee": "dog:rex"}, "assignee"),
        ("assign", {"assignee": "coworker:"}, "assignee"),
        ("link", {"number": "IT-9999", "relation": "blocks"}, "number"),
        ("link", {"number": "IT-1001", "relation": "blocks"}, "number"),
        ("link", {"number": "", "relation": "blocks"}, "number"),
        ("link", {"number": "IT-1002", "relation": "loves"}, "relation"),
    ],
)
async def test_a_wrong_value_is_named_and_does_nothing(kind: FormKind, values: dict[str, str], field: str) -> None:
    """At its field while they wait; and in the thread when it comes all the same."""
    desk, request = await two()

    found = await wrong(desk, "sam", kind, values, subject=request.id)
    await sent(desk, "sam", kind, values)

    assert [field] == list(found)
    assert request == await desk.request()
    assert any(text.startswith("Sam: ") for text in desk.shown("CIT"))


async def test_an_assignee_who_could_not_have_it_is_refused() -> None:
    """A value that was never offered is judged like any other."""
    desk, request = await two()

    await sent(desk, "sam", "assign", {"assignee": "person:bo"})

    assert request.assignee == (await desk.request()).assignee
    assert any("Sam: Bo is no agent of IT Support" in text for text in desk.shown("CIT"))


@pytest.mark.parametrize("kind", AGENTS)
@pytest.mark.parametrize("at", [1, 2, 3, 4, 6])
async def test_a_death_at_any_moment_does_it_once(kind: FormKind, at: int) -> None:
    """Nothing is posted twice, and the header is true."""
    desk, _ = await two()
    desk.fuse.count, desk.fuse.at = 0, at

    await sent(desk, "sam", kind)

    texts = desk.shown("CIT") + desk.shown("DMARIA")
    lines = [text for text in texts if text.startswith("Sam ") or text in {"It is ready.", "A new disk."}]
    assert len(lines) == len({*lines}) + {"reply": 1, "resolve": 1, "link": 1}.get(kind, 0)
    await true_headers(desk)


async def test_the_requester_says_more_about_a_score() -> None:
    """Nobody else is shown the form, or heard."""
    desk, request = await two()
    await sent(desk, "sam", "resolve")
    await desk.press("maria", "rate", request.id, value="4")
    await desk.settle()

    with pytest.raises(Refused, match="only the requester"):
        await shown(desk, "bo", "comment", request.id)
    await send(desk, "bo", "comment", {"text": "Bad!"}, subject=request.id)
    await send(desk, "maria", "comment", {"text": "Quick."}, subject=request.id)
    await desk.settle()

    assert ["Quick."] == [item.comment for item in await desk.all(Satisfaction)]
    assert "Quick." == (await shown(desk, "maria", "comment", request.id)).fields[0].initial
    assert any("only the requester" in text for text in await desk.told(aside("bo").id))
