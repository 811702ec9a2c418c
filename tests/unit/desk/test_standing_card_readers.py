"""Who is shown a private card again: those who read where it stands, at that moment."""

from dataclasses import replace

from bot.ids import ReplyId
from bot.standing_card import CardAsk
from bot.surfaces import Surfaces
from tests.fakes.workforce import account
from tests.unit.desk.outbox_scene import Scene, support

POST = "CSUPPORT-1"
"""The header's post, which begins the thread."""


async def test_whoever_has_left_a_private_channel_is_shown_its_cards_no_more() -> None:
    """An old card may still be on their screen; what changed since is not theirs to read. Nor is it when nobody can say who reads."""
    scene = Scene()
    await scene.open()
    await scene.settle()
    surfaces = Surfaces(scene.memory)
    surfaces.serve(scene.desk, scene.audience)
    ask = CardAsk(reply=ReplyId("header1"), place=replace(support(), thread=POST), who=account("agent"), post=POST)

    member, gone = await surfaces.card(ask), await surfaces.card(replace(ask, who=account("maria")))
    scene.audience.places["CSUPPORT"] = None
    unknown = await surfaces.card(ask)

    assert ("header1", None, None) == (member.reply.id if member is not None else None, gone, unknown)
