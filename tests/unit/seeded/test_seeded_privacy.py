"""No text that a requester reads may be made from the result of a capability that is marked private.

The desk's content check is a net under every brain and lets small figures and common words through (an amount below a thousand, the
purpose of an expense). A playbook is known beforehand, so here it is exact: the expressions of its public texts are looked through.
"""

import re
from collections.abc import Iterator, Sequence

import pytest

from bot.ids import CoworkerId
from coworkers.playbook.expressions import holes
from coworkers.playbook.steps import Step, Template
from coworkers.profile import Profile
from tests.unit.seeded.scene import workforce

PUBLIC = frozenset({"post_public_note", "ask_requester", "resolve", "open_linked_request"})
"""Calls whose texts the requester reads."""
PRIVATE_NAMES = frozenset({"facts", "packet", "said", "mine"})
"""Built-in names that may hold what colleagues wrote."""


def with_playbook() -> list[str]:
    return sorted(str(key) for key, one in workforce().coworkers.items() if one.playbook is not None)


def _is_private(call: str) -> bool:
    tool, _, name = call.partition("__")
    return bool(name) and workforce().tools[tool].capabilities[name].private


def _texts(template: Template) -> Iterator[str]:
    if isinstance(template, str):
        yield template
    elif isinstance(template, dict):
        for value in template.values():
            yield from _texts(value)
    elif isinstance(template, list):
        for value in template:
            yield from _texts(value)


def told_from_private(steps: Sequence[Step]) -> list[str]:
    """Return the expressions of public texts that look at private material."""
    private = {step.keep for step in steps if step.keep and _is_private(step.call)} | PRIVATE_NAMES
    pattern = re.compile(rf"(?<![\w.])(?:{'|'.join(sorted(private))})(?!\w)")
    return [
        hole.strip()
        for step in steps
        if step.call in PUBLIC
        for text in _texts(step.arguments)
        for hole in holes(text)
        if pattern.search(hole)
    ]


def branches(profile: Profile) -> Iterator[tuple[str, Sequence[Step]]]:
    assert profile.playbook is not None
    for occasion, found in profile.playbook.occasions.items():
        for bucket, steps in found.items():
            yield f"{occasion}/{bucket}", steps


@pytest.mark.parametrize("name", with_playbook())
def test_no_public_text_is_made_from_private_results(name: str) -> None:
    """Private results are for colleagues: a condition may look at them, a public sentence may not quote them."""
    profile = workforce().coworkers[CoworkerId(name)]

    found = {branch: told for branch, steps in branches(profile) if (told := told_from_private(steps))}

    assert {} == found


def test_a_public_text_that_quotes_a_private_result_is_found() -> None:
    """The check itself works, also where the content check of the desk sees nothing."""
    looked_up = Step(line=1, call="finance__list_expense_reports", keep="reports")
    told = Step(line=2, call="resolve", arguments={"summary": "It is £{{ string(reports.reports[0].amount_gbp) }}."})

    assert ["string(reports.reports[0].amount_gbp)"] == told_from_private([looked_up, told])
    assert [] == told_from_private([told])


@pytest.mark.parametrize("name", with_playbook())
def test_an_approved_result_that_is_told_is_not_private(name: str) -> None:
    """`result` is what the approved call brought; a coworker that tells of it must not hold a private capability in mode `ask`."""
    profile = workforce().coworkers[CoworkerId(name)]
    asked = [
        f"{tool}__{capability}"
        for tool, modes in profile.grants.items()
        for capability, mode in modes.items()
        if mode == "ask"
    ]

    assert [] == [call for call in asked if _is_private(call)]
