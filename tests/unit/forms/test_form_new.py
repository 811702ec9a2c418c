"""The form for a new request: whom it is for, where they are told, and what a message's shortcut brings along."""

from dataclasses import replace

import pytest

from bot.conversation import Conversation
from bot.file import File
from bot.ids import IdentityId
from bot.person import Identity
from bot.reply import Reply
from bot.request import Assignee, Request
from tests.fakes.workforce import HR, account, said_profile
from tests.unit.forms.forms_scene import aside, known, one_request, open_desk, send, shown, wrong

LEAVE = {"title": "Days left", "description": "How many?", "workspace": f"workspace:{HR}", "priority": "high"}


async def test_it_asks_for_all_that_a_request_needs() -> None:
    """And lets Atom choose the team unless somebody knows better."""
    desk = await open_desk()

    form = await shown(desk, "maria", "new")

    names = ["title", "description", "workspace", "priority", "on_behalf_of", "files"]
    assert names == [field.name for field in form.fields]
    fields = {field.name: field for field in form.fields}
    assert ("atom", "normal", "") == tuple(fields[name].initial for name in ("workspace", "priority", "on_behalf_of"))
    assert ("Let Atom choose", 4) == (fields["workspace"].choices[0].label, len(fields["workspace"].choices))
    assert max(len(form.title), len(form.send)) <= 24


async def test_a_request_of_ones_own_begins_a_thread_in_ones_own_chat() -> None:
    """Its first post begins the thread, and what follows goes there."""
    desk = await open_desk()

    await send(desk, "maria", "new", LEAVE)
    await desk.settle()

    request = await one_request(desk)
    assert (HR, "high", "Days left", "How many?") == (
        request.workspace,
        request.priority,
        request.title,
        request.description,
    )
    place = (await desk.all(Conversation, id=request.conversation_id))[0]
    assert ("direct", "UMARIA") == (place.kind, place.channel)
    first = (await desk.all(Reply, conversation_id=place.id))[0]
    assert ("header", "sent", place.thread) == (first.kind, first.state, first.post)
    assert any("HR-1001** is open" in text for text in await desk.told(aside("maria").id))


async def test_atom_chooses_the_workspace_whose_triage_routes_it_on() -> None:
    """As for a message that fits nowhere in particular."""
    desk = await open_desk()

    await send(desk, "maria", "new", {"title": "Something", "workspace": "atom"})
    await desk.settle()

    request = await one_request(desk)
    assert Assignee(kind="coworker", id="it-triage") == request.assignee
    assert "Something" == request.description


async def test_whoever_opens_it_for_somebody_is_its_author_and_follows_it() -> None:
    """The requester is told who did it; the author, that it is open."""
    desk = await open_desk()
    await known(desk, "maria")

    await send(desk, "bo", "new", {"title": "New badge", "on_behalf_of": account("maria").id})
    await desk.settle()

    request = await one_request(desk)
    assert ("maria", "bo", ("bo",)) == (request.requester, request.author, request.followers)
    assert any("Bo has opened **IT-1001** for you" in text for text in desk.shown("UMARIA"))
    assert any("for Maria" in text for text in await desk.told(aside("bo").id))
    assert [] == desk.shown("UBO")


async def test_a_follower_is_told_what_the_requester_is_told() -> None:
    """In a thread of their own."""
    desk = await open_desk()
    await known(desk, "maria")
    await send(desk, "bo", "new", {"title": "New badge", "on_behalf_of": account("maria").id})
    await desk.settle()

    await desk.say("sam", "reply: It is ready.", where=await desk.thread(), to_atom=False)
    await desk.settle()

    assert "It is ready." in desk.shown("UMARIA")
    assert "It is ready." in desk.shown("UBO")


async def test_files_are_named_in_the_description() -> None:
    """Whoever works it knows of them."""
    desk = await open_desk()

    await send(desk, "maria", "new", {"title": "Slow"}, files=(File(name="log.txt"), File(name="screen.png")))
    await desk.settle()

    assert "Slow\n\n(attached: log.txt, screen.png)" == (await one_request(desk)).description


