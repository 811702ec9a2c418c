"""Files that come with words which Atom passes on to a request reach the colleagues, as links."""

from datetime import timedelta

from bot.file import File
from bot.ids import MessageId
from bot.intake import store
from bot.message import Arrival, Message
from tests.fakes.desk import running
from tests.fakes.scripted import ScriptedModel, call
from tests.fakes.workforce import account, direct

PICTURE = File(name="screen.png", type="image/png", link="https://example.slack.com/files/screen.png", key="F1")


async def test_a_file_written_in_another_thread_is_linked_for_colleagues() -> None:
    """Maria writes at the top of her chat; Atom finds that it belongs to her request."""
    model = ScriptedModel(script={"atom": [call("continue_request", number="IT-1001", text="It looks like this.")]})
    desk = await running(model)
    await desk.open()
    message = Message(
        id=MessageId("slack:T1:DMARIA:9"),
        event_id="E9",
        conversation_id=direct().id,
        author_id=account("maria").id,
        text="It looks like this.",
        addresses_atom=True,
        files=(PICTURE,),
        at=desk.clock.now(),
    )
    came = Arrival(message=message, conversation=direct(), author=account("maria"))

    await desk.plain.transact(lambda uow: store(uow, [came], desk.clock.now(), timedelta()))
    await desk.settle()

    shown = [text for text in desk.shown("CIT") if PICTURE.link in text]
    assert 1 == len(shown)
