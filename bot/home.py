"""The home page of a person inside the chat platform: my requests, the queue of my workspaces, the workforce at a glance."""

from dataclasses import dataclass

from bot.reply import Button


@dataclass(frozen=True, kw_only=True)
class HomeAsk:
    """Which part of the page is looked at."""

    page: int = 0
    """0 is the first; one that does not exist shows the last."""
    query: str = ""
    """Words that a request's number or title must hold."""


@dataclass(frozen=True, kw_only=True)
class HomeRow:
    """One line: a request or a coworker."""

    title: str
    """Plain text: number and title of a request, or a coworker's name."""
    detail: str
    """Markdown: where it stands, who has it, since when."""
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, kw_only=True)
class HomeSection:
    """Rows under a heading."""

    title: str
    rows: tuple[HomeRow, ...] = ()
    empty: str = ""
    """What is said when there are no rows."""
    searchable: bool = False
    """This is the section that the query narrows and that has pages."""


@dataclass(frozen=True, kw_only=True)
class Home:
    """The whole page."""

    greeting: str
    """Markdown."""
    sections: tuple[HomeSection, ...] = ()
    query: str = ""
    page: int = 0
    pages: int = 1
