"""What a benchmark found, and how it is printed.

A row holds our figure beside the reference's of the same run, because figures of a shared machine mean something only side by side.
A goal that is missed is printed as missed; nothing here turns it into an exit status.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, kw_only=True)
class Goal:
    """What a figure should be."""

    limit: float
    of: Literal["ours", "ratio"] = "ours"
    at_least: bool = False
    """Whether more is better."""

    def words(self, unit: str) -> str:
        """Return the goal as it stands in the table."""
        sign = "≥" if self.at_least else "≤"
        return f"{sign} {self.limit:g} {'×' if self.of == 'ratio' else unit}".strip()


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure."""

    what: str
    ours: float
    reference: float | None = None
    unit: str = ""
    goal: Goal | None = None

    @property
    def ratio(self) -> float | None:
        """Ours divided by the reference's."""
        return None if not self.reference else self.ours / self.reference

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None without a goal, or without the figure that it is about."""
        value = self.ours if self.goal is None or self.goal.of == "ours" else self.ratio
        if self.goal is None or value is None:
            return None
        return value >= self.goal.limit if self.goal.at_least else value <= self.goal.limit


@dataclass(frozen=True, kw_only=True)
class Report:
    """One benchmark's outcome."""

    name: str
    rows: Sequence[Row]
    reference: str
    """What the second column was measured on."""
    notes: Sequence[str] = ()


def middle(values: Sequence[float]) -> float:
    """Return the median of the rounds."""
    return float(median(values))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` of the values do not exceed (nearest rank); 0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def show(report: Report) -> None:
    """Print a report as a table."""
    table = Table(title=f"{report.name} (reference: {report.reference})", title_justify="left")
    table.add_column("figure", overflow="fold")
    for heading in ("ours", "reference", "ratio", "goal", ""):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in report.rows:
        reference = "–" if row.reference is None else _figure(row.reference, row.unit)
        ratio = "–" if row.ratio is None else f"{row.ratio:.2f} ×"
        goal = row.goal.words(row.unit) if row.goal else ""
        verdict = {True: "met", False: "MISSED", None: ""}[row.met]
        table.add_row(row.what, _figure(row.ours, row.unit), reference, ratio, goal, verdict)
    console = Console()
    console.print(table)
    for note in report.notes:
        console.print(f"  {note}", highlight=False)


def _figure(value: float, unit: str) -> str:
    digits = 0 if abs(value) >= 1000 or value == int(value) else 1 if abs(value) >= 100 else 2
    return f"{value:.{digits}f} {unit}".strip()
