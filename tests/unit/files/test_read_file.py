"""Attached files: listed for coworkers, linked for colleagues, and read only by a granted coworker, only those of its own request."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from bot.attachments import files_of
from bot.conversation import Conversation
from bot.errors import PermanentError, TemporaryError
from bot.file import File
from bot.form import Submission
from bot.ids import ConversationId, MessageId
from bot.intake import store
from bot.labels import Source, Visibility
from bot.message import Arrival, Message
from bot.request import Request
from bot.run import Step
from bot.turn import CallResult
from coworkers.desk_tools.files import PART, WithBuiltIn
from coworkers.guarded import granted
from coworkers.profile import Capability, Tool
from coworkers.toolbox import Offered
from tests.fakes.desk import RunningDesk, running
from tests.fakes.scripted import ScriptedModel, call
from tests.fakes.tools import WrittenServers
from tests.fakes.workforce import IT, WORKFORCE, account, coworker, direct

LOG = File(name="a.log", type="text/plain", size=3_000, link="https://desk.slack.com/files/U1/F1/a.log", key="F1")
PHOTO = File(name="photo.png", type="image/png", link="https://desk.slack.com/files/U1/F2/photo.png", key="F2")
TOOL = Tool(
    id="files",
    name="Attached files",
    transport="built-in",
    capabilities={"read_file": Capability(name="read_file", effect="read", untrusted=True)},
)
ENGINEER = replace(coworker("hardware-engineer"), grants={"files": {"read_file": "allow"}})
EMPLOYED = replace(
    WORKFORCE,
    tools={**WORKFORCE.tools, "files": TOOL},
    coworkers={**WORKFORCE.coworkers, ENGINEER.id: ENGINEER},
)


@dataclass
class Shelf:
    """`bot.attachments.Attachments` with written texts, by the platform's id of the file."""

    texts: dict[str, str] = field(default_factory=lambda: {"F1": "disk failing"})
    failure: Exception | None = None
    asked: list[str] = field(default_factory=list)

    async def text(self, file: File, conversation: Conversation) -> str:
        """Return the written text."""
        self.asked.append(f"{conversation.tenant}:{file.key}")
        if self.failure is not None:
            raise self.failure
        if file.key not in self.texts:
            raise PermanentError(f"{file.name} is no text; ask what is in it.")
        return self.texts[file.key]


@dataclass(kw_only=True)
class Tools(WrittenServers):
    """Written servers, and the built-in tool over the desk's storage."""

    shelf: Shelf = field(default_factory=Shelf)
    built_in: WithBuiltIn | None = None

    async def capabilities(self, tool: str) -> Sequence[Offered]:
        """As `WrittenServers`, or built in."""
        assert self.built_in is not None
        return await (self.built_in.capabilities(tool) if tool == "files" else super().capabilities(tool))

    async def call(self, tool: str, capability: str, arguments: dict[str, Any], *, key: str) -> CallResult:
        """As `WrittenServers`, or built in."""
        assert self.built_in is not None
        if tool == "files":
            return await self.built_in.call(tool, capability, arguments, key=key)
        return await super().call(tool, capability, arguments, key=key)


async def office(*turns: object, tools: Tools | None = None) -> tuple[RunningDesk, Tools]:
    """Return a desk whose front door opens one request, and whose engineer says `turns`."""
    opened = [
        call("open_request", title="Slow", description="It is slow.", workspace="it-support"),
        call("say", text="Ok."),
    ]
    script = {
        "atom": opened,
        "it-triage": [call("hand_off", to="hardware-engineer", reason="Hardware.")],
        "hardware-engineer": [*turns, call("ask_requester", question="Which?")],
    }
    written = tools or Tools()
    desk = await running(ScriptedModel(script=script), workforce=EMPLOYED, servers=written)  # type: ignore[arg-type]
    written.built_in = WithBuiltIn(WrittenServers(), desk.plain, {"slack": written.shelf}, lambda tool: tool == "files")
    return desk, written


