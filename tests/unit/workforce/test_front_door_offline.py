"""What the offline front door makes of messages."""

import pytest

from bot.labels import Source, Visibility
from coworkers.briefing import Said
from tests.unit.workforce.office import NOW, atom, request

ASKED = Said(
    author="Security Specialist",
    text="Have you noticed suspicious e-mails, MFA prompts, browser redirects or sign-ins?",
    visibility=Visibility.PUBLIC,
    source=Source.COLLEAGUE,
    at=NOW,
)
PENDING = (request("My laptop feels really slow lately.", workspace="security", status="pending"),)


async def test_work_is_opened_in_the_users_words() -> None:
    """With a title, the workspace and the priority."""
    assert await atom("Hi! My laptop feels really slow lately.") == [
        (
            "open_request",
            {
                "title": "My laptop feels really slow lately",
                "description": "Hi! My laptop feels really slow lately.",
                "workspace": "it-support",
                "priority": "normal",
            },
        )
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my laptop is slow and my badge does not open the door", ["it-support", "facilities"]),
        (
            "1. my chair is broken\n2. payslip missing\n3. need access to the crm",
            ["facilities", "finance", "it-support"],
        ),
        ("My payslip is wrong. Also I need photoshop on my mac", ["finance", "it-support"]),
        ("My laptop is slow. It began on Monday. The fan is loud too.", ["it-support"]),
    ],
)
async def test_several_problems_become_several_requests(text: str, expected: list[str]) -> None:
    """In one turn, and details stay with their problem."""
    assert [arguments["workspace"] for _, arguments in await atom(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hi", "say"),
        ("thanks!", "say"),
        ("who are you?", "say"),
        ("write me a poem about rain", "say"),
        ("bla blub", "say"),
        ("how is my request going?", "request_status"),
        ("status of IT-1042 please", "request_status"),
        ("can I work from abroad for a month?", "answer"),
        ("which laptop do I have?", "open_request"),
        ("how many days of leave do I have left?", "open_request"),
        ("I need help with my computer", "open_request"),
    ],
)
async def test_each_kind_of_message_gets_its_call(text: str, expected: str) -> None:
    """One call each."""
    assert [name for name, _ in await atom(text)] == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No, nothing like that", "continue_request"),
        ("no", "continue_request"),
        ("yes, I clicked a link", "continue_request"),
        ("macOS 14.4, since last week", "continue_request"),
        ("I haven't seen any suspicious emails or sign-ins", "continue_request"),
        ("what do you mean by MFA?", "continue_request"),
        ("thanks", "say"),
        ("any news?", "request_status"),
        ("The coffee machine is broken", "open_request"),
        ("by the way, my monitor flickers", "open_request"),
        ("I need a new chair", "open_request"),
    ],
)
async def test_a_reply_to_a_waiting_request_is_told_from_something_new(text: str, expected: str) -> None:
    """What answers the question goes on with the request."""
    assert [name for name, _ in await atom(text, own=PENDING, said=(ASKED,))] == [expected]


async def test_one_question_is_asked_and_then_a_request_opened() -> None:
    """What is still not understood is not lost."""
    [(first, asked)] = await atom("bla blub")
    question = Said(author="Atom", text=asked["text"], visibility=Visibility.PUBLIC, source=Source.ORGANISATION, at=NOW)
    [(second, opened)] = await atom("the thing from the other day", said=(question,))

    assert (first, second) == ("say", "open_request")
    assert opened["workspace"] in {"", "it-support"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("URGENT: the whole office has no internet", "urgent"),
        ("my laptop is slow and I have a presentation today", "high"),
        ("please install Figma, no rush", "low"),
        ("please install Figma", "normal"),
    ],
)
async def test_urgency_is_read_from_the_words(text: str, expected: str) -> None:
    """Low words win, since people write `not urgent`."""
    assert [arguments["priority"] for _, arguments in await atom(text)] == [expected]


async def test_it_does_not_pass_for_a_language_model() -> None:
    """Asked what it is, it says what it works by."""
    [(_, said)] = await atom("are you a robot?")

    assert "without a language model" in said["text"]
