"""Attack: the requester reads the support channel of another platform under another address of their own."""

from dataclasses import replace

import pytest

from bot.clearance import Case, cleared
from bot.conversation import Conversation
from bot.firewall import Allowed, Withheld
from bot.ids import ConversationId, PersonId, ReplyId
from bot.labels import Visibility
from bot.ports import Profile, Readers
from bot.reply import Reply
from tests.fakes.audience import WrittenAudience
from tests.fakes.desk import RunningDesk, running
from tests.fakes.scripted import ScriptedModel
from tests.fakes.workforce import IT, account

MARIA = replace(account("maria", "teams"), email="maria.lopez@example.com", person_id=PersonId("maria"))
"""Teams knows her mailbox; she signs in, also to Slack, as maria@."""
CHANNEL = Readers(identities=frozenset({"slack:T1:USAM", "slack:T1:UML"}), emails=frozenset({"maria@example.com"}))


async def judged(said: Profile | None, readers: Readers = CHANNEL) -> Allowed | Withheld:
    """Return what the firewall says of a private note about Maria's request for the Slack channel of IT Support."""
    desk: RunningDesk = await running(ScriptedModel(script={}))
    request = await desk.open()
    thread = Conversation(
        id=ConversationId("support:x"), platform="slack", tenant="T1", channel="CIT", kind="support", workspace=IT
    )
    reply = Reply(
        id=ReplyId("r"),
        conversation_id=thread.id,
        request_id=request.id,
        visibility=Visibility.PRIVATE,
        kind="note",
        text="malware",
        at=desk.clock.now(),
    )
    case = Case(
        reply=reply,
        conversation=thread,
        request=request,
        workspace=desk.desk.workspace(IT),
        accounts=(MARIA,),
        email=MARIA.email,
    )
    audience = WrittenAudience()
    audience.places["CIT"] = readers
    if said is not None:
        audience.people[MARIA.id] = said
    return await cleared(case, desk.desk, audience)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Profile(identity=MARIA, emails=frozenset({"maria.lopez@example.com", "maria@example.com"})), "requester"),
        (Profile(identity=replace(MARIA, email="maria@example.com")), "requester"),
        (Profile(identity=MARIA, emails=frozenset({"maria.lopez@example.com"})), "allowed"),
        (None, "allowed"),
    ],
    ids=["a second address", "a changed address", "one address", "nothing is said now"],
)
async def test_every_present_address_of_the_requester_counts(said: Profile | None, expected: str) -> None:
    """The platform where the requester is says what they are called there now."""
    found = await judged(said)

    assert expected == (found.reason if isinstance(found, Withheld) else "allowed")
