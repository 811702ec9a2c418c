"""Handing over: to whom it really goes, what it carries, and when a human takes it instead."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.desk.handoff import HOP_LIMIT, resolve_target
from bot.packet import Packet
from bot.request import Assignee
from bot.turn import Turn
from coworkers.briefing import Briefing
from coworkers.model import Exchange, Offer
from tests.fakes.desk import RunningDesk, running
from tests.fakes.scripted import ScriptedModel, call, calls
from tests.fakes.workforce import COWORKERS, HR, IT, SEC, coworker, with_coworkers

HOLD = call("set_status", status="on_hold", reason="a test")


async def opened(**script: Sequence[Turn]) -> RunningDesk:
    """Return a desk with a request at the hardware engineer; what is not scripted lets it rest."""
    turns: dict[str, Sequence[Turn]] = {item.id: [HOLD] for item in COWORKERS}
    turns |= {name.replace("_", "-"): list(script[name]) for name in script}
    desk = await running(ScriptedModel(script=turns))
    await desk.open()
    return desk


@pytest.mark.parametrize(
    ("to", "assignee", "wanted"),
    [
        ("software-engineer", "software-engineer", ""),
        ("Software Engineer", "software-engineer", ""),
        ("  SOFTWARE-ENGINEER ", "software-engineer", ""),
        ("it-support", "it-triage", ""),
        ("IT Support", "it-triage", ""),
        ("security-specialist", "security-specialist", ""),
        ("Security", "security-triage", ""),
        ("leave-specialist", "global-triage", "Leave Specialist"),
        ("People Ops", "global-triage", "Hr Triage"),
        ("global-triage", "global-triage", ""),
        ("devices", "it-support/devices", ""),
        ("it-support/devices", "it-support/devices", ""),
        ("agents", "it-support/agents", ""),
    ],
)
async def test_a_receiver_is_found_by_any_of_its_names(to: str, assignee: str, wanted: str) -> None:
    """Coworkers, workspaces and groups, by id or name; whom the sender's workspace cannot see, through global triage."""
    desk = await opened()

    target = resolve_target(desk.desk, await desk.request(), "hardware-engineer", to)

    assert (assignee, wanted) == (target.assignee.id, target.wanted)


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("hardware-engeneer", "hardware-engineer"),
        ("nobody at all", "escalate"),
        ("retired-engineer", "retired"),
        ("atom", "takes no work"),
        ("hardware-engineer", "You hold this request already"),
        ("", "escalate"),
    ],
)
async def test_a_receiver_that_is_none_is_refused_with_what_is_near(to: str, said: str) -> None:
    """The model reads what it can do instead, and nothing has changed."""
    desk = await opened(hardware_engineer=[call("hand_off", to=to or " ", reason="x"), HOLD])

    await desk.settle()

    results = [step.result.text for step in await desk.steps(kind="desk") if step.result and step.result.error]
    assert said in results[0]
    assert ("hardware-engineer", "on_hold") == ((await desk.request()).assignee.id, (await desk.request()).status)
    assert [] == await desk.all(Packet)


async def test_the_receiver_is_woken_with_the_packet() -> None:
    """What was asked, what is verified, what was done, what is open, why it moves."""
    desk = await opened(
        hardware_engineer=[
            calls(("jumpcloud__lock_device", {"device": "L1"}), ("jumpcloud__get_device_logs", {"device": "L1"})),
            call(
                "hand_off",
                to="security-specialist",
                reason="Blocks in the logs.",
                verified_facts=["An installer was blocked."],
                open_questions=["Was it her?"],
            ),
        ]
    )

    await desk.settle()

    packet = desk.model.asked[-1].briefing.packet
    assert packet is not None
    assert ("It is slow.", "Blocks in the logs.", ("Was it her?",)) == (
        packet.asked,
        packet.reason,
        packet.open_questions,
    )
    assert ("jumpcloud__lock_device: done",) == packet.actions
    assert ["An installer was blocked."] == [fact.text for fact in packet.facts]
    assert "jumpcloud__get_device_logs" in packet.facts[0].evidence
    assert "private" == packet.facts[0].visibility


async def test_facts_and_open_questions_go_on_through_triage() -> None:
    """A triage coworker that adds nothing loses nothing; facts are never told twice."""
    first = call("hand_off", to="it-triage", reason="a", verified_facts=["F1"], open_questions=["Q1"])
    desk = await opened(
        hardware_engineer=[first],
        it_triage=[call("hand_off", to="software-engineer", reason="b")],
        software_engineer=[call("hand_off", to="security-specialist", reason="c", verified_facts=["F1", "F2"])],
    )

    await desk.settle()

    packets = await desk.all(Packet)
    assert [("Q1",), ("Q1",), ()] == [packet.open_questions for packet in packets]
    assert ["F1", "F2"] == list(dict.fromkeys(fact.text for fact in packets[-1].facts))
    assert [0, 0, 1] == [packet.hop for packet in packets]


async def test_another_workspace_is_reached_through_global_triage() -> None:
    """The packet names who was meant; the number stays, the old private thread gets a pointer, the new one the packet."""
    desk = await opened(
        hardware_engineer=[call("hand_off", to="leave-specialist", reason="It is about leave.")],
        global_triage=[call("hand_off", to="leave-specialist", reason="It is.")],
    )

    await desk.settle()

    request = await desk.request()
    assert ("IT-1001", HR, "leave-specialist") == (request.number, request.workspace, request.assignee.id)
    assert ["Leave Specialist", ""] == [packet.wanted for packet in await desk.all(Packet)]
    assert any("has moved to People Ops" in text for text in desk.shown("CIT"))
    assert any("which Hardware Engineer cannot reach directly" in text for text in desk.shown("CIT"))
    assert any("It is." in text for text in desk.shown("CHR"))
    assert not any("moved" in text or "It is." in text for text in desk.shown("DMARIA"))


