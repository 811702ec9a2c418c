"""The home page is shown when it is opened, turned or searched, and follows what is pressed on it; a failure leaves the old one."""

import asyncio

import pytest

from bot.errors import Refused, TemporaryError
from bot.home import HomeAsk
from tests.unit.slack.doors import Doors, failing
from tests.unit.slack.interactions import pressed_at_home, sent
from tests.unit.slack.payloads import TS, event

NOT_FOR_YOU = Refused("Only people of the organisation have a home page.")
LATE = TemporaryError("The database is away.")
BUG = RuntimeError("a bug")


async def test_the_home_page_is_shown_when_it_is_opened() -> None:
    """To whoever opened it."""
    found = failing()

    answer = await found.send(event(type="app_home_opened", channel="D1", tab="home", event_ts=TS))

    assert (200, "") == answer
    assert ["U1"] == [call["user_id"] for call in found.calls.named("views.publish")]
    assert [(HomeAsk(), "slack:T1:U1")] == found.surfaces.asks
    assert [] == found.arrivals


async def test_a_page_that_was_turned_is_opened_again_where_it_was() -> None:
    """Slack tells what the page shows."""
    found = failing()
    view = {"id": "V1", "type": "home", "private_metadata": '{"query": "vpn", "page": 2}'}

    await found.send(event(type="app_home_opened", channel="D1", tab="home", event_ts=TS, view=view))

    assert [HomeAsk(page=2, query="vpn")] == [ask for ask, _ in found.surfaces.asks]


@pytest.mark.parametrize(
    ("action_id", "value", "ask"),
    [("home:page:next", "2", HomeAsk(page=2, query="laptop")), ("home:page:search", "vpn", HomeAsk(query="vpn"))],
)
async def test_the_home_page_is_turned_and_searched(action_id: str, value: str, ask: HomeAsk) -> None:
    """The new page takes the place of the old."""
    found = failing()

    assert (200, "") == await found.send(pressed_at_home(action_id, value))
    assert [ask] == [asked for asked, _ in found.surfaces.asks]
    assert 1 == len(found.calls.named("views.publish"))


@pytest.mark.parametrize("failure", [NOT_FOR_YOU, LATE, BUG], ids=["refused", "later", "bug"])
async def test_a_home_page_that_cannot_be_made_is_acknowledged(failure: Exception) -> None:
    """The old one stays; Slack must not repeat the event."""
    status, _ = await failing(failure).send(event(type="app_home_opened", channel="D1", tab="home", event_ts=TS))

    assert 200 == status


async def test_the_home_page_follows_a_press_on_it() -> None:
    """The press is stored before; the page is shown anew once it has probably been worked."""
    found = failing()

    await found.send(pressed_at_home("take_over", "request-1"))
    stored = [arrival.message.kind for arrival in found.arrivals]
    for _ in range(10):
        await asyncio.sleep(0)

    assert ["press"] == stored
    assert [HomeAsk(page=1, query="laptop")] == [ask for ask, _ in found.surfaces.asks]


@pytest.mark.parametrize(("opened_in", "expected"), [("", [HomeAsk()]), ("C1", [])])
async def test_the_home_page_follows_a_form_that_was_sent_from_it(opened_in: str, expected: list[HomeAsk]) -> None:
    """A form that was opened in a channel has nothing to do with it."""
    found = failing()

    await found.send(sent(metadata={"channel": opened_in}))
    for _ in range(10):
        await asyncio.sleep(0)

    assert expected == [ask for ask, _ in found.surfaces.asks]


async def test_closing_gives_up_what_was_to_come() -> None:
    """Nothing is shown by a process that ends."""
    found = Doors(settled=30)

    await found.send(pressed_at_home("take_over", "request-1"))
    await found.doorways.close()

    assert [] == found.surfaces.asks
    assert 1 == len(found.arrivals)
