"""What everybody may do with commands: ask for help, open a request, list their own, ask where one stands."""

from dataclasses import replace

import pytest

from bot.commands.dispatch import COMMANDS
from bot.conversation import Conversation
from bot.ids import WorkspaceId
from bot.note import Note
from bot.wording.command_help import EXPLAINED
from tests.fakes.workforce import SEC, direct
from tests.unit.chat_commands.chat import chatting, opened, place


async def test_help_lists_only_what_a_person_may_do() -> None:
    """An employee sees four commands, an agent twelve, a workspace's admin all but three, the organisation's all."""
    desk = await chatting()

    listed = {who: (await desk.ask(who, "help")).count("\n- ") for who in ("maria", "sam", "lea", "oda")}

    assert {"maria": 4, "sam": 12, "lea": 20, "oda": len(COMMANDS)} == listed


async def test_help_explains_one_command() -> None:
    """With how to write it and an example, and whether the person may."""
    desk = await chatting()

    agents, employees = await desk.ask("sam", "help Assign"), await desk.ask("maria", "help assign")

    assert "`/atom assign <number> to <coworker, e-mail, group or me>`" in agents
    assert (False, True) == ("don't have" in agents, "don't have" in employees)


def test_every_command_is_explained_and_nothing_else() -> None:
    """Help and the registry are one list."""
    assert list(EXPLAINED) == list(COMMANDS)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "What you can do:"),
        ("   ", "What you can do:"),
        ("HELP", "What you can do:"),
        ("statsu IT-1001", "Did you mean `/atom status`?"),
        ("my laptop is slow", "`/atom new` and what you need"),
        ("help nonsense", "There is no command `nonsense`"),
        ("`<!channel>` x", "There is no command `<!channel>`"),
        ("jobs", "There is no command `jobs`"),
    ],
)
async def test_what_is_not_understood_is_answered_with_the_next_step(typed: str, said: str) -> None:
    """The nearest command, or help."""
    desk = await chatting()

    assert said in await desk.ask("maria", typed)


async def test_the_nearest_command_is_one_that_the_person_may_give() -> None:
    """An employee is not pointed to what they would be refused."""
    desk = await chatting()

    admin, employee = await desk.ask("oda", "kil"), await desk.ask("maria", "kil")

    assert (True, False) == ("Did you mean `/atom kill`?" in admin, "Did you mean" in employee)


async def test_new_opens_a_request_in_a_thread_of_its_own() -> None:
    """The first line is the title; the answer names the number, and the thread begins in the person's own chat."""
    desk = await chatting()

    answer = await desk.ask("maria", "new My laptop is slow\nsince Monday.")

    request = await desk.request()
    thread = next(item for item in await desk.all(Conversation) if item.id == request.conversation_id)
    assert ("My laptop is slow", "My laptop is slow\nsince Monday.", "maria", "maria") == (
        request.title,
        request.description,
        request.requester,
        request.author,
    )
    assert ("direct", "UMARIA", (request.id,)) == (thread.kind, thread.channel, thread.request_ids)
    assert thread.thread is not None
    assert "**IT-1001**" in answer
    assert ["header"] == [item.kind for item in desk.messenger.posts if item.channel == "UMARIA"][:1]


async def test_new_in_a_direct_chat_opens_the_request_there() -> None:
    """And says so once."""
    desk = await chatting()

    answer = await desk.ask("maria", "new My laptop is slow", direct("maria"))

    assert (direct("maria").id, 1) == ((await desk.request()).conversation_id, answer.count("IT-1001"))


async def test_new_without_words_says_how() -> None:
    """Nothing is opened."""
    desk = await chatting()

    answer = await desk.ask("maria", "new")

    assert ("`/atom new My laptop" in answer, []) == (True, await desk.all(Note))


