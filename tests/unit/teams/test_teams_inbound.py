"""Activities become arrivals, purely, and nothing that anybody sends makes the translation fail."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.inbound import translate
from adapters.teams.reading import JsonObject
from bot.ids import WorkspaceId
from bot.message import Arrival, Press
from tests.unit.teams.mutants import PAYLOADS, paths, replaced, samples

SAMPLES: list[JsonObject] = list(samples().values())
TENANT = "7e2f0d1c-0000-4000-8000-000000000001"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
needs_samples = pytest.mark.skipif(not SAMPLES, reason=f"the recorded payloads are not at {PAYLOADS}")
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)


def support(tenant: str, channel: str) -> WorkspaceId | None:
    """Name the workspace of the one support channel."""
    return WorkspaceId("it-support") if (tenant, channel) == (TENANT, "19:support@thread.tacv2") else None


def arrival(**changed: object) -> Arrival | None:
    """Translate a personal message with fields replaced."""
    good: JsonObject = {
        "type": "message",
        "id": "1",
        "timestamp": "2026-11-20T10:00:00.1234567Z",
        "channelId": "msteams",
        "serviceUrl": "https://smba.trafficmanager.net/emea/",
        "from": {"id": "29:erin", "name": "Erin", "aadObjectId": "AAD-Erin"},
        "recipient": {"id": "28:atom", "name": "Help"},
        "conversation": {"id": "a:1erin", "conversationType": "personal", "tenantId": TENANT},
        "channelData": {"tenant": {"id": TENANT}},
        "text": "hello",
    }
    return translate({**good, **changed}, support=support, received=NOW)


def certain(found: Arrival | None) -> Arrival:
    """Tell mypy and the reader that there is one."""
    assert found is not None
    return found


def in_channel(channel: str, root: str = "77") -> JsonObject:
    """Give a channel's conversation."""
    return {"id": f"{channel};messageid={root}", "conversationType": "channel", "tenantId": TENANT, "isGroup": True}


def test_a_personal_message_is_to_atom_and_unthreaded() -> None:
    """Ids are the platform's, the author is the directory's."""
    found = certain(arrival())

    assert found.message.id == f"teams:{TENANT}:a:1erin:1"
    assert (found.conversation.kind, found.conversation.thread) == ("direct", None)
    assert found.author.id == f"teams:{TENANT}:aad-erin"
    assert found.message.addresses_atom
    assert found.message.at == datetime(2026, 11, 20, 10, 0, 0, 123456, tzinfo=UTC)
    assert found.conversation.address["service_url"] == "https://smba.trafficmanager.net/emea/"


def test_a_channel_message_belongs_to_the_thread_of_its_root() -> None:
    """The root is in the conversation id, whatever replyToId says."""
    found = certain(arrival(conversation=in_channel("19:help@thread.tacv2"), replyToId="5"))

    assert (found.conversation.channel, found.conversation.thread) == ("19:help@thread.tacv2", "77")
    assert (found.conversation.kind, found.message.addresses_atom) == ("channel", False)


def test_a_support_channel_is_one_in_its_tenant_only() -> None:
    """The same channel id under another tenant is any channel."""
    at_home = certain(arrival(conversation=in_channel("19:support@thread.tacv2")))
    away = certain(
        arrival(
            conversation={**in_channel("19:support@thread.tacv2"), "tenantId": "other"},
            channelData={"tenant": {"id": "other"}},
        )
    )

    assert (at_home.conversation.kind, at_home.conversation.workspace) == ("support", "it-support")
    assert (away.conversation.kind, away.conversation.workspace) == ("channel", None)


def test_a_group_chat_has_no_threads() -> None:
    """Threads in group chats are still moving on Microsoft's side."""
    found = certain(arrival(conversation={"id": "19:x@thread.v2", "conversationType": "groupChat", "tenantId": TENANT}))

    assert (found.conversation.kind, found.conversation.thread) == ("group", None)


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ("invoke", {"action": {"type": "Action.Execute", "verb": "approve", "data": {"subject": "a-1"}}}),
        ("message", {"verb": "approve", "subject": "a-1"}),
    ],
)
def test_a_press_is_the_same_from_both_kinds_of_button(data: str, value: JsonObject) -> None:
    """Execute comes as an invoke, its Submit fallback as a message."""
    found = certain(arrival(type=data, name="adaptiveCard/action", value=value, text=None, replyToId="9"))

    assert (found.message.kind, found.message.press) == (
        "press",
        Press(action="approve", subject="a-1", post="9"),
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"type": "typing"},
        {"type": "messageReaction"},
        {"type": "conversationUpdate"},
        {"type": "invoke", "name": "task/fetch"},
        {"from": {"id": "28:another-bot", "name": "Bot"}},
        {"from": {"id": "29:x", "role": "bot"}},
        {"from": {"id": "28:atom"}},
        {"from": None},
        {"conversation": None},
        {"channelData": {}, "conversation": {"id": "a:1"}},
        {"text": None},
        {"text": "   "},
        {"value": {"verb": "wipe", "subject": "x"}, "text": None},
    ],
)
def test_what_is_not_talk_is_nothing(changed: JsonObject) -> None:
    """Bots, our own messages, events, and empty messages."""
    assert arrival(**changed) is None


def test_an_html_copy_of_the_text_is_no_file() -> None:
    """Teams attaches one to every message; a real file is named."""
    attachments = [
        {"contentType": "text/html", "content": "<p>hello</p>"},
        {"contentType": "application/vnd.microsoft.teams.file.download.info", "name": "report.pdf"},
        {"contentType": "image/png", "contentUrl": "https://x"},
    ]

    files = certain(arrival(attachments=attachments)).message.files
    assert [file.name for file in files] == ["report.pdf", "picture"]


