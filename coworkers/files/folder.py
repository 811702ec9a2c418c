"""The files of one workforce folder, and nothing outside it.

Every path is resolved before it is read: one that leaves the folder, through `..` or a symbolic link, is refused (links that stay inside,
as mounted configuration has them, are fine). Files are bounded in size and must be UTF-8.
"""

import re
import stat
from pathlib import Path

from coworkers.files.problem import Problems
from coworkers.files.section import Section
from coworkers.files.tree import MAX_BYTES, Tree, read_tree

_SECRET = re.compile(
    r"xox[abeprs]-[\w-]{10,}|xapp-[\w-]{10,}|(?<!\w)sk-[\w-]{20,}|AKIA[0-9A-Z]{16}|gh[pousr]_\w{30,}|AIza[\w-]{30,}|glpat-[\w-]{15,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY|eyJ[\w-]{15,}\.eyJ[\w-]{15,}"
)
"""What vendors' secrets look like."""


class Folder:
    """A workforce folder."""

    def __init__(self, root: Path, problems: Problems) -> None:
        self._root, self._problems = root, problems
        self._real = root.resolve()
        self.unread: set[str] = set()
        """The paths of files that were asked for and could not be read."""

    def exists(self) -> bool:
        """Tell whether there is such a folder."""
        return self._real.is_dir()

    def has(self, path: str) -> bool:
        """Tell whether the file is there (a link that leads nowhere is)."""
        full = self._root / path
        return full.exists() or full.is_symlink()

    def names(self, path: str = "") -> list[str]:
        """Return the sorted names in a folder inside, hidden ones left out; none when there is no such folder."""
        full = self._root / path
        if not full.is_dir() or not self._inside(full, path):
            return []
        try:
            return sorted(entry.name for entry in full.iterdir() if not entry.name.startswith("."))
        except OSError:
            self._problems.unreadable(path or ".", 1, "the folder may not be read", "Mend its permissions.")
            return []

    def folders(self, path: str) -> list[str]:
        """Return the names of the folders in a folder."""
        return [name for name in self.names(path) if (self._root / path / name).is_dir()]

    def below(self, path: str, suffix: str) -> list[str]:
        """Return the paths of all files with this suffix below a folder."""
        found = []
        for name in self.names(path):
            inner = f"{path}/{name}"
            full = self._root / inner
            if full.is_dir() and not full.is_symlink():
                found += self.below(inner, suffix)
            elif name.endswith(suffix):
                found.append(inner)
        return found

    def text(self, path: str) -> str | None:
        """Return a file's text, or None after noting why it could not be read."""
        full = self._root / path
        text = self._read(full, path) if self._inside(full, path) else None
        if text is None:
            self.unread.add(path)
            return None
        self._look_for_secrets(text, path)
        return text

    def tree(self, path: str, *, needs: str = "") -> Tree | None:
        """Return a YAML file as a tree; None after noting why not, or when it is empty.

        `needs`: what to write into a file that must be there, a sentence.
        """
        if needs and not self.has(path):
            self._lacks(path, "the file is missing or empty", needs)
            return None
        text = self.text(path)
        if text is None:
            return None
        before = len(self._problems.found())
        tree = read_tree(text, path, self._problems)
        if tree is None and len(self._problems.found()) == before:
            what = "the file is missing or empty" if needs else "the file is empty"
            self._lacks(path, what, needs or "Write it, or delete it.")
        if tree is None:
            self.unread.add(path)
        return tree

    def section(self, path: str, *, needs: str = "") -> Section | None:
        """Return a YAML file whose document is a map, to be asked for its keys; `needs` as in `tree`."""
        tree = self.mapping(path, needs=needs)
        return None if tree is None else Section(tree, path, self._problems)

    def mapping(self, path: str, *, needs: str = "") -> Tree | None:
        """Return a YAML file whose document is a map, as a tree; `needs` as in `tree`."""
        tree = self.tree(path, needs=needs)
        if tree is not None and tree.keys is None:
            self._lacks(path, f"the file must be a map, not {tree.kind}", "Write `key: value` lines.", line=tree.line)
            return None
        return tree

    def _lacks(self, path: str, what: str, remedy: str, *, line: int = 1) -> None:
        self._problems.unreadable(path, line, what, remedy)
        self.unread.add(path)

    def _read(self, full: Path, path: str) -> str | None:
        try:
            found = full.stat()
            if not stat.S_ISREG(found.st_mode):
                wrong = "it is no ordinary file", "Put a file here."
            elif found.st_size > MAX_BYTES:
                wrong = "the file is larger than 1 MB", "Split it, or shorten it."
            else:
                return full.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            wrong = "the file is not UTF-8 text", "Save it as UTF-8."
        except FileNotFoundError:
            wrong = "the file is missing", "Add it."
        except PermissionError:
            wrong = "the file may not be read", "Mend its permissions."
        except OSError as error:
            wrong = f"the file cannot be read ({(error.strerror or 'unknown').lower()})", "Put an ordinary file here."
        self._problems.unreadable(path, 1, *wrong)
        return None

    def _inside(self, full: Path, path: str) -> bool:
        if full.resolve().is_relative_to(self._real):
            return True
        self._problems.unreadable(
            path, 1, "it leads out of the workforce folder", "Put the file itself here instead of a link."
        )
        return False

    def _look_for_secrets(self, text: str, path: str) -> None:
        for number, line in enumerate(text.splitlines(), start=1):
            if _SECRET.search(line):
                remedy = "Revoke it, put the new one in the environment, and write `env:NAME` here."
                if not path.endswith((".yaml", ".yml")):
                    remedy = "Revoke it, and remove it from this text: no text needs a secret."
                self._problems.error(path, number, "this looks like a secret", remedy)
