"""The local Microsoft Graph and the local host refuse what the real ones refuse, and list what is there in pages."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.fakes.teams import LocalTeams
from tests.fakes.teams_graph import READ_CHANNEL, READ_TEAM
from tests.fakes.teams_identity import APP_SERVICE, MACHINE
from tests.fakes.teams_state import APP_ID, BOT_ID, TENANT, group_of
from tests.fakes.teams_tokens import ISSUER

TEAM, CHANNEL, ERIN = "19:team@thread.tacv2", "19:help@thread.tacv2", "29:erin"
MESSAGES = f"teams/{group_of(TEAM)}/channels/{CHANNEL}/messages"


@pytest.fixture
async def teams() -> AsyncIterator[LocalTeams]:
    async with LocalTeams() as server:
        server.add_person(ERIN, name="Erin Employee")
        server.add_team(TEAM, name="IT")
        server.add_channel(CHANNEL, team=TEAM, members=[ERIN])
        yield server


async def read(teams: LocalTeams, path: str, *, audience: str | None = None) -> tuple[int, Any]:
    """Read with a token for Graph, or for another audience; a path may be a whole address."""
    token = teams.issuer.issue(audience or teams.graph.url, TENANT)
    url = path if path.startswith("http") else f"{teams.graph.url}/v1.0/{path}"
    async with teams.http.get(url, headers={"Authorization": f"Bearer {token}"}) as response:
        return response.status, await response.json()


async def test_a_token_counts_where_it_was_issued_for(teams: LocalTeams) -> None:
    """The connector's is refused, and so is none."""

    statuses = [(await read(teams, MESSAGES, audience=audience))[0] for audience in (None, ISSUER)]

    assert [200, 401] == statuses


async def test_consent_is_given_by_team_and_permission(teams: LocalTeams) -> None:
    """Without one the rest still holds; an unknown group is not found."""
    teams.graph.refuse_graph(TEAM, READ_CHANNEL)

    messages, (status, team) = (
        await read(teams, MESSAGES),
        await read(teams, f"teams/{group_of(TEAM)}?$select=visibility"),
    )
    teams.graph.refuse_graph(TEAM, READ_TEAM)

    assert (403, 200, {"visibility": "private"}) == (messages[0], status, team)
    assert [403, 404] == [(await read(teams, path))[0] for path in (f"teams/{group_of(TEAM)}", "teams/another")]


async def test_tops_replies_and_pages(teams: LocalTeams) -> None:
    """Replies are not among the tops, the newest comes first, and a page leads to the next; more than 50 is too much."""
    root = await teams.says(ERIN, CHANNEL, "first", mention=False)
    for word in ("one", "two", "three"):
        teams.tenant.add(root["conversation"]["id"], {"type": "message", "text": word, "from": {"id": BOT_ID}})

    _, tops = await read(teams, MESSAGES)
    _, page = await read(teams, f"{MESSAGES}/{root['id']}/replies?$top=2")
    _, rest = await read(teams, page["@odata.nextLink"])

    assert [root["id"]] == [one["id"] for one in tops["value"]]
    said = [(one["body"]["content"], one["from"]["application"]["id"]) for one in page["value"] + rest["value"]]
    assert [(f"<div>{word}</div>", APP_ID) for word in ("three", "two", "one")] == said
    assert ("@odata.nextLink" in rest, 400) == (False, (await read(teams, f"{MESSAGES}?$top=51"))[0])


async def test_threads_that_changed_since(teams: LocalTeams) -> None:
    """A reply makes its thread one of them; what is not shown yet does not."""
    old = await teams.says(ERIN, CHANNEL, "old", mention=False)
    moment = (await read(teams, f"{MESSAGES}/{old['id']}"))[1]["createdDateTime"]
    since = f"{MESSAGES}/delta?$filter=lastModifiedDateTime gt {moment}"
    assert [] == (await read(teams, since))[1]["value"]
    teams.tenant.add(old["conversation"]["id"], {"type": "message", "text": "new", "from": {"id": BOT_ID}})

    _, changed = await read(teams, since)
    teams.graph.show_after(60)
    _, hidden = await read(teams, since)

    assert ([old["id"]], []) == ([one["id"] for one in changed["value"]], hidden["value"])
    assert "@odata.deltaLink" in changed


@pytest.mark.parametrize(("path", "status"), [(APP_SERVICE, 403), (MACHINE, 400)])
async def test_a_host_gives_no_token_without_its_header(path: str, status: int, teams: LocalTeams) -> None:
    """Whoever can only make this machine fetch an address gets nothing."""

    async with teams.http.get(f"{teams.url}{path}", params={"client_id": APP_ID, "resource": ISSUER}) as response:
        assert status == response.status
