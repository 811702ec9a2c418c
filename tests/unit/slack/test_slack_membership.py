"""What Slack announces of who can read where becomes a change, and nothing else does."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.listeners import StoreFirst
from adapters.slack.membership import EVENTS, Membership, change, changed_user
from bot.errors import TemporaryError
from bot.readership import AudienceChange
from tests.unit.slack.doors import Doors
from tests.unit.slack.payloads import TS, Payload, nowhere

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "data" / "payloads" / "slack" / "events"


def announced(kind: str, **fields: object) -> Payload:
    """Give the envelope of an event about CIT."""
    ours = {"team_id": "T1", "user_id": "U0ATOM", "is_bot": True}
    event = {"type": kind, "channel": "CIT", "event_ts": TS, **fields}
    return {"type": "event_callback", "event_id": "Ev1", "team_id": "T1", "authorizations": [ours], "event": event}


def person(**fields: object) -> Payload:
    """Give the event about a changed user."""
    user = {"id": "U1", "team_id": "T1", "profile": {"real_name": "Maria"}, "deleted": False, **fields}
    return announced("user_change", user=user, channel=None)


@pytest.mark.parametrize(
    ("body", "what", "who"),
    [
        (announced("member_joined_channel", user="U1"), "joined", "slack:T1:U1"),
        (announced("member_left_channel", user="U1"), "left", "slack:T1:U1"),
        (announced("member_joined_channel", user="U0ATOM"), "atom_joined", None),
        (announced("member_left_channel", user="U0ATOM"), "atom_left", None),
        (announced("member_left_channel", user="U0OURS"), "atom_left", None),
        (announced("channel_archive", user="U1"), "archived", None),
        (announced("group_archive"), "archived", None),
        (announced("channel_unarchive"), "unarchived", None),
        (announced("group_unarchive"), "unarchived", None),
        (announced("channel_left"), "atom_left", None),
        (announced("group_left"), "atom_left", None),
        (announced("channel_shared", connected_team_id="T2"), "shared", None),
        (announced("channel_unshared"), "unshared", None),
        (announced("message", subtype="channel_convert_to_public", user="U1"), "made_public", None),
        (announced("message", subtype="channel_convert_to_private", user="U1"), "made_private", None),
        (person(is_restricted=True), "guest", "slack:T1:U1"),
        (person(is_ultra_restricted=True), "guest", "slack:T1:U1"),
        (person(deleted=True, is_restricted=True), "gone", "slack:T1:U1"),
    ],
)
def test_each_announcement_says_what_changed(body: Payload, what: str, who: str | None) -> None:
    """Where, and about whom; the event's id makes it distinct."""
    found = change(body, bot_user="U0OURS")

    assert found is not None
    assert ("Ev1", what, who) == (found.key, found.what, found.identity.id if found.identity else None)
    assert (None if what in {"guest", "gone"} else "CIT") == (found.place.channel if found.place else None)


@pytest.mark.parametrize(
    "body",
    [
        person(),
        person(id=None, is_restricted=True),
        announced("member_joined_channel"),
        announced("member_joined_channel", user="U1", channel=""),
        announced("message", text="hello", user="U1"),
        announced("channel_rename"),
        {**announced("channel_archive"), "type": "block_actions"},
        {**announced("channel_archive"), "team_id": None, "authorizations": None},
        {},
    ],
)
def test_whatever_else_comes_changes_no_audience(body: Payload) -> None:
    """A new picture of a full member, a message, an event that lacks what matters."""
    assert change(body) is None


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="Slack's recorded samples are not beside the repository")
def test_every_recorded_announcement_is_understood() -> None:
    """Slack's own samples of these events, with their blank ids filled in."""
    found = {}
    for path in SAMPLES.glob("*.json"):
        body: dict[str, Any] = json.loads(path.read_text())
        event = body.get("event", {})
        if event.get("type") not in EVENTS:
            continue
        event.update({"channel": "CIT", "user": "U1"} if event["type"] != "user_change" else {})
        if event["type"] == "user_change":
            event["user"].update({"id": "U1", "is_restricted": True})
        made = change({**body, "type": "event_callback", "team_id": "T1", "authorizations": []})
        found[event["type"]] = made.what if made else None

    assert EVENTS == set(found)
    assert None not in found.values()


ODD = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.lists(st.none()), st.just({}))


@given(data=st.data(), odd=ODD)
def test_no_payload_raises(data: st.DataObject, odd: object) -> None:
    """One that did would come back for an hour."""
    body = copy.deepcopy(
        data.draw(st.sampled_from([person(is_restricted=True), announced("member_joined_channel", user="U1")]))
    )
    where = data.draw(st.sampled_from([body, body["event"], body["authorizations"][0]]))
    where[data.draw(st.sampled_from(sorted(where)))] = odd

    changed_user(body)
    change(body)


class Kept:
    """What the adapter hands on."""

    def __init__(self) -> None:
        self.changes: list[AudienceChange] = []
        self.forgotten: list[str] = []
        self.failure: TemporaryError | None = None

    async def take(self, found: AudienceChange) -> None:
        if self.failure is not None:
            raise self.failure
        self.changes.append(found)


def first(kept: Kept) -> StoreFirst:
    """Return the way in, behind which only announcements are expected."""
    doors = Doors()
    membership = Membership(changes=kept.take, forget=kept.forgotten.append, bot_user=lambda: "U0ATOM")
    return StoreFirst(
        accept=doors.accept,
        support=nowhere,
        bot_user=lambda: "U0ATOM",
        doorways=doors.doorways,
        other=membership.take,
    )


async def test_an_announcement_is_acknowledged_once_it_is_handled() -> None:
    """And what was remembered of the user is forgotten first."""
    kept = Kept()

    answer = await first(kept).answer(announced("member_joined_channel", user="U1"))

    assert 200 == answer.status
    assert ["joined"] == [item.what for item in kept.changes]
    assert ["U1"] == kept.forgotten


async def test_an_announcement_that_cannot_be_handled_now_comes_again() -> None:
    """Slack repeats what is not acknowledged."""
    kept = Kept()
    kept.failure = TemporaryError("the database is away", delay=2.0)

    answer = await first(kept).answer(announced("member_joined_channel", user="U1"))

    assert 503 == answer.status


async def test_a_full_members_new_picture_is_acknowledged_and_forgotten() -> None:
    """It changes no audience, but perhaps a name or an address."""
    kept = Kept()

    answer = await first(kept).answer(person())

    assert (200, [], ["U1"]) == (answer.status, kept.changes, kept.forgotten)
