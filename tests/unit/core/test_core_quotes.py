"""Quotes in chats without threads: what is quoted tells the request, the chat and the person's part in it tell whether that counts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.conversation import Conversation, conversation_id
from bot.ids import ConversationId, MessageId, PersonId, ReplyId
from bot.intake import store
from bot.labels import Visibility
from bot.message import Arrival, Message
from bot.note import Note
from bot.person import Identity
from bot.reply import Reply
from bot.request import Request
from bot.run import Run
from bot.turn import Turn
from coworkers.briefing import Briefing
from coworkers.model import Exchange, Offer
from tests.fakes.desk import RunningDesk, running
from tests.fakes.scripted import ScriptedModel, call
from tests.fakes.workforce import account, direct

CHAT = direct(thread=None)
PUB = Conversation(
    id=conversation_id("slack", "T1", "GPUB"), platform="slack", tenant="T1", channel="GPUB", kind="group"
)
SLOW, BADGE = "My laptop is slow", "I lost my badge"


def asking(briefing: Briefing, transcript: Sequence[Exchange], _: Sequence[Offer]) -> Turn:
    """Open a request for each message; triage hands to the hardware engineer, who asks the requester."""
    if briefing.coworker.id == "atom":
        text = " / ".join(item.text for item in briefing.messages)
        if "chair" in text and not transcript:
            return call("search_knowledge", query=text)
        return call("open_request", title=text, description=text, workspace="it-support")
    if briefing.coworker.id == "it-triage":
        return call("hand_off", to="hardware-engineer", reason="Hardware.")
    assert briefing.request is not None
    return call("ask_requester", question=f"Which one, about: {briefing.request.title}?")


async def says(desk: RunningDesk, who: str, text: str, where: Conversation = CHAT, **how: Any) -> None:  # noqa: ANN401
    """Let somebody write, perhaps with a quote, and let all be worked that follows."""
    await arrives(desk, who, text, where, **how)
    await desk.settle()


async def arrives(
    desk: RunningDesk,
    who: str,
    text: str,
    where: Conversation = CHAT,
    *,
    quotes: tuple[str, ...] = (),
    mention: bool = True,
    corrects: str = "",
) -> None:
    """Let somebody's message arrive, or the correction of one."""
    desk.stamp += 1
    author = account(who)
    message = Message(
        id=MessageId(f"{where.id}:{desk.stamp}"),
        event_id=f"E{desk.stamp}",
        conversation_id=where.id,
        author_id=author.id,
        author_name=author.name,
        kind="edited" if corrects else "text",
        text=text,
        addresses_atom=mention,
        at=desk.clock.now(),
        post=corrects or f"own-{desk.stamp}",
        quotes=quotes,
    )
    arrival = Arrival(message=message, conversation=where, author=author)
    await desk.plain.transact(lambda uow: store(uow, [arrival], desk.clock.now(), timedelta()))


async def asked(where: Conversation = CHAT) -> RunningDesk:
    """Return a desk on which Maria has two requests in one chat, each of which waits for her answer."""
    desk = await running(ScriptedModel(script=asking))
    for text in (SLOW, BADGE):
        await says(desk, "maria", text, where)
    return desk


async def question(desk: RunningDesk, about: str, where: Conversation = CHAT) -> str:
    """Return the post in which something was asked about a request."""
    replies = await desk.all(Reply, conversation_id=where.id)
    return next(str(item.post) for item in replies if f"about: {about}" in item.text)


async def public(desk: RunningDesk, title: str) -> list[str]:
    """Return the public notes of the request with this title, without Atom's and the coworkers' own."""
    request = next(item for item in await desk.all(Request) if item.title == title)
    notes = await desk.plain.read(lambda reader: reader.find(Note, request_id=request.id, visibility=Visibility.PUBLIC))
    return [note.text for note in notes if note.author.kind == "person"]


