"""What each seeded specialist does with its main kinds of work, on the sandbox's real answers.

Every scene is also put through the desk's own content check, which must refuse none of its public texts: they are compared with the
private notes and private results. That is what would stop them at run time; that nothing private is quoted is proved in the privacy tests.
"""

import pytest

from bot.ids import CoworkerId
from coworkers.playbook.steps import UNSURE
from coworkers.playbook.understanding import kind_of_work
from tests.unit.seeded.scene import MINE, Opened, workforce

CASES = [
    # access specialist
    (
        "access-specialist",
        "I got a new phone and can't get my multi-factor codes any more",
        "june",
        "jumpcloud__reset_mfa",
    ),
    ("access-specialist", "please reset my MFA, I wiped the old phone", "fatima", "set_status"),
    ("access-specialist", "I need my MFA reset, I keep getting prompts that I did not start", "june", "hand_off"),
    ("access-specialist", "please reset the MFA of my colleague, he has a new phone", "june", "escalate"),
    ("access-specialist", "please reset the MFA of david@example.com, it is urgent", "june", "escalate"),
    ("access-specialist", "forgot my password, how do I get a new one", "june", "set_status"),
    ("access-specialist", "I forgot the password of my laptop's login screen", "june", "hand_off"),
    ("access-specialist", "could I get access to the CRM please", "june", "jumpcloud__add_to_group"),
    ("access-specialist", "could I get access to the CRM please", "mateo", "set_status"),
    ("access-specialist", "I need access to the finance ledger", "june", "escalate"),
    ("access-specialist", "I need access to an application for a project", "june", "ask_requester"),
    ("access-specialist", "please remove me from the developers group", "aiko", "jumpcloud__remove_from_group"),
    ("access-specialist", "which groups is my account a member of?", "june", "resolve"),
    ("access-specialist", "please prepare an account and access for our new starter", "priya", "escalate"),
    # network engineer
    ("network-engineer", "the VPN won't connect at home", "omar", "set_status"),
    ("network-engineer", "the VPN won't connect at home", "june", "hand_off"),
    ("network-engineer", "the Wi-Fi at my desk is really weak", "mateo", "set_status"),
    ("network-engineer", "no network through the cable of my docking station", "noah", "set_status"),
    ("network-engineer", "nobody on our floor has internet", "june", "escalate"),
    ("network-engineer", "what network should our guests use?", "june", "resolve"),
    # onboarding coordinator
    (
        "onboarding-coordinator",
        "Onboard Jane Lee, designer, starts 2 March in London, Marketing",
        "priya",
        "set_status",
    ),
    ("onboarding-coordinator", "Onboard Jane Lee", "priya", "ask_requester"),
    ("onboarding-coordinator", "the start date of our new joiner has moved to April", "priya", "hand_off"),
    ("onboarding-coordinator", "What should I prepare for the first day of my new starter?", "priya", "set_status"),
    ("onboarding-coordinator", "somebody on my team has resigned, offboarding please", "priya", "hand_off"),
    # leave specialist
    ("leave-specialist", "How many days of holiday do I have left this year?", "june", "set_status"),
    ("leave-specialist", "how many holiday days does omar@example.com have left", "june", "escalate"),
    ("leave-specialist", "I'd like to book a week off in July", "june", "set_status"),
    ("leave-specialist", "Can I carry over unused leave into next year?", "june", "set_status"),
    ("leave-specialist", "I'm sick today", "june", "resolve"),
    ("leave-specialist", "how does parental leave work, we are expecting a baby", "june", "hand_off"),
    # workplace coordinator
    ("workplace-coordinator", "I've lost my badge", "june", "facilities__revoke_badge"),
    ("workplace-coordinator", "my badge was stolen, I cannot find my badge", "june", "hand_off"),
    ("workplace-coordinator", "somebody took my badge from the changing room", "june", "hand_off"),
    ("workplace-coordinator", "the meeting room is far too cold", "june", "set_status"),
    ("workplace-coordinator", "I never got a badge for the office", "", "escalate"),
    ("workplace-coordinator", "I need access to the warehouse for the stock count", "june", "facilities__issue_badge"),
    ("workplace-coordinator", "my badge does not open the office door any more", "june", "hand_off"),
    ("workplace-coordinator", "my badge needs to open the server room", "june", "escalate"),
    ("workplace-coordinator", "which meeting rooms are there in London", "june", "ask_requester"),
    ("workplace-coordinator", "the heating on the second floor is broken", "june", "set_status"),
    ("workplace-coordinator", "the heating on the second floor is broken", "aiko", "ask_requester"),
    ("workplace-coordinator", "there is smoke coming from the kitchen", "june", "escalate"),
    ("workplace-coordinator", "I have visitors on Thursday", "june", "hand_off"),
    # expense specialist
    ("expense-specialist", "please approve my expense report exp-3001", "june", "finance__approve_expense"),
    ("expense-specialist", "please approve my expense report exp-3002", "june", "escalate"),
    ("expense-specialist", "please approve my expense report", "aiko", "set_status"),
    ("expense-specialist", "when is my expense report paid out?", "june", "set_status"),
    ("expense-specialist", "when is my expense report paid out?", "ingrid", "ask_requester"),
    ("expense-specialist", "has the invoice of Northwind Catering been paid?", "june", "hand_off"),
    ("expense-specialist", "where do I send an invoice from a vendor?", "june", "resolve"),
    ("expense-specialist", "what may I spend on a hotel in Lisbon", "mateo", "set_status"),
    ("expense-specialist", "a supplier wrote that their bank details have changed", "june", "escalate"),
    # phishing triage specialist
    ("phishing-triage-specialist", "I clicked on a link in a strange email", "david", "escalate"),
    ("phishing-triage-specialist", "got a suspicious mail asking me to sign in", "june", "ask_requester"),
    ("phishing-triage-specialist", "is this e-mail from the bank genuine?", "june", "ask_requester"),
    ("phishing-triage-specialist", "somebody called me and said that he was from IT", "june", "escalate"),
    # vulnerability triage specialist
    ("vulnerability-triage-specialist", "critical vulnerability on a host, CVSS 9.8", "", "escalate"),
    ("vulnerability-triage-specialist", "scanner reports an outdated OpenSSL on web-03, medium", "", "hand_off"),
    ("vulnerability-triage-specialist", "scanner reports an outdated OpenSSL on OMAR-MBA-13", "omar", "hand_off"),
    ("vulnerability-triage-specialist", "my laptop says that a security update is missing", "aiko", "set_status"),
    ("vulnerability-triage-specialist", "my laptop says that a security update is missing", "june", "hand_off"),
    ("vulnerability-triage-specialist", "until when must a high CVE be patched?", "june", "set_status"),
    ("vulnerability-triage-specialist", "can we accept the risk of an unpatched system until June", "june", "hand_off"),
]


