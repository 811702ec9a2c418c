"""The home page: own requests with search and pages, an agent's queue, an admin's coworkers, and nothing that is somebody else's."""

from dataclasses import replace
from datetime import timedelta
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.homepage import PAGE
from bot.homepage_team import ROWS
from bot.ids import PersonId, WorkspaceId
from bot.mail import Priority
from bot.person import Person
from bot.ports import UnitOfWork
from bot.request import Assignee, Request, Status
from bot.switch import Switch
from bot.wording import home as wording
from bot.workspace import Target
from coworkers.roster import Roster
from tests.fakes.databases import AnyStorage
from tests.fakes.desk import RunningDesk
from tests.fakes.scripted import ScriptedModel, call
from tests.fakes.workforce import HR, IT, SEC, WORKFORCE, direct
from tests.unit.requester_side.arranging import HOLD, named, worked
from tests.unit.requester_side.home_scene import ANN, BO, CHIEF, LEADER, MARIA, SAM, filled, home, made, section, titles


async def test_an_employee_sees_their_own_requests_newest_first() -> None:
    """And nothing else."""
    desk = await filled(made(1), made(2, of="bo"), made(3, status="closed"))

    page = await home(desk, MARIA)

    assert [["IT-3 Slow laptop", "IT-1 Slow laptop"]] == [titles(item) for item in page.sections]
    assert (0, 1, "") == (page.page, page.pages, page.query)
    assert page.sections[0].searchable


async def test_a_row_says_where_the_request_stands() -> None:
    """In the workspace's time zone."""
    desk = await filled(made(1, status="pending"))

    row = (await home(desk, MARIA)).sections[0].rows[0]
    day = (await desk.all(Request))[0].changed_at
    assert f"**Waiting for your answer** · with Hardware Engineer · since {day.day} {day:%b %Y}" == row.detail


@pytest.mark.parametrize(
    ("asked", "shown", "first"), [(0, 0, 19), (1, 1, 11), (2, 2, 3), (3, 2, 3), (99, 2, 3), (-5, 0, 19)]
)
async def test_pages_hold_eight_and_one_that_is_not_there_is_the_last(asked: int, shown: int, first: int) -> None:
    """Requests go away while somebody turns pages."""
    desk = await filled(*(made(number) for number in range(1, 20)))

    page = await home(desk, MARIA, page=asked)

    assert (shown, 3) == (page.page, page.pages)
    assert f"IT-{first} Slow laptop" == page.sections[0].rows[0].title
    assert len(page.sections[0].rows) <= PAGE


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("printer", ["IT-2"]),
        ("PRINTER  jam", ["IT-2"]),
        ("it-12", ["IT-12"]),
        ("IT-1", ["IT-12", "IT-1"]),
        ("%", []),
        ("' OR 1=1 --", []),
        ("jam laptop", []),
        ("nothing", []),
    ],
)
async def test_search_is_over_number_and_title(query: str, found: list[str]) -> None:
    """All words must be there; what is somebody else's is not found."""
    others = made(3, of="bo", title="Printer jam of Bo's")
    desk = await filled(made(1), made(2, title="Printer jam"), others, made(12))

    page = await home(desk, MARIA, query=query)

    assert found == [row.title.split()[0] for row in page.sections[0].rows]
    assert found or page.sections[0].empty == wording.NONE_FOUND


async def test_agents_see_the_queue_of_their_workspaces() -> None:
    """Open ones first, then by priority, what is due first, and age; what rests resolved or is over is not there."""
    workspaces = {
        **WORKFORCE.workspaces,
        IT: replace(WORKFORCE.workspaces[IT], sla={"high": Target(respond=timedelta(hours=8))}),
    }
    desk = await filled(
        made(1, status="in_progress", priority="urgent"),
        made(2, age=1),
        made(3, age=5),
        made(4, priority="high", age=2),
        made(5, priority="high", age=3),
        made(6, status="resolved"),
        made(7, status="closed"),
        made(8, workspace=SEC),
        made(9, priority="urgent", of="sam"),
        workforce=replace(WORKFORCE, workspaces=workspaces),
    )

    queue = section(await home(desk, SAM), wording.QUEUE)

    assert queue is not None
    assert ["IT-9", "IT-5", "IT-4", "IT-3", "IT-2", "IT-1"] == [row.title.split()[0] for row in queue.rows]
    assert "answer due" in queue.rows[1].detail
    assert queue.rows[1].detail.endswith("14:00 (UTC)")


async def test_the_queue_shows_ten_and_the_button_that_takes_one() -> None:
    """But none under an own request, nor under what one has already."""
    own, held = (
        made(1, of="sam", priority="urgent"),
        made(2, priority="urgent", assignee=Assignee(kind="person", id="sam")),
    )
    desk = await filled(own, held, *(made(number) for number in range(3, 30)))

    queue = section(await home(desk, SAM), wording.QUEUE)

    assert queue is not None
    assert ROWS == len(queue.rows)
    assert [[], [], ["take_over"]] == [[named(button) for button in row.buttons] for row in queue.rows[:3]]
    assert "with Sam" in queue.rows[1].detail


