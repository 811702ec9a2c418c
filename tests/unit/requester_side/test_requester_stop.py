"""The stop button, and the switch: work ends at its next step, and what was under way is not lost, wherever the process dies."""

from collections.abc import Awaitable, Callable, Sequence

import pytest

from bot.conversation import Conversation
from bot.errors import TemporaryError
from bot.ids import PersonId
from bot.mail import Mail, Mailbox, mailbox_id
from bot.reply import Reply
from bot.spending import Spending
from bot.switch import Switch
from bot.turn import Turn
from bot.work import inherit
from coworkers.briefing import Briefing
from coworkers.model import Exchange, Offer
from coworkers.roster import Roster
from tests.fakes.desk import RunningDesk, running
from tests.fakes.fuse import Fuse
from tests.fakes.messenger import Killed
from tests.fakes.scripted import ScriptedModel, call
from tests.fakes.workforce import direct
from tests.unit.requester_side.arranging import ASK, HOLD, Interrupted, signs_left, town, worked

LOCK = call("jumpcloud__lock_device", device="L1")
LOGS = call("jumpcloud__get_device_logs", device="L1")
CHATTY = {"atom": [call("search_knowledge", query="x"), call("say", text="Here is a long story.")]}
STOPPED = "Stopped. Write to go on."


async def talking(during: Callable[[RunningDesk], Awaitable[object]], where: Conversation | None = None) -> RunningDesk:
    """Return a desk on which Maria wrote to Atom, and something happened while it thought for the first time."""
    desk = await running(ScriptedModel(script=CHATTY))

    async def meanwhile() -> None:
        await during(desk)

    desk.model.meanwhile = meanwhile
    await desk.say("maria", "Tell me a story", where=where)
    await desk.settle()
    return desk


async def test_atom_stops_before_its_next_step() -> None:
    """The answer that was being thought of is not given."""
    desk = await talking(lambda desk: desk.press("maria", "stop", ""))

    assert ["stopped"] == [run.state for run in await desk.runs()]
    assert [STOPPED] == desk.shown("DMARIA")
    assert ["model"] == [step.kind for step in await desk.steps() if step.state == "done"]
    assert all(not (item.reserved_tokens or item.reserved_micro_usd) for item in await desk.all(Spending))


async def test_after_a_stop_talk_goes_on() -> None:
    """With what is written then."""
    desk = await talking(lambda desk: desk.press("maria", "stop", ""))

    await desk.say("maria", "A short one, please")
    await desk.settle()

    assert ["stopped", "done"] == [run.state for run in await desk.runs()]
    assert "Here is a long story." == desk.shown("DMARIA")[-1]


async def test_what_was_written_before_the_stop_belongs_to_it() -> None:
    """It is not answered on its own a moment later; what comes after the stop is."""

    async def more(desk: RunningDesk) -> None:
        await desk.say("maria", "With dragons")
        await desk.press("maria", "stop", "")

    desk = await talking(more)

    assert [STOPPED] == desk.shown("DMARIA")
    assert all(mail.taken_by for mail in await desk.all(Mail))


async def test_a_bystander_stops_nobodys_talk() -> None:
    """Bo reads along; Atom goes on, and Bo alone is told."""
    desk = await talking(lambda desk: desk.press("bo", "stop", "", where=town()), where=town())

    assert ["done"] == [run.state for run in await desk.runs()]
    assert ["Here is a long story."] == await desk.told(town().id)
    assert "only the one who asked for it" in (await desk.told("slack:T1:CTOWN:aside:UBO"))[0]


async def test_an_agent_may_stop_atom() -> None:
    """Somebody must be able to."""
    desk = await talking(lambda desk: desk.press("sam", "stop", "", where=town()), where=town())

    assert ["stopped"] == [run.state for run in await desk.runs()]


async def test_where_nothing_goes_on_nothing_is_stopped() -> None:
    """The button was late."""
    desk = await worked(HOLD)

    await desk.press("maria", "stop", "")
    await desk.settle()

    assert "on_hold" == (await desk.request()).status
    assert "There is nothing to stop just now." == desk.shown("DMARIA")[-1]