@pytest.mark.parametrize(("coworker", "text", "who", "ends"), CASES)
async def test_each_kind_of_work_ends_as_its_goal_says(
    scene: Opened, coworker: str, text: str, who: str, ends: str
) -> None:
    """One pass ends as expected, acts unapproved only where it may, and the desk would refuse none of its public texts."""
    worked = await scene(coworker, text, f"{who}@example.com" if who else "").assigned()

    assert ends == worked.last.name, worked.last
    assert set(worked.acted) <= {"facilities__create_work_order"}
    assert [] == worked.leaks


@pytest.mark.parametrize(("coworker", "text", "who", "ends"), [case for case in CASES if case[2]])
async def test_a_system_that_does_not_answer_never_leaves_a_request_lying(
    scene: Opened, coworker: str, text: str, who: str, ends: str
) -> None:
    """With every tool broken the run ends with a human, or where no tool was needed as before; it claims nothing."""
    broken = frozenset(workforce().tools)
    worked = await scene(coworker, text, f"{who}@example.com", broken=broken).assigned()

    needs_tool = any("__" in name for name in worked.names)
    expected = {"escalate", "hand_off"} if needs_tool else {ends}
    assert worked.last.name in expected, worked.last
    assert not any(
        claim in worked.public for claim in ("has been reset", "was issued", "work order", "is approved for")
    )


@pytest.mark.parametrize("coworker", MINE)
def test_a_specialist_knows_its_own_work_when_it_gets_it(coworker: str) -> None:
    """What triage gives it by its examples, it finds a kind of work for."""
    one = workforce().coworkers[CoworkerId(coworker)]
    assert one.playbook is not None

    kinds = {example: kind_of_work(example, one.playbook.buckets) for example in one.examples}

    assert [] == [example for example, kind in kinds.items() if kind == UNSURE]


@pytest.mark.parametrize(
    ("coworker", "text"),
    [
        ("access-specialist", "please reset my MFA, my phone is gone"),
        ("leave-specialist", "how many holiday days do I have left"),
        ("workplace-coordinator", "I lost my badge"),
        ("expense-specialist", "please approve my expense report"),
    ],
)
async def test_nobody_known_gets_nothing(scene: Opened, coworker: str, text: str) -> None:
    """Without an e-mail it is not certain whose account, leave, badge or money it is: a human decides, no tool is called."""
    worked = await scene(coworker, text, "").assigned()

    assert ["escalate"] == worked.names
