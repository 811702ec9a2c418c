"""How soon the engine begins what was delivered: from the transaction that delivers, and from its commit, to the handler.

One at a time, and at 150 deliveries a second. The reference is a bare commit of one row on the same disk followed by a task of the event
loop, which is what no durable queue can do without.
"""

import argparse
from typing import cast

from bench.databases import sqlite
from bench.processes import answer, folder
from bench.report import Goal, Report, Row, middle, percentile

_WHAT = {
    "alone": "one at a time: delivering → begun",
    "alone_woken": "one at a time: committed → begun",
    "loaded": "150/s: delivering → begun",
    "loaded_woken": "150/s: committed → begun",
}


async def run(options: argparse.Namespace) -> Report:
    """Measure."""
    rounds: list[dict[str, list[float]]] = []
    for _ in range(1 if options.quick else 3):
        with folder() as where:
            async with sqlite(where) as url:
                rounds.append(cast("dict[str, list[float]]", await answer("bench.wake_alone", url)))
    rows: list[Row] = []
    for name, what in _WHAT.items():
        for share in (0.5, 0.99):
            ours = middle([percentile(found[name], share) for found in rounds])
            floor = middle([percentile(found["floor"], share) for found in rounds])
            goal = Goal(limit=10) if share == 0.5 else None
            rows.append(Row(what=f"{what}, p{share * 100:.0f}", ours=ours, reference=floor, unit="ms", goal=goal))
    return Report(name="wake", reference="one bare commit, then a task", rows=rows)
