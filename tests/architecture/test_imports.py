"""Who may import whom, and that importing does nothing."""

import ast
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGES, ROOT, files, module_of, name_of, tree_of

WATCH = """
import sys, importlib, os
seen = []
def hook(event, args):
    if event.startswith(("socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.", "os.system", "sqlite3.connect", "os.exec")):
        seen.append(f"{event} {args!r}"[:200])
    elif event == "open" and isinstance(args[0], (str, bytes)):
        path, flags = os.fsdecode(args[0]), args[2] or 0
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) and not path.endswith(".pyc") and ".pyc." not in path and path != os.devnull:
            seen.append(f"writes {path}")
        elif path.endswith((".yaml", ".yml", ".toml", ".env", ".db")) and "site-packages" not in path:
            seen.append(f"reads {path}")
modules = sys.argv[1:]
for outside in sorted({m for m in OUTSIDE}):
    try:
        importlib.import_module(outside)
    except ImportError:
        pass
sys.addaudithook(hook)
for name in modules:
    seen.clear()
    importlib.import_module(name)
    for item in seen:
        print(f"{name}: {item}")
"""


def outside() -> set[str]:
    """Return the modules of others that our files import: they are imported first, unwatched."""
    found: set[str] = set()
    for path in files(*PACKAGES):
        for node in ast.walk(tree_of(path)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            found |= {name for name in names if name.split(".")[0] not in PACKAGES}
    return found - {"__future__"}


def modules() -> list[str]:
    """Return all modules of ours that are meant to be imported."""
    return [module_of(path) for path in files(*PACKAGES) if "migrations" not in path.parts]


def test_the_import_contracts_hold() -> None:
    """Their names are the sentences of the architecture page."""
    checked = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, True) == (checked.returncode, "0 broken" in checked.stdout), checked.stdout


def test_importing_a_module_does_nothing() -> None:
    """No connection, no process, no database, no configuration read, no file written: for every module."""
    found = watched(*modules(), first=outside())

    assert (0, "") == (found.returncode, found.stdout), found.stderr


@pytest.mark.parametrize(
    ("does", "seen"),
    [
        ("import socket\nsocket.socket().bind(('127.0.0.1', 0))", "socket.bind"),
        ("import subprocess\nsubprocess.run(['true'])", "subprocess.Popen"),
        ("import sqlite3\nsqlite3.connect(':memory:')", "sqlite3.connect"),
        ("open('settings.yaml').close()", "reads settings.yaml"),
        ("open('x.txt', 'w').close()", "writes x.txt"),
    ],
)
def test_the_watch_sees_what_a_module_does(does: str, seen: str, tmp_path: Path) -> None:
    """Or the test above would prove nothing."""
    (tmp_path / "settings.yaml").touch()
    (tmp_path / "guilty.py").write_text(does)

    assert seen in watched("guilty", at=tmp_path).stdout


def watched(*names: str, first: Collection[str] = (), at: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Import modules in a process of their own, those of `first` unwatched, and return what it reports."""
    program = f"OUTSIDE = {sorted(first)!r}\n" + WATCH
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, *names], cwd=at, capture_output=True, text=True, check=False
    )


def test_no_module_reads_the_environment_at_import() -> None:
    """`os.environ` and `os.getenv` are asked inside functions only."""
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in files(*PACKAGES)
        for statement in tree_of(path).body
        if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not _is_main(statement)
        for node in ast.walk(statement)
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    ]

    assert [] == found


def _is_main(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If) and "__main__" in ast.unparse(statement.test)


def test_the_core_does_no_input_or_output() -> None:
    """`bot/` and `coworkers/` import nothing that reaches a network, a database or another process."""
    forbidden = {
        "socket",
        "ssl",
        "http",
        "urllib.request",
        "subprocess",
        "sqlite3",
        "requests",
        "httpx",
        "os",
        "smtplib",
        "threading",
    }
    found = [
        f"{name_of(path)}: {name}"
        for path in files("bot", "coworkers")
        for node in ast.walk(tree_of(path))
        for name in _imported(node)
        if name in forbidden or name.split(".")[0] in forbidden
    ]

    assert [] == found


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []


def test_settings_are_seen_by_config_alone() -> None:
    """Parts are given plain values."""
    found = [
        name_of(path)
        for path in files("bot", "coworkers", "adapters", "storage")
        for node in ast.walk(tree_of(path))
        if any(name.startswith("config") for name in _imported(node))
    ]

    assert [] == found