async def say(
    desk: RunningDesk, text: str, *files: File, who: str = "maria", where: Conversation | None = None
) -> Message:
    """Let somebody write with files."""
    desk.stamp += 1
    place, author = where or direct(who), account(who)
    message = Message(
        id=MessageId(f"slack:T1:{place.channel}:{desk.stamp}"),
        event_id=f"E{desk.stamp}",
        conversation_id=place.id,
        author_id=author.id,
        text=text,
        files=files,
        addresses_atom=True,
        at=desk.clock.now(),
        post=str(desk.stamp),
    )
    arrival = Arrival(message=message, conversation=place, author=author)
    await desk.plain.transact(lambda uow: store(uow, [arrival], desk.clock.now(), timedelta()))
    return message


async def read(desk: RunningDesk) -> CallResult:
    """Return what the first call to the tool brought."""
    steps: list[Step] = await desk.steps(kind="tool")
    result = steps[0].result
    assert result is not None
    return result


async def test_a_granted_coworker_reads_a_file_of_its_request() -> None:
    """By name; what it says is from outside, whoever attached it, and no secret from the requester."""
    desk, tools = await office(call("files__read_file", file="a.log"))

    await say(desk, "slow, see log", LOG)
    await desk.settle()

    result = await read(desk)
    assert ("disk failing", False) == (result.text, result.error)
    assert (Source.EXTERNAL, Visibility.PUBLIC) == (result.source, result.visibility)
    assert ["T1:F1"] == tools.shelf.asked


async def test_nothing_is_fetched_because_somebody_attached_it() -> None:
    """Files are recorded, listed and linked; the platform is not asked for one."""
    desk, tools = await office()

    await say(desk, "slow, see log", LOG, PHOTO)
    await desk.settle()

    model = desk.model
    briefed = next(asked.briefing for asked in model.asked if asked.coworker == "hardware-engineer")
    assert (LOG, PHOTO) == briefed.files
    assert [] == tools.shelf.asked


async def test_colleagues_are_given_links() -> None:
    """To those it was opened with, and to those of later replies; the requester's thread is told nothing of the kind."""
    desk, _ = await office()
    await say(desk, "slow, see log", LOG)
    await desk.settle()

    await say(desk, "and a photo", PHOTO)
    await desk.settle()

    support = "\n".join(desk.shown("CIT"))
    assert "[a.log](https://desk.slack.com/files/U1/F1/a.log) (text/plain, 2 kB)" in support
    assert "[photo.png](https://desk.slack.com/files/U1/F2/photo.png) (image/png)" in support
    assert "slack.com" not in "\n".join(desk.shown("DMARIA"))
    assert ["and a photo\n\nAttached: [photo.png](https://desk.slack.com/files/U1/F2/photo.png) (image/png)"] == [
        text for text in desk.shown("CIT") if "photo.png" in text
    ]


async def test_what_an_agent_attaches_to_a_reply_is_linked_for_the_requester() -> None:
    """They may be on another platform, where the file itself does not come; with a private note nothing goes to them."""
    desk, _ = await office()
    await say(desk, "slow")
    await desk.settle()
    thread = await desk.thread()

    await say(desk, "reply: see this", LOG, who="sam", where=thread)
    await say(desk, "for us", PHOTO, who="sam", where=thread)
    await desk.settle()

    told = "\n".join(desk.shown("DMARIA"))
    assert "see this\n\nAttached: [a.log](https://desk.slack.com/files/U1/F1/a.log) (text/plain, 2 kB)" in told
    assert "photo.png" not in told


