"""What is shown beside a conversation: that work goes on, what the thread is called, what one might ask.

In a direct chat the status line says what is being done, and Slack shows its stop button while the agent session counts
as processing; both end when the status is cleared or the answer is posted (docs.slack.dev/ai/agent-sessions: the app moves the
session itself). In a channel a pair of eyes on the message says that it was seen, and goes with the answer.
None of it is worth failing for: what Slack refuses, such as a method that the plan or the app's settings lack, is not
tried again for an hour.
"""

import logging
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from adapters.slack.calls import Calls
from adapters.slack.links import plain
from adapters.slack.refusals import SlackRefusal
from bot.errors import DeskmateError, TemporaryError
from bot.ports import Clock

log = logging.getLogger(__name__)

Shown = Literal["working", "processing", "idle"]
"""`processing`: the agent session counts so too, which shows Slack's stop button and must be ended by us."""

_EYES = "eyes"
_FOR_NOW = timedelta(hours=1)
_THREADS = 5_000
_AT_ONCE = 1.0
_SESSION, _HALF = "agents.sessions.setStatus", 0.5
"""Of what Slack grants a minute, half is kept for ending sessions: one that is not ended shows its stop button for ever."""
_STATUS, _TITLE, _PROMPT, _MESSAGE, _PROMPTS = 100, 120, 75, 1_000, 4
"""Characters of each, and how many prompts Slack shows."""
_LACKING = frozenset(
    {
        "unknown_method",
        "missing_scope",
        "not_allowed_token_type",
        "feature_not_enabled",
        "method_not_supported_for_channel_type",
        "access_denied",
        "team_access_not_granted",
        "app_not_agent",
    }
)
"""Refusals that are about the app or the team and not about one thread."""


class Sessions:
    """Shows and clears, in threads of one team."""

    def __init__(self, *, calls: Calls, clock: Clock) -> None:
        self._calls = calls
        self._clock = clock
        self._threads: OrderedDict[tuple[str, str], Shown] = OrderedDict()
        """What each thread shows, as far as this process knows."""
        self._lacking: dict[str, datetime] = {}
        self._owed: OrderedDict[tuple[str, str], None] = OrderedDict()
        """Threads whose session could not be ended, to be ended with the next thing that is shown or posted."""

    async def show(self, channel: str, thread: str, status: str, *, direct: bool) -> None:
        """Show that work goes on; an empty `status` ends that. Raises nothing of ours."""
        await self._pay()
        if not status.strip():
            await self._clear(channel, thread, direct=direct, posted=False)
            return
        session = direct and self._calls.pace.room(_SESSION, _HALF)
        self._remember(channel, thread, "processing" if session else "working")
        if direct:
            shown = {"channel_id": channel, "thread_ts": thread}
            await self._try("assistant.threads.setStatus", **shown, status=plain(status, _STATUS))
            if session:
                await self._try(_SESSION, **shown, status="processing")
        else:
            await self._try("reactions.add", channel=channel, timestamp=thread, name=_EYES)

    async def posted(self, channel: str, thread: str, *, direct: bool) -> None:
        """Clear what the thread shows, now that something was posted there."""
        await self._pay()
        shown = self._threads.get((channel, thread))
        if shown in {"working", "processing"} or (direct and shown is None):
            await self._clear(channel, thread, direct=direct, posted=True)

    async def title(self, channel: str, thread: str, title: str) -> None:
        """Name the thread, and its agent session if it has one; raises what `calls` raises."""
        if named := plain(title, _TITLE):
            where = {"channel_id": channel, "thread_ts": thread}
            await self._calls.tell("assistant.threads.setTitle", **where, title=named)
            await self._try("agents.sessions.rename", **where, title=named)

    async def prompts(self, channel: str, thread: str | None, lines: str) -> None:
        """Suggest one message per line; raises what `calls` raises."""
        said = [line.strip() for line in lines.splitlines() if line.strip()][:_PROMPTS]
        suggested = [{"title": plain(line, _PROMPT), "message": plain(line, _MESSAGE)} for line in said]
        where = {"channel_id": channel, **({"thread_ts": thread} if thread else {})}
        if suggested:
            await self._calls.tell("assistant.threads.setSuggestedPrompts", **where, prompts=suggested)

    async def _clear(self, channel: str, thread: str, *, direct: bool, posted: bool) -> None:
        """Clear what is shown; Slack itself clears the status line when something is posted."""
        session = self._threads.get((channel, thread)) != "working"
        self._remember(channel, thread, "idle")
        shown = {"channel_id": channel, "thread_ts": thread}
        if not direct:
            await self._surely("reactions.remove", channel=channel, timestamp=thread, name=_EYES)
            return
        if not posted:
            await self._surely("assistant.threads.setStatus", **shown, status="")
        if session and await self._surely(_SESSION, **shown, status="active") is not None:
            self._owed[channel, thread] = None
            while len(self._owed) > _THREADS:
                self._owed.popitem(last=False)

    async def _pay(self) -> None:
        """End one session that is owed its end; one at a time, so that nobody waits for many."""
        if not self._owed or not self._calls.pace.room(_SESSION):
            return
        channel, thread = self._owed.popitem(last=False)[0]
        if self._threads.get((channel, thread)) == "idle":
            shown = {"channel_id": channel, "thread_ts": thread}
            if await self._try(_SESSION, **shown, status="active") is not None:
                self._owed[channel, thread] = None

    async def _surely(self, method: str, **arguments: object) -> TemporaryError | None:
        """Try once more after a failure that may pass at once: what is not cleared stays. Returns a failure that passes."""
        passing = await self._try(method, **arguments)
        if passing is not None and (passing.maybe_done or passing.delay <= _AT_ONCE):
            await self._clock.sleep(min(passing.delay, _AT_ONCE))
            passing = await self._try(method, **arguments)
        return passing

    async def _try(self, method: str, **arguments: object) -> TemporaryError | None:
        """Call, unless Slack does not have it; returns a failure that passes."""
        now = self._clock.now()
        if self._lacking.get(method, now) > now:
            return None
        try:
            answer: Mapping[str, object] = await self._calls.tell(method, **arguments)
        except TemporaryError as error:
            log.info("Slack does not show how work stands, which is no harm: %s", error)
            return error
        except DeskmateError as error:
            if isinstance(error, SlackRefusal) and error.error in _LACKING:
                self._lacking[method] = now + _FOR_NOW
            log.info("Slack does not show how work stands, which is no harm: %s", error)
            return None
        if warning := answer.get("warning"):
            log.debug("Slack warns of %s: %s", method, warning)
        return None

    def _remember(self, channel: str, thread: str, shown: Shown) -> None:
        self._threads[channel, thread] = shown
        self._threads.move_to_end((channel, thread))
        while len(self._threads) > _THREADS:
            self._threads.popitem(last=False)
