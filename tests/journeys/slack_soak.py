"""A Slack full of people who do anything and a network that fails: what a storm over Slack is made of.

What was acknowledged is noted here, by what was done, so that it can be looked for afterwards.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.faults import JsonObject, drop_after_commit, hang, http_error, rate_limited, reset
from tests.fakes.separate import Remote
from tests.journeys.slack_monkey import Monkey
from tests.journeys.storm import Membership, Weather

WEATHER = Weather(
    methods=(
        "chat.postMessage",
        "chat.update",
        "chat.startStream",
        "chat.appendStream",
        "chat.stopStream",
        "assistant.threads.setStatus",
        "agents.sessions.setStatus",
        "assistant.threads.setTitle",
        "conversations.info",
        "conversations.members",
        "conversations.replies",
        "conversations.history",
        "users.info",
        "views.open",
        "views.publish",
        "response_url",
    ),
    kinds=(
        lambda: rate_limited(1),
        lambda: http_error(500),
        drop_after_commit,
        drop_after_commit,
        reset,
        lambda: http_error(503),
        lambda: hang(2),
    ),
)
RECENT = 120
"""How many of the newest posts people look at."""


@dataclass(frozen=True, kw_only=True)
class Watched(Remote):
    """Slack's verbs, with a note of what was done and acknowledged."""

    written: list[JsonObject] = field(default_factory=list)
    """Messages that people wrote, as stored by Slack."""
    forms: set[str] = field(default_factory=set)
    """The views that were sent and taken; the same one may be sent twice at the same time."""
    taken: dict[str, int] = field(default_factory=dict)
    """How many commands, forms and presses were acknowledged, by verb; those that are answered by a form are none."""

    async def do(self, verb: str, **arguments: object) -> Any:  # noqa: ANN401 -- whatever the verb returns
        """Call a verb; what Deskmate could not answer, being dead, is a LookupError."""
        if verb == "sends" and not arguments["values"]:
            raise LookupError("a dialogue that only says something has no button to send it")
        view = await super().do("modal", user=arguments["user"]) if verb == "sends" else None
        answer = await super().do(verb, **arguments)
        if verb in {"says", "uploads"}:
            self.written.append(answer)
        if verb == "posts":
            return sorted(answer, key=lambda post: str(post["ts"]))[-RECENT:]
        if verb in {"sends", "command", "press"}:
            if answer["status"] is None:
                raise LookupError("nobody answered")
            if self._is_kept(verb, arguments, answer):
                self.taken[verb] = self.taken.get(verb, 0) + 1
                self.forms.update([view["id"]] if view else [])
        return answer

    def _is_kept(self, verb: str, arguments: JsonObject, answer: JsonObject) -> bool:
        if answer["status"] != 200:
            return False
        if verb == "sends":
            return not (answer["errors"] or answer["trouble"] or answer["view"])
        if verb == "command":
            return str(arguments["text"]).split()[:1] != ["new"]
        return not str(arguments["action_id"]).startswith("form")


def wanderer(slack: Remote, channel: str, user: str) -> Membership:
    """Return somebody who comes into a channel and goes."""
    return Membership(
        channels=(channel,),
        user=user,
        comes=lambda: slack.do("joins", user=user, channel=channel),
        goes=lambda: slack.do("leaves", user=user, channel=channel),
    )


def monkeys(
    count: int,
    slack: Remote,
    users: Sequence[str],
    channels: Sequence[str],
    words: Sequence[str],
    dice: random.Random,
) -> list[Monkey]:
    """Return so many who act at the same time, each under all of these ids."""
    return [Monkey(slack=slack, users=users, channels=channels, words=words, dice=dice) for _ in range(count)]
