"""People, requests and pages for the tests of the home page."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.home import Home, HomeAsk, HomeSection
from bot.homepage import make_home
from bot.ids import PersonId, RequestId, WorkspaceId
from bot.mail import Priority
from bot.person import Person, Role
from bot.ports import UnitOfWork
from bot.request import Assignee, Request, Status
from tests.fakes.clock import FrozenClock
from tests.fakes.desk import RunningDesk, running
from tests.fakes.records import example
from tests.fakes.scripted import ScriptedModel
from tests.fakes.workforce import IT, PEOPLE, WORKFORCE, direct

MARIA, BO, SAM, _, ANN = PEOPLE
CHIEF = replace(BO, id=PersonId("chief"), roles=(Role(name="organisation_admin"),))
LEADER = replace(BO, id=PersonId("leader"), roles=(Role(name="workspace_admin", workspace=IT),))
ENGINEER = Assignee(kind="coworker", id="hardware-engineer")
PLAIN: Request = example(Request)
NOW = FrozenClock().now()


async def filled(*requests: Request, workforce: Any = WORKFORCE) -> RunningDesk:  # noqa: ANN401 -- as `running` takes it
    """Return a desk with these requests."""
    desk = await running(ScriptedModel(script={}), workforce=workforce)

    async def work(uow: UnitOfWork) -> None:
        await uow.add(direct(), CHIEF, LEADER)
        await uow.add(*requests)

    await desk.plain.transact(work)
    return desk


def made(
    number: int,
    *,
    of: str = "maria",
    title: str = "Slow laptop",
    status: Status = "open",
    priority: Priority = "normal",
    workspace: WorkspaceId = IT,
    assignee: Assignee = ENGINEER,
    age: float = 0,
) -> Request:
    """Return a request; `age` in hours."""
    opened = NOW - timedelta(hours=age)
    return replace(
        PLAIN,
        id=RequestId(f"r{number}"),
        number=f"IT-{number}",
        title=title,
        status=status,
        priority=priority,
        requester=PersonId(of),
        author=PersonId(of),
        workspace=workspace,
        assignee=assignee,
        conversation_id=direct().id,
        held_from=None,
        stopped_run=None,
        responded_at=None,
        opened_at=opened,
        changed_at=opened,
    )


async def home(desk: RunningDesk, who: Person, **ask: Any) -> Home:  # noqa: ANN401 -- as `HomeAsk` takes it
    """Return somebody's page."""
    return await desk.plain.read(lambda reader: make_home(reader, desk.desk, who, HomeAsk(**ask)))


def titles(section: HomeSection) -> list[str]:
    """Return the rows' titles."""
    return [row.title for row in section.rows]


def section(page: Home, title: str) -> HomeSection | None:
    """Return a section by its title."""
    return next((item for item in page.sections if item.title == title), None)
