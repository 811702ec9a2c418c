"""What the tests of streams have in common: a long answer, and how to tell that it stands whole."""

from bot.conversation import Conversation
from bot.errors import TemporaryError
from bot.ports import Messenger
from bot.reply import Reply
from tests.contract.slack.connected import StillClock
from tests.fakes.faults import JsonObject
from tests.fakes.slack import LocalSlack

PARAGRAPHS = [f"Paragraph {number}: {'a sentence of some length, with **weight**. ' * 4}" for number in range(6)]
LONG = "\n\n".join(PARAGRAPHS)
STREAMING = ("chat.startStream", "chat.appendStream", "chat.stopStream")


def calls(server: LocalSlack, *methods: str) -> list[str]:
    return [call.method for call in server.calls if call.method in methods]


def whole(post: JsonObject) -> bool:
    """Tell whether a post says all of the long text, whether it was streamed or written at once."""
    said = [
        str(post["text"]),
        *(block["text"]["text"] for block in post.get("blocks", []) if block["type"] == "section"),
    ]
    everything = "\n".join(said)
    return all(f"Paragraph {number}:" in everything for number in range(len(PARAGRAPHS)))


def carried(post: JsonObject) -> object:
    return post.get("metadata", {}).get("event_payload", {}).get("reply_id")


async def delivered(messenger: Messenger, said: Reply, where: Conversation, clock: StillClock) -> str:
    """Post as the outbox does: after a failure wait, and after one that may have done it look before repeating."""
    unknown = False
    for _ in range(8):
        try:
            found = await messenger.find(said, where) if unknown else None
            return found or await messenger.post(said, where)
        except TemporaryError as error:
            unknown = unknown or error.maybe_done
            await clock.sleep(max(1.0, error.delay))
    raise AssertionError("it was never delivered")
