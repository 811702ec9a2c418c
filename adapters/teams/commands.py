"""Tells a command from a sentence: Teams has no slash commands, so both arrive as words said to Atom.

Names of commands are ordinary words ("help me", "kill the noise", "resolve my issue"), and whoever means a sentence must not be
answered with how to write a command. So besides the name its arguments have to look like arguments: the number of a request, the
name of a command, a few words that name a coworker. What does not is talk, which Atom reads. Only `new` takes any words.
"""

from bot.commands.arguments import first_word, number_of
from bot.commands.dispatch import COMMANDS

_NAMING = 6
"""Words of a command that names something, and perhaps says why."""
_WORDS = (
    "a an and any are at can could did do does for from get has have he how i in is it may me my no not of off on or our out"
    " please she should some that the their them these they this those to up us was we were what when where who why will with"
    " you your"
)
_SENTENCES = frozenset(_WORDS.split())
"""Words with which a sentence goes on, and no name begins."""


def corrected(text: str) -> str | None:
    """Return what the correction of a command says of what it has led to; None when that is nothing, since it is obeyed once."""
    word, rest = first_word(text)
    return rest if word.casefold() == "new" and rest else None


def is_command(text: str) -> bool:
    """Tell whether words that were said to Atom are a command."""
    word, rest = first_word(text)
    command = COMMANDS.get(word.casefold())
    if command is None:
        return False
    if not rest:
        return True
    argument = first_word(rest)[0].casefold()
    match command.name:
        case "new":
            return True
        case "mine":
            return False
        case "help":
            return argument in COMMANDS and len(rest.split()) == 1
    if command.role in {"employee", "agent"}:
        return number_of(argument) is not None
    return len(rest.split()) <= _NAMING and argument not in _SENTENCES
