"""Reading skills, which come from elsewhere too: leniently, and one bad one does not stop the others."""

import pytest

from coworkers.files.problem import Problems
from coworkers.files.skill_file import read_skill


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No front matter", "the skill has no front matter and is passed over"),
        ("---\nname: a\n---\nBody", "the skill has no description and is passed over"),
        (
            "---\nname: a\ndescription: use: this\n---\nBody",
            "this is not YAML: mapping values are not allowed here; the skill is passed over",
        ),
    ],
)  # fmt: skip
def test_a_skill_that_cannot_be_used_is_passed_over(text: str, expected: str) -> None:
    """With a warning, so that one bad skill does not stop the others."""
    problems = Problems()

    assert read_skill(text, "a", "skills/a/SKILL.md", problems) is None
    assert [(expected, True)] == [(problem.what, problem.warning) for problem in problems.found()]


def test_a_skill_from_elsewhere_is_read_leniently() -> None:
    """Extra keys and another name do no harm."""
    problems = Problems()

    skill = read_skill("---\nname: B\nversion: 2\ndescription: |\n  Does\n  things.\n---\n\nBody", "a", "p", problems)

    assert skill is not None
    assert (skill.name, skill.description, skill.body) == ("a", "Does things.", "Body")
    assert [problem.warning for problem in problems.found()] == [True]
