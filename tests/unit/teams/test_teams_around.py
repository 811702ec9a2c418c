"""What happens around messages in Teams, and the odder places and people that they come from."""

import pytest

from adapters.teams.reading import JsonObject
from tests.unit.teams.test_teams_inbound import TENANT, arrival, certain, in_channel


@pytest.mark.parametrize(
    "event",
    [
        {"type": "conversationUpdate", "channelData": {"eventType": "channelRenamed", "tenant": {"id": TENANT}}},
        {"type": "conversationUpdate", "topicName": "Lunch"},
        {"type": "installationUpdate", "action": "remove-upgrade"},
        {"type": "event", "name": "application/vnd.microsoft.meetingStart", "value": {"Title": "Standup"}},
        {"type": "event", "name": "application/vnd.microsoft.readReceipt", "value": {"lastReadMessageId": "1"}},
    ],
)
def test_what_happens_around_a_chat_says_nothing(event: JsonObject) -> None:
    """However often it comes."""
    assert arrival(**{**event, "text": None}) is None


def test_the_chat_of_a_meeting_is_a_chat_of_several_people() -> None:
    """Atom hears there what mentions it."""
    place = {"id": "19:meeting_x@thread.v2", "conversationType": "groupChat", "tenantId": TENANT}
    about = {"tenant": {"id": TENANT}, "meeting": {"id": "m"}}
    found = certain(arrival(conversation=place, channelData=about))

    assert ("group", None, False) == (found.conversation.kind, found.conversation.thread, found.message.addresses_atom)


def test_a_deleted_message_that_is_restored_is_an_edit() -> None:
    """It brings its words again, under the message's own id, and not as a message of its own."""
    about = {"tenant": {"id": TENANT}, "eventType": "undeleteMessage"}
    found = certain(arrival(type="messageUpdate", channelData=about)).message

    assert ("edited", "hello", "1") == (found.kind, found.text, found.post)
    assert found.id.startswith(f"teams:{TENANT}:a:1erin:1:edited:")


@pytest.mark.parametrize("place", [in_channel("19:help@thread.tacv2"), in_channel("19:support@thread.tacv2")])
def test_what_only_atom_sees_in_a_channel_is_answered_to_its_writer_alone(place: JsonObject) -> None:
    """A targeted message: the others read neither it nor what is answered."""
    found = certain(arrival(conversation=place, recipient={"id": "28:atom", "name": "Help", "isTargeted": True}))

    assert ("direct", "aad-erin", None) == (
        found.conversation.kind,
        found.conversation.channel,
        found.conversation.thread,
    )
    assert (found.conversation.workspace, found.message.addresses_atom) == (None, True)


def test_a_guest_is_somebody_without_an_account_here() -> None:
    """Known by what Teams calls them, which is in no directory, or by their own organisation."""
    unknown = certain(arrival(**{"from": {"id": "29:guest", "name": "Gus"}}))

    assert f"teams:{TENANT}:29:guest" == unknown.author.id
