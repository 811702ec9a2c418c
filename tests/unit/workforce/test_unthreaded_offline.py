"""What the offline front door makes of messages where no thread tells which request they belong to."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.labels import Source, Visibility
from bot.request import Request
from coworkers.briefing import Said
from tests.unit.workforce.office import NOW, atom, request

SLOW = "My laptop feels really slow lately."
ADVICE = Said(
    author="Software Engineer",
    text="Hello June, please restart it, install updates, check the free disk space. Which operating system version do you have, "
    "when did it begin, and is everything slow, or only some programs or web pages?",
    visibility=Visibility.PUBLIC,
    source=Source.COLLEAGUE,
    at=NOW,
)
WAITS = (request(SLOW, status="pending"),)
RESOLVED = (request("Excel crashes every time I open a file", status="resolved"),)


async def made(text: str, own: tuple[Request, ...]) -> list[tuple[str, str]]:
    """Return the calls with the workspace or the number that they name."""
    calls = await atom(text, own=own, said=(ADVICE,))
    return [(name, str(a.get("workspace") or a.get("number") or "")) for name, a in calls]


@pytest.mark.parametrize(
    ("text", "workspace"),
    [
        ("also my laptop was stolen from my car yesterday", "security"),
        ("I lost my laptop on the train, please lock it", "security"),
        ("somebody nicked my work phone", "security"),
        ("ok, and I think I clicked on a phishing link", "security"),
        ("No. But my phone got stolen at lunch", "security"),
        ("please reset my password", "it-support"),
        ("I need access to the CRM", "it-support"),
        ("can you book a meeting room for eight people tomorrow", "facilities"),
        ("my payslip is wrong", "finance"),
        ("I'd like to take a week off in August", "people-ops"),
    ],
)
async def test_other_work_is_not_swallowed_by_what_is_pending(text: str, workspace: str) -> None:
    """Whatever waits for an answer, and urgent security matters above all."""
    assert await made(text, WAITS) == [("open_request", workspace)]


@pytest.mark.parametrize(
    "text",
    [
        "macOS 14.4, since last week", "only web pages are slow", "it began on Monday after the update",
        "yes, I restarted it and no change",
        "everything, even typing", "still slow", "which version do you mean?", "I have 12 GB of disk space left", "done, what next?",
        "please cancel this", "never mind", "I want to talk to a human", "can I speak to somebody real? get me an agent",
    ],
)  # fmt: skip
async def test_what_answers_or_calls_off_goes_on_with_it(text: str) -> None:
    """Answers, questions about the question, and what can only mean the request that waits."""
    assert await made(text, WAITS) == [("continue_request", "IT-1001")]


@pytest.mark.parametrize(
    "text", ["can I work abroad for a month?", "how long may I work from abroad?", "how many days may I work abroad?"]
)
async def test_a_question_that_knowledge_answers_is_answered_in_between(text: str) -> None:
    """The waiting request stays as it is."""
    assert [name for name, _ in await made(text, WAITS)] == ["answer"]


@pytest.mark.parametrize(
    "text",
    [
        "the problem is back", "it crashed again", "it's back", "Excel crashed again this morning", "still not fixed",
        "same problem again", "it is not solved, it happened again", "unfortunately it came back",
    ],
)  # fmt: skip
async def test_what_is_back_continues_what_was_resolved(text: str) -> None:
    """As the resolution's own words promise."""
    assert await made(text, RESOLVED) == [("continue_request", "IT-1001")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("thanks a lot!", ("say", "")),
        ("my badge does not open the door", ("open_request", "facilities")),
        ("the heating on the second floor is broken again", ("open_request", "facilities")),
        ("my laptop was stolen", ("open_request", "security")),
    ],
)
async def test_other_things_do_not_reopen_what_was_resolved(text: str, expected: tuple[str, str]) -> None:
    """Thanks are thanks, and `again` about something else is something else."""
    assert await made(text, RESOLVED) == [expected]


@pytest.mark.parametrize(
    "text", ["please reset my password", "I need a password reset", "could you reset the password of my account"]
)
async def test_an_order_is_none_the_less_new_for_a_word_in_the_question(text: str) -> None:
    """The security specialist asks about messages on passwords, and not for such orders."""
    asked = replace(
        ADVICE, text="Have you had sign-ins, or messages about your account or password, that you don't recognise?"
    )

    [(name, _)] = await atom(text, own=(request(SLOW, workspace="security", status="pending"),), said=(asked,))

    assert name == "open_request"


async def test_an_answer_is_to_what_was_asked_last() -> None:
    """Which need not be the newer request: the older one may have been asked about again."""
    newer = request("My badge does not open the door", workspace="facilities", status="pending", number="FAC-1")
    again = replace(WAITS[0], changed_at=NOW + timedelta(minutes=5))

    assert await made("yes, since Monday", (newer, *WAITS)) == [("continue_request", "FAC-1")]
    assert await made("yes, since Monday", (newer, again)) == [("continue_request", "IT-1001")]


async def test_what_is_back_is_found_beside_a_waiting_request() -> None:
    """By its words, among several."""
    waiting = request("My badge does not open the door", workspace="facilities", status="pending", number="FAC-1")

    assert await made("Excel crashed again", (waiting, *RESOLVED)) == [("continue_request", "IT-1001")]


@pytest.mark.parametrize(
    "text", ["I lost my phone with company mail on it", "left my MacBook in a taxi", "my work laptop has been taken"]
)
async def test_a_lost_device_is_urgent(text: str) -> None:
    """It has to be locked now."""
    assert [(a["workspace"], a["priority"]) for _, a in await atom(text)] == [("security", "urgent")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I spilled coffee on my laptop and also need to change my bank account for salary", ["it-support", "finance"]),
        ("my monitor is broken and I also need to book a week of holiday", ["it-support", "people-ops"]),
        ("the printer is out of toner and also my payslip is wrong", ["it-support", "finance"]),
        ("I lost my phone and I need to book a meeting room for tomorrow", ["security", "facilities"]),
    ],
)
async def test_two_matters_in_one_sentence_become_two_requests(text: str, expected: list[str]) -> None:
    """Also when the second is only hinted at with `also`."""
    assert [a["workspace"] for _, a in await atom(text)] == expected