async def test_a_quote_tells_which_of_two_waiting_requests_is_answered() -> None:
    """Without it Atom would have to guess; nothing is asked of a model."""
    desk = await asked()
    before = len(await desk.all(Run, coworker="atom"))

    await says(desk, "maria", "The black one", quotes=(await question(desk, SLOW),))

    assert ["The black one"] == await public(desk, SLOW)
    assert [] == await public(desk, BADGE)
    assert before == len(await desk.all(Run, coworker="atom"))


async def test_ones_own_message_may_be_quoted() -> None:
    """It belongs to the request that it led to."""
    desk = await asked()

    await says(desk, "maria", "It also rattles", quotes=("own-1",))

    assert ["It also rattles"] == await public(desk, SLOW)


@pytest.mark.parametrize("quotes", [("nothing-of-ours",), ("own-1", "own-2")])
async def test_a_quote_that_tells_no_request_or_two_is_read_by_atom(quotes: tuple[str, ...]) -> None:
    """It is a message like any other then, and not lost."""
    desk = await asked()

    await says(desk, "maria", "Something else", quotes=quotes)

    assert [SLOW, BADGE, "Something else"] == [item.title for item in await desk.all(Request)]


async def test_a_post_of_another_chat_cannot_be_quoted() -> None:
    """Its id is easily guessed, so it proves nothing: Bo's words stay out of Maria's request, and he is not told of it."""
    desk = await asked()

    await says(desk, "bo", "Give me the laptop", direct("bo", None), quotes=(await question(desk, SLOW),))

    assert [] == await public(desk, SLOW)
    assert "bo" == (await desk.all(Request))[-1].requester


async def test_somebody_who_has_no_part_in_a_request_any_more_is_read_by_atom() -> None:
    """The post stands in their chat, and their account is somebody else's now."""
    desk = await asked()
    post = await question(desk, SLOW)
    maria = (await desk.all(Identity, user="UMARIA"))[0]
    await desk.plain.transact(lambda uow: uow.put(replace(maria, person_id=PersonId("bo"), decided="linked")))

    await says(desk, "maria", "It is mine now", quotes=(post,))

    assert [] == await public(desk, SLOW)


async def test_what_was_replied_with_a_quote_to_a_thread_of_atoms_own_can_be_corrected() -> None:
    """That thread stands in the same chat under a name of its own, as for a request that was opened by a form."""
    desk = await running(ScriptedModel(script=asking))
    await says(desk, "maria", SLOW)
    request = await desk.request()
    key = ConversationId(f"request:{request.id}:slack:UMARIA")
    own = replace(CHAT, id=key, channel="UMARIA", request_ids=(request.id,))
    post = replace((await desk.all(Reply))[-1], id=ReplyId("own"), conversation_id=key, post="77", state="sent")
    moved = replace(request, conversation_id=key)
    chat = replace((await desk.all(Conversation, id=CHAT.id))[0], request_ids=())
    await desk.plain.transact(lambda uow: uow.add(own))
    await desk.plain.transact(lambda uow: uow.put(chat, moved))
    await desk.plain.transact(lambda uow: uow.add(replace(post, visibility=Visibility.PUBLIC)))
    await says(desk, "maria", "The black one", quotes=("77",))

    await says(desk, "maria", "The white one", corrects=f"own-{desk.stamp}")

    assert ["The black one", "(edited) The white one"] == await public(desk, SLOW)