async def stopped_during(turns: Sequence[Turn], *, who: str = "maria") -> RunningDesk:
    """Return a desk on which somebody pressed stop in Maria's thread while the coworker's first tool was being called."""
    servers = Interrupted()
    desk = await running(ScriptedModel(script={"hardware-engineer": turns}), servers=servers)
    await desk.open()

    async def stop() -> None:
        await desk.press(who, "stop", "", where=direct())
        await desk.engine.work(mailbox_id("conversation", direct().id))

    servers.meanwhile = stop
    await desk.settle()
    return desk


async def test_a_coworker_stops_at_its_next_step() -> None:
    """What its tool brought is kept, nothing further is done, and both sides are told."""
    desk = await stopped_during([LOCK, LOGS, call("post_public_note", text="Locked.")])

    run, request = (await desk.runs())[0], await desk.request()
    assert ("stopped", "pending", "hardware-engineer") == (run.state, request.status, request.assignee.id)
    assert [("jumpcloud__lock_device", "done", "ok")] == [
        (step.call.name, step.state, step.result.text)
        for step in await desk.steps(kind="tool")
        if step.call and step.result
    ]
    assert "Stopped. IT-1001 waits for you now: write here to go on." == desk.shown("DMARIA")[-1]
    assert any("The work of Hardware Engineer on IT-1001 was stopped." in text for text in desk.shown("CIT"))


async def test_a_stopped_request_goes_on_with_the_next_words() -> None:
    """They wake the coworker."""
    desk = await stopped_during([LOCK, LOGS])
    desk.model.script = {"hardware-engineer": [HOLD]}

    await desk.say("maria", "Go on", to_atom=False)
    await desk.settle()

    assert ["stopped", "done"] == [run.state for run in await desk.runs()]
    assert "on_hold" == (await desk.request()).status


@pytest.mark.parametrize("tool", ["tag_device", "lock_device"])
async def test_what_was_about_to_be_called_when_the_process_died_is_not_called_after_a_stop(tool: str) -> None:
    """Whether it was called before is not known, so that is what is recorded."""
    desk = await running(ScriptedModel(script={"hardware-engineer": [call(f"jumpcloud__{tool}", device="L1"), LOGS]}))
    request = await desk.open()

    def die(moment: str) -> None:
        if moment == f"before jumpcloud__{tool}":
            raise Killed

    desk.servers.around = die
    with pytest.raises(Killed):
        await desk.engine.work(mailbox_id("request", request.id))
    desk.servers.around = lambda _: None
    await desk.press("maria", "stop", "")
    await desk.engine.work(mailbox_id("conversation", direct().id))
    desk.start()
    await inherit(desk.plain, desk.clock.now())
    await desk.settle()

    assert ([], ["unknown"]) == (desk.servers.names(), [step.state for step in await desk.steps(kind="tool")])
    assert (["stopped"], "pending") == ([run.state for run in await desk.runs()], (await desk.request()).status)


async def test_a_model_that_was_away_is_not_asked_again_after_a_stop() -> None:
    """And what was set aside for its answer is given back."""
    away = TemporaryError("away", delay=60.0)
    desk = await running(ScriptedModel(script={"hardware-engineer": [away]}))
    request = await desk.open()
    await desk.engine.work(mailbox_id("request", request.id))
    await desk.press("maria", "stop", "")
    await desk.settle()

    assert ["hardware-engineer"] == [asked.coworker for asked in desk.model.asked]
    assert (["stopped"], "pending") == ([run.state for run in await desk.runs()], (await desk.request()).status)
    assert all(not (item.reserved_tokens or item.reserved_micro_usd) for item in await desk.all(Spending))


async def test_work_that_has_not_begun_is_not_begun() -> None:
    """The stop came before the coworker's first step."""
    desk = await running(ScriptedModel(script={"hardware-engineer": [LOCK]}))
    await desk.open()
    await desk.press("maria", "stop", "")
    await desk.engine.work(mailbox_id("conversation", direct().id))
    await desk.settle()

    assert ([], "pending") == (desk.servers.names(), (await desk.request()).status)
    assert [] == await desk.runs()
    assert all(mail.taken_by for mail in await desk.all(Mail))


