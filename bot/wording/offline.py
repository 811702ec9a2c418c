"""What the offline front door says by itself. It never claims to be a language model, and each sentence says what to do next."""

from typing import Literal

Talk = Literal["greeting", "thanks", "about", "chat"]
"""Kinds of small talk that the offline front door tells apart."""

_ABLE = "I pass on what is wrong or wanted to the right team, answer from our documents, and tell you how your requests are going."

TALK: dict[Talk, str] = {
    "greeting": f"Hello! {_ABLE} What can I do for you?",
    "thanks": "You're welcome! Just write here if there is anything else.",
    "about": f"I am Atom, the front door of our service teams. {_ABLE} At the moment I work by written playbooks, "
    "without a language model, so plain words work best: what is wrong, or what do you need?",
    "chat": "Glad to hear from you! If something is wrong or you need something, tell me what it is, and I pass it on.",
}
NOT_OURS = f"That is nothing that I or our teams can do, sorry. {_ABLE}"
UNCLEAR = "I am not sure what you need."
FAILED = (
    "Sorry, I could not do that just now. Please write it once more; if it fails again, write to the team directly."
)
WITHDRAWN = (
    "As you asked, nothing more is done about this, and I am closing it. Just write here if you need it after all."
)
ANSWER_LENGTH = 1_500
"""Characters of a passage that an answer quotes."""


def unclear(name: str, teams: list[str]) -> str:
    """Return the one question that is asked when it cannot be told what is wanted."""
    listed = f" ({', '.join(teams)})" if teams else ""
    hello = "" if name == "there" else f"{name}, "
    question = f"Is something not working, or do you want something from one of our teams{listed}?"
    return f"{hello}{UNCLEAR} {question} Tell me in a sentence what it is about."


def answer(passage: str) -> str:
    """Return an answer that quotes a passage."""
    return f"This is what our documents say:\n\n{passage}\n\nIf that does not answer it, tell me what is missing, and I open a request."
