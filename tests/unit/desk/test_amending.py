"""What people change about their words: unworked ones are replaced or dropped, worked ones are told to the requests that they led to."""

from dataclasses import replace
from datetime import timedelta
from typing import Literal

from bot.conversation import Conversation
from bot.desk.provenance import requests_from
from bot.file import File
from bot.ids import ConversationId, IdentityId, MessageId
from bot.intake import store
from bot.labels import Visibility
from bot.message import Arrival, Message
from bot.note import Note
from bot.request import Request
from tests.fakes.desk import RunningDesk, running
from tests.fakes.scripted import ScriptedModel, call
from tests.fakes.workforce import account, direct

Kind = Literal["text", "edited", "deleted"]

ASKS = {"hardware-engineer": [call("ask_requester", question="Which?")]}


async def send(
    desk: RunningDesk,
    text: str,
    post: str,
    *,
    who: str = "maria",
    kind: Kind = "text",
    where: Conversation | None = None,
    files: tuple[File, ...] = (),
) -> Message:
    """Let the platform deliver a message, or its edit or deletion, which carries the same post."""
    desk.stamp += 1
    author, place = account(who), where or direct(who)
    key = f"slack:T1:{place.channel}:{post}"
    key += {"text": "", "edited": f":edited:{desk.stamp}", "deleted": ":deleted"}[kind]
    message = Message(
        id=MessageId(key),
        event_id=f"E{desk.stamp}",
        conversation_id=place.id,
        author_id=author.id,
        kind=kind,
        text=text,
        files=files,
        addresses_atom=True,
        at=desk.clock.now() + timedelta(milliseconds=desk.stamp),
        post=post,
    )
    arrival = Arrival(message=message, conversation=place, author=author)
    await desk.plain.transact(lambda uow: store(uow, [arrival], desk.clock.now(), timedelta()))
    return message


def opening(*titles: str) -> ScriptedModel:
    """Return a model whose front door opens a request for each title, and whose coworkers ask."""
    opened = [call("open_request", title=title, description=title, workspace="it-support") for title in titles]
    return ScriptedModel(script={"atom": [*opened, call("say", text="Done.")], **ASKS})


async def notes(desk: RunningDesk, request: Request) -> list[str]:
    return [note.text for note in await desk.all(Note, request_id=request.id, visibility=Visibility.PUBLIC)]


async def told_atom(desk: RunningDesk) -> list[str]:
    """Return what Atom's runs were given to read."""
    return [message.text for message in await desk.all(Message, kind="text")]


async def test_an_edit_of_what_nobody_has_worked_yet_replaces_the_words() -> None:
    """Atom reads the corrected message, once, with the attached files still named."""
    model = opening("Slow laptop")
    desk = await running(model)

    await send(desk, "my laptop is slwo", "1", files=(File(name="a.log"),))
    await send(desk, "my laptop is slow", "1", kind="edited")
    await send(desk, "my laptop is very slow", "1", kind="edited")
    await desk.settle()

    briefed = [
        said.text
        for asked in model.asked
        if asked.briefing.coworker.kind == "front_door"
        for said in asked.briefing.messages
    ]
    assert {"my laptop is very slow\n\n(attached: a.log)"} == set(briefed)
    assert not [text for text in await notes(desk, await desk.request()) if "(edited)" in text]


async def test_a_message_deleted_before_it_was_worked_is_not_worked() -> None:
    """No run, no request, no answer."""
    desk = await running(opening("Slow laptop"))

    await send(desk, "my laptop is slow", "1")
    await send(desk, "", "1", kind="deleted")
    await desk.settle()

    assert [] == await desk.runs()
    assert [] == await desk.all(Request)


async def test_an_edit_that_comes_before_its_message_counts_all_the_same() -> None:
    """Platforms repeat what was not acknowledged, so the order is not theirs."""
    model = opening("Slow laptop")
    desk = await running(model)

    await send(desk, "my laptop is slow", "1", kind="edited")
    await desk.settle()
    await send(desk, "my laptop is slwo", "1")
    await desk.settle()

    assert ["my laptop is slow"] == await told_atom(desk)


async def test_a_reply_deleted_in_time_is_no_note() -> None:
    """In the thread of a request, where no model is asked."""
    desk = await running(ScriptedModel(script=ASKS))
    await desk.open()
    await desk.settle()

    await send(desk, "The black one", "2")
    await send(desk, "My password is hunter2", "3")
    await send(desk, "", "3", kind="deleted")
    await send(desk, "The white one", "2", kind="edited")
    await desk.settle()

    assert ["Which?", "The white one"] == (await notes(desk, await desk.request()))[:2]
    assert "hunter2" not in str(await desk.all(Note))


async def test_nobody_edits_somebody_elses_words() -> None:
    """An edit counts only with the same author."""
    desk = await running(opening("Slow laptop"))

    await send(desk, "my laptop is slow", "1")
    await send(desk, "", "1", kind="deleted", who="bo", where=direct("maria"))
    await desk.settle()

    assert 1 == len(await desk.all(Request))


