"""What agents do with commands, and that a refusal names the role and changes nothing."""

import pytest

from bot.commands.dispatch import commanded
from bot.message import Message
from bot.note import Note
from bot.person import Person
from bot.request import Assignee, Request
from bot.switch import Switch
from tests.fakes.desk import RunningDesk
from tests.fakes.workforce import direct
from tests.unit.chat_commands.chat import Chat, opened, place


async def assignee(desk: RunningDesk) -> tuple[str, str]:
    """Return who has the request."""
    found = (await desk.request()).assignee
    return found.kind, found.id


async def test_take_and_release() -> None:
    """A human has it, then the coworker that had it before."""
    desk = await opened()

    taken = await desk.ask("sam", "take IT-1001")
    held = await assignee(desk)
    released = await desk.ask("ida", "release it-1001")

    assert (("person", "sam"), ("coworker", "hardware-engineer")) == (held, await assignee(desk))
    assert ("You have IT-1001 now" in taken, "back with Hardware Engineer" in released) == (True, True)


@pytest.mark.parametrize(
    ("to", "kind", "key"),
    [
        ("to software-engineer", "coworker", "software-engineer"),
        ("Software Engineer", "coworker", "software-engineer"),
        ("to “software-engineer”", "coworker", "software-engineer"),
        ("to global-triage", "coworker", "global-triage"),
        ("to me", "person", "sam"),
        ("-> Ida@Example.com", "person", "ida"),
        ("to @Ida", "person", "ida"),
        ("to Ida", "person", "ida"),
        ("to slack:T1:UIDA", "person", "ida"),
        ("to @UIDA", "person", "ida"),
        ("to devices", "group", "it-support/devices"),
        ("to it-support/devices", "group", "it-support/devices"),
        ("to agents", "group", "it-support/agents"),
    ],
)
async def test_assign_takes_any_name_of_who_works_there(to: str, kind: str, key: str) -> None:
    """Coworkers by id or name, agents by e-mail, name or account, groups, and `me`."""
    desk = await opened()
    await desk.ask("ida", "mine")

    answer = await desk.ask("sam", f"assign IT-1001 {to}")

    assert (kind, key) == await assignee(desk), answer


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("", "`/atom assign <number> to"),
        ("to", "`/atom assign <number> to"),
        ("to sofware-engineer", "Did you mean `software-engineer`?"),
        ("to bo@example.com", "no coworker, agent or group of IT Support called `bo@example.com`"),
        ("to nobody@example.com", "no coworker, agent or group of IT Support called `nobody@example.com`"),
        ("to leave-specialist", "does not work in IT Support"),
        ("to retired-engineer", "is retired and takes no work"),
        ("to atom", "no coworker, agent or group"),
    ],
)
async def test_assign_to_somebody_who_cannot_have_it_changes_nothing(to: str, said: str) -> None:
    """And says who can."""
    desk = await opened()

    assert said in await desk.ask("sam", f"assign IT-1001 {to}")
    assert ("coworker", "hardware-engineer") == await assignee(desk)


async def test_note_and_reply_go_where_they_belong() -> None:
    """A private note to the private thread alone, a reply to the requester too; line breaks are kept."""
    desk = await opened()

    await desk.ask("sam", "note IT-1001 The disk\nis failing.")
    await desk.ask("sam", "reply IT-1001 Come to the desk.")

    assert (True, False) == (
        "The disk\nis failing." in await desk.private(),
        "Come to the desk." in await desk.private(),
    )
    told = await desk.told()
    assert (False, True) == ("The disk\nis failing." in told, "Come to the desk." in told)


async def test_a_note_that_speaks_to_the_coworker_wakes_it() -> None:
    """Like one in the private thread; another does not."""
    desk = await opened()

    await desk.ask("sam", "note IT-1001 Interesting.")
    before = len(await desk.runs())
    await desk.ask("sam", "note IT-1001 Hardware Engineer, have a look.")

    assert (1, 2) == (before, len(await desk.runs()))


async def test_resolve_priority_and_link() -> None:
    """Each through the desk's own use case."""
    desk = await opened()
    await desk.ask("bo", "new Another thing")

    linked = await desk.ask("sam", "link IT-1001 blocked by IT-1002")
    await desk.ask("sam", "priority IT-1001 HIGH")
    blocked = await desk.ask("sam", "resolve IT-1001 Done.")
    await desk.ask("sam", "resolve IT-1002")
    await desk.ask("sam", "resolve IT-1001 Replaced the disk.")

    request = await desk.request()
    assert ("high", "resolved", "blocked_by") == (request.priority, request.status, request.links[0].relation)
    assert "IT-1001 is blocked by IT-1002" in linked
    assert "IT-1002 must be resolved before IT-1001" in blocked
    assert "Replaced the disk." in await desk.told()


