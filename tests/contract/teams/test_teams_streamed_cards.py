"""What stands under a streamed text is shown anew without that text, which stands above it already."""

import json

from adapters.teams.cards import streamed
from bot.reply import Button
from bot.standing_card import StandingCard
from bot.wording.posts import Words
from tests.contract.teams.teams_at_work import ERIN, reply, teams_at_work
from tests.fakes.teams_state import BOT_ID

GOOD = Button(action="feedback", subject="r1", value="good", label="Helpful")
SAID = reply("The words of the answer", buttons=(GOOD,))


async def test_pressing_or_looking_under_a_streamed_text_does_not_say_it_again() -> None:
    """Both are answered with the card of what belongs under it; elsewhere the card says all."""
    async with teams_at_work() as bench:
        chat = bench.platform.open_personal(ERIN)
        whole = {**streamed(SAID, SAID.text, Words()), "from": {"id": BOT_ID}}
        where = {"conversation": chat, "activity": bench.platform.tenant.add(chat, whole)["id"]}
        bench.surfaces.cards = [StandingCard(reply=SAID, state="stands")]

        answers = [
            await bench.platform.views.press(ERIN, verb="feedback", **where),
            await bench.platform.views.refresh(ERIN, **where),
        ]

        for answer in answers:
            card = answer["body"]["value"]
            assert ("Helpful", False) == (card["actions"][0]["title"], SAID.text in json.dumps(card["body"]))
        assert 1 == len(bench.desk.arrivals)
