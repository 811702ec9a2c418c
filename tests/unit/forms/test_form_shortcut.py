"""The form that a message's shortcut opens: what the message brings along, and where its author is told."""

import pytest

from bot.conversation import conversation_id
from bot.request import Request
from tests.fakes.workforce import account, direct
from tests.unit.forms.forms_scene import aside, known, one_request, open_desk, send, shown

SHORTCUT = {
    "message_link": "https://example.slack.com/archives/CTOWN/p1700000000000100",
    "message_text": "My laptop is slow",
    "message_author": account("maria").id,
    "channel": "CTOWN",
    "thread": "1700000000.000100",
    "reachable": "yes",
}


async def test_a_shortcut_fills_the_form_from_the_message() -> None:
    """Its words, its author; the words do not travel twice."""
    desk = await open_desk()

    form = await shown(desk, "bo", "new", others=[account("maria")], context=SHORTCUT)

    fields = {field.name: field.initial for field in form.fields}
    assert "My laptop is slow" == fields["description"]
    assert account("maria").id == fields["on_behalf_of"]
    assert "Maria" in form.explanation
    assert {name: text for name, text in SHORTCUT.items() if name != "message_text"} == form.context


@pytest.mark.parametrize(("who", "suggested"), [("bo", "own"), ("maria", "thread")])
async def test_who_opens_it_chooses_where_it_is_answered(who: str, suggested: str) -> None:
    """For somebody else their own chat is suggested, since they were not asked whether all may read along."""
    desk = await open_desk()

    form = await shown(desk, who, "new", others=[account("maria")], context=SHORTCUT)
    without = await shown(desk, who, "new", others=[account("maria")], context={**SHORTCUT, "reachable": ""})

    assert [suggested] == [field.initial for field in form.fields if field.name == "answer_in"]
    assert [] == [field.name for field in without.fields if field.name == "answer_in"]


async def test_a_message_becomes_a_request_in_its_own_thread() -> None:
    """Where its author wrote it, if that was chosen, with the link for colleagues; author and requester are kept apart."""
    desk = await open_desk()
    await known(desk, "maria")
    values = {"title": "Slow", "on_behalf_of": account("maria").id, "answer_in": "thread"}

    await send(desk, "bo", "new", values, context=SHORTCUT, where=aside("bo"))
    await desk.settle()

    request = await one_request(desk)
    assert ("maria", "bo") == (request.requester, request.author)
    assert conversation_id("slack", "T1", "CTOWN", "1700000000.000100") == request.conversation_id
    assert SHORTCUT["message_link"] == request.source_link
    assert any("Bo has opened **IT-1001**" in text for text in desk.shown("CTOWN"))
    assert SHORTCUT["message_link"] in str(desk.shown("CIT"))


@pytest.mark.parametrize(
    ("changed", "chosen"),
    [
        ({"reachable": ""}, {}),
        ({"thread": ""}, {}),
        ({"channel": ""}, {}),
        ({"message_author": account("bo").id}, {}),
        ({"channel": "CIT"}, {}),
        ({"channel": "CHR"}, {}),
        ({"channel": "DSAM"}, {}),
        ({}, {"answer_in": "own"}),
        ({}, {"answer_in": ""}),
    ],
)
async def test_any_other_place_is_not_spoken_in(changed: dict[str, str], chosen: dict[str, str]) -> None:
    """Unreachable, not the requester's message, a private channel, somebody else's chat, not chosen: a thread of their own."""
    desk = await open_desk()
    await known(desk, "maria")
    await desk.say("sam", "hello", where=direct("sam"))
    await desk.settle()
    before = len(desk.messenger.posts)

    context = {**SHORTCUT, **changed}
    values = {"title": "Slow", "on_behalf_of": account("maria").id, "answer_in": "thread"}
    await send(desk, "bo", "new", values | chosen, context=context)
    await desk.settle()

    request = (await desk.all(Request, requester="maria"))[0]
    assert request.conversation_id == f"request:{request.id}:slack:UMARIA"
    public = [
        post for post in desk.messenger.posts[before:] if "**IT-1001**" in post.text or "**IT-1002**" in post.text
    ]
    assert {"UMARIA", "CTOWN"} == {post.channel for post in public}
    asides = [post for post in public if post.channel == "CTOWN"]
    assert {None} == {post.thread for post in asides}


async def test_ones_own_message_to_atom_keeps_its_thread() -> None:
    """A shortcut on it in one's own chat opens the request there."""
    desk = await open_desk()
    await desk.say("maria", "hello", where=direct())
    await desk.settle()
    context = {**SHORTCUT, "channel": "DMARIA", "thread": "77"}

    await send(desk, "maria", "new", {"title": "Slow", "answer_in": "thread"}, context=context)
    await desk.settle()

    found = [item for item in await desk.all(Request) if item.title == "Slow"]
    assert conversation_id("slack", "T1", "DMARIA", "77") == found[0].conversation_id


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "http://example.com",
        "https://x.example/<!channel>",
        "https://x|y",
        "https://" + "a" * 600,
    ],
)
async def test_a_link_that_is_no_link_is_left_out(link: str) -> None:
    """What comes back from outside is not shown to colleagues unless it is a plain address."""
    desk = await open_desk()

    await send(desk, "maria", "new", {"title": "Slow"}, context={"message_link": link})
    await desk.settle()

    assert "" == (await one_request(desk)).source_link