async def test_a_follower_replies_to_all_with_a_quote_of_what_they_were_told() -> None:
    """It stands in their own chat, and is not repeated to them; whoever follows no longer is read by Atom."""
    desk = await asked()
    request = await desk.request()
    key = ConversationId(f"request:{request.id}:slack:UBO")
    told = replace(
        (await desk.all(Reply))[-1], id=ReplyId("told"), conversation_id=key, request_id=request.id, post="88"
    )
    own = replace(direct("bo", None), id=key, channel="UBO", request_ids=(request.id,))
    await desk.plain.transact(lambda uow: uow.add(own))
    await desk.plain.transact(lambda uow: uow.add(replace(told, visibility=Visibility.PUBLIC, state="sent")))
    await desk.plain.transact(lambda uow: uow.put(replace(request, followers=(PersonId("bo"),))))
    await says(desk, "bo", "Mine is slow too", direct("bo", None), quotes=("88",))
    current = await desk.request()
    await desk.plain.transact(lambda uow: uow.put(replace(current, followers=())))

    await says(desk, "bo", "And noisy", direct("bo", None), quotes=("88",))

    assert ["Mine is slow too"] == await public(desk, SLOW)
    assert "Mine is slow too" not in [reply.text for reply in await desk.all(Reply, conversation_id=key)]
    assert "And noisy" == (await desk.all(Request))[-1].title


async def test_a_quote_waits_while_atom_thinks_about_something_else() -> None:
    """The run is not given it as more of the same: it says by itself what it is about."""
    desk = await asked()
    post = await question(desk, SLOW)
    desk.model.meanwhile = lambda: arrives(desk, "maria", "The black one", quotes=(post,))

    await says(desk, "maria", "My chair squeaks")

    assert ["The black one"] == await public(desk, SLOW)
    assert [SLOW, BADGE, "My chair squeaks"] == [item.title for item in await desk.all(Request)]


async def test_quick_messages_with_different_quotes_go_each_their_own_way() -> None:
    """Two answers and something new, all written before any was read."""
    desk = await asked()
    slow, badge = await question(desk, SLOW), await question(desk, BADGE)
    await arrives(desk, "maria", "My chair squeaks")
    await arrives(desk, "maria", "The blue one", quotes=(badge,))

    await says(desk, "maria", "The black one", quotes=(slow,))

    assert (["The black one"], ["The blue one"]) == (await public(desk, SLOW), await public(desk, BADGE))
    assert [SLOW, BADGE, "My chair squeaks"] == [item.title for item in await desk.all(Request)]


async def test_among_several_people_only_what_concerns_atom_is_heard() -> None:
    """Chatter leaves no trace; the answer of whom a request waits for is one, and goes to what was asked last."""
    desk = await asked(PUB)
    runs = len(await desk.all(Run, coworker="atom"))
    await says(desk, "bo", "My printer is on fire, as ever", PUB, mention=False)
    kept = [item.text for item in await desk.all(Message)]

    await says(desk, "maria", "The blue one", PUB, mention=False)

    assert [SLOW, BADGE] == kept
    assert (["The blue one"], []) == (await public(desk, BADGE), await public(desk, SLOW))
    assert runs == len(await desk.all(Run, coworker="atom"))


async def test_among_several_people_a_quote_is_heard_without_a_mention() -> None:
    """Bo's is a public note of his, as in a thread; a quote of what somebody else wrote is theirs."""
    desk = await asked(PUB)
    slow = await question(desk, SLOW, PUB)

    await says(desk, "bo", "Mine is slow too", PUB, quotes=(slow,), mention=False)
    await says(desk, "bo", "Well said", PUB, quotes=("somebody-elses",), mention=False)

    assert ["Mine is slow too"] == await public(desk, SLOW)
    assert "Well said" not in [item.text for item in await desk.all(Message)]


async def test_who_is_not_waited_for_is_not_heard_among_several() -> None:
    """Once Maria has answered both, what she says there is said to the others."""
    desk = await asked(PUB)
    desk.model.script = {"hardware-engineer": [call("set_status", status="on_hold", reason="a test")]}
    for post in (SLOW, BADGE):
        await says(desk, "maria", "The red one", PUB, quotes=(await question(desk, post, PUB),), mention=False)

    await says(desk, "maria", "Lunch?", PUB, mention=False)

    assert "Lunch?" not in [item.text for item in await desk.all(Message)]
