"""Forms with anything in them, over every storage: each is answered or does what it says, and none fails."""

import asyncio
import json
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.conversation import Conversation
from bot.errors import Refused
from bot.file import File
from bot.form import FormKind
from bot.mail import Mail
from bot.request import Request
from tests.fakes.databases import AnyStorage
from tests.fakes.desk import RunningDesk
from tests.fakes.workforce import account
from tests.unit.desk_managing.office_hours import at_rest, true_headers
from tests.unit.forms.forms_scene import aside, send, shown, wrong

NASTY = Path(__file__).resolve().parents[4] / "shared" / "data" / "nasty" / "blns.json"
KINDS: tuple[FormKind, ...] = get_args(FormKind)
NAMES = st.sampled_from(
    [
        "title",
        "description",
        "workspace",
        "priority",
        "on_behalf_of",
        "text",
        "summary",
        "assignee",
        "number",
        "relation",
    ]
)
PIECES = st.sampled_from(
    ["atom", "urgent", "blocks", "IT-1001", "IT-1002", "coworker:it-triage", "person:ida", "person:", "slack:T1:UMARIA"]
)
TEXTS = st.one_of(PIECES, st.text(max_size=60))
CONTEXTS = st.dictionaries(
    st.sampled_from(["message_link", "message_text", "message_author", "channel", "thread", "reachable", "x"]),
    st.one_of(TEXTS, st.sampled_from(["yes", "CIT", "DMARIA", "CTOWN", "1700000000.000100"])),
)


async def two() -> RunningDesk:
    desk = await at_rest()
    await desk.open()
    await desk.settle()
    return desk


async def try_out(
    who: str, kind: FormKind, subject: str, values: dict[str, str], context: dict[str, str], *, private: bool
) -> None:
    """Open, check and send a form; whatever it holds, it is shown or refused, and worked to its end."""
    desk = await two()
    key = (await desk.request()).id if subject == "IT-1001" else subject
    where = await desk.thread() if private else aside(who)
    try:
        form = await shown(desk, who, kind, key, context=context)
        assert max(len(form.title), len(form.send)) <= 24
        await wrong(desk, who, kind, values, subject=key)
    except Refused:
        pass  # told to whoever asked
    await send(desk, who, kind, values, subject=key, context=context, where=where)
    await desk.settle()
    assert all(item.taken_by for item in await desk.all(Mail))
    places = {item.id: item.kind for item in await desk.all(Conversation)}
    assert {places[item.conversation_id] for item in await desk.all(Request)} <= {"direct", "channel", "group"}
    await true_headers(desk)


@settings(max_examples=40, deadline=None)
@given(
    who=st.sampled_from(["maria", "sam", "bo"]),
    kind=st.sampled_from(KINDS),
    subject=st.one_of(st.just("IT-1001"), st.text(max_size=20)),
    values=st.dictionaries(NAMES, TEXTS),
    context=CONTEXTS,
    private=st.booleans(),
)
@example(who="sam", kind="reply", subject="IT-1001", values={"text": "\x00\ud800"}, context={}, private=True)
@example(who="bo", kind="new", subject="", values={"title": "\u202e<!channel>"}, context={}, private=True)
def test_anything_can_be_sent(
    who: str, kind: FormKind, subject: str, values: dict[str, str], context: dict[str, str], *, private: bool
) -> None:
    """By anybody, from anywhere, about anything."""
    asyncio.run(try_out(who, kind, subject, values, context, private=private))


@pytest.mark.skipif(not NASTY.is_file(), reason="The list of naughty strings is not beside the repository")
async def test_nasty_strings_are_titles_and_replies() -> None:
    """Each is opened, or said to be missing; none stops the ones behind it."""
    strings: list[str] = json.loads(NASTY.read_text(encoding="utf-8"))[::12]
    desk = await two()
    request = await desk.request()

    for number, text in enumerate(strings):
        await send(desk, "maria", "new", {"title": text[:200]}, stamp=f"new{number}")
        await send(desk, "sam", "reply", {"text": text[:3_000]}, subject=request.id, stamp=f"reply{number}")
    await desk.settle(rounds=5_000)

    written = [text for text in strings if text[:200].strip()]
    assert 2 + len(written) == len(await desk.all(Request))
    assert all(item.taken_by for item in await desk.all(Mail))


async def test_every_form_works_over_every_storage(storage: AnyStorage) -> None:
    """The databases check references and take no half characters."""
    desk = await at_rest(plain=storage)
    await desk.open()
    await desk.settle()
    request = await desk.request()
    sent: list[tuple[str, FormKind, dict[str, str]]] = [
        ("bo", "new", {"title": "\ud800 and \x00", "on_behalf_of": account("maria").id}),
        ("sam", "reply", {"text": "\ud800 and \x00"}),
        ("sam", "assign", {"assignee": "person:ida"}),
        ("sam", "priority", {"priority": "urgent"}),
        ("sam", "link", {"number": "IT-1002", "relation": "relates_to"}),
        ("sam", "resolve", {"summary": "Done."}),
        ("maria", "comment", {"text": "Quick."}),
    ]

    for who, kind, values in sent:
        if kind == "comment":
            await desk.press("maria", "rate", request.id, value="5")
            await desk.settle()
        subject = "" if kind == "new" else request.id
        found = await shown(desk, who, kind, subject)
        assert {} == await wrong(desk, who, kind, values, subject=subject), found.title
        await send(desk, who, kind, values, subject=subject, files=(File(name="\ud800"),) if kind == "new" else ())
        await desk.settle()

    final = await desk.request()
    assert ("resolved", "urgent", ["relates_to"]) == (
        final.status,
        final.priority,
        [one.relation for one in final.links],
    )
    assert "\ud800 and \x00\n\n(attached: \ud800)" == (await desk.request("IT-1003")).description
    await true_headers(desk)
