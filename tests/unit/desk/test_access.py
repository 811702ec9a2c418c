"""Who works where, and which addresses may stand in a link as they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.access import led_by, works_in
from bot.ids import PersonId, WorkspaceId
from bot.links import plain_link
from bot.person import Person, Role, RoleName
from tests.fakes.desk import running
from tests.fakes.scripted import ScriptedModel


def person(name: RoleName, workspace: str | None = None) -> Person:
    """Return somebody with one role and no e-mail."""
    where = WorkspaceId(workspace) if workspace else None
    return Person(id=PersonId("p"), name="Pat", email=None, roles=(Role(name=name, workspace=where),))


@pytest.mark.parametrize("role", [person("agent"), person("workspace_admin"), person("organisation_admin")])
async def test_nobody_works_in_a_workspace_that_is_gone(role: Person) -> None:
    """Not even who is an agent everywhere: nothing there could be told to anybody."""
    desk = (await running(ScriptedModel(script={}))).desk

    assert (True, False) == tuple(desk.is_agent(role, WorkspaceId(key)) for key in ("it-support", "gone"))


async def test_roles_hold_where_they_were_given() -> None:
    """An agent leads nothing, an admin of one workspace leads and works in that one."""
    desk = (await running(ScriptedModel(script={}))).desk
    agent, admin = person("agent", "it-support"), person("workspace_admin", "it-support")

    assert ["it-support"] == [item.id for item in works_in(desk, agent)] == [item.id for item in works_in(desk, admin)]
    assert ([], ["it-support"]) == (
        [item.id for item in led_by(desk, agent)],
        [item.id for item in led_by(desk, admin)],
    )


@given(st.text(max_size=40))
def test_no_plain_link_breaks_out_of_its_link(rest: str) -> None:
    """What ends a link or begins another, in Markdown or in Slack's markup, makes it none."""
    address = f"https://a.example/{rest}"

    assert not plain_link(address) or not set(address) & set("<>|()[]` \n")


@pytest.mark.parametrize(
    ("address", "plain"),
    [("https://a.example/p1?x=1&y=2", True), ("http://a.example", False), ("javascript:alert(1)", False), ("", False)],
)
def test_only_https_is_linked(address: str, plain: bool) -> None:  # noqa: FBT001  # a column of the table
    """An address without protection shows others what is read."""
    assert plain == plain_link(address)
