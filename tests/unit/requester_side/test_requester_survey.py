"""How it went: asked once for each resolution, answered by the requester alone; a low score gets a human and tells the manager."""

import ast
from dataclasses import replace

import pytest

from bot.desk.satisfying import comment_on
from bot.errors import Refused
from bot.person import Person
from bot.ports import Readers
from bot.reply import Reply
from bot.satisfaction import Satisfaction
from tests.architecture.source import files, tree_of
from tests.fakes.desk import RunningDesk
from tests.fakes.workforce import account, person
from tests.unit.requester_side.arranging import ASK, HOLD, RESOLVE, pressable, replies, survey, town, worked

LEAD = person("lead")


async def rated(value: str, **others: object) -> RunningDesk:
    """Return a desk on which Maria gave this score to what was resolved for her; the coworker's manager is known on Slack."""
    desk = await worked(RESOLVE)
    await desk.plain.transact(lambda uow: uow.add(LEAD, replace(account("lead"), person_id=LEAD.id)))
    desk.audience.places["ULEAD"] = Readers(identities=frozenset({account("lead").id}), emails=frozenset())
    await desk.settle()
    await desk.press("maria", "rate", (await desk.request()).id, value=value, **others)  # type: ignore[arg-type]
    await desk.settle()
    return desk


def asked(desk: RunningDesk) -> int:
    """Return how often Maria was asked how it went, as it stands."""
    return sum("How did it go" in text for text in desk.shown("DMARIA"))


async def test_a_good_score_is_kept_and_thanked_for() -> None:
    """The question gives way to thanks, with a way to add a comment."""
    desk = await rated("5")

    given = (await desk.all(Satisfaction))[0]
    assert ((await desk.request()).id, "maria", 5, "") == (
        given.request_id,
        given.person_id,
        given.score,
        given.comment,
    )
    assert ("Thank you. You gave IT-1001 5 of 5.", 0) == (desk.shown("DMARIA")[-1], asked(desk))
    assert ["form:comment"] == pressable((await replies(desk))[-1])
    assert "resolved" == (await desk.request()).status


@pytest.mark.parametrize("score", ["1", "2"])
async def test_a_low_score_opens_the_request_again_for_a_human(score: str) -> None:
    """Colleagues read the score, the manager is told without a word of what it was about."""
    desk = await rated(score)

    request = await desk.request()
    assert ("in_progress", "it-support/agents") == (request.status, request.assignee.id)
    assert any(f"gave its resolution {score} of 5" in text for text in desk.shown("CIT"))
    told = desk.shown("ULEAD")
    assert [f"IT-1001 got {score} of 5 from its requester. It is open again and waits for a person."] == told


async def test_three_is_not_low() -> None:
    """Nobody is called."""
    desk = await rated("3")

    assert "resolved" == (await desk.request()).status
    assert [] == await desk.all(Reply, conversation_id="admin:slack:T1:ULEAD")


async def test_a_requester_who_is_the_manager_is_not_told_of_their_own_score() -> None:
    """Failing a manager, the workspace's admins would be; there is none here."""
    desk = await worked(RESOLVE)
    maria = (await desk.all(Person, id="maria"))[0]
    await desk.plain.transact(lambda uow: uow.put(replace(maria, email="lead@example.com")))
    await desk.press("maria", "rate", (await desk.request()).id, value="1")
    await desk.settle()

    assert not [item for item in await desk.all(Reply) if item.kind == "notice" and "1 of 5" in item.text]


async def test_the_same_score_again_changes_nothing() -> None:
    """A press is easily made twice, and comes more than once."""
    desk = await rated("1")
    before = (await desk.request(), desk.shown("DMARIA"), desk.shown("CIT"))

    await desk.press("maria", "rate", (await desk.request()).id, value="1")
    await desk.settle()

    assert before == (await desk.request(), desk.shown("DMARIA"), desk.shown("CIT"))


async def test_a_better_score_takes_the_place_of_the_first() -> None:
    """There is one for each request."""
    desk = await rated("1")

    await desk.press("maria", "rate", (await desk.request()).id, value="4")
    await desk.settle()

    assert [4] == [item.score for item in await desk.all(Satisfaction)]


@pytest.mark.parametrize("value", ["0", "6", "", "five", "5.0", "-1", "٣", "1" * 5000])
async def test_what_is_no_score_is_refused(value: str) -> None:
    """Whatever a forged press says."""
    desk = await rated(value)

    assert [] == await desk.all(Satisfaction)
    assert "a score is a number from 1 to 5" in desk.shown("DMARIA")[-1]


async def test_nobody_else_rates() -> None:
    """Not even an agent; they are told where they pressed, alone."""
    desk = await worked(RESOLVE)
    for who in ("bo", "sam"):
        await desk.press(who, "rate", (await desk.request()).id, value="1", where=town())
    await desk.settle()

    assert [] == await desk.all(Satisfaction)
    assert "resolved" == (await desk.request()).status
    assert 2 == len(await desk.events("press.refused"))


