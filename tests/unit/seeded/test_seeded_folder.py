"""The seeded workforce as a whole: it is without a mistake, and each of its specialists is described and bounded in earnest."""

import re

import pytest

from bot.ids import CoworkerId
from coworkers.files.read import check
from coworkers.profile import Profile
from tests.unit.seeded.scene import FOLDER, MINE, workforce

FEWEST_EXAMPLES = 8
CITED = re.compile(r"\((?:\{\{[^}]*\}\}, in )?\"?([A-Z][\w ,-]+?)\"?, ([A-Z][\w ]+)\)")


def profile(name: str) -> Profile:
    return workforce().coworkers[CoworkerId(name)]


def test_the_folder_has_no_problem() -> None:
    """`deskmate check` finds nothing, warnings included."""
    assert [] == [str(problem) for problem in check(FOLDER)]


@pytest.mark.parametrize("name", MINE)
def test_a_specialist_is_written_in_earnest(name: str) -> None:
    """Every specialist has a manager, varied examples, an out-of-scope bucket, boundaries, a soul and a playbook."""
    one = profile(name)

    assert one.manager
    assert FEWEST_EXAMPLES <= len(set(one.examples))
    assert "Out-of-Scope" in one.goal
    assert one.goal.split("## Boundaries")[1].split("##")[0].count("- Never") >= 4
    assert one.soul.count("\n- ") >= 4
    assert one.playbook is not None
    assert {"assigned", "requester_replied"} <= set(one.playbook.occasions)


def test_no_example_stands_twice() -> None:
    """An example that two coworkers share would send the same words to either."""
    told = [example.casefold() for one in workforce().coworkers.values() for example in one.examples]

    assert len(set(told)) == len(told)


@pytest.mark.parametrize("name", MINE)
def test_every_change_to_access_or_money_asks_a_human(name: str) -> None:
    """Only a booked room and a work order are done without an approval; nothing destructive is granted at all."""
    harmless = {"book_room", "create_work_order"}
    for tool, modes in profile(name).grants.items():
        for capability, mode in modes.items():
            effect = workforce().tools[tool].capabilities[capability].effect
            assert effect != "destructive"
            if effect == "write" and capability not in harmless:
                assert mode == "ask", f"{tool}.{capability}"


@pytest.mark.parametrize("name", MINE)
def test_the_goal_names_only_capabilities_that_are_granted(name: str) -> None:
    """Claude works by the goal: a capability that it names and that is denied would be tried in vain."""
    one = profile(name)
    granted = {f"{tool}__{capability}" for tool, modes in one.grants.items() for capability in modes}

    assert set() == set(re.findall(r"[a-z-]+__[a-z_]+", one.goal)) - granted


@pytest.mark.parametrize("name", MINE)
def test_the_goal_sends_work_only_to_somebody_who_exists(name: str) -> None:
    """A receiver in the goal is a coworker, a group or a skill of this workforce."""
    one, whole = profile(name), workforce()
    groups = {f"{w.id}/{group}" for w in whole.workspaces.values() for group in w.groups}
    known = {*map(str, whole.coworkers), *groups}
    hand_overs = re.findall(r"hand(?:ed)? (?:off|over) to (?:the group )?`([\w/-]+)`", one.goal)

    assert set() == set(hand_overs) - known
    assert set(re.findall(r"skill ([a-z-]+)", one.goal)) <= set(one.skills)


def test_every_skill_is_attached_to_somebody() -> None:
    """A skill that nobody has is never read."""
    attached = {skill for one in workforce().coworkers.values() for skill in one.skills}

    assert set(workforce().skills) == attached


@pytest.mark.parametrize("name", MINE)
def test_what_a_note_cites_stands_in_the_knowledge(name: str) -> None:
    """A note that ends with "(Leave, Booking)" names a page and a section that exist."""
    pages = {d.text.partition("\n")[0].removeprefix("# "): d.text for d in workforce().knowledge}
    text = (FOLDER / "coworkers" / name / "playbook.yaml").read_text(encoding="utf-8")

    cited = [(page, part) for page, part in CITED.findall(text) if page in pages]

    assert [] == [(page, part) for page, part in cited if f"## {part}\n" not in pages[page]]


@pytest.mark.parametrize(
    "promise",
    [
        "30 minutes",
        "14 characters",
        "Example-Guest",
        "every Thursday",
        "two working days later",
        "five working days",
        "by 10:00",
        "eighth calendar day",
        "twice as long ahead",
        "invoices@example.com",
        "service desk",
    ],
)
def test_what_playbooks_promise_is_what_the_pages_say(promise: str) -> None:
    """Figures that playbooks tell requesters stand in a policy page too, so that a change of policy is seen here."""
    playbooks = " ".join((FOLDER / "coworkers" / n / "playbook.yaml").read_text(encoding="utf-8") for n in MINE)
    pages = " ".join(" ".join(document.text.split()) for document in workforce().knowledge)

    assert promise in " ".join(playbooks.split())
    assert promise in pages
