"""Somebody who does whatever Slack lets them do, in no order and with no sense: a seeded random person.

It presses what buttons it sees, fills forms with what is at hand, replies anywhere, edits, deletes, types half-remembered commands.
What Slack's client does not let a person do is no move; what Deskmate answers is judged by who let the monkey loose.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.faults import JsonObject
from tests.fakes.separate import Remote

COMMANDS = (
    "",
    "help",
    "help take",
    "new",
    "new My badge is gone",
    "mine",
    "status",
    "status {number}",
    "take {number}",
    "release {number}",
    "note {number} {text}",
    "reply {number} {text}",
    "assign {number} to me",
    "assign {number} to software-engineer",
    "priority {number} urgent",
    "priority {number} blue",
    "link {number} relates_to IT-1002",
    "resolve {number} done",
    "coworkers",
    "budget",
    "approvals",
    "pause network-engineer",
    "resume network-engineer",
    "reload",
    "{text}",
)
NUMBERS = ("IT-1001", "it-1002", "IT-1003", "HR-1001", "IT-9999", "1001", "IT-")


@dataclass(kw_only=True)
class Monkey:
    """One random person with some ids to act under."""

    slack: Remote
    users: Sequence[str]
    channels: Sequence[str]
    """Where they may write besides their own chats with Atom."""
    words: Sequence[str]
    dice: random.Random
    said: list[JsonObject] = field(default_factory=list)
    moves: dict[str, int] = field(default_factory=dict)
    """How often each move was possible."""

    async def moves_on(self, count: int) -> None:
        """Try so many moves."""
        moves = (self._writes, self._replies, self._presses, self._types, self._shortcuts, self._fills, self._looks)
        rare = (self._edits, self._deletes, self._uploads, self._stops)
        for _ in range(count):
            move = self.dice.choice([*moves * 3, *rare])
            try:
                await move(self.dice.choice(list(self.users)))
            except LookupError:
                continue
            name = move.__name__.strip("_")
            self.moves[name] = self.moves.get(name, 0) + 1

    def _text(self) -> str:
        return self.dice.choice(list(self.words))

    async def _writes(self, user: str) -> None:
        place = self.dice.choice([user, user, *self.channels])
        self.said.append(await self.slack.do("says", user=user, channel=place, text=self._text()))

    async def _replies(self, user: str) -> None:
        posts = [*await self._posts(), *self.said]
        to = self.dice.choice(posts)
        thread = to.get("thread_ts") or to["ts"]
        said = await self.slack.do("says", user=user, channel=to["channel"], text=self._text(), thread=thread)
        self.said.append(said)

    async def _uploads(self, user: str) -> None:
        await self.slack.do("uploads", user=user, channel=user, name=self._text()[:50] or "x", content="data")

    async def _edits(self, _: str) -> None:
        old = self.dice.choice(self.said)
        await self.slack.do("edits", channel=old["channel"], ts=old["ts"], text=self._text())

    async def _deletes(self, _: str) -> None:
        old = self.dice.choice(self.said)
        self.said.remove(old)
        await self.slack.do("deletes", channel=old["channel"], ts=old["ts"])

    async def _presses(self, user: str) -> None:
        post, element = self.dice.choice([(post, item) for post in await self._posts() for item in _elements(post)])
        value = element.get("value")
        await self.slack.do("press", user=user, message=post, action_id=element["action_id"], value=value)

    async def _types(self, user: str) -> None:
        text = self.dice.choice(COMMANDS).format(number=self.dice.choice(NUMBERS), text=self._text())
        await self.slack.do("command", user=user, channel=self.dice.choice([user, *self.channels]), text=text)

    async def _shortcuts(self, user: str) -> None:
        if self.dice.random() < 0.5:
            await self.slack.do("global_shortcut", user=user, callback_id="new_request")
        else:
            on = self.dice.choice(self.said)
            await self.slack.do("shortcut", user=user, message=on, callback_id="open_request")

    async def _fills(self, user: str) -> None:
        form = await self.slack.do("modal", user=user)
        if form is None:
            raise LookupError("no form is open")
        values = {
            block["block_id"]: self._value(block["element"]) for block in form["blocks"] if block["type"] == "input"
        }
        given = {name: value for name, value in values.items() if value is not None}
        sent = await self.slack.do("sends", user=user, values=given)
        if sent["trouble"]:
            raise AssertionError(f"Slack had trouble with the answer to a form: {sent}")

    def _value(self, element: JsonObject) -> Any:  # noqa: ANN401 -- whatever the element takes
        if element["type"] == "plain_text_input":
            text = self._text()[: element.get("max_length", 3_000)]
            return text if element.get("multiline") else " ".join(text.split())
        if element["type"] == "static_select":
            return self.dice.choice(element["options"])["value"]
        return self.dice.choice([None, *self.users]) if element["type"] == "users_select" else None

    async def _looks(self, user: str) -> None:
        await self.slack.do(self.dice.choice(["opens_home", "opens_messages"]), user=user)
        if (page := await self.slack.do("home", user=user)) and self.dice.random() < 0.7:
            if self.dice.random() < 0.3:
                await self.slack.do("searches_home", user=user, query=self._text()[:100])
            elif elements := _elements(page):
                await self.slack.do("press_home", user=user, action_id=self.dice.choice(elements)["action_id"])

    async def _stops(self, user: str) -> None:
        on = self.dice.choice(self.said)
        await self.slack.do("stops", user=user, channel=on["channel"], thread=on.get("thread_ts") or on["ts"])

    async def _posts(self) -> list[JsonObject]:
        posts: list[JsonObject] = await self.slack.do("posts")
        return posts


def _elements(shown: JsonObject) -> list[JsonObject]:
    found = [item for block in shown.get("blocks", ()) for item in block.get("elements", ()) if "action_id" in item]
    return [item for item in found if item["type"] == "button"]
