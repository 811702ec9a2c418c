"""The slow-laptop story with a scripted model: message, request, triage, evidence, hand-offs, question, answer, checks, pending."""

from collections.abc import Sequence

from bot.labels import Visibility
from bot.turn import Turn
from coworkers.briefing import Briefing
from coworkers.model import Exchange, Offer
from tests.fakes.desk import RunningDesk, running
from tests.fakes.scripted import ScriptedModel, call, calls

STORY = {
    "atom": [call("open_request", title="Slow laptop", description="My laptop is slow.", workspace="it-support")],
    "it-triage": [call("hand_off", to="hardware-engineer", reason="A device is slow.")],
    "hardware-engineer": [
        call("read_skill", name="slow-laptop-diagnosis"),
        call("jumpcloud__get_device_logs", device="L1"),
        calls(
            ("post_private_note", {"text": "Endpoint security blocked installer 7781-AF on this device."}),
            (
                "hand_off",
                {
                    "to": "security-specialist",
                    "reason": "Blocks in the logs.",
                    "verified_facts": ["Endpoint security blocked an installer."],
                    "open_questions": ["Was it the requester?"],
                },
            ),
        ),
    ],
    "security-specialist:assigned": [call("ask_requester", question="Did you install something this week?")],
    "security-specialist:requester_replied": [
        call("hand_off", to="it-support", reason="The requester did it, it is cleared.")
    ],
    "global-triage": [call("hand_off", to="it-triage", reason="Back to IT.")],
    "software-engineer": [
        calls(
            ("post_public_note", {"text": "Please close the browser tabs and restart."}),
            ("ask_requester", {"question": "Is it faster now?"}),
        )
    ],
}


def story() -> ScriptedModel:
    """Return the story's model: triage chooses hardware first, software when security has cleared it."""

    def decide(briefing: Briefing, transcript: Sequence[Exchange], _: Sequence[Offer]) -> Turn:
        who = briefing.coworker.id
        if who == "it-triage" and briefing.packet is not None:
            return call("hand_off", to="software-engineer", reason="Security has cleared it.")
        keys = [*(f"{who}:{occasion.kind}" for occasion in briefing.occasions), who]
        return next(STORY[key] for key in keys if key in STORY)[len(transcript)]

    return ScriptedModel(script=decide)


async def told(desk: RunningDesk) -> None:
    await desk.say("maria", "My laptop is slow.")
    await desk.settle()
    await desk.say("maria", "Yes, a PDF tool.")
    await desk.settle()


async def test_the_story_ends_pending_with_the_software_engineer() -> None:
    """Every hand-off wakes its receiver, and the requester is asked twice and told once."""
    desk = await running(story())

    await told(desk)

    request = await desk.request()
    assert (request.status, request.assignee.id) == ("pending", "software-engineer")
    assert await desk.notes(Visibility.PUBLIC) == [
        "Did you install something this week?",
        "Yes, a PDF tool.",
        "Please close the browser tabs and restart.",
        "Is it faster now?",
    ]
    assert desk.shown("DMARIA")[-1] == "Is it faster now?"
