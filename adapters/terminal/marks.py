"""The signs that the terminal's lines begin with, and what stands for them where the encoding has none.

Meaning never hangs on a sign or a colour alone: the words PUBLIC and PRIVATE, the indent and the shape of the box say it too.
Colours are from the sixteen that every terminal theme adapts to its background; yellow, white and the bright ones are not among
them, since they vanish on white.
"""

from dataclasses import dataclass

from rich import box
from rich.theme import Theme

THEME = Theme(
    {
        "public": "green",
        "private": "magenta",
        "handoff": "bold",
        "tool": "cyan",
        "status": "bold",
        "quiet": "dim",
        "wrong": "bold red",
        "strong": "bold",
    },
    inherit=False,
)
"""Style names used by the drawings; without colour, bold and dim remain."""


@dataclass(frozen=True, kw_only=True)
class Marks:
    """One set of signs."""

    public: str
    private: str
    handoff: str
    tool: str
    result: str
    status: str
    run: str
    info: str
    wrong: str
    arrow: str
    bullet: str
    dot: str
    """Between parts of a line."""
    public_box: box.Box
    private_box: box.Box


UNICODE = Marks(
    public="\N{SPEECH BALLOON}",
    private="\N{LOCK}",
    handoff="⇒",
    tool="◆",
    result="└",
    status="●",
    run="▸",
    info="·",
    wrong="✗",
    arrow="→",
    bullet="•",
    dot="·",
    public_box=box.ROUNDED,
    private_box=box.DOUBLE,
)

PLAIN = Marks(
    public="(o)",
    private="[#]",
    handoff="=>",
    tool="*",
    result="=",
    status="o",
    run=">",
    info="-",
    wrong="!",
    arrow="->",
    bullet="-",
    dot="-",
    public_box=box.ASCII,
    private_box=box.Box("####\n#  #\n####\n#  #\n####\n####\n#  #\n####\n", ascii=True),
)


def marks_for(encoding: str) -> Marks:
    """Return the signs that a terminal with this encoding can show."""
    wanted = "".join(value for value in vars(UNICODE).values() if isinstance(value, str))
    try:
        (wanted + str(UNICODE.public_box) + str(UNICODE.private_box)).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return PLAIN
    return UNICODE
