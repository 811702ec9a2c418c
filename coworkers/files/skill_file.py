"""Reads `skills/<name>/SKILL.md`, the Agent Skills format, leniently: skills come from elsewhere too.

What other readers put into the front matter is no concern of ours. A skill is passed over, with a warning, only when its front matter
is not YAML or has no description; a name that differs from its folder's is warned of, and the folder's name holds.
"""

import re

from coworkers.files.problem import Problems
from coworkers.files.tree import read_tree
from coworkers.profile import Skill

_FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)(?:^|\n)---[ \t]*(?:\r?\n|\Z)(.*)\Z", re.DOTALL | re.MULTILINE)
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MAX_DESCRIPTION = 1_024


def read_skill(text: str, name: str, path: str, problems: Problems) -> Skill | None:
    """Return the skill, or None after warning why it is passed over."""
    match = _FRONT.match(text)
    if match is None:
        problems.warn(path, 1, "the skill has no front matter and is passed over", _REMEDY)
        return None
    unread = Problems()
    tree = read_tree(match[1], path, unread, first_line=2)
    if tree is None or tree.keys is None:
        first = next(iter(unread.found()), None)
        what = first.what if first else "the front matter is no map"
        problems.warn(path, first.line if first else 2, f"{what}; the skill is passed over", _REMEDY)
        return None
    description = tree.keys["description"].text if "description" in tree.keys else None
    if not (description or "").strip():
        problems.warn(path, 1, "the skill has no description and is passed over", _REMEDY)
        return None
    written = tree.keys["name"].text if "name" in tree.keys else None
    if written != name:
        problems.warn(path, 1, f"the skill calls itself `{written}`", f"Write `name: {name}`, as its folder is called.")
    if not _NAME.fullmatch(name) or len(name) > MAX_NAME:
        problems.warn(
            path, 1, f"`{name}` is not a portable skill name", "Use lower-case letters, digits and single hyphens."
        )
    if len(description or "") > MAX_DESCRIPTION:
        problems.warn(
            path, 1, "the description is longer than 1,024 characters", "Shorten it; details belong in the body."
        )
    return Skill(name=name, description=" ".join((description or "").split()), body=match[2].strip())


MAX_NAME = 64
_REMEDY = "Begin the file with `---`, `name: …`, `description: what it does and when to use it`, `---`."
