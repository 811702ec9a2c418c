"""A bot without a password is given its tokens by its host, once for many calls, and what is wrong is said in words."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from adapters.teams.managed_identity import ManagedIdentity
from bot.errors import DeskmateError, PermanentError, TemporaryError
from tests.contract.teams.teams_at_work import ERIN, AtWork, place, reply, teams_at_work
from tests.fakes.faults import Fault, http_error, rate_limited, reset
from tests.fakes.teams_state import APP_ID

SCOPE = "https://api.botframework.com/.default"


@asynccontextmanager
async def hosted(patch: pytest.MonkeyPatch, *, machine: bool = False) -> AsyncIterator[AtWork]:
    """Run both sides, the bot on a host of Azure: an app service, or a virtual machine."""
    for name in ("IDENTITY_ENDPOINT", "IDENTITY_HEADER", "IDENTITY_SERVER_THUMBPRINT", "IMDS_ENDPOINT", "MSI_ENDPOINT"):
        patch.delenv(name, raising=False)
    patch.setenv("HTTP_PROXY", "http://127.0.0.1:1")  # nothing is there: whoever asks through it fails
    async with teams_at_work(app_type="UserAssignedMSI", graph=True) as bench:
        identity = bench.platform.identity
        for name, value in (identity.machine if machine else identity.app_service).items():
            patch.setenv(name, value)
        yield bench


async def failure(bench: AtWork, *faults: Fault, app_id: str = APP_ID) -> DeskmateError:
    """Ask for a token while `faults` wait, and give what is raised."""
    bench.platform.faults.inject("identity", *faults)
    with pytest.raises(DeskmateError) as caught:
        await ManagedIdentity(app_id, SCOPE).token()
    return caught.value


@pytest.mark.parametrize("machine", [False, True], ids=["app service", "virtual machine"])
async def test_one_token_of_the_host_serves_many_posts(monkeypatch: pytest.MonkeyPatch, *, machine: bool) -> None:
    """Past the proxy, for the bot's own identity; nobody logs in with a password, and the loop, which also answers, goes on."""
    async with hosted(monkeypatch, machine=machine) as bench:
        chat = place(bench.platform.open_personal(ERIN), kind="direct")

        sent = [bench.teams.messenger.post(reply(f"post {number}", key=f"r{number}"), chat) for number in range(5)]
        await asyncio.gather(*sent)

        asked = [(query["client_id"], query["resource"]) for query in bench.platform.identity.asked]
        assert [(APP_ID, "https://api.botframework.com")] == asked
        assert (5, []) == (len(bench.platform.posts(chat.channel)), bench.platform.issuer.logins)


async def test_a_token_that_is_refused_is_replaced_and_graph_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the library has kept is not given again."""
    async with hosted(monkeypatch) as bench:
        chat = place(bench.platform.open_personal(ERIN), kind="direct")
        await bench.teams.messenger.post(reply(), chat)
        bench.platform.issuer.revoke_all()
        await bench.teams.messenger.post(reply(key="r2"), chat)
        assert bench.teams.graph is not None
        with pytest.raises(PermanentError, match="no such team"):
            await bench.teams.graph.read("teams", "nobody's")

        resources = [query["resource"] for query in bench.platform.identity.asked]
        assert [*["https://api.botframework.com"] * 2, bench.platform.graph.url] == resources


@pytest.mark.parametrize(
    "fault",
    [http_error(404), http_error(410), http_error(500), http_error(200, body="<html>"), rate_limited(), reset()],
    ids=["updating", "gone", "failing", "no JSON", "too many", "broken"],
)
async def test_what_passes_is_waited_for(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking for a token posts nothing, so it may be repeated."""
    async with hosted(monkeypatch, machine=True) as bench:
        error = await failure(bench, fault)

        assert isinstance(error, TemporaryError)
        assert not error.maybe_done
        assert (await ManagedIdentity(APP_ID, SCOPE).token()).count(".") == 2


@pytest.mark.parametrize("machine", [False, True], ids=["app service", "virtual machine"])
async def test_an_identity_that_is_not_assigned_goes_to_a_person(
    monkeypatch: pytest.MonkeyPatch, *, machine: bool
) -> None:
    """The sentence says what to do."""
    async with hosted(monkeypatch, machine=machine) as bench:
        error = await failure(bench, app_id="another")

        assert isinstance(error, PermanentError)
        assert "assign the user-assigned managed identity" in str(error)


async def test_a_redirect_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The header that proves that we are on the host stays there."""
    async with hosted(monkeypatch) as bench:
        error = await failure(bench, http_error(302))

        assert isinstance(error, TemporaryError)


async def test_without_a_host_the_sentence_says_where_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sets the type elsewhere reads why nothing is posted."""
    async with hosted(monkeypatch) as bench:
        monkeypatch.setenv("IDENTITY_ENDPOINT", "http://127.0.0.1:1/msi/token")
        error = await failure(bench)

        assert isinstance(error, TemporaryError)
        assert "UserAssignedMSI" in str(error)


async def test_what_other_tenants_say_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Inbound a managed identity is a bot of one tenant, as one with a password is."""
    async with hosted(monkeypatch) as bench:
        said = await bench.platform.says(ERIN, ERIN, "help")
        foreign = {**said, "id": "77", "channelData": {"tenant": {"id": "other"}}}
        foreign["conversation"] = {**said["conversation"], "tenantId": "other"}

        refused = await bench.platform.deliver(foreign)

        assert (403, 1) == (refused.status, len(bench.desk.arrivals))
