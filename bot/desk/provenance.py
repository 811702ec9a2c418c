"""Which requests a message belongs to: those that it opened, those to which Atom passed it on, and those where it was noted.

Nothing keeps this with the message itself. It follows from what is stored anyway: a note is keyed by the message that caused it, a run
names the messages that it was begun for, and a request the run in which it was opened.
"""

from collections.abc import Sequence

from bot.conversation import Conversation
from bot.ids import derived_id
from bot.mail import Said, mailbox_id
from bot.message import Message
from bot.note import Note
from bot.ports import Reader
from bot.request import Request
from bot.run import Run, Step

_CONTINUES = "continue_request"


async def requests_from(
    reader: Reader, conversation: Conversation, message: Message, also: Sequence[Request] = ()
) -> list[Request]:
    """Return the requests to which a message of the conversation belongs: those that it opened, and those where it was noted.

    `also` are requests to which it may belong although they are not of this conversation.
    """
    own = [derived_id("request", f"{cause}:{message.id}") for cause in ("unread", "command")]
    keys = [*own, *conversation.request_ids, *(item.id for item in also)]
    requests = {item.id: item for item in await reader.find(Request, id=keys)}
    requests |= {item.id: item for item in await reader.find(Request, conversation_id=conversation.id)}
    notes = {derived_id("note", key, message.id): key for key in requests}
    noted = {notes[item.id] for item in await reader.find(Note, id=list(notes))} if notes else set()
    runs = [
        run
        for run in await reader.find(Run, mailbox_id=mailbox_id("conversation", conversation.id))
        if any(isinstance(trigger, Said) and trigger.message_id == message.id for trigger in run.triggers)
    ]
    opened = {run.id for run in runs}
    found = [
        item
        for item in requests.values()
        if item.id in noted or item.id in own or item.fields.get("opened_in") in opened
    ]
    return [*found, *[item for item in await _continued(reader, runs) if item.id not in {known.id for known in found}]]


async def _continued(reader: Reader, runs: Sequence[Run]) -> list[Request]:
    """Return the requests to which Atom passed the words on."""
    steps = await reader.find(Step, run_id=[run.id for run in runs], kind="desk") if runs else ()
    calls = [step.call for step in steps if step.call is not None and step.result is not None and not step.result.error]
    numbers = {str(call.arguments.get("number", "")).strip().upper() for call in calls if call.name == _CONTINUES}
    return list(await reader.find(Request, number=sorted(numbers))) if numbers else []