async def test_each_resolution_is_asked_about_once() -> None:
    """By the coworker, then by the requester; a word of thanks in between is no resolution."""
    desk = await worked(RESOLVE, hardware_engineer=[HOLD])
    assert 1 == asked(desk)

    await desk.say("maria", "It is slow again", to_atom=False)
    await desk.settle()
    await desk.press("maria", "solved", (await desk.request()).id)
    await desk.settle()

    assert 2 == asked(desk)


async def test_a_request_that_nobody_answered_is_asked_about_too() -> None:
    """It is resolved by the clock."""
    desk = await worked(ASK)
    for _ in range(4):
        desk.clock.advance(24 * 3600)
        await desk.settle()

    assert "resolved" == (await desk.request()).status
    assert (await survey(desk)).text.startswith("I haven't heard back")


async def test_a_bare_score_in_the_thread_answers_the_survey() -> None:
    """On a platform without buttons it is typed; it opens nothing again."""
    desk = await worked(RESOLVE)

    await desk.say("maria", " 4 ", to_atom=False)
    await desk.settle()

    assert [4] == [item.score for item in await desk.all(Satisfaction)]
    assert "resolved" == (await desk.request()).status


async def comment(desk: RunningDesk, who: str, text: str) -> None:
    """Let somebody comment, as the form does."""
    request = await desk.request()
    sender = (await desk.all(Person, id=who))[0]
    await desk.storage.transact(lambda uow: comment_on(uow, desk.desk, request.id, sender, text, cause=f"form:{text}"))
    await desk.settle()


async def test_a_comment_is_kept_and_shown_to_colleagues() -> None:
    """The thanks stand without the button then."""
    desk = await rated("4")

    await comment(desk, "maria", "  Quick and kind. ")
    await comment(desk, "maria", "Quick and kind.")

    assert ["Quick and kind."] == [item.comment for item in await desk.all(Satisfaction)]
    assert 1 == sum("Quick and kind." in text for text in desk.shown("CIT"))
    assert "the team reads your comment" in desk.shown("DMARIA")[-1]
    assert [] == pressable((await replies(desk))[-1])


async def test_a_comment_needs_a_score_and_its_owner() -> None:
    """A form proves nothing."""
    desk = await worked(RESOLVE)
    with pytest.raises(Refused, match="score"):
        await comment(desk, "maria", "Hm")

    await desk.press("maria", "rate", (await desk.request()).id, value="4")
    await desk.settle()
    for who, text in (("bo", "Hm"), ("sam", "Hm"), ("maria", "  ")):
        with pytest.raises(Refused):
            await comment(desk, who, text)
    assert [""] == [item.comment for item in await desk.all(Satisfaction)]


def test_whoever_resolves_a_request_asks_how_it_went() -> None:
    """Each function of ours that makes a request resolved calls for the survey too."""
    resolving = [
        function
        for path in files("bot", "coworkers")
        for function in ast.walk(tree_of(path))
        if isinstance(function, ast.AsyncFunctionDef) and _calls(function, "change_status", "resolved")
    ]

    assert len(resolving) >= 4
    assert [] == [function.name for function in resolving if not _calls(function, "ask_score")]


def _calls(function: ast.AsyncFunctionDef, name: str, argument: str = "") -> bool:
    """Tell whether a function calls another one, with this text as one of its arguments."""
    made = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    named = [call for call in made if isinstance(call.func, ast.Name) and call.func.id == name]
    texts = {one.value for call in named for one in call.args if isinstance(one, ast.Constant)}
    return bool(named) and (not argument or argument in texts)


async def test_the_pressed_survey_is_the_one_that_changes() -> None:
    """There may be an older one above it."""
    desk = await worked(RESOLVE, hardware_engineer=[HOLD])
    first = await survey(desk)
    await desk.say("maria", "It is slow again", to_atom=False)
    await desk.settle()
    await desk.press("maria", "solved", (await desk.request()).id)
    await desk.settle()

    await desk.press("maria", "rate", (await desk.request()).id, value="5", post=first.post or "")
    await desk.settle()

    assert first.id == (await replies(desk))[-1].replaces


async def test_colleagues_who_have_it_are_told_once_why_they_are_called_again() -> None:
    """A low score is not told as a press that nobody made, nor a press told twice in one sentence."""
    desk = await rated("1")

    await desk.press("maria", "help", (await desk.request()).id)
    await desk.settle()

    again = [text for text in desk.shown("CIT") if "needs a human again" in text]
    assert ["**IT-1001 needs a human again.** The requester pressed “I still need help”."] == [
        text.partition(" Write here")[0] for text in again
    ]
