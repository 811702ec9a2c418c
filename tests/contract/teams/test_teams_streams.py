"""A streamed answer stands whole and once in the end, whichever call fails and wherever the process dies."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ids import ReplyId
from bot.labels import Visibility
from bot.reply import Button
from bot.wording import delivery
from bot.wording.posts import Words
from tests.contract.teams.streaming import (
    LONG,
    WHOLE,
    Streaming,
    answer,
    kinds,
    letters,
    once,
    once_or_flagged,
    pieces_are_parts,
    streaming,
)
from tests.contract.teams.teams_at_work import CHANNEL, ERIN, SAM, place
from tests.fakes.faults import drop_after_commit, hang, http_error, rate_limited, refused, reset
from tests.fakes.fuse import Fuse

STREAM = ["begin", "piece", "piece", "final"]
GOOD = Button(action="feedback", subject="r1", value="good", label="Helpful")
MOMENTS = 20
"""At which a process that streams can die."""
UNKNOWN = [4, 5]
"""The moments between the intent to post and the note that a stream is begun."""
WAYS = {
    "lost": drop_after_commit(),
    "403": refused("ContentStreamNotAllowed"),
    "429": rate_limited(1),
    "502": http_error(502),
    "slow": hang(0.05),
    "reset": reset(),
    "fine": hang(0),
}


@dataclass(frozen=True, kw_only=True)
class Story:
    """What goes wrong with one answer."""

    faults: Sequence[tuple[str, str]] = ()
    killed: int = 0
    """The moment at which the process dies; 0, and beyond the last: never."""
    stopped: int = 0
    """The pause in which the reader presses stop."""
    frozen: bool = False


async def told(scene: Streaming, story: Story, number: int) -> None:
    """Let one answer go wrong in this way, in a chat of its own, and look at it."""
    who = scene.platform.add_person(f"29:p{number}", name=f"Person {number}")
    chat = scene.chat(who).channel
    for kind, way in story.faults:
        scene.platform.faults.inject(kind, WAYS[way])
    scene.fuse = Fuse(at=story.killed)
    scene.passing.slept.clear()
    scene.passing.meanwhile = partial(stop_at, scene, chat, story)
    scene.start()

    await scene.say(answer(key=f"p{number}", buttons=(GOOD,)), who)

    scene.platform.faults.clear()
    repeated = sum("reply.repeated" in event for event in await scene.events())
    scene.repeated, before = repeated, scene.repeated
    assert (once if repeated == before else once_or_flagged)(scene, chat)
    assert pieces_are_parts(scene, chat)


def stop_at(scene: Streaming, chat: str, story: Story, pause: int) -> None:
    if pause == story.stopped:
        scene.platform.connector.streams.stops(chat, frozen=story.frozen)


async def test_a_long_answer_is_streamed_in_a_personal_chat() -> None:
    """A line that it is being written, ever more of it, and the whole, at most one call a second, and soon."""
    async with streaming() as scene:
        chat = await scene.say(answer())

        calls = scene.platform.calls
        bodies = [call.body for call in calls]
        assert STREAM == kinds(scene)
        assert Words().writing == bodies[0]["text"]
        assert [1, 2, 3, None] == [body["entities"][0].get("streamSequence") for body in bodies]
        assert once(scene, chat)
        assert pieces_are_parts(scene, chat)
        assert sum(scene.passing.slept) < 3.5
        assert "sent" == (await scene.replies())["r1"].state
        assert calls[0].body["entities"][0].get("streamId") is None


async def test_buttons_come_with_the_whole_under_the_text() -> None:
    """No piece has any; the card has nothing of the text, and what it sends says so."""
    async with streaming() as scene:
        chat = await scene.say(answer(buttons=(GOOD,)))

        (post,) = scene.platform.posts(chat)
        card = post["attachments"][0]["content"]
        assert [False, False, False, True] == ["attachments" in call.body for call in scene.platform.calls]
        assert ([], ["Helpful"]) == (card["body"], [action["title"] for action in card["actions"]])
        assert {"above": "text"}.items() <= card["actions"][0]["data"].items()
        assert once(scene, chat)


@pytest.mark.parametrize(
    ("said", "where"),
    [
        (answer("short " * 20), ERIN),
        (replace(answer(), visibility=Visibility.PRIVATE), ERIN),
        (replace(answer(), kind="notice"), ERIN),
        (replace(answer(), replaces=ReplyId("r0")), ERIN),
        (replace(answer(), attempts=2), ERIN),
        (answer("> a quotation\n\n" + LONG), ERIN),
        (answer("one paragraph " * 40), ERIN),
        (answer(), CHANNEL),
    ],
)
async def test_everything_else_is_posted(said: object, where: str) -> None:
    """What is short, private, elsewhere, tried before, of one piece or not to be written as safe Markdown."""
    async with streaming() as scene:
        assert isinstance(said, type(answer()))
        chat = scene.chat() if where == ERIN else place(where)

        await scene.teams.post(said, chat)

        assert ["post" if where == ERIN else "create"] == kinds(scene)


@pytest.mark.parametrize("way", WAYS)
async def test_a_stream_of_which_any_call_fails_ends_whole_and_once(way: str) -> None:
    """However it fails, the answer is completed, or posted where nothing of it stands."""
    async with streaming() as scene:
        for number, kind in enumerate(STREAM):
            fine = [(kind, "fine")] * STREAM[:number].count(kind)

            await told(scene, Story(faults=[*fine, (kind, way)]), number)

        assert 0 == scene.repeated


@pytest.mark.parametrize("deleted", [0, 1])
async def test_a_reader_who_presses_stop_has_the_whole_answer_once_all_the_same(deleted: int) -> None:
    """What was stopped is changed into the whole; where Teams forbids that, it is taken away and the whole posted."""
    async with streaming() as scene:
        chat = scene.chat().channel
        scene.passing.meanwhile = partial(stop_at, scene, chat, Story(stopped=2, frozen=bool(deleted)))

        await scene.say(answer())

        assert once(scene, chat)
        assert deleted == kinds(scene).count("delete")


async def test_what_was_stopped_before_its_first_words_need_not_be_taken_away() -> None:
    """There is no post: an answer must not be given up because what never stood cannot be deleted."""
    async with streaming() as scene:
        chat = scene.chat().channel
        scene.passing.meanwhile = partial(stop_at, scene, chat, Story(stopped=1))
        scene.platform.faults.inject("delete", *[WAYS["502"]] * 20)

        await scene.say(answer())

        assert once(scene, chat)
        assert 0 == kinds(scene).count("delete")


async def test_what_a_reader_has_stopped_may_have_to_stay_above_the_whole() -> None:
    """When Teams lets us neither change nor delete it; Teams marks it as stopped."""
    async with streaming() as scene:
        chat = scene.chat().channel
        scene.passing.meanwhile = partial(stop_at, scene, chat, Story(stopped=2, frozen=True))
        scene.platform.faults.inject("delete", WAYS["403"])

        await scene.say(answer())

        stopped, whole = map(letters, scene.platform.posts(chat))
        assert (True, WHOLE) == (WHOLE.startswith(stopped), whole)


async def test_a_process_that_dies_anywhere_in_a_stream_leaves_it_whole_and_once() -> None:
    """Before and after each call and each transaction; the next process finishes what was begun.

    Where it had only stored that it would post, the next cannot know whether it has, and says so.
    """
    async with streaming() as scene:
        unknown = []
        for moment in range(1, MOMENTS + 1):
            before = scene.repeated
            await told(scene, Story(killed=moment), moment)
            unknown += [moment] if scene.repeated > before else []

        assert UNKNOWN == unknown


async def test_every_moment_of_a_stream_is_tried() -> None:
    """The test above tries them all."""
    async with streaming() as scene:
        await scene.say(answer())

        assert MOMENTS == scene.fuse.count, scene.fuse.moments


async def test_what_died_is_completed_even_after_its_two_minutes() -> None:
    """Then Teams takes no final any more, and the post is changed."""
    async with streaming() as scene:
        scene.platform.faults.inject("final", *[http_error(502)] * 5)

        chat = await scene.say(answer())

        assert once(scene, chat)
        assert "reply.repeated" not in "".join(await scene.events())


async def test_a_process_that_was_thought_dead_streams_nothing() -> None:
    """What it notes is refused, since another attempt is under way, and so it says nothing more."""
    async with streaming() as scene:
        await scene.say(answer(key="r2"))
        late = (await scene.replies())["r2"]

        with pytest.raises(Exception, match="Another process"):
            await scene.teams.post(replace(late, state="sending", attempts=1, text=LONG), scene.chat())

        assert STREAM == kinds(scene)


async def test_a_final_that_came_too_soon_is_sent_again_at_once() -> None:
    """Nobody waits for the next attempt because of one second."""
    async with streaming() as scene:
        scene.platform.faults.inject("final", rate_limited(1))

        await scene.say(answer())

        assert [*STREAM, "final"] == kinds(scene)


async def test_what_is_posted_because_no_stream_was_begun_is_as_uncertain_as_any_post() -> None:
    """After a lost answer it is posted again, and says so."""
    async with streaming() as scene:
        scene.platform.faults.inject("begin", WAYS["403"])
        scene.platform.faults.inject("post", drop_after_commit())

        chat = await scene.say(answer())

        flagged = WHOLE + letters({"text": delivery.twice()})
        assert [WHOLE, flagged] == [letters(post) for post in scene.platform.posts(chat)]


async def test_a_chat_without_streams_is_not_asked_again_for_a_while() -> None:
    """Teams refuses them for some people; another's chat is asked all the same."""
    async with streaming() as scene:
        scene.platform.connector.streams.allowed = False
        for key in ("r1", "r2"):
            await scene.say(answer(key=key))
        scene.platform.connector.streams.allowed = True
        await scene.say(answer(key="r3"), SAM)

        assert ["begin", "post", "post", *STREAM] == kinds(scene)


STORIES = st.builds(
    Story,
    faults=st.lists(
        st.tuples(
            st.sampled_from(["begin", "piece", "final", "update", "delete"]), st.sampled_from(sorted(WAYS))
        ).filter(lambda fault: fault != ("delete", "403")),
        max_size=6,
    ),
    killed=st.integers(1, 40),
    stopped=st.integers(1, 6),
    frozen=st.booleans(),
)


def test_whatever_happens_it_stands_whole_and_once() -> None:
    """Faults of all kinds in any order, a stop in any pause, a process that dies at any moment."""
    with asyncio.Runner() as runner:
        opened = streaming()
        scene = runner.run(opened.__aenter__())
        numbers = count()

        @given(story=STORIES)
        @settings(max_examples=40, deadline=None)
        def any_story(story: Story) -> None:
            runner.run(told(scene, story, next(numbers)))

        any_story()
        runner.run(opened.__aexit__(None, None, None))
