"""How answers to commands read: each command as it has to be typed, one of a thing in the singular, and only what is open counted."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.conversation import ConversationKind
from bot.ids import RequestId
from bot.labels import Fact, Source, Visibility
from bot.packet import Packet
from bot.request import Request
from bot.spending import Limits, Spending
from bot.wording import cards, oversight
from bot.wording.command_help import EXPLAINED, as_typed, not_shown, usage
from tests.unit.chat_commands.chat import opened

ONE = Spending(id="request:r1", scope="request", tokens=1, model_calls=1, tool_calls=1)


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("Write `mine` to see yours.", "Write `/atom mine` to see yours."),
        ("Write `pause`, `resume` or `kill`.", "Write `/atom pause`, `/atom resume` or `/atom kill`."),
        ("Write `resolve IT-1001` when it is done.", "Write `/atom resolve IT-1001` when it is done."),
        ("Start with `reply:`.", "Start with `reply:`."),
        ("There is no coworker `newton`, only `me`.", "There is no coworker `newton`, only `me`."),
        ("It asks for `jumpcloud__reset`; the new one\n`", "It asks for `jumpcloud__reset`; the new one\n`"),
    ],
)
def test_a_command_is_shown_as_it_is_typed_where_only_that_works(answer: str, shown: str) -> None:
    """Typed bare, it would be a message to everybody in the channel."""
    assert shown == as_typed(answer, "aside")


@pytest.mark.parametrize("kind", ["channel", "group", "support"])
def test_a_command_is_shown_with_whom_it_is_said_to_where_others_talk(kind: ConversationKind) -> None:
    """Where there is no slash command, Atom is mentioned."""
    assert "Write `@Atom mine`." == as_typed("Write `mine`.", kind)


@pytest.mark.parametrize("kind", ["direct", "admin"])
def test_a_command_is_left_bare_where_it_is_a_message(kind: ConversationKind) -> None:
    """There is no slash before it."""
    assert "Write `mine`." == as_typed("Write `mine`.", kind)


@pytest.mark.parametrize("name", EXPLAINED)
def test_how_a_command_is_written_and_its_example_can_be_typed_as_they_stand(name: str) -> None:
    """Both of them, of every command."""
    shown = as_typed(usage(name), "aside")

    assert f"`/atom {EXPLAINED[name].usage}`" in shown
    assert f"`/atom {EXPLAINED[name].example}`" in shown


def test_one_of_a_thing_is_in_the_singular() -> None:
    """A sum over one line would only repeat it."""
    told = oversight.budgets([oversight.spent_on("IT-1001", ONE, Limits())], total=[ONE])

    assert "- **IT-1001**: $0.00, 1 token, 1 model call, 1 tool call\n" in told
    assert "together" not in told
    assert "- **IT-1**: $0.00, 1 of 8 tokens, 1 model call, 1 tool call" == oversight.spent_on(
        "IT-1", ONE, Limits(tokens=8)
    )
    assert ["1 more is not shown.", "2 more are not shown."] == [not_shown(1), not_shown(2)]


async def test_what_rests_resolved_is_not_counted_as_open() -> None:
    """The home page counts the same."""
    desk = await opened()
    request = (await desk.all(Request))[0]
    before = await desk.ask("lea", "coworkers"), await desk.ask("lea", "workspaces")
    await desk.plain.transact(lambda uow: uow.put(replace(request, status="resolved")))

    after = await desk.ask("lea", "coworkers"), await desk.ask("lea", "workspaces")

    assert (1, 1) == tuple(text.count("1 open request") for text in before)
    assert (0, 0) == tuple(text.count("1 open request") for text in after)


async def test_a_requester_reads_that_it_waits_for_them_and_a_colleague_for_whom() -> None:
    """June would look for somebody else who is "the requester"."""
    desk = await opened()
    request = (await desk.all(Request))[0]
    await desk.plain.transact(lambda uow: uow.put(replace(request, status="pending")))

    mine, own, other = [
        await desk.ask(who, asked)
        for who, asked in (("maria", "mine"), ("maria", "status IT-1001"), ("sam", "status IT-1001"))
    ]

    assert ["waiting for your answer, " in mine, "Waiting for your answer, " in own] == [True, True]
    assert "requester" not in f"{mine}{own}"
    assert "Waiting for the requester, " in other


def test_what_a_fact_was_seen_in_is_named_as_a_tool_and_its_call() -> None:
    """The name that models need is no word."""
    fact = Fact(
        text="The disk is full.",
        source=Source.EXTERNAL,
        visibility=Visibility.PRIVATE,
        evidence="jumpcloud__get_device",
    )
    packet = Packet(
        id="p1",
        request_id=RequestId("r1"),
        asked="It is slow.",
        sender="ada",
        receiver="bo",
        reason="Not mine.",
        facts=(fact,),
        at=datetime(2026, 7, 1, tzinfo=UTC),
    )

    assert "The disk is full. (seen in jumpcloud get_device)" in cards.hand_off(packet, "IT-1001", "Ada", "Bo")
