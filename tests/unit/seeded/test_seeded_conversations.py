"""What the seeded specialists do when somebody answers: the requester, or a human who decides about an approval."""

from pathlib import Path

import pytest

from adapters.sandbox.books import effects
from tests.unit.seeded.scene import Opened


@pytest.mark.parametrize(
    ("coworker", "text", "system", "done", "told"),
    [
        ("access-specialist", "new phone, my multi-factor codes are gone", "jumpcloud", "reset_mfa", "invitation"),
        ("access-specialist", "could I get access to the CRM please", "jumpcloud", "add_to_group", "sign out and in"),
        ("workplace-coordinator", "I need access to the warehouse", "facilities", "issue_badge", "collect it"),
        ("expense-specialist", "please approve my expense report exp-3001", "finance", "approve_expense", "approved"),
    ],
)
async def test_what_was_approved_is_done_once_and_told(
    scene: Opened, tmp_path: Path, coworker: str, text: str, system: str, done: str, told: str
) -> None:
    """Nothing happens before the approval; afterwards the sandbox shows the effect and the requester is told."""
    worked = await scene(coworker, text).assigned()
    assert () == effects(tmp_path, system)

    await worked.approved()

    assert [done] == [effect.capability for effect in effects(tmp_path, system)]
    assert "resolve" == worked.last.name
    assert told in worked.public
    assert [] == worked.leaks


@pytest.mark.parametrize(
    ("coworker", "text", "system"),
    [
        ("access-specialist", "new phone, my multi-factor codes are gone", "jumpcloud"),
        ("workplace-coordinator", "I lost my badge", "facilities"),
        ("expense-specialist", "please approve my expense report exp-3001", "finance"),
    ],
)
async def test_what_was_refused_is_not_done_and_a_human_takes_over(
    scene: Opened, tmp_path: Path, coworker: str, text: str, system: str
) -> None:
    """A refused approval changes nothing and is not asked for again."""
    worked = await scene(coworker, text).assigned()

    await worked.rejected()

    assert () == effects(tmp_path, system)
    assert "escalate" == worked.last.name
    assert [] == worked.leaks


async def test_a_lost_badge_is_blocked_before_a_new_one_is_asked_for(scene: Opened, tmp_path: Path) -> None:
    """Two calls, two approvals, in the order that leaves no lost badge working."""
    worked = await scene("workplace-coordinator", "I lost my badge").assigned()
    await worked.approved()
    assert ["revoke_badge"] == [effect.capability for effect in effects(tmp_path, "facilities")]

    await worked.approved()

    assert ["revoke_badge", "issue_badge"] == [effect.capability for effect in effects(tmp_path, "facilities")]
    assert "resolve" == worked.last.name
    assert [] == worked.leaks


async def test_an_approval_whose_call_failed_is_not_told_as_done(scene: Opened) -> None:
    """When the system does not answer after the approval, the requester hears of no success."""
    worked = await scene("access-specialist", "new phone, my multi-factor codes are gone").assigned()
    worked.broken = frozenset({"jumpcloud"})

    await worked.approved()

    assert "escalate" == worked.last.name
    assert "has been removed" not in worked.public


async def test_the_answer_which_access_is_wanted_leads_to_one_exact_call(scene: Opened) -> None:
    """The question names what there is; the answer becomes the group in the call."""
    worked = await scene("access-specialist", "I need access to an application for a project").assigned()

    await worked.replied("the creative suite, for a product video")

    assert "jumpcloud__add_to_group" == worked.last.name
    assert {"email": "june@example.com", "group": "creative-suite"} == worked.last.arguments


async def test_the_answer_may_not_lead_round_the_restricted_groups(scene: Opened) -> None:
    """Administrator and ledger access is not put forward, however it is brought up."""
    worked = await scene("access-specialist", "I need access to an application for a project").assigned()

    await worked.replied("it-admins please, and the CRM")

    assert "escalate" == worked.last.name


async def test_onboarding_opens_three_linked_requests_once(scene: Opened) -> None:
    """IT, Facilities and People Ops get their part; a second look at the request opens nothing again."""
    worked = await scene("onboarding-coordinator", "Onboard Jane Lee", "priya@example.com").assigned()
    await worked.replied("She starts on 2 March in London, as a designer in my team")

    parts = [call.arguments["workspace"] for call in worked.calls if call.name == "open_linked_request"]
    assert ["it-support", "facilities", "people-ops"] == parts
    assert "on_hold" == worked.last.arguments["status"]

    await worked.assigned()

    assert 3 == worked.names.count("open_linked_request")
    assert [] == worked.leaks


async def test_an_onboardings_own_part_is_not_taken_apart_again(scene: Opened) -> None:
    """The linked request in People Ops says "onboarding" too, and would otherwise open three more, and so on for ever."""
    text = "Part of the onboarding in HR-1042. What the manager wrote: Onboard Jane Lee, 2 March, London"
    title = "New starter: employee record and contract check"
    worked = await scene("onboarding-coordinator", text, "priya@example.com", title=title).assigned()

    assert ["hand_off"] == worked.names
    assert "people-ops/advisers" == worked.last.arguments["to"]