async def test_what_is_late_says_so() -> None:
    """A promise that was not kept."""
    sla: dict[Priority, Target] = {"normal": Target(respond=timedelta(hours=1), resolve=timedelta(hours=2))}
    workspaces = {**WORKFORCE.workspaces, IT: replace(WORKFORCE.workspaces[IT], sla=sla)}
    answered = replace(made(2, age=1.5), responded_at=made(2).opened_at)
    desk = await filled(made(1, age=3), answered, workforce=replace(WORKFORCE, workspaces=workspaces))

    queue = section(await home(desk, SAM), wording.QUEUE)

    assert queue is not None
    assert [("answer due", True), ("resolution due", False)] == [
        (what, row.detail.endswith("(late)"))
        for row, what in zip(queue.rows, ("answer due", "resolution due"), strict=True)
        if what in row.detail
    ]


async def test_taking_over_from_the_home_page_works() -> None:
    """The press comes from the agent's own place."""
    desk = await worked(HOLD)
    queue = section(await home(desk, SAM), wording.QUEUE)
    assert queue is not None
    button = queue.rows[0].buttons[0]

    await desk.press("sam", "take_over", button.subject)
    await desk.settle()

    assert "sam" == (await desk.request()).assignee.id


async def test_admins_see_their_coworkers_and_no_others() -> None:
    """How each is doing: its state, what it has, what waits for a decision."""
    desk = await worked(call("jumpcloud__reset_password", device="L1"))
    roster = desk.desk.directory
    assert isinstance(roster, Roster)
    roster.switched([Switch(id="software-engineer", state="killed", by=PersonId("sam"), at=desk.clock.now())])

    workforce = section(await home(desk, LEADER), wording.WORKFORCE)

    assert workforce is not None
    rows = {row.title: row.detail for row in workforce.rows}
    assert {"It Triage", "Hardware Engineer", "Software Engineer", "Retired Engineer"} == set(rows)
    assert "Active · 1 open request · 1 approval waiting" == rows["Hardware Engineer"]
    assert rows["Software Engineer"].startswith("Switched off")
    assert rows["Retired Engineer"].startswith("Retired")


async def test_organisation_admins_see_everybody() -> None:
    """Global triage too, and the queue of all workspaces."""
    desk = await filled(made(1, workspace=HR), made(2, workspace=SEC))

    page = await home(desk, CHIEF)

    assert [2, 9] == [len(item.rows) for item in page.sections[1:]]


@pytest.mark.parametrize(("who", "sections"), [(BO, 1), (SAM, 2), (ANN, 2), (LEADER, 3), (CHIEF, 3)])
async def test_each_role_sees_its_own_sections(who: Person, sections: int) -> None:
    """Nobody sees a heading that is not for them."""
    desk = await filled(made(1))

    assert sections == len((await home(desk, who)).sections)


async def test_a_guest_sees_only_what_they_asked_for() -> None:
    """Whatever their profile says they are called."""
    desk = await filled(made(1))
    guest = Person(id=PersonId("guest"), name="[Sam](https://evil.example) *<!channel>*", email=None)
    await desk.plain.transact(lambda uow: uow.add(guest))

    page = await home(desk, guest)

    assert [()] == [item.rows for item in page.sections]
    assert page.greeting.startswith("Hello Sam. ")


async def test_a_request_of_a_workspace_that_is_gone_breaks_no_page() -> None:
    """Closed requests keep the workspace that they had."""
    gone = made(1, workspace=WorkspaceId("gone"), status="closed", assignee=Assignee(kind="group", id="gone/agents"))
    desk = await filled(gone)

    for who in (MARIA, SAM, CHIEF):
        await home(desk, who)
    assert "with a colleague" in (await home(desk, MARIA)).sections[0].rows[0].detail


@given(query=st.text(max_size=60), page=st.integers(-(10**30), 10**30))
async def test_any_question_is_answered(query: str, page: int) -> None:
    """Whatever is typed into the search or comes back from a button."""
    desk = await filled(made(1), made(2, title="Ünïcode ﬁle ǅ"))

    shown = await home(desk, MARIA, query=query, page=page)

    assert 0 <= shown.page < shown.pages


@pytest.mark.parametrize("storage", ["sqlite"], indirect=True)
async def test_a_page_over_ten_thousand_requests_is_quick(storage: AnyStorage) -> None:
    """Only so much is read as is shown; a second would be ten times what it takes."""
    desk = RunningDesk(model=ScriptedModel(script={}), plain=storage)
    await desk.employ_people()
    states: list[Status] = ["open", "in_progress", "pending", "closed", "closed"]
    everything = [made(number, status=states[number % 5], of=["maria", "bo"][number % 2]) for number in range(10_000)]

    async def fill(uow: UnitOfWork) -> None:
        await uow.add(direct(), CHIEF)
        await uow.add(*everything)

    await storage.transact(fill)
    began = perf_counter()
    pages = [await home(desk, who, query="laptop") for who in (MARIA, SAM, CHIEF)]

    assert [50, 1, 1] == [page.pages for page in pages]
    assert perf_counter() - began < 3.0