async def test_a_guest_opens_for_themselves_only() -> None:
    """They are not asked for whom; if they say it all the same, nothing is opened and they are told."""
    desk = await open_desk()
    await known(desk, "maria")
    desk.audience.people[account("gus").id] = said_profile("gus", guest=True)

    form = await shown(desk, "gus", "new")
    await send(desk, "gus", "new", {"title": "A badge", "on_behalf_of": account("maria").id})
    await desk.settle()

    assert "on_behalf_of" not in [field.name for field in form.fields]
    assert [] == await desk.all(Request)
    assert any("guests can open requests for themselves only" in text for text in await desk.told(aside("gus").id))
    assert 1 == len(await desk.events("form.refused"))
    await send(desk, "gus", "new", {"title": "A badge"})
    await desk.settle()
    assert 1 == len(await desk.all(Request))


async def test_somebody_of_another_team_is_nobody_here() -> None:
    """An account of another tenant cannot be a requester."""
    desk = await open_desk()
    stranger = replace(account("eve"), id=IdentityId("slack:T9:UEVE"), tenant="T9")

    await send(desk, "bo", "new", {"title": "A badge", "on_behalf_of": stranger.id}, others=[stranger])
    await desk.settle()

    assert [] == await desk.all(Request)
    assert any("not known here" in text for text in await desk.told(aside("bo").id))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, {"title"}),
        ({"title": "  "}, {"title"}),
        ({"title": "x" * 201}, {"title"}),
        ({"title": "x", "description": "y" * 3_001}, {"description"}),
        ({"title": "x", "workspace": "workspace:moon"}, {"workspace"}),
        ({"title": "x", "priority": "now"}, {"priority"}),
        ({"title": "x", "on_behalf_of": "slack:T1:UNOBODY"}, {"on_behalf_of"}),
        ({"title": "x"}, set()),
        (LEAVE, set()),
    ],
)
async def test_what_is_wrong_is_said_at_the_field(values: dict[str, str], expected: set[str]) -> None:
    """And what was sent all the same opens nothing."""
    desk = await open_desk()

    found = await wrong(desk, "maria", "new", values)
    await send(desk, "maria", "new", values)
    await desk.settle()

    assert expected == set(found)
    assert (not expected) == bool(await desk.all(Request))


@pytest.mark.parametrize("times", [2, 11])
async def test_the_same_form_opens_one_request(times: int) -> None:
    """However often it is delivered."""
    desk = await open_desk()

    for _ in range(times):
        await send(desk, "maria", "new", LEAVE, stamp="V1")
    await desk.settle()
    await send(desk, "maria", "new", LEAVE, stamp="V1")
    await desk.settle()

    assert 1 == len(await desk.all(Request))
    assert 1 == len([post for post in desk.messenger.posts if post.channel == "UMARIA"])


@pytest.mark.parametrize("at", range(1, 31, 2))
async def test_a_death_at_any_moment_opens_one_request(at: int) -> None:
    """One request, one thread, one word to whoever sent it."""
    desk = await open_desk()
    await known(desk, "maria")
    desk.fuse.at = at

    await send(desk, "bo", "new", {"title": "New badge", "on_behalf_of": account("maria").id})
    await desk.settle()

    assert 1 == len(await desk.all(Request))
    assert 1 == len(desk.shown("UMARIA"))
    assert 1 == len(desk.shown("CTOWN"))


async def test_whoever_was_never_met_can_be_the_requester() -> None:
    """The account comes with the form, and is linked to its person when the platform says who it is."""
    desk = await open_desk()

    found = await wrong(
        desk, "bo", "new", {"title": "x", "on_behalf_of": account("maria").id}, others=[account("maria")]
    )
    await send(desk, "bo", "new", {"title": "x", "on_behalf_of": account("maria").id}, others=[account("maria")])
    await desk.settle()

    assert {} == found
    assert "maria" == (await one_request(desk)).requester
    assert 1 == len(await desk.all(Identity, person_id="maria"))
