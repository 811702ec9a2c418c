"""How often a method may be called: Slack's published tiers, per method and team, within a minute.

Off unless a test asks for it, because honest limits make journeys slow. Sources: Slack's page on rate limits, and the tier that
each method's own page names.
"""

import math
from collections import defaultdict, deque
from collections.abc import Mapping

PER_MINUTE: Mapping[int, int] = {1: 1, 2: 20, 3: 50, 4: 100}
WINDOW = 60.0
TIERS: Mapping[str, int] = {
    "agents.sessions.rename": 3,
    "agents.sessions.setStatus": 3,
    "assistant.threads.setSuggestedPrompts": 3,
    "assistant.threads.setTitle": 3,
    "bots.info": 3,
    "chat.appendStream": 4,
    "chat.delete": 3,
    "chat.postEphemeral": 4,
    "chat.startStream": 2,
    "chat.stopStream": 2,
    "chat.update": 3,
    "conversations.history": 3,
    "conversations.info": 3,
    "conversations.join": 3,
    "conversations.leave": 3,
    "conversations.members": 4,
    "conversations.open": 3,
    "conversations.replies": 3,
    "files.info": 4,
    "oauth.v2.access": 4,
    "reactions.add": 3,
    "reactions.remove": 2,
    "team.info": 3,
    "users.conversations": 3,
    "users.info": 4,
    "users.lookupByEmail": 3,
    "views.open": 4,
    "views.publish": 4,
    "views.push": 4,
    "views.update": 4,
}
"""Methods that are not here have limits of their own, which are not kept here."""


class Tiers:
    """Counts calls; `wait` says how long a caller has to stay away."""

    def __init__(self) -> None:
        self._calls: dict[tuple[str, str], deque[float]] = defaultdict(deque)

    def wait(self, token: str, method: str, at: float) -> int:
        """Count a call at a moment (seconds on one clock) and return 0, or count nothing and return Retry-After."""
        if method not in TIERS:
            return 0
        calls = self._calls[token, method]
        while calls and calls[0] <= at - WINDOW:
            calls.popleft()
        if len(calls) >= PER_MINUTE[TIERS[method]]:
            return math.ceil(calls[0] + WINDOW - at)
        calls.append(at)
        return 0
