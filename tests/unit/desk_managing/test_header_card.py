"""The header of a request's private thread: there from the start, true after every change, and never a flood."""

from dataclasses import replace

import pytest

from bot.conversation import Conversation
from bot.desk.changing import keep
from bot.desk.managing import link_requests, resolve_by, set_priority
from bot.errors import PermanentError
from bot.ids import PersonId
from bot.person import Person
from bot.ports import UnitOfWork
from bot.reply import Button, Reply
from tests.fakes.desk import running
from tests.fakes.messenger import Fault, Killed
from tests.fakes.scripted import ScriptedModel, call
from tests.fakes.workforce import HR, PEOPLE, STAFF
from tests.unit.desk_managing.office_hours import as_it_is, at_rest, headers, set_to, shown, true_headers

SAM = next(item for item in PEOPLE if item.id == "sam")


def offered(buttons: tuple[Button, ...]) -> list[str]:
    """Return what buttons do."""
    return [button.value or button.action for button in buttons]


async def test_a_request_has_its_header_at_once() -> None:
    """Before any coworker has said a word, and before anything of it is posted."""
    desk = await running(ScriptedModel(script={}))

    await desk.open()

    header = (await headers(desk))[0]
    assert "queued" == header.state
    assert "Slow laptop" in header.text
    assert ["take_over", "reply", "assign", "resolve", "priority", "link"] == offered(header.buttons)


async def test_it_says_who_what_and_by_when() -> None:
    """In words, in the workspace's time zone."""
    desk = await at_rest()

    text = await shown(desk)

    assert "IT-1001: Slow laptop" in text
    assert "Status: On hold" in text
    assert "Assignee: Hardware Engineer" in text
    assert "Priority: normal" in text
    assert "Requester: Maria" in text
    assert "Workspace: IT Support" in text
    assert "First response: due" in text
    assert "(Europe/London)" in text


async def test_it_is_true_after_each_thing_that_people_do() -> None:
    """Taking over, handing back, priority, words of the requester, resolving: the header follows."""
    desk = await at_rest()
    first = await desk.request()
    await true_headers(desk)

    await desk.press("sam", "take_over", first.id, where=await desk.thread())
    await desk.settle()
    await true_headers(desk)
    assert "Sam has taken this over" in await shown(desk)
    assert "hand_back" in offered((await headers(desk))[-1].buttons)

    await desk.press("sam", "hand_back", first.id, where=await desk.thread())
    await desk.settle()
    await true_headers(desk)

    await desk.plain.transact(lambda uow: set_priority(uow, desk.desk, first, "urgent", SAM, cause="1"))
    await desk.settle()
    await true_headers(desk)
    assert "Priority: urgent" in await shown(desk)

    await desk.say("maria", "it got worse")
    await desk.settle()
    await true_headers(desk)

    await desk.plain.transact(lambda uow: resolve_by(uow, desk.desk, first, "A new disk.", SAM, cause="2"))
    await desk.settle()
    await true_headers(desk)
    assert "Status: Resolved" in await shown(desk)
    assert "until it is handed back" not in await shown(desk)


async def test_a_request_that_is_over_offers_nothing() -> None:
    """And says what a reply leads to."""
    desk = await at_rest()

    await set_to(desk, "resolved")
    await set_to(desk, "closed")
    await desk.settle()

    assert () == (await headers(desk))[-1].buttons
    assert "It is over" in await shown(desk)


async def test_changes_that_were_not_shown_yet_become_one() -> None:
    """Ten changes while the platform is slow are one change of the post."""
    desk = await at_rest()
    before = len(await headers(desk))

    for _ in range(5):
        await set_to(desk, "in_progress")
        await set_to(desk, "on_hold")
        await set_to(desk, "in_progress")
    changes = len(await headers(desk)) - before
    tried = len(desk.messenger.tries)
    await desk.settle()

    assert 1 == changes
    assert 1 == len(desk.messenger.tries) - tried
    await true_headers(desk)


async def test_a_change_of_nothing_that_is_shown_changes_no_post() -> None:
    """The request is stored; the header is left alone."""
    desk = await at_rest()
    before = await headers(desk)
    request = await desk.request()

    await desk.plain.transact(lambda uow: keep(uow, desk.desk, replace(request, tags=("slow",))))

    assert before == await headers(desk)
    assert ("slow",) == (await desk.request()).tags


async def test_a_change_while_the_header_is_on_its_way_is_shown_after_it() -> None:
    """What is being sent is not written over."""
    desk = await running(
        ScriptedModel(script={"hardware-engineer": [call("set_status", status="on_hold", reason="x")]})
    )
    desk.messenger.script.append(Fault(error=Killed(), done=True))
    await desk.open()
    await desk.settle()

    assert 1 == len([post for post in desk.messenger.posts if post.kind == "header"])
    await true_headers(desk)


async def test_a_header_that_was_given_up_is_not_begun_again_by_each_change() -> None:
    """Its admins were told once."""
    desk = await running(ScriptedModel(script={}))
    await desk.open()
    given_up = replace((await headers(desk))[0], state="parked")
    await desk.plain.transact(lambda uow: uow.put(given_up))

    await set_to(desk, "on_hold")

    assert ["parked"] == [item.state for item in await headers(desk)]