async def test_a_workspace_that_is_seen_is_reached_directly() -> None:
    """IT sees Security."""
    desk = await opened(hardware_engineer=[call("hand_off", to="security-specialist", reason="x")])

    await desk.settle()

    assert SEC == (await desk.request()).workspace
    assert ["hardware-engineer", "security-specialist"] == [run.coworker for run in await desk.runs()]


async def test_back_and_forth_without_a_new_fact_ends_with_a_human() -> None:
    """A→B→A→B: the second hand-off from A to B goes to the agents, with the packet."""
    desk = await opened(
        hardware_engineer=[call("hand_off", to="software-engineer", reason="yours")],
        software_engineer=[call("hand_off", to="hardware-engineer", reason="yours")],
    )

    await desk.settle()

    assert Assignee(kind="group", id="it-support/agents") == (await desk.request()).assignee
    assert 3 == len(await desk.all(Packet)) == len(await desk.runs())
    assert any("back and forth" in text for text in desk.shown("CIT"))


async def test_back_and_forth_through_triage_ends_with_a_human_too() -> None:
    """Two workspaces that cannot see each other send it round through global triage: nobody's hops, and yet no end."""

    def decide(briefing: Briefing, _: Sequence[Exchange], __: Sequence[Offer]) -> Turn:
        if briefing.coworker.id == "global-triage" and briefing.packet is not None:
            return call("hand_off", to=briefing.packet.wanted, reason="x")
        other = {"hardware-engineer": "leave-specialist", "leave-specialist": "hardware-engineer"}
        return call("hand_off", to=other[briefing.coworker.id], reason="x", verified_facts=["It is new."])

    desk = await running(ScriptedModel(script=decide))
    await desk.open()

    await desk.settle()

    assert "group" == (await desk.request()).assignee.kind
    assert 6 == len(await desk.all(Packet))
    assert {0} == {packet.hop for packet in await desk.all(Packet)}


async def test_back_and_forth_with_new_facts_goes_on_to_the_hop_limit() -> None:
    """Every hand-off has a new fact, so only their number ends it."""

    def decide(briefing: Briefing, _: Sequence[Exchange], __: Sequence[Offer]) -> Turn:
        other = {"hardware-engineer": "software-engineer", "software-engineer": "hardware-engineer"}
        hop = briefing.packet.hop if briefing.packet else 0
        return call("hand_off", to=other[briefing.coworker.id], reason="x", verified_facts=[f"fact {hop}"])

    desk = await running(ScriptedModel(script=decide))
    await desk.open()

    await desk.settle()

    assert HOP_LIMIT + 1 == len(await desk.all(Packet))
    assert "it-support/agents" == (await desk.request()).assignee.id


async def test_hand_offs_through_triage_are_no_hops() -> None:
    """Only those between specialists count."""

    def decide(briefing: Briefing, _: Sequence[Exchange], __: Sequence[Offer]) -> Turn:
        who, count = briefing.coworker.id, len(briefing.packet.facts) if briefing.packet else 0
        if who == "it-triage":
            target = "software-engineer" if count % 2 else "hardware-engineer"
            return call("hand_off", to=target, reason="x")
        if count > 9:
            return HOLD
        return call("hand_off", to="it-triage", reason="x", verified_facts=[f"fact {count}"])

    desk = await running(ScriptedModel(script=decide))
    await desk.open()

    await desk.settle()

    assert {0} == {packet.hop for packet in await desk.all(Packet)}
    assert "on_hold" == (await desk.request()).status


async def test_a_group_of_humans_gets_a_card() -> None:
    """No coworker is woken; the requester's thread shows nothing of it."""
    desk = await opened(hardware_engineer=[call("hand_off", to="devices", reason="A screwdriver is needed.")])

    await desk.settle()

    request = await desk.request()
    assert (Assignee(kind="group", id="it-support/devices"), "open") == (request.assignee, request.status)
    assert any("needs a human" in text for text in desk.shown("CIT"))
    assert not any("screwdriver" in text for text in desk.shown("DMARIA"))


async def test_an_inactive_coworkers_work_goes_to_triage() -> None:
    """What is assigned to somebody who was paused is given on, with its notes."""
    desk = await opened()
    desk.workforce = with_coworkers(replace(coworker("hardware-engineer"), state="paused"))
    desk.start()

    await desk.settle()

    assert ["it-triage"] == [run.coworker for run in await desk.runs()]


async def test_without_any_triage_the_agents_get_it() -> None:
    """Coworker and triage are both paused."""
    desk = await opened()
    engineer, triage = coworker("hardware-engineer"), coworker("it-triage", "triage")
    desk.workforce = with_coworkers(replace(engineer, state="paused"), replace(triage, state="paused"))
    desk.start()

    await desk.settle()

    assert ([], "it-support/agents") == (await desk.runs(), (await desk.request()).assignee.id)
    assert IT == (await desk.request()).workspace


async def test_nothing_after_a_hand_off_is_done() -> None:
    """Further calls of the same turn are not made: the request is somebody else's."""
    desk = await opened(
        hardware_engineer=[
            calls(
                ("hand_off", {"to": "software-engineer", "reason": "x"}),
                ("post_public_note", {"text": "I am still here."}),
                ("jumpcloud__lock_device", {"device": "L1"}),
            )
        ]
    )

    await desk.settle()

    assert not any("still here" in text for text in await desk.told())
    assert [] == desk.servers.names()