async def test_an_edit_is_told_to_the_requests_that_the_message_became() -> None:
    """Where a thread has several requests, the others hear nothing of it."""
    desk = await running(opening("Slow laptop", "Lost badge"))
    await send(desk, "slow laptop, lost badge", "1")
    await desk.settle()
    other = await desk.open(text="Another matter.")
    await desk.settle()

    await send(desk, "slow laptop, lost blue badge", "1", kind="edited")
    await desk.settle()

    edited = {
        item.number: any("(edited)" in text for text in await notes(desk, item)) for item in await desk.all(Request)
    }
    assert {"IT-1001": True, "IT-1002": True, other.number: False} == edited


async def test_an_unthreaded_chat_finds_the_request_of_the_message() -> None:
    """In a chat without threads everything is one conversation."""
    where = direct(thread=None)
    desk = await running(opening("Slow laptop"))
    message = await send(desk, "slow laptop", "1", where=where)
    await desk.settle()

    await send(desk, "slow white laptop", "1", kind="edited", where=where)
    await desk.settle()

    assert "(edited) slow white laptop" in await notes(desk, await desk.request())
    conversation = (await desk.all(Conversation, id=where.id))[0]
    found = await desk.plain.read(lambda reader: requests_from(reader, conversation, message))
    assert ["IT-1001"] == [item.number for item in found]


async def test_an_edit_in_a_thread_that_deskmate_began_reaches_its_request() -> None:
    """What the person writes comes from their chat's own channel."""
    desk = await running(ScriptedModel(script=ASKS))
    request = await desk.open()
    key = ConversationId(f"request:{request.id}:slack:UMARIA")
    home = replace(direct(), id=key, channel="UMARIA", thread="77", request_ids=(request.id,))
    await desk.plain.transact(lambda uow: uow.add(home))
    await desk.settle()
    where = direct(thread="77")
    await send(desk, "The black one", "78", where=where)
    await desk.settle()

    await send(desk, "The white one", "78", where=where, kind="edited")
    await desk.settle()

    assert "(edited) The white one" in await notes(desk, request)


async def test_a_colleagues_change_of_a_private_note_is_noted_privately() -> None:
    """Nobody else's change is, and what went to the requester is not taken back."""
    desk = await running(ScriptedModel(script=ASKS))
    request = await desk.open()
    await desk.settle()
    thread = await desk.thread()
    for text, post in (("It is the dsik", "50"), ("reply: We look into it", "51")):
        await send(desk, text, post, who="sam", where=thread)
    await desk.settle()

    await send(desk, "It is the disk", "50", who="sam", where=thread, kind="edited")
    await send(desk, "It is nothing", "50", who="ida", where=thread, kind="edited")
    await send(desk, "reply: Never mind", "51", who="sam", where=thread, kind="edited")
    await send(desk, "", "50", who="sam", where=thread, kind="deleted")
    await desk.settle()

    private = [note.text for note in await desk.all(Note, request_id=request.id, visibility=Visibility.PRIVATE)]
    assert ["It is the dsik", "(edited) It is the disk", "(deleted a message)"] == private
    assert not any("Never mind" in text for text in [*await notes(desk, request), *private])


async def test_correcting_old_words_reopens_nothing() -> None:
    """A resolved request is told and stays; a closed one hears nothing, and no new one is opened."""
    desk = await running(ScriptedModel(script={"hardware-engineer": [call("resolve", summary="Replaced the disk.")]}))
    await desk.open()
    await desk.settle(hours=0.1)
    assert "resolved" == (await desk.request()).status

    await send(desk, "Thank you", "9", kind="edited")
    await desk.settle(hours=0.1)
    after_edit = await desk.request()
    closed = replace(after_edit, status="closed")
    await desk.plain.transact(lambda uow: uow.put(closed))
    await send(desk, "", "9", kind="deleted")
    await desk.settle(hours=0.1)

    assert "resolved" == after_edit.status
    assert "(edited) Thank you" in await notes(desk, after_edit)
    assert 1 == len(await desk.all(Request))
    assert "(deleted a message)" not in await notes(desk, after_edit)


async def test_a_deletion_that_does_not_say_whose_message_it_was_is_recognised_by_what_is_stored() -> None:
    """Author and thread come from the message; what was never stored is left out."""
    desk = await running(opening("Slow laptop"))
    await send(desk, "my laptop is slow", "1")
    elsewhere = direct("maria", thread="7")
    for post in ("1", "404"):
        nameless = Message(
            id=MessageId(f"slack:T1:DMARIA:{post}:deleted"),
            event_id=f"Ev{post}",
            conversation_id=elsewhere.id,
            author_id=IdentityId(""),
            kind="deleted",
            at=desk.clock.now() + timedelta(seconds=1),
            post=post,
        )
        arrival = Arrival(message=nameless, conversation=elsewhere, author=replace(account("maria"), id=IdentityId("")))
        await desk.plain.transact(lambda uow, arrival=arrival: store(uow, [arrival], desk.clock.now(), timedelta()))  # type: ignore[misc]
    await desk.settle()

    assert [] == await desk.all(Request)
    assert [account("maria").id] == [item.author_id for item in await desk.all(Message, kind="deleted")]
    assert [] == await desk.all(Conversation, id=elsewhere.id)
