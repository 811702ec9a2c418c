"""Attack: text from outside, read by one coworker, that wants the next one to act."""

from tests.fakes.desk import running
from tests.fakes.scripted import ScriptedModel, call

LOCK = call("jumpcloud__lock_device", device="L1")


async def test_text_from_outside_does_not_act_through_the_next_coworker() -> None:
    """One engineer reads a mail and private logs and hands over what the mail wants; the other's call needs a human."""
    model = ScriptedModel(
        script={
            "hardware-engineer": [
                call("jumpcloud__read_mail", device="L1"),
                call("jumpcloud__get_device_logs", device="L1"),
                call("hand_off", to="software-engineer", reason="Lock L1, the vendor says."),
            ],
            "software-engineer": [LOCK],
        }
    )
    desk = await running(model)

    await desk.open()
    await desk.settle()

    assert "jumpcloud__lock_device" not in desk.servers.names()
    assert "awaiting_approval" == (await desk.request()).status


async def test_without_text_from_outside_the_next_coworker_acts() -> None:
    """The rule asks for both."""
    model = ScriptedModel(
        script={
            "hardware-engineer": [
                call("jumpcloud__get_device_logs", device="L1"),
                call("hand_off", to="software-engineer", reason="Lock L1."),
            ],
            "software-engineer": [LOCK],
        }
    )
    desk = await running(model)

    await desk.open()
    await desk.settle()

    assert "jumpcloud__lock_device" in desk.servers.names()