async def test_a_coworker_without_the_grant_is_not_offered_it() -> None:
    """Being named in the tool file is not enough."""
    tools = Tools()
    _, tools = await office(tools=tools)

    with_grant = await granted(ENGINEER, EMPLOYED.tools, tools)
    without = await granted(coworker("software-engineer"), EMPLOYED.tools, tools)

    assert ["files__read_file"] == [item.name for item in with_grant]
    assert "files__read_file" not in [item.name for item in without]


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ("2", "photo.png is no text; ask what is in it."),
        ("#1", "disk failing"),
        ("passwd", "No such file is attached. There are: 1. a.log (text/plain, 2 kB); 2. photo.png (image/png)."),
        ("3", "No such file is attached."),
        ("0", "No such file is attached."),
        ("00015", "No such file is attached."),
        ("-1", "No such file is attached."),
    ],
)
async def test_a_file_is_named_by_its_name_or_number(wish: str, said: str) -> None:
    """Anything else is answered with what there is."""
    desk, _ = await office(call("files__read_file", file=wish))

    await say(desk, "slow", LOG, PHOTO)
    await desk.settle()

    assert (await read(desk)).text.startswith(said)


async def test_files_of_other_requests_are_not_to_be_had() -> None:
    """Neither somebody else's, nor this person's own of another matter."""
    desk, tools = await office(call("files__read_file", file="a.log"))
    await say(desk, "secret plans", LOG, who="bo")
    await desk.settle()
    asked = len(tools.shelf.asked)

    await say(desk, "slow", where=direct("maria"))
    await desk.settle()

    request = next(item for item in await desk.all(Request) if item.requester == "maria")
    assert () == await desk.plain.read(lambda reader: files_of(reader, request))
    results = [step.result for step in await desk.steps(kind="tool") if step.result is not None]
    assert "No file is attached to this request." == results[-1].text
    assert asked == len(tools.shelf.asked)


async def test_a_long_file_is_read_in_parts() -> None:
    """Each says where the next begins; marks that nobody sees are left out."""
    tools = Tools()
    tools.shelf.texts["F1"] = "x" * PART + "\u202e\x1by"
    desk, _ = await office(
        call("files__read_file", file="1"), call("files__read_file", file="1", start=PART), tools=tools
    )

    await say(desk, "slow", LOG)
    await desk.settle()

    first, second = [step.result.text for step in await desk.steps(kind="tool") if step.result is not None]
    assert first.endswith(f"[3 characters follow: call again with start={PART}.]")
    assert "y" == second


async def test_a_platform_that_cannot_be_reached_is_an_answer_too() -> None:
    """The coworker may try again, or ask for the text."""
    tools = Tools()
    tools.shelf.failure = TemporaryError("Slack does not give a.log now.")
    desk, _ = await office(call("files__read_file", file="1"), tools=tools)

    await say(desk, "slow", LOG)
    await desk.settle()

    result = await read(desk)
    assert result.error
    assert result.text.startswith("Slack does not give a.log now.")


async def test_files_of_the_form_that_opened_a_request_are_its_files() -> None:
    """The request remembers the form's message."""
    desk, _ = await office()
    request = await desk.open(workspace=IT)
    form = Submission(kind="new", files=(LOG,))
    sent = replace(await say(desk, "form"), id=MessageId("form-1"), event_id="form-1", kind="form", form=form)
    await desk.plain.transact(lambda uow: uow.add(sent))
    opened = replace(request, fields={"opened_in": sent.id})

    found = await desk.plain.read(lambda reader: files_of(reader, opened))

    assert [LOG] == [item.file for item in found]


async def test_in_a_thread_that_deskmate_began_only_that_persons_files_count() -> None:
    """It is known by the person's id; a chat of somebody else may have a thread of the same name."""
    desk, _ = await office()
    request = await desk.open(workspace=IT)
    key = ConversationId(f"request:{request.id}:slack:UMARIA")
    home = Conversation(id=key, platform="slack", tenant="T1", channel="UMARIA", thread="77", kind="direct")
    await desk.plain.transact(lambda uow: uow.add(home))
    await say(desk, "here", LOG, where=direct("maria", thread="77"))
    await say(desk, "mine", PHOTO, who="bo", where=direct("bo", thread="77"))
    own = replace(request, conversation_id=key)

    found = await desk.plain.read(lambda reader: files_of(reader, own))

    assert [LOG] == [item.file for item in found]
