"""A recorded middle of the slow-laptop story: events as they become durable, posts as the outbox delivers them."""

from adapters.terminal.arrivals import arrival
from bot.labels import Actor, Fact, Source, Visibility
from bot.outcome import Clarification, Route
from bot.packet import Packet
from bot.reply import Reply
from bot.turn import Call, CallResult
from tests.unit.terminal.terminal_stage import (
    HOME,
    IT,
    REQUEST,
    SECURITY,
    START,
    Stage,
    coworker,
    event,
    note,
    reply,
    run_of,
    support,
    tool_step,
    written,
)

JUNE = Actor(kind="person", id="p-june", name="June Park")
SAM = Actor(kind="person", id="p-sam", name="Sam Okafor")
BLOCKED = Fact(
    text="Endpoint security blocked a local process on JUNE-MBP-14.",
    source=Source.COLLEAGUE,
    visibility=Visibility.PRIVATE,
)
TO_HARDWARE = Packet(
    id="packet-1",
    request_id=REQUEST.id,
    asked="My laptop feels really slow lately.",
    sender="it-triage",
    receiver="hardware-engineer",
    reason="A slow laptop is hardware work first.",
    at=START,
)
TO_SECURITY = Packet(
    id="packet-2",
    request_id=REQUEST.id,
    asked="My laptop feels really slow lately.",
    sender="hardware-engineer",
    receiver="security-specialist",
    reason="The device log shows that endpoint security keeps blocking a local process, so I stopped.",
    facts=(BLOCKED,),
    open_questions=("Is this a security incident?",),
    hop=1,
    at=START,
)
EVIDENCE = note(
    "n-1",
    "The log of **JUNE-MBP-14** shows 9 blocks:\n- com.acme.updater-helper, killed by rule suspicious-persistence, which "
    "launchd started again\n\nI stopped there and changed nothing.",
    coworker("hardware-engineer"),
    private=True,
)
QUESTION = note(
    "n-2",
    "Hello June, have you noticed any of these?\n- suspicious e-mails\n- MFA prompts that you had not started",
    coworker("security-specialist"),
    private=False,
)


async def told(stage: Stage) -> None:
    """Tell the middle of the story: events at once, posts when the outbox comes to them, as it really happens."""
    await stage.furnish()
    look = Call(id="c1", name="jumpcloud__get_device", arguments={"email": "june@example.com"})
    logs = Call(id="c2", name="jumpcloud__get_device_logs", arguments={"device_id": "dev-1001", "hours": 24})
    device = CallResult(
        call_id="c1", text="{}", data={"hostname": "JUNE-MBP-14", "memory_gb": 16}, visibility=Visibility.PUBLIC
    )
    entries = CallResult(call_id="c2", text="{}", data={"hostname": "JUNE-MBP-14", "entries": [{}] * 19})
    await stage.keep(
        TO_HARDWARE,
        TO_SECURITY,
        EVIDENCE,
        QUESTION,
        run_of("run-1", "hardware-engineer", Route(to="security-specialist", reason="blocks")),
        run_of("run-2", "security-specialist", Clarification(question="any of these?")),
        tool_step("run-1", 0, look, device),
        tool_step("run-1", 1, logs, entries),
    )
    stage.voice.hear(arrival("june@example.com", "June Park", "My laptop feels really slow lately.", "1", START))
    stage.voice.watch(
        [event("request.opened"), event("request.assigned", "it-triage", to="coworker:it-triage", packet=None)]
    )
    stage.voice.watch([event("request.handed_off", "it-triage", packet="packet-1")])
    stage.voice.watch([event("request.assigned", "it-triage", to="coworker:hardware-engineer", packet="packet-1")])
    stage.voice.watch([event("request.status", **{"from": "open", "to": "in_progress"})])
    stage.voice.watch([event("run.started", model="playbook", triggers=["assigned"])])
    stage.voice.watch([event("tool.called", step="run-1:0"), event("tool.called", step="run-1:1")])
    stage.voice.watch([written(EVIDENCE), event("desk.called", step="run-1:9")])
    stage.voice.watch([event("request.handed_off", packet="packet-2"), event("run.ended", run="run-1")])
    stage.voice.watch([event("run.started", "security-specialist", model="playbook", triggers=["assigned"])])
    stage.voice.watch([written(QUESTION)])
    stage.voice.watch([event("request.status", "security-specialist", **{"from": "in_progress", "to": "pending"})])
    stage.voice.watch([event("run.ended", "security-specialist", run="run-2")])
    async with stage.speaking():
        opened = reply("I've opened **IT-1001** with IT Support.", kind="talk")
        question = reply(QUESTION.text, note="n-2", speaker="Security Specialist")
        mirror = reply(QUESTION.text, to=support(SECURITY), note="n-2", speaker="Security Specialist", key="mirror")
        await stage.messenger.post(reply("header", to=support(IT), kind="header"), support(IT))
        await stage.messenger.post(_public(mirror), support(SECURITY))
        await stage.messenger.post(question, HOME)
        evidence = reply(EVIDENCE.text, to=support(IT), note="n-1", speaker="Hardware Engineer")
        await stage.messenger.post(evidence, support(IT))
        await stage.messenger.post(opened, HOME)


def _public(item: Reply) -> Reply:
    """Return the reply as a mirror of a public one."""
    return Reply(**{**vars(item), "visibility": Visibility.PUBLIC})
