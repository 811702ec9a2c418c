"""The summary at the end of a story: where each request stands, with whom, and what it took."""

from collections import Counter
from collections.abc import Callable

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from adapters.terminal.drawing import Pen
from adapters.terminal.report import Record
from bot.wording.cards import status


def closing(record: Record, pen: Pen, assignee: Callable[[str, str], str]) -> RenderableType:
    """Draw the summary of a report; `assignee` turns an assignee's kind and id into a name."""
    requests = _records(record, "requests")
    if not requests:
        return pen.info("No request was opened.")
    return Group(*(_request(record, request, pen, assignee) for request in requests))


def _request(record: Record, request: Record, pen: Pen, assignee: Callable[[str, str], str]) -> RenderableType:
    number = str(request["number"])
    holder = request["assignee"]
    name = ""
    if isinstance(holder, dict):
        name = str(holder.get("name") or assignee(str(holder["kind"]), str(holder["id"])))
    notes = Counter(str(note["visibility"]) for note in _by_coworkers(record) if note["request"] == number)
    runs = [run for run in _records(record, "runs") if run["request"] == number]
    handoffs = [move for move in _records(record, "handoffs") if move["request"] == number]
    coworkers = len({str(run["coworker"]) for run in runs})
    took = ", ".join(
        (
            f"{_count(coworkers, 'AI coworker')}: {_count(len(runs), 'run')}",
            _count(len(handoffs), "hand-off"),
            f"{notes['public']} public and {_count(notes['private'], 'private note')}",
        )
    )
    head = f"{number} {pen.marks.dot} {status(str(request['status']))} {pen.marks.dot} with {name}"
    lines = (Text(pen.text(head), "strong"), Text(pen.text(str(request["title"]))), Text(took, "quiet"))
    return Padding(Group(*lines), (1, 0, 0, 2), expand=False)


def _records(record: Record, key: str) -> list[Record]:
    found = record[key]
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _by_coworkers(record: Record) -> list[Record]:
    """Return the notes that coworkers wrote; the requester's own messages are notes too."""
    authors = ((note, note["author"]) for note in _records(record, "notes"))
    return [note for note, author in authors if isinstance(author, dict) and author["kind"] == "coworker"]


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
