"""What somebody reads who looks at their chat with Atom."""

from collections.abc import Sequence

HOW_ARE_MINE = "How are my requests going?"


def welcome(name: str, teams: Sequence[str]) -> str:
    """Greet a person for the first time, and say what can be done here."""
    first = next(iter(name.split()), "there")
    known = f" I work with {_together(teams)}." if teams else ""
    return (
        f"Hello {first}, I'm Atom.{known} Tell me what you need in your own words: I answer what our documents answer, and open a "
        "request for the rest. Replies come here. I'm software; say *human* when you would rather have a person."
    )


def _together(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def prompt(example: str) -> str:
    """Return an example as somebody would say it: one line, with a capital."""
    line = " ".join(example.split())[:150]
    return line[:1].upper() + line[1:]
