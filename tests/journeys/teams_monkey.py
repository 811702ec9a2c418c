"""Somebody who does whatever Teams lets them do, in no order and with no sense: the monkey's cousin with another client.

It mentions Atom or forgets to, quotes, answers anywhere, presses buttons once or twice at the same time, leaves forms open and sends
them later. What Teams' client does not let a person do is no move. What was delivered may come again, since acknowledgements get lost.
"""

import asyncio
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.fakes.faults import JsonObject
from tests.fakes.separate import Remote
from tests.fakes.teams_cards import nodes
from tests.journeys.slack_monkey import COMMANDS, NUMBERS


@dataclass(kw_only=True)
class TeamsMonkey:
    """One random person with some ids to act under."""

    teams: Remote
    users: Sequence[str]
    channels: Sequence[str]
    """Where they may write besides their own chats with Atom."""
    words: Sequence[str]
    dice: random.Random
    said: list[JsonObject] = field(default_factory=list)
    gone: list[JsonObject] = field(default_factory=list)
    """What they have deleted."""
    forms: list[JsonObject] = field(default_factory=list)
    """What they have open, as `looks` says."""
    moves: dict[str, int] = field(default_factory=dict)
    """How often each move was possible."""

    async def moves_on(self, count: int) -> None:
        """Try so many moves."""
        moves = (self._writes, self._replies, self._presses, self._types, self._opens, self._sends, self._looks)
        rare = (
            self._edits,
            self._deletes,
            self._restores,
            self._attaches,
            self._repeats,
            self._points,
            *[self._stops] * 3,
        )
        for _ in range(count):
            move = self.dice.choice([*moves * 3, *rare])
            try:
                await move(self.dice.choice(self.users))
            except LookupError:
                continue
            name = move.__name__.strip("_")
            self.moves[name] = self.moves.get(name, 0) + 1

    def _text(self) -> str:
        return self.dice.choice(self.words)

    async def _says(self, user: str, conversation: str, text: str, **more: object) -> None:
        self.said.append(await self.teams.do("says", person=user, conversation=conversation, text=text, **more))

    async def _writes(self, user: str) -> None:
        await self._says(user, self.dice.choice([user, user, user, *self.channels]), self._text(), **self._mention())

    async def _replies(self, user: str) -> None:
        to = self.dice.choice([*await self._posts(), *self.said])
        quoted = {"quotes": to["id"]} if self.dice.random() < 0.3 else {}
        await self._says(user, to["conversation"]["id"], self._text(), **quoted, **self._mention())

    def _mention(self) -> dict[str, bool]:
        return {"mention": False} if self.dice.random() < 0.3 else {}

    async def _attaches(self, user: str) -> None:
        await self._says(user, user, self._text(), file="notes.txt")

    async def _types(self, user: str) -> None:
        text = self.dice.choice(COMMANDS).format(number=self.dice.choice(NUMBERS), text=self._text())
        await self._says(user, self.dice.choice([user, *self.channels]), text or "help")

    async def _edits(self, _: str) -> None:
        old = self.dice.choice(self.said)
        await self.teams.do("edits", **_where(old), text=self._text())

    async def _deletes(self, _: str) -> None:
        old = self.dice.choice(self.said)
        await self.teams.do("deletes", **_where(old))
        self.said.remove(old)
        self.gone.append(old)

    async def _restores(self, _: str) -> None:
        old = self.dice.choice(self.gone)
        self.gone.remove(old)
        self.said.append(old)
        await self.teams.do("restores", **_where(old))

    async def _repeats(self, _: str) -> None:
        await self.teams.do("redeliver", activity=self.dice.choice(self.said)["id"])

    async def _presses(self, user: str) -> None:
        found = [(post, item) for post in await self._posts() for item in nodes(post["attachments"])]
        post, button = self.dice.choice([(post, item) for post, item in found if item.get("type") == "Action.Execute"])
        pressing = {"person": user, **_where(post), "data": button["data"]}
        await asyncio.gather(*(self.teams.do("press", **pressing) for _ in range(self.dice.choice([1, 1, 2]))))

    async def _looks(self, user: str) -> None:
        post = self.dice.choice(
            [post for post in await self._posts() if '"refresh"' in json.dumps(post["attachments"])]
        )
        await self.teams.do("refresh", person=user, **_where(post), by_hand=self.dice.random() < 0.2)

    async def _opens(self, user: str) -> None:
        found = [(post, item) for post in await self._posts() for item in nodes(post["attachments"])]
        asking = [(post, item["data"]["form"]) for post, item in found if "form" in (item.get("data") or {})]
        post, form = self.dice.choice(asking)
        self.forms.append(await self.teams.do("opens", person=user, **_where(post), form=form))

    async def _points(self, user: str) -> None:
        self.forms.append(await self.teams.do("opens_on", person=user, **_where(self.dice.choice(self.said))))

    async def _sends(self, _: str) -> None:
        form = self.forms.pop(self.dice.choice(range(len(self.forms))))
        values = {asked["label"]: self._value(asked) for asked in form["asks"]}
        given = {label: value for label, value in values.items() if value is not None}
        seen = await self.teams.do("sends", dialogue=form["dialogue"], values=given)
        self.forms += [seen] if seen["open"] else []

    def _value(self, asked: JsonObject) -> str | None:
        if asked["type"] == "Input.Text":
            return self._text() if asked.get("isMultiline") else " ".join(self._text().split())
        if "choices.data" in asked:
            return self.dice.choice(["", *self.users])
        return str(self.dice.choice(asked["choices"])["title"]) if asked.get("choices") else None

    async def _stops(self, user: str) -> None:
        chat = await self.teams.do("open_personal", person=user)
        await self.teams.do("stops", chat=chat, frozen=self.dice.random() < 0.3)

    async def _posts(self) -> list[JsonObject]:
        """Return what the bot posted lately, with its cards."""
        posts: list[JsonObject] = await self.teams.do("posts")
        return [{**post, "attachments": post.get("attachments") or []} for post in posts]


def _where(activity: JsonObject) -> dict[str, str]:
    return {"conversation": activity["conversation"]["id"], "activity": activity["id"]}
