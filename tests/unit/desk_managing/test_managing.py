"""What agents do with requests: who may, what follows, and what is refused without a trace of change."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.desk.access import find_request
from bot.desk.desk import Desk
from bot.desk.managing import RELATIONS, assign_to, link_requests, resolve_by, set_priority
from bot.errors import Refused, TransitionRefused
from bot.labels import Visibility
from bot.mail import Mail
from bot.person import Person
from bot.ports import UnitOfWork
from bot.reply import Reply
from bot.request import Assignee, Link, Request
from tests.fakes.desk import RunningDesk, running
from tests.fakes.scripted import ScriptedModel, call
from tests.fakes.workforce import HR, IT, PEOPLE
from tests.unit.desk_managing.office_hours import at_rest, true_headers

PERSONS = {item.id: item for item in PEOPLE}
SAM, IDA, BO, MARIA, ANN = (PERSONS[name] for name in ("sam", "ida", "bo", "maria", "ann"))  # type: ignore[index]
SOFTWARE = Assignee(kind="coworker", id="software-engineer")
Deed = Callable[[UnitOfWork, Desk, Request, Person], Awaitable[Request]]


async def _assign(uow: UnitOfWork, desk: Desk, request: Request, person: Person) -> Request:
    return await assign_to(uow, desk, request, SOFTWARE, person, cause="deed")


async def _priority(uow: UnitOfWork, desk: Desk, request: Request, person: Person) -> Request:
    return await set_priority(uow, desk, request, "high", person, cause="deed")


async def _resolve(uow: UnitOfWork, desk: Desk, request: Request, person: Person) -> Request:
    return await resolve_by(uow, desk, request, "Done.", person, cause="deed")


async def _link(uow: UnitOfWork, desk: Desk, request: Request, person: Person) -> Request:
    other = await find_request(uow, "it-1002")
    assert other is not None
    return await link_requests(uow, desk, request, other, "relates_to", person, cause="deed")


DEEDS: dict[str, Deed] = {"assign": _assign, "priority": _priority, "resolve": _resolve, "link": _link}


async def two_requests() -> RunningDesk:
    """Return a desk with two requests of IT Support."""
    desk = await at_rest()
    await desk.open()
    await desk.settle()
    return desk


async def do(desk: RunningDesk, deed: Deed, person: Person, number: str = "IT-1001") -> Request:
    """Do it in one transaction."""
    request = await desk.request(number)
    return await desk.plain.transact(lambda uow: deed(uow, desk.desk, request, person))


async def assigned(desk: RunningDesk, assignee: Assignee, person: Person = SAM) -> Request:
    """Let somebody assign the first request."""
    request = await desk.request()
    return await desk.plain.transact(lambda uow: assign_to(uow, desk.desk, request, assignee, person, cause="a"))


@pytest.mark.parametrize("name", DEEDS)
@pytest.mark.parametrize(("who", "says"), [("bo", "agents of IT"), ("ann", "agents of IT"), ("maria", "agents of IT")])
async def test_only_agents_of_the_workspace_may(name: str, who: str, says: str) -> None:
    """The refusal names the role, and nothing has changed."""
    desk = await two_requests()
    before = await desk.all(Request), await desk.all(Reply)

    with pytest.raises(Refused, match=says):
        await do(desk, DEEDS[name], PERSONS[who])  # type: ignore[index]

    assert before == (await desk.all(Request), await desk.all(Reply))


@pytest.mark.parametrize("name", DEEDS)
async def test_no_agent_works_on_their_own_request(name: str) -> None:
    """Somebody else of the team must."""
    desk = await two_requests()
    own = replace(await desk.request(), requester=SAM.id)
    await desk.plain.transact(lambda uow: uow.put(own))

    with pytest.raises(Refused, match="somebody else"):
        await do(desk, DEEDS[name], SAM)


@pytest.mark.parametrize("name", ["assign", "priority", "resolve"])
async def test_what_is_over_stays_as_it_is(name: str) -> None:
    """A new request is opened instead."""
    desk = await two_requests()
    over = replace(await desk.request(), status="cancelled")
    await desk.plain.transact(lambda uow: uow.put(over))

    with pytest.raises(Refused, match="open a new request"):
        await do(desk, DEEDS[name], SAM)


@pytest.mark.parametrize("name", DEEDS)
async def test_doing_it_twice_is_doing_it_once(name: str) -> None:
    """The same cause tells nobody a second time; a second resolution is refused."""
    desk = await two_requests()
    await do(desk, DEEDS[name], SAM)
    told = len(await desk.all(Reply))

    if name == "resolve":
        with pytest.raises(Refused, match="already"):
            await do(desk, DEEDS[name], SAM)
    else:
        await do(desk, DEEDS[name], SAM)

    assert told == len(await desk.all(Reply))


async def test_a_coworker_that_is_given_a_request_works_it() -> None:
    """It is woken, and colleagues read who gave it."""
    desk = await at_rest()

    await assigned(desk, SOFTWARE)
    await desk.settle()

    assert "software-engineer" == (await desk.runs())[-1].coworker
    assert any("Sam assigned IT-1001 to Software Engineer" in text for text in desk.shown("CIT"))
    await true_headers(desk)


async def test_a_colleague_who_is_given_a_request_silences_its_coworker() -> None:
    """The coworker is remembered, and gets it back."""
    desk = await at_rest()

    given = await assigned(desk, Assignee(kind="person", id=IDA.id))
    await desk.say("maria", "hello?")
    await desk.settle()

    assert ("in_progress", "hardware-engineer") == (given.status, given.held_from)
    assert 1 == len(await desk.runs(request_id=given.id))
    await desk.press("ida", "hand_back", given.id, where=await desk.thread())
    await desk.settle()
    assert Assignee(kind="coworker", id="hardware-engineer") == (await desk.request()).assignee


async def test_a_request_can_be_given_to_a_group() -> None:
    """Nobody is woken; any of them takes it."""
    desk = await at_rest()
    mail = len(await desk.all(Mail))

    given = await assigned(desk, Assignee(kind="group", id=f"{IT}/devices"))

    assert "hardware-engineer" == given.held_from
    assert mail == len(await desk.all(Mail))


@pytest.mark.parametrize(
    ("assignee", "says"),
    [
        (Assignee(kind="coworker", id="nobody"), "no coworker"),
        (Assignee(kind="coworker", id="atom"), "no coworker"),
        (Assignee(kind="coworker", id="retired-engineer"), "takes no work"),
        (Assignee(kind="coworker", id="leave-specialist"), "does not work in"),
        (Assignee(kind="person", id="bo"), "no agent"),
        (Assignee(kind="person", id="nobody"), "no agent"),
        (Assignee(kind="group", id=f"{HR}/agents"), "no agent group"),
        (Assignee(kind="group", id=f"{IT}/nobody"), "no agent group"),
        (Assignee(kind="group", id=""), "no agent group"),
    ],
)
async def test_not_everybody_can_have_a_request(assignee: Assignee, says: str) -> None:
    """The refusal says whom to choose instead."""
    desk = await at_rest()

    with pytest.raises(Refused, match=says):
        await assigned(desk, assignee)

    assert "hardware-engineer" == (await desk.request()).assignee.id


async def test_nobody_is_given_what_they_asked_for() -> None:
    """Not even an agent."""
    desk = await at_rest()
    own = replace(await desk.request(), requester=IDA.id)
    await desk.plain.transact(lambda uow: uow.put(own))

    with pytest.raises(Refused, match="somebody else"):
        await assigned(desk, Assignee(kind="person", id=IDA.id))


async def test_resolving_tells_the_requester_and_ends_the_coworkers_say() -> None:
    """The summary is a public note; a late word of the coworker is not."""
    desk = await at_rest()

    await do(desk, _resolve, SAM)
    await desk.settle()

    request = await desk.request()
    assert ("resolved", Assignee(kind="person", id="sam")) == (request.status, request.assignee)
    assert "Done." in desk.shown("DMARIA")
    assert ["Done."] == await desk.notes(Visibility.PUBLIC)
    assert 1 == sum("as resolved" in text for text in desk.shown("DMARIA"))


async def test_an_approval_that_waits_is_decided_before_anything_is_resolved() -> None:
    """The table says so, and nothing is told."""
    script = {"hardware-engineer": [call("jumpcloud__reset_password", device="L1")]}
    desk = await running(ScriptedModel(script=script))
    await desk.open()
    await desk.settle()
    before = await desk.all(Reply)

    with pytest.raises(TransitionRefused):
        await do(desk, _resolve, SAM)

    assert before == await desk.all(Reply)


async def test_what_blocks_a_request_is_resolved_first() -> None:
    """The refusal names it."""
    desk = await two_requests()
    first, second = await desk.request(), await desk.request("IT-1002")
    await desk.plain.transact(lambda uow: link_requests(uow, desk.desk, first, second, "blocked_by", SAM, cause="l"))

    with pytest.raises(Refused, match="IT-1002 must be resolved before IT-1001"):
        await do(desk, _resolve, SAM)
    await do(desk, _resolve, SAM, "IT-1002")

    assert "resolved" == (await do(desk, _resolve, SAM)).status


@pytest.mark.parametrize("relation", RELATIONS)
async def test_a_link_is_known_on_both_sides(relation: str) -> None:
    """And read in both threads."""
    desk = await two_requests()
    first, second = await desk.request(), await desk.request("IT-1002")

    await desk.plain.transact(lambda uow: link_requests(uow, desk.desk, first, second, relation, SAM, cause="l"))
    await desk.settle()

    backs = {"parent": "child", "child": "parent", "blocks": "blocked_by", "blocked_by": "blocks"}
    assert [relation] == [link.relation for link in (await desk.request()).links]
    assert (Link(request_id=first.id, relation=backs.get(relation, relation)),) == (  # type: ignore[arg-type]
        await desk.request("IT-1002")
    ).links
    assert 2 == sum("Sam linked it" in text for text in desk.shown("CIT"))
    await true_headers(desk)


async def test_requests_never_wait_for_each_other() -> None:
    """Not through a third one either."""
    desk = await two_requests()
    await desk.open()
    one, two, three = [await desk.request(f"IT-100{number}") for number in (1, 2, 3)]
    for first, second in ((one, two), (two, three)):
        await desk.plain.transact(
            lambda uow, first=first, second=second: link_requests(  # type: ignore[misc]
                uow, desk.desk, first, second, "blocks", SAM, cause=first.id
            )
        )

    with pytest.raises(Refused, match="wait for each other"):
        await desk.plain.transact(lambda uow: link_requests(uow, desk.desk, three, one, "blocks", SAM, cause="x"))


@pytest.mark.parametrize(
    ("relation", "other", "says"), [("loves", "IT-1002", "no relation"), ("child", "IT-1001", "itself")]
)
async def test_links_that_mean_nothing_are_refused(relation: str, other: str, says: str) -> None:
    """With what to do instead."""
    desk = await two_requests()
    first, second = await desk.request(), await desk.request(other)

    with pytest.raises(Refused, match=says):
        await desk.plain.transact(lambda uow: link_requests(uow, desk.desk, first, second, relation, SAM, cause="l"))


async def test_nobody_links_what_they_may_not_see() -> None:
    """It is refused in the words for a number that does not exist."""
    desk = await at_rest()
    await desk.open(workspace=HR, to="leave-specialist")
    first, leave = await desk.request(), await desk.request("HR-1001")

    with pytest.raises(Refused, match="there is no request HR-1001"):
        await desk.plain.transact(lambda uow: link_requests(uow, desk.desk, first, leave, "child", SAM, cause="l"))


async def test_a_number_is_found_in_any_case() -> None:
    """People type it as they like."""
    desk = await at_rest()

    found = await desk.plain.read(lambda reader: find_request(reader, " it-1001 "))

    assert found is not None
    assert await desk.plain.read(lambda reader: find_request(reader, "IT-9999")) is None
