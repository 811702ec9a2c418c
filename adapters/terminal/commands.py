"""What a line typed at the prompt means, purely: words for Atom, or one of the few commands that begin with a slash."""

import re
from dataclasses import dataclass
from typing import Literal

_NUMBER = re.compile(r"[A-Za-z]{1,10}-[0-9]{1,9}")
_EMAIL = re.compile(r"[^\s@/:]+@[^\s@/:]+")


@dataclass(frozen=True, kw_only=True)
class Say:
    """The person says something to Atom."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Become:
    """Be another person from now on."""

    email: str


@dataclass(frozen=True, kw_only=True)
class Note:
    """A support agent writes in a request's private thread."""

    number: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Hold:
    """A support agent takes a request over, or hands it back."""

    action: Literal["take_over", "hand_back"]
    number: str


@dataclass(frozen=True, kw_only=True)
class Decide:
    """A support agent decides the latest waiting approval, or that of one request."""

    action: Literal["approve", "deny"]
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class Help:
    """Show what can be typed; `wrong` says why a line was not understood."""

    wrong: str = ""


@dataclass(frozen=True, kw_only=True)
class Quit:
    """End the conversation."""


Command = Say | Become | Note | Hold | Decide | Help | Quit

HELP = (
    "What you can type:",
    "any words            say them to Atom",
    "/as EMAIL            be another person, for example sam@example.com",
    "/private NUMBER TEXT write as a support agent in the private thread;",
    "                     name the coworker (or Atom) to wake it, begin with reply: to answer the requester",
    "/take NUMBER         take a request over as a support agent; its coworkers fall silent",
    "/back NUMBER         hand it back",
    "/approve, /deny      decide the approval that waits, as a support agent; a NUMBER may follow",
    "/status              ask Atom where your requests stand",
    "/quit                leave (Ctrl-C and Ctrl-D do, too)",
)


def parse(line: str) -> Command | None:
    """Return what a line means; None for an empty one. Two slashes at the beginning are words with one slash."""
    text = line.strip()
    if not text:
        return None
    if not text.startswith("/"):
        return Say(text=text)
    if text.startswith("//"):
        return Say(text=text[1:])
    word, _, rest = text[1:].partition(" ")
    return _command(word.casefold(), rest.strip())


def _command(word: str, rest: str) -> Command:
    match word:
        case "as":
            return Become(email=rest.casefold()) if _EMAIL.fullmatch(rest) else Help(wrong="Write /as EMAIL.")
        case "private":
            return _note(rest)
        case "take" | "back":
            return _hold(word, rest)
        case "approve" | "deny":
            return _decide(word, rest)
        case "status":
            return Say(text="status")
        case "help":
            return Help()
        case "quit" | "exit" | "q":
            return Quit()
    return Help(wrong=f"There is no command /{word[:20]}.")


def _note(rest: str) -> Command:
    number, _, text = rest.partition(" ")
    if _NUMBER.fullmatch(number) and text.strip():
        return Note(number=number.upper(), text=text.strip())
    return Help(wrong="Write /private NUMBER TEXT, for example /private IT-1001 Please look at the disk.")


def _hold(word: str, rest: str) -> Command:
    if _NUMBER.fullmatch(rest):
        return Hold(action="take_over" if word == "take" else "hand_back", number=rest.upper())
    return Help(wrong=f"Write /{word} NUMBER, for example /{word} IT-1001.")


def _decide(word: str, rest: str) -> Command:
    if not rest or _NUMBER.fullmatch(rest):
        return Decide(action="approve" if word == "approve" else "deny", number=rest.upper())
    return Help(wrong=f"Write /{word}, or /{word} NUMBER.")
