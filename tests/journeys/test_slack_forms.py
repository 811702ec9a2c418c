"""A colleague's word in passing becomes a request of that colleague, and ends well only at the second attempt.

The whole of it through shortcuts, forms and buttons: Sam opens it from June's message, takes it over, answers, passes it on, resolves it;
June is not content.
"""

from pathlib import Path

from bot.ports import Reader
from bot.satisfaction import Satisfaction
from tests.fakes.faults import JsonObject
from tests.journeys import slack_town as town
from tests.journeys.slack_hands import Hands, field
from tests.journeys.slack_scene import SUPPORT, Scene, slack_scene

HELP = "C0HELP"
SAID = "The projector in room 4 shows no picture."
HEAD = "IT-1001: Projector"


async def test_a_message_becomes_a_request_of_its_author(tmp_path: Path) -> None:
    """Author and requester are told apart, replies go to the message's thread, and a low score opens it again for a human."""

    async with slack_scene(tmp_path) as scene:
        sam, june = Hands(slack=scene.slack, user=town.SAM), Hands(slack=scene.slack, user=town.JUNE)
        message, form = await _opened(scene, sam)
        confirmed = await sam.told("IT-1001")
        await _worked(scene, sam)
        survey = (await scene.shown(HELP, "How did it go"))[0]
        resolved = await scene.auditor.status("resolved")
        await june.presses(survey, "1 – bad")
        thanks = await june.sees(HELP, "Add a comment")
        await june.fills(thanks, "Add a comment", text="It broke again.")
        told = await scene.shown(SUPPORT, "It broke again.")
        again = await scene.auditor.status("in_progress")
        scores = await scene.auditor.until(_scores, lambda found: bool(found and found[0].comment))
        notice = await scene.shown(await scene.direct(town.SAM), "1 of 5")
        heard = await scene.slack.do("posts", channel=HELP)

    assert (SAID, town.JUNE) == (field(form, "description"), field(form, "on_behalf_of"))
    assert resolved.requester != resolved.author
    assert resolved.source_link.endswith(message["ts"].replace(".", ""))
    assert 1 == len(confirmed)
    assert {message["ts"]} == {post["thread_ts"] for post in heard}
    assert survey["ts"] == thanks["ts"]
    assert [(1, "It broke again.")] == [(item.score, item.comment) for item in scores]
    assert 1 == len(told)
    assert ("person", resolved.id) == (again.assignee.kind, again.id)
    assert [] == [post["text"] for post in notice if "projector" in post["text"].casefold()]


async def test_a_message_where_atom_is_not_is_answered_in_a_thread_of_its_own(tmp_path: Path) -> None:
    """Atom begins a thread in June's direct chat; what she writes there goes to that request, and elsewhere it opens another."""

    async with slack_scene(tmp_path) as scene:
        sam = Hands(slack=scene.slack, user=town.SAM)
        await scene.slack.do("add_channel", id=HELP, members=[town.JUNE, town.SAM], bot=False)
        message = await scene.slack.do("says", user=town.JUNE, channel=HELP, text=SAID)
        await sam.shortcut(message)
        await sam.sends(title="Projector in room 4", workspace="IT Support")
        await sam.presses(await sam.sees(SUPPORT, "Take over", HEAD), "Take over")
        begun = (await scene.shown(await scene.direct(), "IT-1001"))[0]
        await scene.says(town.JUNE, "It hums, too.", thread=begun["ts"])
        crossed = await scene.shown(SUPPORT, "It hums, too.")
        await sam.fills(await sam.sees(SUPPORT, "Hand back", HEAD), "Reply to requester", text="I am on my way.")
        reply = (await scene.shown(await scene.direct(), "I am on my way."))[0]
        story = await scene.auditor.delivered()
        here = await scene.slack.do("posts", channel=HELP)

    assert [] == here
    assert "thread_ts" not in begun or begun["thread_ts"] == begun["ts"]
    assert begun["ts"] == reply["thread_ts"]
    assert 1 == len(crossed)
    assert [("IT-1001", "it-support")] == [(number, workspace) for number, workspace, _, _ in story.requests]


async def _opened(scene: Scene, sam: Hands) -> tuple[JsonObject, JsonObject]:
    """June says something to everybody, and Sam opens a request from it; the message, and the form as it opened."""
    await scene.slack.do("add_channel", id=HELP, members=[town.JUNE, town.SAM])
    message = await scene.slack.do("says", user=town.JUNE, channel=HELP, text=SAID)
    form = await sam.shortcut(message)
    thread = "In the message's thread, where others read along"
    await sam.sends(title="Projector in room 4", workspace="IT Support", answer_in=thread)
    await scene.shown(HELP, "Sam Okafor has opened IT-1001")
    return message, form


async def _worked(scene: Scene, sam: Hands) -> None:
    """Sam takes it over, answers June, gives it to Ravi, and says that it is done."""
    await sam.presses(await sam.sees(SUPPORT, "Take over", HEAD), "Take over")
    await sam.fills(await sam.sees(SUPPORT, "Hand back", HEAD), "Reply to requester", text="I am on my way.")
    await scene.shown(HELP, "I am on my way.")
    await sam.fills(await sam.sees(SUPPORT, "Assign", HEAD), "Assign", assignee="Ravi Menon")
    await scene.shown(SUPPORT, "Assignee: Ravi Menon")
    await sam.fills(await sam.sees(SUPPORT, "Resolve", HEAD), "Resolve", summary="A new cable.")


async def _scores(reader: Reader) -> list[Satisfaction]:
    return list(await reader.find(Satisfaction))
