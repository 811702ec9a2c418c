"""Messages that once took a wrong turn, each with others that mean the same and were not looked at while it was mended."""

import pytest

from bot.ids import CoworkerId
from coworkers.playbook.understanding import kind_of_work
from coworkers.routing import Router, router_of
from tests.unit.workforce.office import Office, request, seeded

TURNS = {
    ("it-support", "hardware-engineer"): [
        "my laptop does not start", "my computer does not start", "my laptop does not start anymore",
        "my notebook did not start this morning",
        "MacBook won't boot", "laptop is dead, nothing happens when I press the power button", "I spilled tea over my laptop",
    ],
    ("it-support", "software-engineer"): [
        "How do I set up email on my phone?", "can I set up mail on my iPhone", "how can I get my work mail on my Android",
        "I'd like to read my company e-mails on my mobile", "the printer on floor 3 is out of toner", "the printer has run out of toner",
        "no paper left in the printer on the second floor",
    ],
    ("security", "security-specialist"): [
        "I lost my phone with company mail on it", "I lost my laptop on the train, please lock it",
        "my laptop was stolen from my car yesterday",
        "somebody nicked my work phone at the airport", "left my laptop in a cab", "my work phone is missing since the party",
        "I misplaced my company tablet", "my computer has been taken from my hotel",
    ],
    ("finance", "expense-specialist"): [
        "Can I expense a home office chair?", "may I claim a desk lamp for my home office", "can I get a monitor for home reimbursed",
        "am I able to expense a standing desk", "When is payday this month?", "my payslip is wrong", "there is a mistake on my salary slip",
    ],
}  # fmt: skip
ABROAD = [
    "can I work from Spain for a month?", "I would like to work from Portugal for three weeks",
    "is it okay to work remotely from Italy in August",
    "could I work out of Greece during summer",
]  # fmt: skip


def router() -> Router:
    """Return the router of the seeded workforce."""
    return router_of(seeded())


@pytest.mark.parametrize(("place", "texts"), TURNS.items())
def test_what_once_went_astray_reaches_who_does_it(place: tuple[str, str], texts: list[str]) -> None:
    """Whatever words were chosen for it."""
    whole = router()
    found = {text: whole.route(text) for text in texts}

    assert {} == {t: (r.workspace, r.coworker) for t, r in found.items() if (r.workspace, r.coworker) != place}


@pytest.mark.parametrize("text", ABROAD)
def test_working_from_a_country_is_a_matter_of_people_ops(text: str) -> None:
    """It has to be agreed with them, so it is a request and no question."""
    assert router().route(text).workspace == "people-ops"


@pytest.mark.parametrize(
    "text", ["I want to talk to a human", "get me an agent", "can I speak to a real person please", "operator please"]
)
def test_who_asks_for_a_human_is_not_compared_with_anybodys_work(text: str) -> None:
    """The default workspace's triage hands it to its humans."""
    routing = router().route(text)

    assert (routing.workspace, routing.coworker) == ("it-support", "it-triage")


@pytest.mark.parametrize(
    ("coworker", "text", "expected"),
    [
        ("hardware-engineer", "my laptop does not start", "failing-device"),
        ("hardware-engineer", "my laptop is dead, it won't power up", "failing-device"),
        ("hardware-engineer", "spilt water over my notebook", "failing-device"),
        ("software-engineer", "the printer on floor 3 is out of toner", "printer-supplies"),
        ("software-engineer", "can I set up mail on my iPhone", "install-or-access"),
        ("expense-specialist", "When is payday this month?", "payroll"),
        ("expense-specialist", "please change the bank account for my salary", "payroll"),
        ("expense-specialist", "a vendor says that their bank details have changed", "payment-details"),
    ],
)
def test_a_kind_of_work_is_the_one_that_fits(coworker: str, text: str, expected: str) -> None:
    """No canned note of another kind."""
    playbook = seeded().coworkers[CoworkerId(coworker)].playbook
    assert playbook is not None

    assert kind_of_work(text, playbook.buckets, playbook.told("assigned")) == expected


@pytest.mark.parametrize(
    ("coworker", "text"),
    [
        ("security-specialist", "my laptop does not start anymore"),
        ("security-specialist", "my computer is broken"),
        ("phishing-triage-specialist", "How do I set up email on my phone?"),
        ("phishing-triage-specialist", "I need email on my mobile"),
        ("network-engineer", "the printer on floor 3 is out of toner"),
        ("workplace-coordinator", "can I expense a home office chair?"),
        ("hardware-engineer", "the lift is stuck"),
    ],
)
async def test_a_specialist_tells_the_requester_nothing_about_work_that_is_not_its_own(
    coworker: str, text: str
) -> None:
    """It hands back or calls a human instead of quoting a note that fits badly."""
    office = Office(request=request(text), tools={})

    ended, _ = await office.run(coworker)

    assert ended in {"hand_off", "escalate"}
    assert "post_public_note" not in [name for _, name, _ in office.log]
