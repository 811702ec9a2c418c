"""Requests reach the seeded specialists: by their own examples, and in words that stand in no file."""

from functools import cache

import pytest

from bot.ids import CoworkerId
from coworkers.routing import Router, router_of
from tests.unit.seeded.scene import MINE, workforce

PAGES = {
    "network-engineer": {"visitors-and-badges.md", "remote-work-and-vpn.md"},
    "onboarding-coordinator": {"onboarding.md"},
    "leave-specialist": {"leave.md"},
    "workplace-coordinator": {"visitors-and-badges.md"},
    "expense-specialist": {"expenses-and-invoices.md"},
    "vulnerability-triage-specialist": {"security-incidents.md"},
}
"""The policy pages of each specialist's work: a question that one of them answers needs no request (see the contract, `route`)."""


@cache
def router() -> Router:
    return router_of(workforce())


@cache
def router_without_knowledge() -> Router:
    whole = workforce()
    return Router(tuple(whole.workspaces.values()), tuple(whole.coworkers.values()))


@pytest.mark.parametrize("name", MINE)
def test_a_specialists_examples_reach_its_workspace_and_itself(name: str) -> None:
    """Triage chooses by the examples, so each that becomes a request must lead to the coworker that it stands for."""
    one = workforce().coworkers[CoworkerId(name)]

    found = {example: router_without_knowledge().route(example) for example in one.examples}

    assert {} == {text: str(r.workspace) for text, r in found.items() if r.workspace != one.workspace}
    assert {} == {text: str(r.coworker) for text, r in found.items() if r.coworker != one.id}


@pytest.mark.parametrize("name", MINE)
def test_an_example_that_becomes_no_request_is_answered_by_a_page_of_that_work(name: str) -> None:
    """With knowledge, an example goes to its workspace or is a question that a page of the same work answers."""
    one = workforce().coworkers[CoworkerId(name)]

    found = {example: router().route(example) for example in one.examples}

    stray = {text: r.reason for text, r in found.items() if r.workspace not in {one.workspace, None}}
    unanswered = {
        text: r.reason
        for text, r in found.items()
        if r.workspace is None and not any(page in r.reason for page in PAGES.get(name, set()))
    }
    assert {} == stray
    assert {} == unanswered


@pytest.mark.parametrize(
    ("workspace", "text"),
    [
        ("it-support", "got myself a new iPhone and now the codes for signing in are missing"),
        ("it-support", "could somebody put me into the CRM group, I joined the sales team"),
        ("it-support", "remote access keeps timing out when I work from my flat"),
        ("people-ops", "Priya's new team member begins on 1 April, can you get everything going"),
        ("people-ops", "do I lose the vacation days that I did not take this year"),
        ("people-ops", "down with the flu, won't be in until Wednesday"),
        ("facilities", "can't find my key card anywhere"),
        ("facilities", "the radiator next to my desk stays cold"),
        ("facilities", "need a room with a projector for twelve on Friday"),
        ("finance", "still waiting for my travel costs from last month to be refunded"),
        ("finance", "Northwind is asking why their bill has not been paid"),
        ("security", "an odd message wants me to confirm my mailbox password"),
        ("security", "the scan found a CVE with a high score on our build server"),
    ],
)
def test_other_words_reach_the_right_workspace(workspace: str, text: str) -> None:
    """People do not write what the examples say; these messages were written without looking at them."""
    assert workspace == router().route(text).workspace
