"""How Teams brings an activity to a bot: with a token, and once more when nobody answers.

Teams waits fifteen seconds for an HTTP answer. Without one it sends the same activity again, once, fifteen seconds after the first
time (`repeat_after`, at once in most tests); an answer that is an error ends it. Card actions are never repeated, because a person
waits for them. Every attempt is kept, so that a test can tell what the bot answered and how fast.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import aiohttp

from tests.fakes.faults import JsonObject
from tests.fakes.teams_tokens import Issuer


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One request to the bot and what became of it."""

    kind: str
    """The activity's type."""
    key: str
    """The activity's id."""
    number: int
    """0 for the first attempt, 1 for the one repetition."""
    status: int | None
    """The HTTP status; None when there was no answer."""
    body: str
    seconds: float
    """How long the bot took."""

    @property
    def answered(self) -> bool:
        """Whether Teams regards it as delivered."""
        return self.status is not None and self.status < 300


@dataclass(kw_only=True)
class Delivery:
    """Teams' side of the bot's /api/messages."""

    issuer: Issuer
    url: str | None
    http: Callable[[], aiohttp.ClientSession]
    answer_within: float = 15.0
    repeat_after: float = 0.0
    """Seconds from the first attempt to the repetition, at least; fifteen in Teams."""
    attempts: list[Attempt] = field(default_factory=list)
    sent: dict[str, JsonObject] = field(default_factory=dict)
    """Every activity that was sent, by id; what was done to a message last is in its place."""
    missed: list[JsonObject] = field(default_factory=list)
    """What the bot has not answered with a 2xx, in order; invokes apart."""

    def set_patience(self, answer_within: float, repeat_after: float) -> None:
        """Say for how long Teams waits for an answer, and how long after the first time it sends again."""
        self.answer_within, self.repeat_after = answer_within, repeat_after

    async def activity(self, activity: JsonObject, *, token: str | None, headers: Mapping[str, str]) -> Attempt:
        """Send an activity, with a good token unless one is given; the last attempt."""
        self.sent[str(activity.get("id"))] = activity
        more = dict(headers)
        if token is not None:
            more["Authorization"] = f"Bearer {token}"
        attempt = await self._send(activity, 0, more)
        if attempt.status is None and activity.get("type") != "invoke":
            await asyncio.sleep(max(0.0, self.repeat_after - attempt.seconds))
            attempt = await self._send(activity, 1, more)
        if not attempt.answered and activity.get("type") != "invoke":
            self.missed.append(activity)
        return attempt

    async def missed_again(self) -> int:
        """Send again what the bot has missed, oldest first; how many there were."""
        missed, self.missed = self.missed, []
        for activity in missed:
            attempt = await self._send(activity, 1, {})
            self.missed += [] if attempt.answered else [activity]
        return len(missed)

    async def again(self, activity: str) -> Attempt:
        """Send an activity once more though it was answered."""
        return await self._send(self.sent[activity], 1, {})

    async def _send(self, activity: JsonObject, number: int, more: Mapping[str, str]) -> Attempt:
        if self.url is None:
            raise LookupError("Teams does not know the bot: tell it with `set_bot_url`.")
        good = self.issuer.mint(str(activity.get("serviceUrl", "")))
        headers = {"Authorization": f"Bearer {good}", **more}
        status, body, began = None, "", time.monotonic()
        try:
            async with asyncio.timeout(self.answer_within):
                async with self.http().post(self.url, json=activity, headers=headers) as response:
                    status, body = response.status, await response.text()
        except (TimeoutError, aiohttp.ClientError):
            status = None
        seconds = time.monotonic() - began
        kind, key = str(activity.get("type")), str(activity.get("id"))
        attempt = Attempt(kind=kind, key=key, number=number, status=status, body=body, seconds=seconds)
        self.attempts.append(attempt)
        return attempt