def test_what_a_database_refuses_is_taken_out() -> None:
    """A message that cannot be stored would be repeated for ever."""
    found = certain(arrival(text="a\x00b\ud800c", **{"from": {"id": "29:e", "name": "E\x00\udfff"}}))

    assert (found.message.text, found.author.name) == ("ab\ufffdc", "E\ufffd")


def test_two_edits_are_two_messages_about_one_post() -> None:
    """The same edit delivered again is the same message."""
    first = certain(arrival(type="messageUpdate", text="one"))
    again = certain(arrival(type="messageUpdate", text="one"))
    second = certain(arrival(type="messageUpdate", text="two"))

    assert first.message.id == again.message.id
    assert first.message.id != second.message.id
    assert (first.message.post, second.message.post) == ("1", "1")


def test_somebody_from_another_organisation_is_a_guest() -> None:
    """Where the activity says so."""
    found = certain(arrival(**{"from": {"id": "29:x", "aadObjectId": "x", "tenantId": "partner"}}))

    assert found.author.guest


@st.composite
def mutated(draw: st.DrawFn) -> JsonObject:
    """Give a recorded activity with up to three values replaced by anything."""
    known: JsonObject = {"channelData": {"tenant": {"id": TENANT}}, "timestamp": "2026-11-20T10:00:00Z"}
    made = {**known, **draw(st.sampled_from(SAMPLES or [{"type": "message"}]))}
    if draw(st.booleans()):
        made["channelData"] = {"tenant": {"id": TENANT}}
    for _ in range(draw(st.integers(0, 3))):
        made = replaced(made, draw(st.sampled_from(paths(made))), draw(ANYTHING))
    return made


@needs_samples
@given(activity=mutated())
def test_no_activity_makes_it_fail(activity: JsonObject) -> None:
    """And what comes out can be stored."""
    found = translate(activity, support=support, received=NOW)

    if found is not None:
        for text in (found.message.id, found.message.text, found.author.id, found.author.name, found.conversation.id):
            assert "\x00" not in text
            assert text.encode().decode() == text
        assert found.message.id.startswith("teams:")
        assert len(found.message.text) <= 40_000


@given(activity=st.dictionaries(st.sampled_from(["type", "from", "conversation", "value", "text", "id"]), ANYTHING))
def test_no_json_makes_it_fail(activity: JsonObject) -> None:
    """However far from an activity."""
    made = {"channelData": {"tenant": {"id": TENANT}}, "type": "message", **activity}

    found = translate(made, support=support, received=NOW)

    assert found is None or found.message.author_id == found.author.id


@needs_samples
def test_recorded_messages_are_understood() -> None:
    """The samples of Microsoft's own tests: each message becomes one, with its mention taken out."""
    tenant = {"channelData": {"tenant": {"id": TENANT}}}
    told = [translate({**sample, **tenant}, support=support, received=NOW) for sample in SAMPLES]

    texts = [found.message.text for found in told if found is not None and found.message.kind == "text"]
    assert [text.partition("\n")[0] for text in texts] == ["testing123", "testing123", "Hi there."]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("status IT-1", "command"), ("new laptop", "command"), ("status of what?", "text")],
)
def test_a_command_is_known_by_its_words_where_atom_is_addressed(text: str, kind: str) -> None:
    """In the personal chat, and with a mention; without one it is what people say to each other."""
    mention = {"type": "mention", "mentioned": {"id": "28:atom", "name": "Help"}, "text": "<at>Help</at>"}
    place = in_channel("19:help@thread.tacv2")

    alone = certain(arrival(text=text))
    mentioned = certain(arrival(text=f"<at>Help</at> {text}", entities=[mention], conversation=place))
    overheard = certain(arrival(text=text, conversation=place))

    assert [kind, kind, "text"] == [found.message.kind for found in (alone, mentioned, overheard)]
    assert {text} == {found.message.text for found in (alone, mentioned, overheard)}


def test_a_command_is_not_given_again_by_correcting_it() -> None:
    """It was obeyed as it stood; a correction that is talk again is one."""
    assert arrival(type="messageUpdate", text="status IT-2") is None
    assert "edited" == certain(arrival(type="messageUpdate", text="the status is wrong")).message.kind


def test_the_correction_of_a_request_that_was_typed_says_what_was_corrected() -> None:
    """Without the command's name, which is no part of the request."""
    assert arrival(type="messageUpdate", text="new") is None
    found = certain(arrival(type="messageUpdate", text="new slow since Monday"))
    assert ("edited", "slow since Monday") == (found.message.kind, found.message.text)


@pytest.mark.parametrize(
    "event",
    [
        {"type": "installationUpdate", "action": "add"},
        {"type": "conversationUpdate", "membersAdded": [{"id": "28:atom"}]},
    ],
)
def test_whoever_gets_atom_has_opened_their_chat_with_it(event: JsonObject) -> None:
    """In a channel nobody is welcomed."""
    in_team = arrival(**event, text=None, conversation=in_channel("19:help@thread.tacv2"))

    assert "opened" == certain(arrival(**event, text=None)).message.kind
    assert in_team is None


@pytest.mark.parametrize(
    "event",
    [
        {"type": "installationUpdate", "action": "remove"},
        {"type": "conversationUpdate", "membersRemoved": [{"id": "28:atom"}]},
        {"type": "conversationUpdate", "membersAdded": [{"id": "29:somebody"}]},
    ],
)
def test_whoever_loses_atom_is_not_welcomed(event: JsonObject) -> None:
    """Nor is anybody when others come and go."""
    assert arrival(**event, text=None) is None
