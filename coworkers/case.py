"""A run with all that belongs to it, as the run loop holds it between two steps.

It is loaded from the database when a run begins or is taken up again, and replaced (never changed) when steps have been stored.
`recovered` says that it was read back after somebody else, perhaps dead, worked on it: then an open tool call may have been made already.
"""

from dataclasses import dataclass

from bot.approval import Approval
from bot.conversation import Conversation
from bot.message import Message
from bot.person import Person
from bot.request import Request
from bot.run import Run, Step
from bot.spending import Spending
from coworkers.briefing import Briefing
from coworkers.guarded import Granted
from coworkers.profile import Profile


@dataclass(frozen=True, kw_only=True)
class Case:
    """One run under way."""

    run: Run
    profile: Profile
    person: Person
    """The requester, or who talks with Atom."""
    request: Request | None = None
    conversation: Conversation | None = None
    messages: tuple[Message, ...] = ()
    """For the front door: the messages that the run was begun for."""
    approvals: tuple[Approval, ...] = ()
    """Those whose decision started the run."""
    steps: tuple[Step, ...] = ()
    spent: Spending | None = None
    """The request's account as of the last step."""
    briefing: Briefing | None = None
    """Made before the first model call."""
    granted: tuple[Granted, ...] = ()
    recovered: bool = False

    @property
    def front_door(self) -> bool:
        """Whether this is Atom's talk rather than work on a request."""
        return self.run.conversation_id is not None
