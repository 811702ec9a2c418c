"""How far Microsoft Graph is asked whether a post stands, and what is said where it cannot be."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import PermanentError, TemporaryError
from tests.contract.teams.looking_back import CHAT, in_a_thread, looking, reply
from tests.contract.teams.teams_at_work import ERIN, SAM, TEAM, place
from tests.fakes.faults import Fault, JsonObject, http_error, rate_limited
from tests.fakes.teams_graph import READ_CHANNEL, READ_CHAT
from tests.fakes.teams_state import APP_ID


async def test_only_what_was_written_since_is_read() -> None:
    """Page by page, and no further back than the reply is old."""
    async with looking() as bench:
        thread = await in_a_thread(bench)
        for number in range(7):
            await bench.teams.messenger.post(reply(f"note {number}", key=f"n{number}"), thread)
        bench.platform.graph.page_size = 2

        assert await bench.teams.messenger.find(reply("note 0", key="n"), thread) is not None
        assert 4 == len(bench.platform.graph.reads)
        bench.platform.graph.reads.clear()
        later = replace(reply("note x"), at=datetime.now(UTC) + timedelta(hours=1))
        assert await bench.teams.messenger.find(later, thread) is None
        assert 1 == len(bench.platform.graph.reads)


async def test_too_much_to_read_is_no_answer() -> None:
    """Nobody can tell then, and the outbox says so."""
    async with looking() as bench:
        thread = await in_a_thread(bench)
        for number in range(21):
            await bench.teams.messenger.post(reply(f"note {number}", key=f"n{number}"), thread)
        bench.platform.graph.page_size = 1

        with pytest.raises(PermanentError, match="Too much"):
            await bench.teams.messenger.find(reply(), thread)


async def test_where_nobody_may_look_it_is_said() -> None:
    """Without consent, in a personal chat, in a channel of a team that nobody told of, and where Graph is unknown to Microsoft."""
    async with looking() as bench:
        thread, chat = await in_a_thread(bench), place(CHAT, kind="group")
        bench.platform.graph.refuse_graph(TEAM, READ_CHANNEL)
        bench.platform.graph.refuse_graph(CHAT, READ_CHAT)
        bench.platform.add_channel("19:new@thread.tacv2", team=TEAM, members=[SAM])
        personal = place(bench.platform.open_personal(ERIN), kind="direct")

        nowhere = [
            (thread, "no consent"),
            (chat, "no consent"),
            (personal, "personal chat"),
            (place("19:new@thread.tacv2"), "of which team"),
            (place("19:gone@thread.v2", kind="group"), "knows no such"),
        ]
        for where, why in nowhere:
            with pytest.raises(PermanentError, match=why):
                await bench.teams.messenger.find(reply(), where)


async def test_a_graph_that_is_slow_is_asked_again_and_one_that_is_gone_is_not() -> None:
    """A note is not given up because a firewall keeps Graph away; being asked to wait is no failure at all."""
    async with looking() as bench:
        thread = await in_a_thread(bench)

        async def failing(fault: Fault, attempts: int) -> TemporaryError | PermanentError:
            bench.platform.faults.inject("graph", fault)
            with pytest.raises((TemporaryError, PermanentError)) as caught:
                await bench.teams.messenger.find(replace(reply(), attempts=attempts), thread)
            assert isinstance(caught.value, (TemporaryError, PermanentError))
            return caught.value

        slow = await failing(rate_limited(7), 40)
        down = [await failing(fault, 4) for fault in (http_error(503), rate_limited(9))]
        gone = await failing(http_error(503), 5)

        assert isinstance(slow, TemporaryError)
        assert 7.0 == slow.delay
        assert [TemporaryError, TemporaryError, PermanentError] == [type(error) for error in (*down, gone)]


async def test_a_next_page_that_is_elsewhere_is_not_asked() -> None:
    """The token goes with the question."""
    async with looking() as bench:
        assert bench.teams.graph is not None
        elsewhere = {"value": [], "@odata.nextLink": "https://graph.example.com/v1.0/me"}

        with pytest.raises(PermanentError, match="somewhere else"):
            bench.teams.graph._next(elsewhere)


async def test_graph_is_asked_with_a_token_of_its_own() -> None:
    """The connector's is not good for it, and a refused one is replaced once."""
    async with looking() as bench:
        thread = await in_a_thread(bench)
        await bench.teams.messenger.post(reply(key="r0"), thread)
        await bench.teams.messenger.find(reply("other"), thread)
        bench.platform.issuer.revoke_all()

        found = await bench.teams.messenger.find(reply("other"), thread)

        scopes = [login["scope"].rpartition("/")[0] for login in bench.platform.issuer.logins]
        assert found is None
        assert ["https://api.botframework.com", bench.platform.graph.url, bench.platform.graph.url] == scopes


@pytest.mark.parametrize(
    "said",
    [
        {"from": {"application": {"id": "another-app", "displayName": "Atom"}, "user": None}},
        {"from": {"application": {"id": APP_ID, "displayName": "Atom"}, "user": {"id": "aad-erin"}}},
        {"from": {"application": None, "user": {"id": APP_ID, "displayName": "Atom"}}},
        {"from": None},
        {"replyToId": "17"},
        {"channelIdentity": {"channelId": "19:elsewhere@thread.tacv2"}},
        {"createdDateTime": "yesterday"},
        {"id": ""},
        {},
    ],
)
async def test_what_others_write_and_what_stands_elsewhere_is_no_post_of_ours(
    said: JsonObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the name nor the words make it ours: the note would be taken for posted, and be lost."""
    async with looking() as bench:
        thread, graph = await in_a_thread(bench), bench.platform.graph
        post = await bench.teams.messenger.post(reply(key="r0"), thread)
        message = graph._message
        monkeypatch.setattr(graph, "_message", lambda activity: {**message(activity), **said})

        found = await bench.teams.messenger.find(reply(), thread)

        assert (None if said else post) == found
