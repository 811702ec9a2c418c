"""Cards over the wire: whoever pressed or looked is shown the card as it stands, everybody else what was posted."""

import json
from dataclasses import replace
from typing import Any

import pytest

from adapters.teams.cards import CARD
from bot.reply import Button, Reply
from bot.standing_card import StandingCard
from tests.contract.teams.teams_at_work import CHANNEL, ERIN, SAM, AtWork, place, reply, teams_at_work
from tests.fakes.faults import JsonObject

TAKE = Button(action="take_over", subject="q1", label="Take over")
BACK = Button(action="hand_back", subject="q1", label="Hand back")
OLD = reply("IT-1001", kind="header", buttons=(TAKE,))
NEW = reply("Sam has IT-1001", key="r2", kind="header", buttons=(BACK,))


async def posted(bench: AtWork) -> dict[str, Any]:
    """Post the old card; return where it stands."""
    post = await bench.teams.messenger.post(OLD, place(CHANNEL))
    return {"conversation": f"{CHANNEL};messageid={post}", "activity": post}


def titles(card: JsonObject) -> list[str]:
    """Return what can be pressed."""
    return [action["title"] for action in card["actions"]]


async def test_a_press_shows_the_new_card_to_whoever_pressed() -> None:
    """Until the post is changed for all; then that is what everybody sees."""
    async with teams_at_work() as bench:
        where = await posted(bench)
        bench.surfaces.cards = [StandingCard(reply=NEW, state="stands")]

        await bench.platform.views.press(SAM, verb="take_over", **where)
        sams, erins = (bench.platform.views.looks(who, **where) for who in (SAM, ERIN))
        await bench.teams.messenger.change(replace(NEW, text="Resolved."), place(CHANNEL), where["activity"])

        assert (["Hand back"], ["Take over"]) == (titles(sams), titles(erins))
        assert "Resolved." == bench.platform.views.looks(SAM, **where)["fallbackText"]
        assert 1 == len(bench.desk.arrivals)


async def test_asking_anew_shows_what_stands_and_stores_nothing() -> None:
    """And changes no post, which would make every client ask again."""
    async with teams_at_work() as bench:
        where = await posted(bench)
        bench.surfaces.cards = [StandingCard(reply=NEW, state="stands")]
        calls = len(bench.platform.calls)

        answer = await bench.platform.views.refresh(ERIN, **where)

        assert (200, CARD) == (answer["status"], answer["body"]["type"])
        assert ["Hand back"] == titles(bench.platform.views.looks(ERIN, **where))
        assert ([], calls) == (bench.desk.arrivals, len(bench.platform.calls))
        assert bench.surfaces.looked[0].post == where["activity"]


async def test_what_cannot_be_told_leaves_the_card_as_it_is() -> None:
    """With a line, which is no error."""
    async with teams_at_work() as bench:
        where = await posted(bench)

        answer = await bench.platform.views.refresh(ERIN, reply="forged", **where)

        assert (200, 200) == (answer["status"], answer["body"]["statusCode"])
        assert ["Take over"] == titles(bench.platform.views.looks(ERIN, **where))


async def test_a_press_whose_answer_nobody_waits_for_is_stored_all_the_same() -> None:
    """The process or the connection may end between the two: the press is worked, and the post shows it."""
    async with teams_at_work() as bench:
        where = await posted(bench)
        bench.surfaces.cards = [StandingCard(reply=OLD, state="waits")]
        bench.platform.delivery.answer_within = 0.1

        given_up = await bench.platform.views.press(SAM, verb="take_over", **where)
        bench.surfaces.cards = [StandingCard(reply=NEW, state="stands")]

        assert given_up["status"] is None
        assert ["take_over"] == [
            arrival.message.press.action for arrival in bench.desk.arrivals if arrival.message.press
        ]


@pytest.mark.parametrize(
    "after",
    [
        replace(NEW, buttons=()),
        replace(NEW, kind="card", buttons=()),
        replace(NEW, kind="talk", buttons=(), replaces=OLD.id),
    ],
)
async def test_a_card_is_changed_into_a_card(after: Reply) -> None:
    """Clients go on showing one that is changed into a text; without a button nobody asks for it anew."""
    async with teams_at_work() as bench:
        where = await posted(bench)

        await bench.teams.messenger.change(after, place(CHANNEL), where["activity"])

        card = bench.platform.views.looks(ERIN, **where)
        assert "Sam has IT-1001" in json.dumps(card)
        with pytest.raises(LookupError, match="cannot be asked for anew"):
            await bench.platform.views.refresh(ERIN, **where)