async def test_a_change_that_the_platform_refuses_leaves_the_thread_as_it_is() -> None:
    """Later words are still posted; the refused change is not tried with every further one."""
    desk = await at_rest()
    desk.messenger.script.append(Fault(error=PermanentError("the post is gone")))
    await set_to(desk, "in_progress")
    await desk.settle()

    await set_to(desk, "on_hold")
    await desk.say("sam", "hardware engineer, are you there?", where=await desk.thread(), to_atom=False)
    await desk.settle()

    assert "parked" in {item.state for item in await headers(desk)}
    assert "hardware engineer, are you there?" not in desk.shown("DMARIA")


async def test_moving_leaves_a_pointer_and_begins_anew() -> None:
    """The old header offers nothing more; the new workspace has its own."""
    script = {
        "hardware-engineer": [call("hand_off", to="security-specialist", reason="A block.")],
        "security-specialist": [call("set_status", status="on_hold", reason="x")],
    }
    desk = await running(ScriptedModel(script=script))
    await desk.open()
    await desk.settle()

    assert "moved to Security" in await shown(desk, "CIT")
    assert () == (await headers(desk, "CIT"))[-1].buttons
    assert "Workspace: Security" in await shown(desk, "CSEC")
    await true_headers(desk)


async def test_linked_requests_are_named_by_number_alone() -> None:
    """Colleagues of another workspace need not know what it is about."""
    desk = await at_rest()
    await desk.open(workspace=HR, to="leave-specialist")
    leave = replace(await desk.request("HR-1001"), title="Sick leave of Maria")
    await desk.plain.transact(lambda uow: uow.put(leave))
    first = await desk.request()
    sam = replace(SAM, roles=(*SAM.roles, replace(SAM.roles[1], workspace=HR)))

    await desk.plain.transact(lambda uow: link_requests(uow, desk.desk, first, leave, "blocked_by", sam, cause="link"))
    await desk.settle()

    assert "Linked: IT-1001 is blocked by HR-1001" in await shown(desk)
    assert "Sick leave" not in str(desk.shown("CIT"))
    await true_headers(desk)


@pytest.mark.parametrize("at", range(1, 40, 3))
async def test_a_death_at_any_moment_leaves_a_true_header(at: int) -> None:
    """One header, in each channel, whenever the process died."""
    script = {"hardware-engineer": [call("ask_requester", question="Which one?")]}
    desk = await running(ScriptedModel(script=script))
    desk.fuse.at = at
    await desk.open()
    await desk.settle()

    await true_headers(desk)
    assert 1 == len([post for post in desk.messenger.posts if post.channel == "CIT" and post.kind == "header"])


async def test_names_and_titles_of_any_length_are_one_post() -> None:
    """A header that is split could not be changed in place."""
    desk = await at_rest()
    request = await desk.request()

    async def work(uow: UnitOfWork) -> None:
        maria = await uow.get(Person, PersonId("maria"))
        assert maria is not None
        await uow.put(replace(maria, name="&<" * 2_000))
        await keep(uow, desk.desk, replace(request, title="<\n" * 100, source_link="https://x.example/" + "&" * 400))

    await desk.plain.transact(work)
    await desk.settle()

    await true_headers(desk)
    assert 1 == len([post for post in desk.messenger.posts if post.channel == "CIT" and post.kind == "header"])


async def test_whoever_the_requester_turns_out_to_be_is_named() -> None:
    """The header follows when an account is linked to a person."""
    desk = await at_rest()
    request = await desk.request()

    await desk.plain.transact(lambda uow: keep(uow, desk.desk, replace(request, requester=PersonId("bo"))))
    await desk.settle()

    assert "Requester: Bo (opened by Maria)" in await shown(desk)


async def test_it_is_never_shown_to_the_requester() -> None:
    """The header is private: it stands in support threads alone."""
    desk = await at_rest()

    found = [item for item in await desk.all(Reply) if item.kind == "header"]
    places = {item.id: item for item in await desk.all(Conversation)}

    assert {"support"} == {places[item.conversation_id].kind for item in found}
    assert (await as_it_is(desk)).text not in str(desk.shown("DMARIA"))


async def test_a_header_that_the_requester_would_read_waits_and_is_true_once_they_have_left() -> None:
    """However much changed meanwhile, one change is posted."""
    desk = await at_rest()
    desk.audience.places["CIT"] = replace(STAFF, identities=STAFF.identities | {"slack:T1:UMARIA"})
    await set_to(desk, "in_progress")
    await desk.settle(hours=0.2)
    await set_to(desk, "on_hold")
    held = [item.state for item in await headers(desk)]
    before = await shown(desk)

    desk.audience.places["CIT"] = STAFF
    await set_to(desk, "in_progress")
    await desk.settle(hours=1.0)

    assert ["sent", "held"] == held[-2:]
    assert "Status: On hold" in before
    assert "Status: In progress" in await shown(desk)
    await true_headers(desk)
