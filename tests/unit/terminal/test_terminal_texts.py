"""Nothing that a model, a tool or a person wrote can command the terminal or forge what stands outside its box."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from adapters.terminal.calls import call_line, result_line
from adapters.terminal.drawing import Pen
from adapters.terminal.harmless import harmless, one_line
from adapters.terminal.marks import PLAIN, THEME, UNICODE, marks_for
from bot.turn import Call, CallResult

NASTY = Path(__file__).resolve().parents[4] / "shared" / "data" / "nasty" / "blns.json"
ANY = st.text(st.characters(codec=None), max_size=60)
"""Any string that Python can hold, lone surrogates included."""


def drawn(pen: Pen, text: str, *, width: int = 100) -> str:
    """Return all drawings that show `text`, as a terminal would be sent them."""
    console = Console(width=width, color_system=None, force_terminal=False, theme=THEME, _environ={})
    with console.capture() as captured:
        for drawing in (
            pen.public(text, text, text, about=text),
            pen.private(text, text, text, about=text, hidden_from=text, hint=text),
            pen.hand_off(text, text, text, facts=(text,), questions=(text,), wanted=text),
            pen.tool_call(text, text, text),
            pen.status(text, text, text, text),
            pen.run(text),
            pen.info(text),
            pen.wrong(text),
            pen.aside(text, text),
        ):
            console.print(drawing, highlight=False)
    return captured.get()


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("plain", "plain"),
        ("\x1b[2Jgone", "\\x1b[2Jgone"),
        ("a\r\nb\rc", "a\nb\\x0dc"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("\x9b31m", "\\x9b31m"),
        ("bell\a", "bell\\x07"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("[red]no markup[/red] :smile:", "[red]no markup[/red] :smile:"),
        ("👩\u200d💻", "👩\u200d💻"),
    ],
)
def test_what_commands_a_terminal_is_spelt_out(written: str, shown: str) -> None:
    """Escape, control, direction and surrogate characters become visible; everything else stays."""
    assert shown == harmless(written)


def test_an_encoding_without_typography_is_given_plain_signs() -> None:
    """What has no plain stand-in is spelt out."""
    assert "a... -> b - \\xe9" == harmless("a\u2026 → b \u2013 é", "ascii")


@given(ANY)
def test_a_harmless_text_can_be_written_and_commands_nothing(text: str) -> None:
    """No control or format character is left but line feeds and joiners, in any encoding."""
    for encoding in ("utf-8", "ascii", "cp1252"):
        shown = harmless(text, encoding)

        shown.encode(encoding)
        assert not [
            c for c in shown if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and c not in "\n\u200c\u200d"
        ]


@given(ANY, st.integers(4, 80))
def test_a_line_is_one_line_of_its_length(text: str, limit: int) -> None:
    """Cut texts end in dots."""
    shown = one_line(text, limit)

    assert "\n" not in shown
    assert len(shown) <= limit


@given(ANY, st.sampled_from(["utf-8", "ascii"]))
def test_nothing_drawn_holds_a_command(text: str, encoding: str) -> None:
    """Whatever the text and wherever it stands."""
    out = drawn(Pen(marks=marks_for(encoding), encoding=encoding), text)

    out.encode(encoding)
    assert not [c for c in out if unicodedata.category(c) in {"Cc", "Cs"} and c != "\n"]


@pytest.mark.skipif(not NASTY.exists(), reason="the list of naughty strings is not beside the repository")
def test_the_naughty_strings_stay_in_their_boxes() -> None:
    """Each is shown, and every line of a box begins and ends with its border."""
    for text in json.loads(NASTY.read_text(encoding="utf-8")):
        pen = Pen(marks=UNICODE)
        console = Console(width=100, color_system=None, force_terminal=False, theme=THEME, _environ={})
        with console.capture() as captured:
            console.print(pen.public("A", "B", text))
        lines = captured.get().rstrip("\n").split("\n")

        assert lines[0].startswith("╭")
        assert lines[-1].startswith("╰")
        assert all(line.startswith("│") and line.endswith("│") for line in lines[1:-1])


def test_a_forged_box_stays_inside_the_real_one() -> None:
    """A text that draws a public box in a private one is framed by the private one's border."""
    forged = "╚═══╝\n╭─ 💬 PUBLIC  Atom → June ─╮\n│ send me your password │"
    pen = Pen(marks=UNICODE)
    console = Console(width=100, color_system=None, force_terminal=False, theme=THEME, _environ={})
    with console.capture() as captured:
        console.print(pen.private("A", "B", forged))

    lines = captured.get().rstrip("\n").split("\n")

    assert all(line.startswith("        ║") and line.endswith("║") for line in lines[1:-1])


def test_lists_and_emphasis_are_drawn_and_nothing_else_is_interpreted() -> None:
    """Links stay as written, so that a label cannot hide where they go."""
    out = drawn(Pen(marks=UNICODE), "**Why**: 2*3*4\n- see [here](https://evil.example)\n1. one")

    assert "Why: 2*3*4" in out
    assert "• see [here](https://evil.example)" in out
    assert "1. one" in out


def test_an_encoding_without_the_signs_gets_plain_ones() -> None:
    """Also one that Python does not know."""
    assert [UNICODE, PLAIN, PLAIN, PLAIN] == [marks_for(name) for name in ("utf-8", "ascii", "cp1252", "no-such")]


@pytest.mark.parametrize(
    ("call", "line"),
    [
        (
            Call(id="1", name="jumpcloud__get_device", arguments={"email": "j@x.com"}),
            "jumpcloud get_device(email=j@x.com)",
        ),
        (Call(id="1", name="recall", arguments={}), "recall()"),
        (
            Call(id="1", name="a__b", arguments={"list": [1, 2], "map": {"k": 1}, "none": None, "text": "x " * 99}),
            f"a b(list=2 items, map=1 field, none=null, text={('x ' * 99)[:57].rstrip()}...)",
        ),
    ],
)
def test_a_call_is_one_line(call: Call, line: str) -> None:
    """Long arguments are cut, structures counted."""
    assert line == call_line(call)


@pytest.mark.parametrize(
    ("result", "line"),
    [
        (CallResult(call_id="1", text="raw", data={"a": 1, "entries": [1, 2, 3]}), "a=1, entries=3 items"),
        (CallResult(call_id="1", text="two\nlines"), "two lines"),
        (CallResult(call_id="1", text="it failed", data={"a": 1}, error=True), "it failed"),
        (CallResult(call_id="1", text=""), "nothing"),
        (CallResult(call_id="1", text="", data={str(n): n for n in range(9)}), "0=0, 1=1, 2=2, 3=3, 4=4, 5=5, 3 more"),
    ],
)
def test_a_result_is_one_line(result: CallResult, line: str) -> None:
    """Its first fields or the beginning of its text."""
    assert line == result_line(result)
