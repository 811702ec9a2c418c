"""The offline `Model`: needs no key and no network, remembers nothing, and gives the same turn for the same transcript.

It is no language model and never says that it is one. It calls only what is on offer; everything else, from grants to audit, holds
for it as for any other brain.
A turn is some milliseconds of computing, so they are taken one at a time, and the event loop gets a look at everything else between
two: a burst of messages must not keep a platform waiting for its acknowledgement.
"""

import asyncio
from collections.abc import Sequence

from bot.turn import Call, Turn
from bot.workspace import Workspace
from coworkers.briefing import Briefing, Candidate
from coworkers.model import Exchange, Offer
from coworkers.playbook.context import recorded
from coworkers.playbook.follow import Act, Follow
from coworkers.playbook.frontdoor import decide
from coworkers.profile import Profile
from coworkers.routing import Router

NAME = "playbook"
"""What turns name as their model."""
_KEPT = 4
"""Routers kept, one for each workforce in use."""


class PlaybookModel:
    """Follows playbooks; routes by similarity."""

    def __init__(self) -> None:
        self._routers: dict[tuple[str, ...], Router] = {}
        self._one = asyncio.Lock()

    def prepare(self, workspaces: Sequence[Workspace], candidates: Sequence[Candidate]) -> None:
        """Build the indexes of the front door's routing now, so that the first message need not wait for them."""
        self._router_of(workspaces, [candidate.coworker for candidate in candidates]).route("My laptop is slow")

    async def next_turn(self, briefing: Briefing, transcript: Sequence[Exchange], tools: Sequence[Offer]) -> Turn:
        """Return the next turn. Raises nothing: what cannot be done is escalated to a human in the turn itself."""
        async with self._one:
            await asyncio.sleep(0)
            return self._next_turn(briefing, transcript, tools)

    def _next_turn(self, briefing: Briefing, transcript: Sequence[Exchange], tools: Sequence[Offer]) -> Turn:
        made, offered = recorded(transcript), frozenset(offer.name for offer in tools)
        if briefing.coworker.kind == "front_door":
            acts = decide(briefing, made, offered, self._router(briefing))
        else:
            act = Follow(briefing, made, offered).next()
            acts = [] if act is None else [act]
        return _turn(acts, len(transcript))

    def _router(self, briefing: Briefing) -> Router:
        """Return the router for the workforce in the briefing: making one costs more than using it."""
        return self._router_of(briefing.workspaces, [candidate.coworker for candidate in briefing.candidates])

    def _router_of(self, workspaces: Sequence[Workspace], profiles: Sequence[Profile]) -> Router:
        key = tuple(f"{profile.id}:{profile.version}" for profile in profiles) + tuple(
            f"{w.id}:{w.about}" for w in workspaces
        )
        if key not in self._routers:
            while len(self._routers) >= _KEPT:
                del self._routers[next(iter(self._routers))]
            self._routers[key] = Router(workspaces, profiles)
        return self._routers[key]


def _turn(acts: Sequence[Act], at: int) -> Turn:
    calls = tuple(
        Call(id=f"{NAME}-{at}-{index}", name=act.name, arguments=act.arguments) for index, act in enumerate(acts)
    )
    return Turn(calls=calls, stop="tool_use" if calls else "end", model=NAME)
