"""Makes texts harmless for a terminal.

What a model, a tool or a person wrote may hold escape sequences that clear the screen or forge lines, marks that reverse the
reading direction, and characters that the terminal's encoding lacks. They are made visible instead of obeyed. Line breaks stay,
tabs become spaces. Markup of the drawing library is not a matter here: its parts are built without interpreting any.
"""

import unicodedata

_JOINERS = {"\u200c", "\u200d"}
"""Needed by Persian and by emoji; they show nothing and move nothing."""
_HARMFUL = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_TYPED = str.maketrans(
    {
        "\u2026": "...",
        "\u2013": "-",
        "\u2014": "-",
        "\u201c": '"',
        "\u201d": '"',
        "\u2018": "'",
        "\u2019": "'",
        "\u2192": "->",
        "\u2022": "-",
        "\u00b7": "-",
    }
)
"""What an old encoding is shown in place of typography."""
_BYTE = 0x100
_PLANE = 0x10000


def harmless(text: str, encoding: str = "utf-8") -> str:
    """Return `text` with control, format and surrogate characters spelt out, in lines that end with a line feed alone."""
    unified = text.replace("\r\n", "\n").expandtabs(4)
    shown = "".join(_visible(character) for character in unified)
    try:
        shown.encode(encoding)
    except UnicodeEncodeError:
        return shown.translate(_TYPED).encode(encoding, "backslashreplace").decode(encoding)
    return shown


def one_line(text: str, limit: int, encoding: str = "utf-8") -> str:
    """Return `text` harmless, in one line of at most `limit` characters, cut with dots."""
    line = " ".join(harmless(text[: 8 * limit], encoding).split())
    return line if len(line) <= limit else line[: max(0, limit - 3)].rstrip() + "..."


def _visible(character: str) -> str:
    if character == "\n" or character in _JOINERS or unicodedata.category(character) not in _HARMFUL:
        return character
    code = ord(character)
    if code < _BYTE:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < _PLANE else f"\\U{code:08x}"