@pytest.mark.parametrize(("who", "state"), [("maria", "stopped"), ("sam", "stopped"), ("ann", "done"), ("bo", "done")])
async def test_who_may_stop_a_coworker(who: str, state: str) -> None:
    """The requester, and agents of the workspace; not an agent of another one, nor anybody else."""
    desk = await stopped_during([LOCK, HOLD], who=who)

    assert state == (await desk.runs())[0].state


async def test_an_agent_stops_a_coworker_from_the_private_thread() -> None:
    """And is answered there, not in the requester's."""
    servers = Interrupted()
    desk = await worked(HOLD, servers=servers)
    desk.model.script = {"hardware-engineer": [LOCK, LOGS]}
    thread = await desk.thread()

    async def stop() -> None:
        await desk.press("sam", "stop", "", where=thread)
        await desk.engine.work(mailbox_id("conversation", thread.id))

    servers.meanwhile = stop
    await desk.say("maria", "Please look", to_atom=False)
    await desk.settle()

    assert "stopped" == (await desk.runs())[-1].state
    assert any(text.startswith("Stopped. IT-1001") for text in desk.shown("CIT"))
    assert not any(text.startswith("Stopped") for text in desk.shown("DMARIA"))


async def test_a_switched_off_coworker_ends_at_its_next_step_and_a_human_takes_over() -> None:
    """What its tool brought is kept; the reason is for colleagues."""
    servers = Interrupted()
    desk = await running(ScriptedModel(script={"hardware-engineer": [LOCK, LOGS]}), servers=servers)
    await desk.open()

    async def switch() -> None:
        switched = Switch(id="hardware-engineer", state="killed", by=PersonId("sam"), at=desk.clock.now())
        roster = desk.desk.directory
        assert isinstance(roster, Roster)
        roster.switched([switched])

    servers.meanwhile = switch
    await desk.settle()

    request = await desk.request()
    assert ["stopped"] == [run.state for run in await desk.runs()]
    assert ["jumpcloud__lock_device"] == desk.servers.names()
    assert "it-support/agents" == request.assignee.id
    assert any("was switched off by an admin" in text for text in desk.shown("CIT"))
    assert not any("switched off" in text for text in desk.shown("DMARIA"))


TROUBLE = [LOCK, call("jumpcloud__tag_device", device="L1"), ASK]


def writing(briefing: Briefing, transcript: Sequence[Exchange], _: Sequence[Offer]) -> Turn:
    """Work through the trouble."""
    return TROUBLE[len(transcript)] if briefing.coworker.id == "hardware-engineer" else HOLD


async def interrupted(at: int | None) -> RunningDesk:
    """Return a desk whose process died at the n-th moment of a story in which Maria pressed stop during a call."""
    servers, fuse = Interrupted(), Fuse(at=at)
    desk = await running(ScriptedModel(script=writing), servers=servers, fuse=fuse)
    await desk.open()

    async def stop() -> None:
        await desk.press("maria", "stop", "")
        await desk.engine.work(mailbox_id("conversation", direct().id))

    servers.meanwhile = stop
    await desk.settle()
    return desk


async def test_a_stop_is_worked_wherever_the_process_dies() -> None:
    """The device is locked once at most, every mail is worked, Maria is told once, and no sign is left standing."""
    moments = (await interrupted(None)).fuse.count
    assert moments > 10

    for at in range(1, moments + 1):
        desk = await interrupted(at)
        told = [
            item.text
            for item in await desk.all(Reply, conversation_id=direct().id)
            if item.text.startswith(("Stopped", "There is nothing"))
        ]
        assert (1, 1) >= (desk.servers.names().count("jumpcloud__lock_device"), len(told)), at
        assert all(mail.taken_by for mail in await desk.all(Mail)), at
        assert [] == await desk.all(Mailbox, due=True), at
        assert not [run for run in await desk.runs() if run.state == "running"], at
        assert [] == signs_left(desk), at
