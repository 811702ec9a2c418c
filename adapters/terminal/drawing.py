"""Draws what happens: one function for each kind of thing that the person at the terminal sees.

What reaches the requester stands in a rounded box at the left edge, what colleagues tell each other in a double box further right,
and everything that the workforce does in lines between them. All functions are pure and take names, not ids; every text is
made harmless here, so that nothing unsafe can be drawn.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from adapters.terminal.harmless import harmless, one_line
from adapters.terminal.marks import Marks

_INDENT = 8
"""Columns that private boxes stand further right."""
_NAME = 60
_ITEM = re.compile(r"^(\s*)([-*•]|\d{1,3}[.)])\s+(.*)$")
_STRONG = re.compile(r"(?<![\w*])(\*{1,2})(?=[^\s*])(.+?)(?<=[^\s*])\1(?![\w*])")


@dataclass(frozen=True, kw_only=True)
class Pen:
    """Draws with one set of signs, in one encoding."""

    marks: Marks
    encoding: str = "utf-8"

    def public(self, speaker: str, to: str, text: str, *, about: str = "") -> RenderableType:
        """Draw what is said where the requester reads it."""
        title = self._title(
            f"{self.marks.public} PUBLIC", f"{self.name(speaker)} {self.marks.arrow} {self.name(to)}", about
        )
        return self._boxed(title, text, "public")

    def private(
        self, speaker: str, to: str, text: str, *, about: str = "", hidden_from: str = "", hint: str = ""
    ) -> RenderableType:
        """Draw what colleagues are told where the requester (`hidden_from`) cannot read it; `hint` says what can be typed."""
        who = f"{self.name(speaker)} {self.marks.arrow} {self.name(to)}"
        title = self._title(f"{self.marks.private} PRIVATE", who, about)
        hidden = f"{self.name(hidden_from) or 'the requester'} cannot read this"
        below = f"{self.name(hint)} {self.marks.dot} {hidden}" if hint else hidden
        return Padding(self._boxed(title, text, "private", below=below), (0, 0, 0, _INDENT))

    def hand_off(
        self,
        sender: str,
        receiver: str,
        reason: str,
        *,
        facts: tuple[str, ...] = (),
        questions: tuple[str, ...] = (),
        known: int = 0,
        wanted: str = "",
    ) -> RenderableType:
        """Draw a hand-off with what it carries; `known`: how many further facts an earlier hand-off has shown."""
        head = Text.assemble(
            (f"{self.name(sender)} {self.marks.arrow} {self.name(receiver)}", "handoff"), f": {self.text(reason)}"
        )
        parts: list[RenderableType] = [self._marked(self.marks.handoff, head, "handoff")]
        if wanted:
            parts.append(self._under(f"Meant for {self.name(wanted)}, whom {self.name(sender)} cannot reach directly."))
        parts += [self._listed("verified", fact) for fact in facts]
        if known:
            also = f"and {known} verified before" if facts else f"{known} verified before"
            parts.append(self._marked(self.marks.bullet, Text(also, "quiet"), "quiet", left=4))
        parts += [self._listed("open", question) for question in questions]
        return Group(*parts)

    def tool_call(
        self, coworker: str, call: str, result: str, *, failed: bool = False, private: bool = False
    ) -> RenderableType:
        """Draw a tool call and, in one line, what came back."""
        head = Text.assemble(f"{self.name(coworker)} calls ", (harmless(call, self.encoding), "tool"))
        label = "failed: " if failed else "for colleagues only: " if private else ""
        back = Text(f"{label}{harmless(result, self.encoding)}", "wrong" if failed else "")
        return Group(
            self._marked(self.marks.tool, head, "tool"), self._marked(self.marks.result, back, "quiet", left=4)
        )

    def aside(self, to: str, text: str) -> RenderableType:
        """Draw in one line what colleagues are told by Deskmate itself."""
        line = Text.assemble(("PRIVATE ", "strong"), (f"to {self.name(to)}: {self.text(text)}", "quiet"))
        return self._marked(self.marks.private, line, "private", left=_INDENT)

    def status(self, number: str, before: str, after: str, by: str = "", *, passing: bool = False) -> RenderableType:
        """Draw a change of status; `passing`: one of those that come with every hand-off."""
        style = "quiet" if passing else "status"
        line = Text.assemble((f"{self.name(number)}: {self.name(before)} {self.marks.arrow} {self.name(after)}", style))
        if by:
            line.append(f"  ({self.name(by)})", "quiet")
        return self._marked(self.marks.status, line, style)

    def run(self, text: str) -> RenderableType:
        """Draw the start or the end of a run, small."""
        return self._marked(self.marks.run, Text(self.text(text), "quiet"), "quiet")

    def info(self, text: str) -> RenderableType:
        """Draw something that is good to know, small."""
        return self._marked(self.marks.info, Text(self.text(text), "quiet"), "quiet")

    def wrong(self, text: str) -> RenderableType:
        """Draw something that went wrong."""
        return self._marked(self.marks.wrong, Text(self.text(text), "wrong"), "wrong")

    def listing(self, lines: Sequence[str]) -> RenderableType:
        """Draw lines of our own as they stand."""
        return Padding(Group(*(Text(harmless(line, self.encoding)) for line in lines)), (0, 0, 0, 4), expand=False)

    def name(self, text: str) -> str:
        """Return a name, harmless and short."""
        return one_line(text, _NAME, self.encoding)

    def text(self, text: str) -> str:
        """Return a text in one line, harmless."""
        return " ".join(harmless(text, self.encoding).split())

    def prose(self, text: str) -> RenderableType:
        """Return a text of several lines: paragraphs and lists keep their shape, what stands between asterisks becomes bold."""
        return Group(*self._lines(harmless(text.strip("\n"), self.encoding)))

    def _lines(self, text: str) -> Iterator[RenderableType]:
        for line in text.split("\n"):
            item = _ITEM.match(line)
            if item is None:
                yield _emphasised(line)
                continue
            sign = item[2] if item[2][0].isdigit() else self.marks.bullet
            yield self._marked(sign, _emphasised(item[3]), "", left=min(len(item[1]), 12))

    def _title(self, what: str, who: str, about: str) -> Text:
        rest = f"  {who}" + (f" {self.marks.dot} {self.name(about)}" if about else "")
        return Text.assemble((what, "strong"), rest)

    def _boxed(self, title: Text, text: str, style: str, *, below: str = "") -> Panel:
        shape = self.marks.public_box if style == "public" else self.marks.private_box
        return Panel(
            self.prose(text),
            box=shape,
            title=title,
            title_align="left",
            subtitle=Text(below) if below else None,
            subtitle_align="right",
            border_style=style,
            padding=(0, 1),
        )

    def _listed(self, label: str, text: str) -> RenderableType:
        return self._marked(self.marks.bullet, Text.assemble((f"{label}: ", "quiet"), self.text(text)), "quiet", left=4)

    def _under(self, text: str) -> RenderableType:
        return Padding(Text(text), (0, 0, 0, 4), expand=False)

    def _marked(self, sign: str, text: Text, style: str, *, left: int = 2) -> RenderableType:
        """Put a sign before a text that wraps beside it."""
        grid = Table.grid(padding=0, expand=False)
        grid.add_column(no_wrap=True)
        grid.add_column(overflow="fold")
        grid.add_row(Text(f"{sign} ", style), text)
        return Padding(grid, (0, 0, 0, left), expand=False)


def _emphasised(line: str) -> Text:
    text = Text()
    end = 0
    for found in _STRONG.finditer(line):
        text.append(line[end : found.start()])
        text.append(found[2], "strong")
        end = found.end()
    text.append(line[end:])
    return text