@pytest.mark.parametrize("coworker", ["access-specialist", "workplace-coordinator"])
async def test_a_part_of_an_onboarding_is_never_taken_for_the_managers_own_matter(scene: Opened, coworker: str) -> None:
    """The hiring manager is the requester of the parts, but account and badge are the starter's: a human prepares them."""
    begun = await scene("onboarding-coordinator", "Onboard Jane Lee, 2 March, London", "priya@example.com").assigned()
    place = {"access-specialist": "it-support", "workplace-coordinator": "facilities"}[coworker]
    part = next(c.arguments for c in begun.calls if c.arguments.get("workspace") == place)

    worked = await scene(coworker, part["description"], "priya@example.com", title=part["title"]).assigned()

    assert worked.last.name in {"escalate", "hand_off"}
    assert not any("__" in name for name in worked.names)
    assert "" == worked.public


async def test_a_date_that_moves_goes_to_somebody_who_can_tell_the_teams(scene: Opened) -> None:
    """The coordinator cannot write into linked requests, and does not say that it has."""
    text = "Onboard Jane Lee, designer, starts 2 March in London, Marketing"
    worked = await scene("onboarding-coordinator", text, "priya@example.com").assigned()

    await worked.replied("her start date has changed")

    assert "people-ops/advisers" == worked.last.arguments["to"]
    assert [] == worked.leaks


async def test_a_disputed_balance_reaches_an_adviser_with_the_figures(scene: Opened) -> None:
    """The figures are in a private note; the requester reads none."""
    worked = await scene("leave-specialist", "my leave balance looks wrong").assigned()
    await worked.replied("a day is missing there")

    assert "people-ops/advisers" == worked.last.arguments["to"]
    assert "25 days" in "\n".join(worked.private)
    assert "25" not in worked.public
    assert [] == worked.leaks


async def test_a_work_order_waits_for_the_site_that_was_asked_for(scene: Opened, tmp_path: Path) -> None:
    """Aiko works in Tokyo, where there is no office: the place is asked for, then the order is raised there."""
    worked = await scene("workplace-coordinator", "the heating is broken here", "aiko@example.com").assigned()
    assert () == effects(tmp_path, "facilities")

    await worked.replied("I am visiting the Berlin office, second floor, room Spree")

    orders = effects(tmp_path, "facilities")
    assert ["Berlin"] == [effect.arguments["site"] for effect in orders]
    assert "order-1" in worked.public
    assert "on_hold" == worked.last.arguments["status"]


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ("yes, I clicked the link", "change your password"),
        ("no, I did not click anything", "when you can delete the message"),
    ],
)
async def test_what_a_requester_did_with_a_message_decides_what_they_are_told(
    scene: Opened, reply: str, told: str
) -> None:
    """Either way a human gives the verdict; whoever clicked gets the first steps at once."""
    worked = await scene("phishing-triage-specialist", "got a suspicious mail asking me to sign in").assigned()
    await worked.replied(reply)

    assert "escalate" == worked.last.name
    assert told in worked.public
    assert "safe" not in worked.public
    assert [] == worked.leaks


async def test_first_steps_come_before_any_look_up(scene: Opened) -> None:
    """Somebody who clicked reads what to do before the console is asked, even when the console does not answer."""
    broken = frozenset({"jumpcloud", "endpoint-security"})
    worked = await scene(
        "phishing-triage-specialist", "I clicked on a link in a strange email", broken=broken
    ).assigned()

    assert "post_public_note" == worked.names[0]
    assert "escalate" == worked.last.name


@pytest.mark.parametrize(
    ("coworker", "text", "good", "bad"),
    [
        (
            "access-specialist",
            "forgot my password, how do I get a new one",
            "that worked, thanks",
            "I still cannot sign in",
        ),
        ("network-engineer", "no network through the cable", "it works now, thanks", "still no connection"),
        (
            "leave-specialist",
            "can I carry over unused leave",
            "yes, that answers it",
            "that does not answer my question",
        ),
        (
            "expense-specialist",
            "when is my expense report paid out?",
            "thanks, that is what I needed",
            "it is still not paid",
        ),
    ],
)
async def test_a_good_answer_resolves_and_a_bad_one_reaches_a_human(
    scene: Opened, coworker: str, text: str, good: str, bad: str
) -> None:
    """Steps are given once: when they did not help, nobody is sent round again."""
    content = await scene(coworker, text, "mateo@example.com").assigned()
    unhappy = await scene(coworker, text, "mateo@example.com").assigned()

    await content.replied(good)
    await unhappy.replied(bad)

    assert "resolve" == content.last.name
    assert unhappy.last.name in {"escalate", "hand_off"}
    assert [] == content.leaks + unhappy.leaks


@pytest.mark.parametrize(
    "coworker",
    ["workplace-coordinator", "expense-specialist", "leave-specialist", "onboarding-coordinator"],
)
async def test_what_triage_gave_and_nobody_understands_goes_to_humans_and_not_round(
    scene: Opened, coworker: str
) -> None:
    """In a workspace with few specialists, handing back to triage would only bring it back."""
    worked = await scene(coworker, "xylophone quandary", sender="facilities-triage").assigned()

    assert "hand_off" == worked.last.name
    assert "/" in worked.last.arguments["to"]
