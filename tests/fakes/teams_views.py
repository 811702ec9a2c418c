"""What each person sees of the bot's cards: the post, or what the bot has answered to them alone.

The answer to a press, or to a client that asked for the card anew, is shown to that person only, until the post is changed for
everybody. Clients ask by themselves in places of up to 60 members, when somebody looks and when the post was changed; here a
test says when.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from tests.fakes import teams_shapes as shapes
from tests.fakes.faults import JsonObject
from tests.fakes.teams_cards import MOST_AUTOMATIC, faults_of
from tests.fakes.teams_delivery import Attempt
from tests.fakes.teams_state import CARD, Place, Tenant

_LINE = "application/vnd.microsoft.activity.message"
_ERROR = "application/vnd.microsoft.error"


class Views:
    """All cards of a tenant, as people see them."""

    def __init__(
        self, tenant: Tenant, deliver: Callable[[JsonObject], Awaitable[Attempt]], service_url: Callable[[], str]
    ) -> None:
        self._tenant = tenant
        self._deliver = deliver
        self._service_url = service_url
        self._shown: dict[tuple[str, str, str], tuple[str, JsonObject]] = {}
        """By person, place and activity: the post at that moment, and the card that was answered."""

    async def press(
        self, person: str, conversation: str, activity: str, data: JsonObject | None = None, verb: str | None = None
    ) -> JsonObject:
        """Somebody presses a button of a card; `data` (inputs included) and `verb` choose it.

        Returns `{"status", "body"}` of the bot's answer; a card in the answer replaces the pressed one for them, as in Teams.
        """
        place, post = self._tenant.place(conversation), self._tenant.activity(conversation, activity)
        seen = self.looks(person, conversation, activity)
        action = shapes.find_action({"attachments": [{"contentType": CARD, "content": seen}]}, data or {}, verb)
        filled = {**action, "data": {**(action.get("data") or {}), **(data or {})}}
        sent = shapes.pressed(self._tenant.people[person], place, post, filled, self._service_url())
        return await self._answered(person, place, post, sent)

    async def refresh(
        self, person: str, conversation: str, activity: str, *, by_hand: bool = False, reply: str | None = None
    ) -> JsonObject:
        """Let a client ask for a card anew, by itself or (`by_hand`) from the card's menu; `reply` forges what is asked for.

        Returns `{"status", "body"}` of the bot's answer. LookupError where clients would not ask.
        """
        place, post = self._tenant.place(conversation), self._tenant.activity(conversation, activity)
        refresh = self.looks(person, conversation, activity).get("refresh")
        if refresh is None:
            raise LookupError("The card cannot be asked for anew.")
        listed = person in refresh.get("userIds", [person] if len(place.members) <= MOST_AUTOMATIC else [])
        if not (listed or by_hand):
            raise LookupError("Clients ask by themselves only in places of up to 60 members, or for who is listed.")
        action = refresh["action"]
        data = {**action["data"], **({"reply": reply} if reply is not None else {})}
        sent = shapes.pressed(self._tenant.people[person], place, post, {**action, "data": data}, self._service_url())
        sent["value"]["trigger"] = "manual" if by_hand else "automatic"
        return await self._answered(person, place, post, sent)

    def looks(self, person: str, conversation: str, activity: str) -> JsonObject:
        """Give a card as somebody sees it: the post's, unless they were answered since it was changed last."""
        place, post = self._tenant.place(conversation), self._tenant.activity(conversation, activity)
        base, answered = self._shown.get((person, place.id, activity), ("", {}))
        if base == _snapshot(post):
            return answered
        cards = [one["content"] for one in post.get("attachments") or [] if one["contentType"] == CARD]
        return dict(cards[0]) if cards else {}

    async def _answered(self, person: str, place: Place, post: JsonObject, sent: JsonObject) -> JsonObject:
        attempt = await self._deliver({"id": f"f:{self._tenant.next_id()}", **sent})
        body = _parsed(attempt.body)
        if sent["type"] == "invoke" and attempt.status == 200:
            if wrong := _faults_of_answer(body):
                raise AssertionError(f"Teams does not show this: {'; '.join(wrong)}")
            if body["type"] == CARD:
                self._shown[(person, place.id, post["id"])] = (_snapshot(post), body["value"])
        return {"status": attempt.status, "body": body}


def _faults_of_answer(body: object) -> list[str]:
    """Return what is wrong with the answer to an Action.Execute, by its documented shapes."""
    if not isinstance(body, dict) or not isinstance(body.get("statusCode"), int):
        return ["The answer is none to an Action.Execute."]
    kind, value = body.get("type"), body.get("value")
    if kind == CARD and isinstance(value, dict):
        return faults_of(value)
    known = (kind == _LINE and isinstance(value, str)) or (kind == _ERROR and isinstance(value, dict))
    return [] if known else [f"Nobody knows an answer of type {kind!r} with this value."]


def _snapshot(post: JsonObject) -> str:
    return json.dumps(post.get("attachments") or [], sort_keys=True)


def _parsed(body: str) -> Any:  # noqa: ANN401 -- whatever the bot answered
    try:
        return json.loads(body)
    except ValueError:
        return body
