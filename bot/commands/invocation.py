"""One command as somebody gave it, and the two ways in which it can come to nothing.

`Unclear` is the person's mistake in typing: it is answered with how to write it, and is no matter for the audit. `Refused`, the desk's own,
is a rule that forbids it: it names the role that is needed, and is audited. Either is decided before anything is changed, so that
a command does all that it says, or nothing.
"""

from dataclasses import dataclass

from bot.conversation import Conversation
from bot.errors import DeskmateError
from bot.person import Identity, Person
from bot.reply import Button


class Unclear(DeskmateError):
    """The command cannot be understood; the message says how to write it, and `buttons` what can be done instead."""

    def __init__(self, message: str, *, buttons: tuple[Button, ...] = ()) -> None:
        super().__init__(message)
        self.buttons = buttons


@dataclass(frozen=True, kw_only=True)
class Invocation:
    """Somebody's command."""

    person: Person
    identity: Identity
    """The chat account that it was given with."""
    conversation: Conversation
    """Where it was given, and where the answer goes."""
    text: str
    """All of it, from the command's name on; what calls Deskmate (a slash command, a mention) is left out."""
    cause: str
    """The message's id: the same one is obeyed once."""
    arguments: str = ""
    """What follows the command's name, line breaks kept."""

    @property
    def alone(self) -> bool:
        """Whether nobody else reads the answer."""
        return self.conversation.kind in {"direct", "aside"}

    @property
    def among_colleagues(self) -> bool:
        """Whether nobody but the team's staff (or the person alone) reads the answer."""
        return self.alone or self.conversation.kind == "support"