async def test_mine_lists_the_open_requests_of_the_person_alone() -> None:
    """Newest first, with where each stands."""
    desk = await chatting()
    for who, text in (("maria", "Slow laptop"), ("bo", "Broken key"), ("maria", "New screen")):
        await desk.ask(who, f"new {text}")

    lines = [line for line in (await desk.ask("maria", "mine")).splitlines() if line.startswith("- ")]

    assert [
        "- **IT-1003** New screen: on hold, IT Support",
        "- **IT-1001** Slow laptop: on hold, IT Support",
    ] == lines
    assert "no open requests" in await desk.ask("sam", "mine")


async def test_status_tells_where_an_own_request_stands() -> None:
    """Who has it, and what is next; however the number is written."""
    desk = await opened()

    told = {await desk.ask("maria", f"status {number}") for number in ("IT-1001", "it-1001", "#IT–1001.", "IT‑1001")}  # noqa: RUF001

    assert 1 == len(told)
    assert "On hold, normal priority, with Hardware Engineer in IT Support" in told.pop()


async def test_a_strangers_request_cannot_be_told_from_one_that_does_not_exist() -> None:
    """The refusal names the role needed, and is the same."""
    desk = await opened()

    one, other = await desk.ask("bo", "status IT-1001"), await desk.ask("bo", "status IT-4711")

    assert one == other.replace("IT-4711", "IT-1001")
    assert "agents of IT Support" in one


@pytest.mark.parametrize(
    ("who", "sees"), [("maria", True), ("bo", False), ("sam", True), ("ann", False), ("oda", True)]
)
async def test_who_may_ask_where_a_request_stands(who: str, *, sees: bool) -> None:
    """Its requester, and agents of its workspace; not those of another."""
    desk = await opened()

    assert sees == ("On hold" in await desk.ask(who, "status IT-1001"))


async def test_an_agent_is_told_where_a_request_has_gone() -> None:
    """Its number says that it was theirs; what is not theirs now is not told."""
    desk = await opened()
    moved = replace(await desk.request(), workspace=SEC)
    await desk.plain.transact(lambda uow: uow.put(moved))

    told, here = await desk.ask("sam", "status IT-1001"), await desk.ask("ann", "status IT-1001")

    assert ("IT-1001 is with Security now. Only agents of Security", True) == (told[:53], "On hold" in here)


async def test_an_agent_who_asks_where_others_read_is_told_to_ask_alone() -> None:
    """The request is theirs to know of, but not there."""
    desk = await opened()

    assert "direct message" in await desk.ask("sam", "status IT-1001", place("channel"))


async def test_a_closed_request_of_a_workspace_that_is_gone_can_still_be_asked_for() -> None:
    """By whoever asked for it; its workspace has no name any more."""
    desk = await opened()
    gone = replace(await desk.request(), workspace=WorkspaceId("gone"), status="closed")
    await desk.plain.transact(lambda uow: uow.put(gone))

    mine, others = await desk.ask("maria", "status IT-1001"), await desk.ask("bo", "status IT-1001")

    assert ("Closed, normal priority" in mine, "in gone" in mine, "can't find" in others) == (True, True, True)


async def test_where_others_read_only_what_was_opened_there_is_told() -> None:
    """The same rule as for Atom's own answers."""
    desk = await opened()
    hall = place("channel")

    listed, asked = await desk.ask("maria", "mine", hall), await desk.ask("maria", "status IT-1001", hall)

    assert (False, False) == ("Slow laptop" in listed, "Slow laptop" in asked)
    assert "Others can read here" in listed


async def test_a_private_note_is_nowhere_in_what_commands_answer() -> None:
    """Not for the requester, not for an agent, not for an admin."""
    desk = await opened()
    await desk.ask("sam", "note IT-1001 The ZEBRA is loose.")

    told = [
        await desk.ask(who, text)
        for who in ("maria", "sam", "oda")
        for text in ("status IT-1001", "mine", "approvals", "budget IT-1001", "coworkers", "workspaces")
    ]

    assert [] == [text for text in told if "ZEBRA" in text]
    assert ["The ZEBRA is loose."] == [text for text in await desk.private() if "ZEBRA" in text]
