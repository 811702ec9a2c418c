"""SQL lives in the storage, sentences for people in the wording, failures in two words."""

import ast
import re

from tests.architecture.source import files, name_of, tree_of

SQL = re.compile(
    r"^\s*(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+TABLE|PRAGMA)\b", re.I | re.S
)
SAYS = {"post", "tell_requester", "tell_colleagues", "tell_admins", "tell_each", "whisper"}
"""What queues a text for people; the text is their argument."""


def test_sql_is_written_in_the_storage_alone() -> None:
    """The sandbox's books are a customer's system, with a database of their own."""
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in files("bot", "coworkers", "adapters", "config")
        if not name_of(path).startswith("adapters/sandbox/")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value)
    ]

    assert [] == found


def test_what_people_are_told_is_written_in_the_wording() -> None:
    """No sentence of Deskmate's own is given to what posts: it comes from `bot/wording`, or from whoever wrote the note."""
    found = [
        f"{name_of(path)}:{call.lineno}"
        for path in files("bot", "coworkers")
        if not name_of(path).startswith("bot/wording/")
        for call in ast.walk(tree_of(path))
        if isinstance(call, ast.Call) and _name(call) in SAYS
        for argument in call.args
        if _sentence(argument)
    ]

    assert [] == found


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _sentence(node: ast.expr) -> bool:
    """Tell whether an argument is a text of several words, formatted or not."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.Constant) and " " in str(part.value) for part in node.values)
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value.strip()


def test_only_the_desk_builds_replies() -> None:
    """Nobody else puts a text into an outbox: where a note goes follows from what it is."""
    allowed = {"bot/desk/posting.py", "bot/intake.py"}
    found = {
        name_of(path)
        for path in files("bot", "coworkers", "adapters", "config")
        for call in ast.walk(tree_of(path))
        if isinstance(call, ast.Call) and _name(call) == "Reply"
    }

    assert found <= allowed | {name for name in found if name.startswith(("bot/desk/", "bot/delivering", "bot/outbox"))}


def test_the_core_reads_no_clock_of_its_own() -> None:
    """Time is a port: only identifiers and patience in memory may look at the machine's."""
    looks = re.compile(r"\b(datetime\.now|datetime\.utcnow|time\.time\b(?!_ns)|date\.today)\(")
    found = [
        name_of(path) for path in files("bot", "coworkers", "storage") if looks.search(path.read_text(encoding="utf-8"))
    ]

    assert [] == found


def test_nothing_is_patched_in_tests() -> None:
    """Fakes, not mocks."""
    found = [
        name_of(path)
        for path in files("tests")
        for node in ast.walk(tree_of(path))
        if isinstance(node, (ast.Import, ast.ImportFrom)) and "unittest.mock" in ast.unparse(node)
    ]

    assert [] == found
