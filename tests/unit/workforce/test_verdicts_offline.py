"""What the offline brain makes of replies about the outcome, and that it neither claims nor repeats what is not so."""

import pytest

from bot.ids import CoworkerId
from bot.labels import Source, Visibility
from coworkers.briefing import Occasion, Said
from coworkers.playbook.understanding import kind_of_reply
from coworkers.smalltalk import wants_human
from tests.unit.workforce.office import NOW, Office, request, seeded

SLOW = "My laptop feels really slow lately."
CRASHES = "Excel crashes every time I open a file"
OUTCOMES = {
    "not-solved": [
        "it crashed again", "Excel crashed again this morning", "the problem is back", "it's back", "same error again", "still broken",
        "it works again only for a minute, then it freezes", "that didn't help", "no luck", "it is working but very slow", "not fixed",
        "worked yesterday, fails again today", "thanks, but it is still stuck", "Thanks! Unfortunately it came back",
        "nope, doesn't start", "again!", "it won't print", "not working", "I can't open it",
    ],
    "solved": [
        "it works again", "it works now, thanks", "all good again", "thanks, no more crashes", "it is no longer slow", "the error is gone",
        "that fixed the problem, thank you", "it hasn't crashed since", "I was stuck but now it works", "yes, solved",
        "still works, you can close this",
    ],
    "unsure": [
        "No, nothing like that", "none of those", "nope, nothing of that kind", "which one do you mean?", "hm",
        "please tell me when it is fixed", "does it work now?",
    ],
}  # fmt: skip


@pytest.mark.parametrize("coworker", ["software-engineer", "hardware-engineer", "network-engineer"])
@pytest.mark.parametrize(("text", "expected"), [(text, kind) for kind, texts in OUTCOMES.items() for text in texts])
def test_failing_words_outweigh_kind_ones(coworker: str, text: str, expected: str) -> None:
    """Nothing is closed because somebody wrote `again` or `works`."""
    playbook = seeded().coworkers[CoworkerId(coworker)].playbook
    assert playbook is not None

    assert kind_of_reply(text, playbook.replies) == expected


@pytest.mark.parametrize("text", ["it crashed again", "the problem is back", "thanks, but now it hangs"])
async def test_what_fails_after_a_resolution_reaches_a_human(text: str) -> None:
    """A reply to a resolved request that says so is not resolved a second time."""
    office = Office(request=request(CRASHES, status="in_progress"), tools={})

    ended, _ = await office.run("software-engineer", office.reply(text))

    assert ended == "escalate"


@pytest.mark.parametrize("text", ["No, nothing like that", "none of these", "hm, what should I say"])
async def test_what_is_not_understood_is_asked_once_and_nothing_is_claimed(text: str) -> None:
    """The first time a plain question, the second time a human."""
    office = Office(request=request(SLOW, status="in_progress"), tools={})

    first, asked = await office.run("software-engineer", office.reply(text))
    second, _ = await office.run("software-engineer", office.reply(text))

    assert (first, second) == ("ask_requester", "escalate")
    assert "trying" not in asked["question"]


async def test_the_same_advice_is_not_given_twice() -> None:
    """After a human handed it back, a human hears what is open instead."""
    office = Office(request=request(CRASHES), tools={})
    await office.run("software-engineer")

    ended, arguments = await office.run("software-engineer", Occasion(kind="handed_back", text="Sam handed it back."))

    told = [said.text for said in office.said if said.visibility is Visibility.PUBLIC]
    assert ended == "escalate"
    assert "already read from me" in arguments["reason"]
    assert len(told) == 1


async def test_advice_of_somebody_else_does_not_stop_a_coworker() -> None:
    """Only its own words count."""
    office = Office(request=request(CRASHES), tools={})
    await office.run("software-engineer")
    office.said = [
        Said(author="Sam", text=said.text, visibility=said.visibility, source=Source.COLLEAGUE, at=NOW)
        for said in office.said
    ]

    ended, _ = await office.run("software-engineer")

    assert ended == "set_status"


@pytest.mark.parametrize("text", ["please cancel this", "never mind", "I don't need it any more, you can drop this"])
async def test_what_is_withdrawn_is_closed_in_plain_words(text: str) -> None:
    """Without claiming that it works."""
    office = Office(request=request(CRASHES, status="in_progress"), tools={})

    ended, arguments = await office.run("software-engineer", office.reply(text))

    assert ended == "resolve"
    assert "As you asked" in arguments["summary"]


async def test_a_security_matter_is_not_withdrawn_by_a_word() -> None:
    """Whoever is asked about signs of an attack cannot call it off."""
    office = Office(request=request(SLOW, workspace="security", status="in_progress"), tools={})

    ended, _ = await office.run("security-specialist", office.reply("please cancel this"))

    assert ended != "resolve"


@pytest.mark.parametrize(
    "text", ["I want to talk to a human", "can I speak to a real person please", "get me an agent", "no bots please"]
)
async def test_a_human_who_is_asked_for_comes_at_once(text: str) -> None:
    """From triage as from a specialist, and instead of another round of routing."""
    opened, waiting = Office(request=request(text), tools={}), Office(request=request(SLOW), tools={})

    first, arguments = await opened.run("it-triage")
    second, _ = await waiting.run("software-engineer", waiting.reply(text))

    assert (first, second) == ("escalate", "escalate")
    assert arguments["reason"] == "The requester asks to speak to a human."


@pytest.mark.parametrize(
    "text",
    [
        "the agent keeps killing a program", "I need a human resources letter", "we need a chair for a person in my team",
        "how do I talk to my manager about leave?", "there are three people in the cold room",
    ],
)  # fmt: skip
def test_people_in_a_message_are_not_a_plea_for_one(text: str) -> None:
    """Only who wants to talk to somebody is passed on."""
    assert not wants_human(text)
