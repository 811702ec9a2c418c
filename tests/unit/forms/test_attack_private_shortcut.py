"""The shortcut on a message in a private channel: a private note must not become the words of a request."""

from bot.conversation import Conversation
from bot.ids import ConversationId
from tests.fakes.workforce import account
from tests.unit.forms.forms_scene import known, open_desk, shown

SECRET = "Maria is under investigation"


def used_on(channel: str) -> dict[str, str]:
    return {
        "message_text": SECRET,
        "message_author": account("sam").id,
        "channel": channel,
        "thread": "1700000000.000100",
        "reachable": "yes",
    }


async def test_a_private_notes_words_are_not_taken_over() -> None:
    """Whoever the request is for reads it, and a coworker may repeat it to them: the agent is told to write anew."""
    desk = await open_desk()
    await known(desk, "sam")

    for channel in ("CIT", "CHR", "CSEC"):
        form = await shown(desk, "ida", "new", others=[account("sam")], context=used_on(channel))

        initial = {field.name: field.initial for field in form.fields}
        assert ("", "") == (initial["description"], initial["on_behalf_of"])
        assert SECRET not in repr(form)
        assert "private channel" in form.explanation


async def test_a_channel_that_was_private_stays_so() -> None:
    """Its old notes still stand there when the workforce files name another channel."""
    desk = await open_desk()
    await known(desk, "sam")
    old = Conversation(
        id=ConversationId("support:gone:slack:COLD"),
        platform="slack",
        tenant="T1",
        channel="COLD",
        thread="7",
        kind="support",
    )
    await desk.plain.transact(lambda uow: uow.add(old))

    form = await shown(desk, "ida", "new", others=[account("sam")], context=used_on("COLD"))

    assert SECRET not in repr(form)


async def test_any_other_message_is_still_taken_over() -> None:
    """The guard is for private channels alone."""
    desk = await open_desk()

    form = await shown(desk, "ida", "new", others=[account("sam")], context=used_on("CTOWN"))

    assert SECRET in repr(form)
