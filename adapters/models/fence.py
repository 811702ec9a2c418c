"""Puts what other people and systems wrote between marks that it cannot forge.

A model must be able to tell the organisation's instructions from data. Each such text is wrapped in a `data` element that
names its source and who may read it, and nothing inside a text can look like the end of its element or the start of another:
a `<` in front of `data` is escaped, and attributes hold one harmless line. The marks are the same each time (no random
delimiter), so that the same conversation renders to the same bytes and a vendor's prompt cache holds it.
This helps a model to judge; what a model may do is decided by code (see `coworkers/guarded.py`).
"""

import re

from bot.labels import Source, Visibility

_OPENERS = "<\uff1c\ufe64\u2039\u3008"
_MARK = re.compile(f"[{_OPENERS}]([^\\w{_OPENERS}]*data)", re.IGNORECASE)
_UNSAFE = re.compile('["<>\uff1c\uff1e&\x00-\x1f\x7f\x85\u2028\u2029]+')
LONGEST_ATTRIBUTE = 80


def fenced(text: str, *, kind: str, source: Source | str, visibility: Visibility | None = None, by: str = "") -> str:
    """Return `text` as data of this kind, labelled; never empty, and always encodable as UTF-8."""
    labels = {"kind": kind, "source": str(source), "visibility": str(visibility or ""), "by": by}
    shown = "".join(f' {name}="{attribute(value)}"' for name, value in labels.items() if value)
    return f"<data{shown}>\n{escaped(text)}\n</data>"


def escaped(text: str) -> str:
    """Return `text` in which nothing opens or closes a `data` element; lone surrogates become question marks."""
    return _MARK.sub(r"&lt;\1", text.encode("utf-8", "replace").decode())


def attribute(text: str) -> str:
    """Return `text` as one short line without quotes, angle brackets or control characters."""
    line = _UNSAFE.sub(" ", text.encode("utf-8", "replace").decode()).strip()
    return line if len(line) <= LONGEST_ATTRIBUTE else line[: LONGEST_ATTRIBUTE - 1] + "…"
