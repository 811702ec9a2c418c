"""A post is recognised by what people read, in whatever markup it comes back, and by nothing else."""

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams import cards
from adapters.teams.history import _reaches, stored_posts
from adapters.teams.reading import JsonObject
from adapters.teams.recognising import Wanted, letters
from bot.errors import PermanentError
from bot.ids import ReplyId
from bot.ports import UnitOfWork
from bot.reply import Button, Reply, ReplyKind
from bot.wording.delivery import twice
from bot.wording.posts import Words
from tests.contract.teams.teams_at_work import CHANNEL, SUPPORT, place, reply
from tests.fakes.loopback import Loopback
from tests.fakes.memory import MemoryStorage
from tests.fakes.teams_graph import Graph
from tests.fakes.teams_state import BOT_ID, Place, Tenant
from tests.fakes.teams_tokens import Issuer

WORDS = Words()
KINDS: tuple[ReplyKind, ...] = ("note", "header")
TAKE = Button(action="take_over", subject="IT-1", label="Take over")
KEYS = st.sampled_from(["id", "body", "content", "attachments", "contentType", "data", "reply", "type", "text", "from"])
ANYTHING = st.recursive(
    st.none() | st.integers() | st.text(max_size=20) | st.sampled_from([cards.CARD, "TextRun", '{"body": [[{}]]}']),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=15,
)
GRAPH = Graph(Loopback(), Tenant(places={CHANNEL: Place(id=CHANNEL, kind="channel", name="", members=())}), Issuer())


def given_back(posted: Reply) -> JsonObject:
    """Give a post as Graph gives it back."""
    about = {"id": "1", "from": {"id": BOT_ID}, "conversation": {"id": CHANNEL}}
    return GRAPH._message({**cards.activity(posted, WORDS), **about})


@given(st.text(max_size=300), st.text(max_size=300), st.sampled_from(KINDS))
def test_a_post_is_recognised_by_its_letters(text: str, other: str, kind: ReplyKind) -> None:
    """As text or as a card without buttons; another text is another post."""
    said = replace(reply(f"a {text}"), kind=kind)
    different = replace(said, id=ReplyId("r2"), text=f"b {other}")

    wanted = Wanted.of(said, WORDS)

    assert (True, False) == (wanted.alike(given_back(said)), wanted.alike(given_back(different)))


def test_a_card_with_buttons_is_recognised_by_the_reply_that_they_name() -> None:
    """Two of the same words are told apart, and neither is taken for words alone."""
    first, second = reply(buttons=(TAKE,)), reply(key="r2", buttons=(TAKE,))

    wanted = Wanted.of(first, WORDS)

    assert (True, False) == (wanted.is_(given_back(first)), wanted.is_(given_back(second)))
    assert not wanted.alike(given_back(second))


def test_a_post_that_was_repeated_is_the_reply_too() -> None:
    """The line that says so belongs to the post and not to the reply."""
    said = replace(reply(), footer="In progress")

    posted = replace(said, footer=f"{said.footer} · {twice()}")

    assert Wanted.of(said, WORDS).alike(given_back(posted))


def test_what_has_no_letters_is_recognised_by_nobody() -> None:
    """Every picture would be every other."""
    with pytest.raises(PermanentError):
        Wanted.of(reply("👍 …"), WORDS)


@given(ANYTHING)
def test_whatever_graph_gives_is_read(anything: object) -> None:
    """It is another's post then; nothing fails."""
    message = anything if isinstance(anything, dict) else {"attachments": anything, "body": anything}

    wanted = Wanted.of(reply("unmistakable words"), WORDS)

    assert (False, False) == (wanted.is_(message), wanted.alike(message))


def test_markup_and_entities_are_no_letters() -> None:
    """Neither are addresses behind links, line breaks and the marks of attachments."""
    assert "abücafé1" == letters(
        '<p>A&nbsp;<b>b</b>ü,\n<a href="https://x.example">Cafe\u0301</a>&#49;<attachment id="9"></attachment>'
    )


async def test_posts_of_other_replies_are_known_by_their_channel() -> None:
    """Ids are counted per channel, so the same one elsewhere is another post."""
    storage = MemoryStorage()
    here, there = place(CHANNEL, "7"), place(SUPPORT, "7", kind="support")

    async def work(uow: UnitOfWork) -> None:
        await uow.add(here, there)
        sent = replace(reply(), conversation_id=here.id, state="sent", sent_at=datetime.now(UTC))
        await uow.add(replace(sent, post="11"), replace(sent, id=ReplyId("r2"), conversation_id=there.id, post="12"))

    await storage.transact(work)

    assert {"11"} == set(await stored_posts(storage, place(CHANNEL, "8"), ["11", "12", "13"]))


@pytest.mark.parametrize(
    ("hours", "expected"),
    [((9, 8, 5), True), ((9, 8, 7), False), ((9, 5, 8), False), ((5, 9), False), ((9, None, 5), False), ((), False)],
)
def test_a_page_goes_back_far_enough_only_if_it_is_in_order(hours: tuple[int | None, ...], *, expected: bool) -> None:
    """What is out of order, or without a time, may hide something that is new."""
    page = [{"createdDateTime": f"2026-11-20T{hour:02}:00:00.000Z"} if hour else {} for hour in hours]

    assert expected == _reaches(page, datetime(2026, 11, 20, 6, tzinfo=UTC))


def test_markup_that_never_ends_is_read_in_one_go() -> None:
    """Whatever Graph answers, the outbox has others to serve."""
    begun = time.monotonic()

    found = letters("<" * 200_000 + "on it")

    assert "onit" == found
    assert time.monotonic() - begun < 2
