"""The home page is a view that Slack shows however much is on it, with ids that come back as what was pressed."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.arrivals import FormWish
from adapters.slack.home import home_view, seen
from adapters.slack.presses import press
from bot.home import Home, HomeAsk, HomeRow, HomeSection
from bot.message import Arrival
from bot.reply import Button
from tests.unit.slack.doors import setting
from tests.unit.slack.interactions import pressed_at_home
from tests.unit.slack.limits import broken

WORDS = st.one_of(st.text(max_size=40), st.text(alphabet='<!@#|>&*`"\\\n\x00\ud800 a', max_size=400))
BUTTONS = st.builds(
    Button,
    action=st.sampled_from(["take_over", "form", "solved"]),
    subject=st.text(max_size=60),
    value=st.sampled_from(["", "new", "assign"]),
    label=WORDS,
)
ROWS = st.builds(HomeRow, title=WORDS, detail=WORDS, buttons=st.lists(BUTTONS, max_size=4).map(tuple))
SECTIONS = st.builds(
    HomeSection, title=WORDS, rows=st.lists(ROWS, max_size=3).map(tuple), empty=WORDS, searchable=st.booleans()
)


def row(number: int) -> HomeRow:
    """Give the line of one request."""
    take = Button(action="take_over", subject=f"request-{number}", label="Take over")
    return HomeRow(title=f"IT-{number} Slow laptop", detail="In progress", buttons=(take,))


def elements(view: dict[str, Any]) -> list[dict[str, Any]]:
    """List the elements of all blocks."""
    return [element for block in view["blocks"] for element in block.get("elements", [])]


@given(
    greeting=WORDS,
    sections=st.lists(SECTIONS, max_size=4),
    many=st.integers(1, 40),
    query=WORDS,
    page=st.integers(0, 5),
    pages=st.integers(1, 6),
)
def test_every_page_is_within_slacks_limits(
    greeting: str, sections: list[HomeSection], many: int, query: str, page: int, pages: int
) -> None:
    """Also with more rows than 100 blocks hold; only one section is searched."""
    repeated = [
        HomeSection(title=item.title, rows=item.rows * many, empty=item.empty, searchable=item.searchable and not at)
        for at, item in enumerate(sections)
    ]
    view = home_view(Home(greeting=greeting, sections=tuple(repeated), query=query, page=page, pages=pages))

    assert [] == broken(view)
    json.dumps(view, ensure_ascii=False).encode()


def test_a_page_shows_requests_search_and_pages() -> None:
    """What was searched for stands in the search; only pages that exist are led to."""
    mine = HomeSection(title="My requests", rows=(row(1042),), searchable=True)

    view = home_view(Home(greeting="Hello *Maria*", sections=(mine,), query="slow", page=0, pages=2))

    said = json.dumps(view)
    assert "*IT-1042 Slow laptop*" in said
    assert "Page 1 of 2" in said
    assert '"initial_value": "slow"' in said
    assert ["form:new", "take_over", "home:page:next"] == [
        element["action_id"] for element in elements(view) if "action_id" in element
    ]


def test_what_is_pressed_on_the_page_is_understood() -> None:
    """The ids that the view is given are those that presses are read by."""
    view = home_view(Home(greeting="Hello", sections=(HomeSection(title="Mine", rows=(row(1),)),)))
    new, take = (element for element in elements(view) if element["type"] == "button")

    wished = press(pressed_at_home(new["action_id"], new.get("value", "")), setting=setting())
    taken = press(pressed_at_home(take["action_id"], take["value"]), setting=setting())

    assert isinstance(wished, FormWish)
    assert "new" == wished.kind
    assert isinstance(taken, Arrival)
    assert taken.message.press is not None
    assert ("take_over", "request-1") == (taken.message.press.action, taken.message.press.subject)


def test_the_page_remembers_what_it_shows() -> None:
    """A press on it can lead back to the same page."""
    view = home_view(Home(greeting="Hello", query='"odd"', page=3, pages=9))

    assert HomeAsk(page=3, query='"odd"') == seen({"view": view})
    assert HomeAsk() == seen({"view": {"private_metadata": "[1"}})
    assert HomeAsk() == seen({"view": {"private_metadata": '{"page": true, "query": 5}'}})


def test_what_does_not_fit_is_counted() -> None:
    """Nobody takes the rows that are shown for all of them."""
    queue = HomeSection(title="Queue", rows=tuple(map(row, range(80))))

    view = home_view(Home(greeting="Hello", sections=(queue,)))

    assert [] == broken(view)
    shown = json.dumps(view).count("Slow laptop")
    assert f"and {80 - shown} more" in json.dumps(view)


def test_the_new_request_button_is_there_once() -> None:
    """It is added only where the page brings none of its own."""
    own = HomeRow(title="Start", detail="", buttons=(Button(action="form", subject="", value="new", label="Open one"),))

    view = home_view(Home(greeting="Hello", sections=(HomeSection(title="Mine", rows=(own,)),)))

    assert ["form:new"] == [element["action_id"] for element in elements(view)]
