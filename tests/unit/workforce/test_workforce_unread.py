"""One mistake is told once: what follows from it is not, and what nobody reads is not passed over in silence."""

from pathlib import Path

import pytest

from coworkers.files.read import read_workforce
from tests.unit.workforce.folders import FILES, GOAL, IDENTITY, changed, lines, read, write

FIXER, SPACE, MDM, PLAYBOOK, SKILL = (
    "coworkers/fixer/coworker.yaml",
    "workspaces/it.yaml",
    "tools/mdm.yaml",
    "coworkers/fixer/playbook.yaml",
    "skills/slow/SKILL.md",
)
BROKEN = ("\tx: 1\n", '"unclosed\n', "a: 1\na: 2\n", "text\n", "")


@pytest.mark.parametrize("text", BROKEN)
@pytest.mark.parametrize(
    "path", [SPACE, MDM, FIXER, PLAYBOOK, "organisation.yaml", "people.yaml", "coworkers/it-triage/coworker.yaml"]
)
def test_an_unreadable_file_is_the_only_mistake(path: str, text: str, tmp_path: Path) -> None:
    """What it would have defined counts as known, whoever names it: workspaces, grants, playbooks, people, groups."""
    named = {
        **changed("organisation.yaml", "models: {default: claude-sonnet-5-5}", "models: {best: claude-sonnet-5-5}"),
        **changed(FIXER, "manager:", "model: best\nmanager:"),
        **changed(PLAYBOOK, "{to: triage,", "{to: it/devices,"),
        "coworkers/other/coworker.yaml": FILES["coworkers/it-triage/coworker.yaml"].replace("it-triage", "other"),
        "coworkers/other/playbook.yaml": "occasions:\n  assigned:\n    any:\n      - hand_off: {to: fixer, reason: Theirs.}\n",
        "coworkers/other/GOAL.md": GOAL,
        "coworkers/other/IDENTITY.md": IDENTITY,
        "workspaces/hr.yaml": (
            "id: hr\nname: HR\nprefix: HR\nabout: Leave\ntriage: hr-triage\nsees: [it]\n"
        ),
        "coworkers/hr-triage/coworker.yaml": FILES["coworkers/it-triage/coworker.yaml"]
        .replace("it-triage", "hr-triage")
        .replace("workspace: it", "workspace: hr"),
        "coworkers/hr-triage/GOAL.md": GOAL,
        "coworkers/hr-triage/IDENTITY.md": IDENTITY,
    }  # fmt: skip
    assert [] == lines(read(tmp_path / "right", named))

    found = read(tmp_path / "wrong", {**named, path: text})

    assert [path] == [problem.path for problem in found.errors], lines(found)
    assert found.workforce is None


def test_unreadable_files_come_first(tmp_path: Path) -> None:
    """They are to be mended before the rest can be judged."""
    found = lines(read(tmp_path, {**changed(FIXER, "skills: [slow]", "skills: [slw]"), SPACE: "\t"}))

    assert [SPACE, FIXER] == [line.partition(":")[0] for line in found]


@pytest.mark.parametrize(("old", "new"), [("get_device: allow", "get_devise: allow"), ("  mdm:", "  mdn:")])
def test_a_misspelt_grant_is_not_blamed_on_the_playbook(old: str, new: str, tmp_path: Path) -> None:
    """The steps that need it name it rightly."""
    found = read(tmp_path, changed(FIXER, old, new))

    assert [f"{FIXER}:10"] == [f"{problem.path}:{problem.line}" for problem in found.errors]


def test_a_skill_that_cannot_be_used_is_named_where_it_is_wanted(tmp_path: Path) -> None:
    """Skills are passed over with a warning; a coworker that needs one cannot do without."""
    found = read(tmp_path, {SKILL: "no front matter"})

    assert ["the skill `slow` cannot be used. Mend skills/slow/SKILL.md."] == [
        str(problem).removeprefix(f"{FIXER}:7: ") for problem in found.errors
    ]


def test_a_missing_organisation_is_told_as_an_empty_one(tmp_path: Path) -> None:
    """One sentence, whichever it is."""
    write(tmp_path)
    (tmp_path / "organisation.yaml").unlink()

    found = lines(read_workforce(tmp_path))

    assert ["organisation.yaml:1: the file is missing or empty. Write at least `name: …` into it."] == found


@pytest.mark.parametrize(
    ("path", "remedy"),
    [
        ("coworkers/fixer/playbook.yml", "Did you mean `playbook.yaml`?"),
        ("coworkers/fixer/goal.md", "Did you mean `GOAL.md`?"),
        ("coworkers/fixer/GOALS.md", "Did you mean `GOAL.md`?"),
        ("coworkers/fixer.yaml", "Write coworkers/<id>/coworker.yaml."),
        ("workspaces/hr.yml", "Did you mean `hr.yaml`?"),
        ("workspaces/notes.txt", "Name it `<id>.yaml`, or remove it."),
        ("tools/mdn.yml", "Did you mean `mdn.yaml`?"),
        ("workflows/leave.yml", "Did you mean `leave.yaml`?"),
        ("skills/slow/SKILLS.md", "Did you mean `SKILL.md`?"),
        ("skills/slow.md", "Write skills/<name>/SKILL.md."),
        ("organisation.yml", "Did you mean `organisation.yaml`?"),
        ("People.yaml", "Did you mean `people.yaml`?"),
    ],
)
def test_a_file_that_nobody_reads_is_warned_of(path: str, remedy: str, tmp_path: Path) -> None:
    """It was meant to be read, most probably; the folder can be used all the same."""
    found = read(tmp_path, {path: "a: b\n"})

    name = path.rpartition("/")[2]
    assert found.workforce is not None, lines(found)
    assert 1 == len(found.problems)
    assert lines(found)[0].startswith(f"{path}:1: warning: `{name}` is not part of ")
    assert lines(found)[0].endswith(f" and is passed over. {remedy}")


def test_what_skills_bring_along_is_not_warned_of(tmp_path: Path) -> None:
    """Scripts, references and licences belong to them."""
    files = ("scripts/run.py", "references/forms.md", "LICENSE.txt", "reference.md")

    assert [] == lines(read(tmp_path, {f"skills/slow/{name}": "x" for name in files}))
