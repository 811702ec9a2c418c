"""From what Teams says of teams and channels to what we make of it: purely, and whatever stands there."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.teams.membership import AT_ONCE, announced
from adapters.teams.reading import JsonObject
from adapters.teams.whereabouts import told_by
from tests.fakes.teams_state import BOT_ID, TENANT

TEAM, GENERAL = "19:team@thread.tacv2", "19:general@thread.skype"
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from([TEAM, BOT_ID, "private", "channel"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "type", "team"]), inner, max_size=3)
    ),
    max_leaves=6,
)
EVENTS = ["teamMemberAdded", "channelMemberRemoved", "teamArchived", "channelShared", "somethingNew", ""]


def update(*, data: JsonObject | None = None, **fields: object) -> JsonObject:
    """Give a conversationUpdate of a team."""
    return {
        "type": "conversationUpdate",
        "id": "f:1",
        "serviceUrl": "https://smba.trafficmanager.net/emea/",
        "recipient": {"id": BOT_ID},
        "conversation": {"id": TEAM, "conversationType": "channel", "tenantId": TENANT},
        "channelData": {
            "tenant": {"id": TENANT},
            "team": {"id": TEAM, "aadGroupId": "group"},
            **(data or {}),
        },
        **fields,
    }


@settings(max_examples=60)
@given(
    kind=st.sampled_from(["conversationUpdate", "installationUpdate", "message"]),
    event=st.sampled_from(EVENTS),
    data=st.dictionaries(st.sampled_from(["team", "channel", "eventType", "tenant"]), JSON),
    fields=st.dictionaries(
        st.sampled_from(["membersAdded", "membersRemoved", "conversation", "recipient", "action", "id", "serviceUrl"]),
        JSON,
    ),
)
def test_anything_may_stand_there(kind: str, event: str, data: dict[str, object], fields: dict[str, object]) -> None:
    """Nothing is raised, and what comes out is of this tenant and has a key."""
    activity = update(type=kind, data={"eventType": event, **data}, **fields)

    found = announced(activity)
    known = told_by(activity)

    assert all(item.tenant == TENANT and item.key and (item.channel or item.team) for item in found)
    assert all(item.tenant == TENANT and item.id and item.channel for item in known)
    assert len(found) <= 2 * AT_ONCE + 4


@pytest.mark.parametrize("kind", ["personal", "groupChat", "", "Channel"])
def test_only_channels_are_of_teams(kind: str) -> None:
    """A chat announces nothing of a team, whichever it names."""
    about = {"id": "19:few@thread.v2", "conversationType": kind, "tenantId": TENANT}
    activity = update(data={"eventType": "teamMemberAdded"}, membersAdded=[{"id": "29:june"}], conversation=about)

    assert ((), ()) == (announced(activity), told_by(activity))


def test_many_who_come_at_once_are_told_of_as_somebody_too() -> None:
    """Each costs questions while Teams waits."""
    crowd = [{"id": f"29:{number}"} for number in range(AT_ONCE + 30)]

    found = announced(update(data={"eventType": "teamMemberAdded"}, membersAdded=crowd))

    assert AT_ONCE + 1 == len(found)
    assert found[-1].who is None


def test_a_channel_where_the_app_was_added_is_of_the_team_that_is_named() -> None:
    """Its conversation is the channel that somebody chose, while the team has an id of its own."""
    about = {"id": GENERAL, "conversationType": "channel", "tenantId": TENANT}
    activity = update(data={"eventType": "teamMemberAdded"}, membersAdded=[{"id": BOT_ID}], conversation=about)

    known = {item.channel: (item.team, item.directory, item.access) for item in told_by(activity)}

    assert {GENERAL: (TEAM, "group", ""), TEAM: (TEAM, "group", "standard")} == known


def test_a_channel_that_can_be_shared_is_a_shared_one() -> None:
    """Also where its type is not told, and after it was taken back: it may be shared on at any moment."""
    named = {"channel": {"id": GENERAL}}
    found = [
        {item.channel: item.access for item in told_by(update(data={**named, "eventType": event}))}
        for event in ("channelShared", "channelUnshared", "channelRenamed")
    ]

    assert ["shared", "shared", ""] == [access[GENERAL] for access in found]


def test_an_upgrade_of_the_app_is_no_leaving() -> None:
    """Teams removes the old version for a moment."""
    found = [
        announced(update(type="installationUpdate", action=action)) for action in ("remove-upgrade", "add-upgrade")
    ]

    assert [[], ["atom_joined"]] == [[item.what for item in items] for items in found]


def test_announcements_without_an_id_are_told_apart() -> None:
    """By whom they are about: else the admins would take the second of one moment for the first that came again."""
    many = [[{"id": f"29:{name}-{number}"} for number in range(AT_ONCE + 1)] for name in ("erin", "june")]
    found = [announced(update(id="", timestamp="2026-11-20T10:00:00Z", membersAdded=people)) for people in many]
    again = announced(update(id="", timestamp="2026-11-20T10:00:00Z", membersAdded=many[0]))

    first, second = ({item.key for item in items} for items in found)
    assert set() == first & second
    assert first == {item.key for item in again}