@pytest.mark.parametrize(
    ("relation", "stored"),
    [
        ("blocks", "blocks"),
        ("blocked-by", "blocked_by"),
        ("is blocked by", "blocked_by"),
        ("relates to", "relates_to"),
        ("duplicate of", "duplicate"),
        ("child of", "parent"),
        ("parent of", "child"),
        ("Parent", "parent"),
    ],
)
async def test_a_relation_is_read_as_people_write_it(relation: str, stored: str) -> None:
    """With or without hyphens and little words."""
    desk = await opened()
    await desk.ask("bo", "new Another thing")

    await desk.ask("sam", f"link IT-1001 {relation} IT-1002")

    assert [stored] == [item.relation for item in (await desk.request()).links]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("take", "The request's number is missing. Write `/atom take <number>`"),
        ("take soon", "`soon` is not a request's number"),
        ("take IT-9999", "no request IT-9999"),
        ("note IT-1001", "There is no text"),
        ("reply IT-1001   ", "There is no text"),
        ("priority IT-1001", "Write `/atom priority <number>"),
        ("priority IT-1001 urgnet", "Did you mean `urgent`?"),
        ("link IT-1001", "The request's number is missing"),
        ("link IT-1001 IT-1001", "is no relation"),
        ("link IT-1001 bloks IT-1001", "Did you mean `blocks`?"),
        ("link IT-1001 blocks IT-1001", "itself"),
        ("link IT-1001 blocks IT-4711", "no request IT-4711"),
        ("release IT-1001", "is with a coworker already"),
    ],
)
async def test_what_cannot_be_done_is_explained_and_changes_nothing(typed: str, said: str) -> None:
    """With how to write it."""
    desk = await opened()
    before = await desk.request()

    assert said in await desk.ask("sam", typed)
    assert before == await desk.request()


WORKING = [
    "take IT-1001",
    "release IT-1001",
    "assign IT-1001 to me",
    "note IT-1001 hello",
    "reply IT-1001 hello",
    "resolve IT-1001 done",
    "link IT-1001 blocks IT-1002",
    "priority IT-1001 high",
]
STEERING = [
    "coworkers",
    "workspaces",
    "approvals",
    "budget",
    "pause hardware-engineer",
    "resume hardware-engineer",
    "kill hardware-engineer",
]
WHOLE = ["pause all", "resume all", "kill all", "pause global-triage", "reload"]


def refused(role: str) -> list[tuple[str, str, str]]:
    """Return each command with somebody who may not give it, and the role that the refusal names."""
    table = {
        "agents of a workspace": [(who, text) for who in ("maria", "bo") for text in WORKING],
        "agents of IT Support": [("ann", text) for text in WORKING],
        "workspace admins": [(who, text) for who in ("maria", "sam") for text in (*STEERING, *WHOLE[:-1])],
        "organisation admins": [("sam", "reload"), *(("lea", text) for text in WHOLE)],
        "workspace admins of People Ops": [("lea", "pause hr-triage"), ("lea", "kill Leave Specialist")],
    }
    return [(who, text, role) for who, text in table[role]]


ROLES = ("agents of a workspace", "agents of IT Support", "workspace admins", "organisation admins")


@pytest.mark.parametrize(
    ("who", "typed", "role"), [item for role in (*ROLES, "workspace admins of People Ops") for item in refused(role)]
)
async def test_a_refusal_names_the_role_is_audited_and_changes_nothing(who: str, typed: str, role: str) -> None:
    """For each command and everybody who lacks its role."""
    desk = await opened()
    await desk.ask("sam", "new A second one")
    before = await everything(desk)

    answer = await desk.ask(who, typed)

    assert role.casefold() in answer.casefold()
    assert 1 == len(await desk.events("command.refused"))
    assert before == await everything(desk)


async def everything(desk: Chat) -> list[object]:
    """Return what a command could change."""
    return [await desk.all(kind) for kind in (Request, Note, Switch)]


async def entries(desk: Chat) -> int:
    """Return how long the audit is."""
    return sum([len(await desk.events(kind)) for kind in ("command.refused", "coworker.switched", "request.status")])


async def test_an_agent_does_not_work_on_their_own_request() -> None:
    """Somebody else in the team must."""
    desk = await opened()
    await desk.ask("sam", "new Mine")

    answers = [await desk.ask("sam", text.replace("IT-1001", "IT-1002")) for text in WORKING[:6]]

    assert [True] * 6 == ["somebody else in the team" in answer.casefold() for answer in answers]


async def test_agents_commands_are_not_answered_where_others_read() -> None:
    """In a channel or group nothing is done; in the team's own channel it is, and an admin's list is kept to direct chats."""
    desk = await opened()

    hall = await desk.ask("sam", "take IT-1001", place("channel"))
    before = await assignee(desk)
    await desk.ask("sam", "take IT-1001", place("support", "CSUPPORT"))
    lists = await desk.ask("oda", "coworkers", place("support", "CSUPPORT"))

    assert ("coworker", ("person", "sam")) == (before[0], await assignee(desk))
    assert (True, True) == ("direct message" in hall, "direct message" in lists)


@pytest.mark.parametrize("typed", [*WORKING[2:6], "take IT-1001", "new A thing", "pause hardware-engineer", "kill all"])
async def test_a_message_is_obeyed_once(typed: str) -> None:
    """Worked again under the same id, it changes nothing and answers nothing."""
    desk = await opened()
    who = "oda" if typed.split(maxsplit=1)[0] in {"pause", "kill"} else "sam"
    where = direct(who)
    key = await desk.type(who, typed, where)
    await desk.work()
    before, told, kept = await everything(desk), await desk.told(where.id), await entries(desk)
    message = next(item for item in await desk.all(Message) if item.id == key)
    person = next(item for item in await desk.all(Person) if item.id == who)

    await desk.plain.transact(lambda uow: commanded(uow, desk.desk, where, message, person))

    assert (before, told, kept) == (await everything(desk), await desk.told(where.id), await entries(desk))


async def test_a_resolved_request_is_not_resolved_twice() -> None:
    """By two agents who both typed it."""
    desk = await opened()
    await desk.type("sam", "resolve IT-1001 First.")
    await desk.type("ida", "resolve IT-1001 Second.")

    await desk.work()

    public = [text for text in await desk.told() if text in {"First.", "Second."}]
    assert 1 == len(public)
    assert Assignee(kind="person", id="sam" if public == ["First."] else "ida") == (await desk.request()).assignee
