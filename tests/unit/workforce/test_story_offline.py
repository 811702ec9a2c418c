"""The slow-laptop story of the guide, worked by the offline brain from the seeded files alone."""

from typing import Any

import pytest

from tests.unit.workforce.office import Office, Tool, request

DEVICE = {
    "device_id": "dev-1001", "hostname": "JUNE-MBP-14", "model": "MacBook Pro 14", "os": "macOS", "os_version": "14.4.1",
    "owner_email": "june@example.com", "memory_gb": 16, "disk_free_gb": 183.4, "last_seen": "2026-11-20T08:55:00Z",
    "encrypted": True,
}  # fmt: skip
BLOCK = {
    "time": "2026-11-20T08:51:00Z", "level": "error", "source": "endpoint-security", "process": "com.acme.updater-helper",
    "message": "Process killed by rule 'suspicious-persistence'", "action": "blocked",
}  # fmt: skip
QUIET = {
    "time": "2026-11-20T08:54:00Z",
    "level": "info",
    "source": "system",
    "process": "healthd",
    "message": "SMART passed",
}


def tools(
    *entries: dict[str, Any], device: dict[str, Any] | None = None, verdict: str = "suspicious"
) -> dict[str, Tool]:
    """Return the systems that the story's coworkers look into."""
    block = {"time": "t", "process": "com.acme.updater-helper", "rule": "r", "verdict": verdict, "severity": "medium"}
    return {
        "jumpcloud__get_device": lambda _: device or DEVICE,
        "jumpcloud__get_device_logs": lambda _: {"device_id": "dev-1001", "entries": [*entries, QUIET]},
        "endpoint-security__list_blocks": lambda _: {"hostname": "JUNE-MBP-14", "blocks": [block]},
    }


@pytest.mark.parametrize("crash", [False, True])
async def test_the_story_goes_through_four_coworkers(*, crash: bool) -> None:
    """Triage, hardware, security, triage again and software each do their part, also with a new brain for every turn."""
    office = Office(request=request("My laptop feels really slow lately."), tools=tools(BLOCK, BLOCK))
    await office.run("it-triage", crash=crash)
    await office.run("hardware-engineer", crash=crash)
    await office.run("security-specialist", crash=crash)
    reply = office.reply("No, I haven't noticed any suspicious links or prompts.")
    await office.run("security-specialist", reply, crash=crash)
    await office.run("it-triage", crash=crash)
    await office.run("software-engineer", crash=crash)

    assert [(coworker, tool) for coworker, tool, _ in office.log] == [
        ("it-triage", "hand_off"),
        ("hardware-engineer", "jumpcloud__get_device"),
        ("hardware-engineer", "jumpcloud__get_device_logs"),
        ("hardware-engineer", "post_private_note"),
        ("hardware-engineer", "hand_off"),
        ("security-specialist", "jumpcloud__get_device"),
        ("security-specialist", "endpoint-security__list_blocks"),
        ("security-specialist", "post_private_note"),
        ("security-specialist", "ask_requester"),
        ("security-specialist", "post_private_note"),
        ("security-specialist", "hand_off"),
        ("it-triage", "hand_off"),
        ("software-engineer", "post_public_note"),
        ("software-engineer", "set_status"),
    ]
    assert [arguments["to"] for _, tool, arguments in office.log if tool == "hand_off"] == [
        "hardware-engineer",
        "security-specialist",
        "it-triage",
        "software-engineer",
    ]


async def test_what_the_requester_reads_tells_nothing_of_the_evidence() -> None:
    """Process, rule and console stay in private notes."""
    office = Office(request=request("My laptop feels really slow lately."), tools=tools(BLOCK))
    await office.run("hardware-engineer")
    await office.run("security-specialist")
    public = "\n".join(said.text for said in office.said if said.visibility == "public")
    private = "\n".join(said.text for said in office.said if said.visibility == "private")

    assert "updater-helper" in private
    assert [word for word in ("updater", "block", "persistence", "console", "JUNE-MBP") if word in public] == []


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("no", "hand_off"),
        ("Nope, none of these, it is only slow.", "hand_off"),
        ("Yes, I clicked a link in a strange mail on Monday", "escalate"),
        ("No, but I did get an MFA prompt last night", "escalate"),
        ("what is an MFA prompt?", "ask_requester"),
        ("maybe", "ask_requester"),
    ],
)
async def test_security_clears_only_what_the_reply_clears(reply: str, expected: str) -> None:
    """A clear no goes back to triage, any sign goes to a human, and what is unclear is asked again."""
    office = Office(request=request("My laptop feels really slow lately."), tools=tools(BLOCK))
    await office.run("hardware-engineer")
    await office.run("security-specialist")

    ended, _ = await office.run("security-specialist", office.reply(reply))

    assert expected == ended


@pytest.mark.parametrize("answer", [{"error": "console down"}, {"hostname": "JUNE-MBP-14", "blocks": []}])
async def test_an_answer_alone_does_not_clear_what_nobody_looked_at(answer: dict[str, Any]) -> None:
    """Without the console's evidence a human decides, whatever the requester says."""
    office = Office(request=request("My laptop feels really slow lately."), tools=tools(BLOCK))
    office.tools["endpoint-security__list_blocks"] = lambda _: answer
    await office.run("hardware-engineer")
    await office.run("security-specialist")

    ended, arguments = await office.run("security-specialist", office.reply("No, none of these."))

    assert ended == "escalate"
    assert "not seen the blocks" in arguments["reason"]


async def test_security_asks_twice_at_most() -> None:
    """The second unclear answer goes to a human."""
    office = Office(request=request("My laptop feels really slow lately."), tools=tools(BLOCK))
    await office.run("hardware-engineer")
    await office.run("security-specialist")
    await office.run("security-specialist", office.reply("hm"))

    ended, _ = await office.run("security-specialist", office.reply("not sure"))

    assert ended == "escalate"


async def test_a_malicious_verdict_asks_for_isolation() -> None:
    """The console's verdict decides before the requester is asked anything."""
    office = Office(request=request("My laptop feels really slow lately."), tools=tools(BLOCK, verdict="malicious"))
    office.tools["endpoint-security__isolate_host"] = lambda _: {"isolated": True}
    await office.run("hardware-engineer")

    ended, _ = await office.run("security-specialist")

    assert ended == "escalate"
    assert "endpoint-security__isolate_host" in [tool for _, tool, _ in office.log]


MEMORY = {
    "time": "t",
    "level": "warning",
    "source": "system",
    "process": "memoryd",
    "message": "Memory pressure critical",
}
SMART = {"time": "t", "level": "error", "source": "system", "process": "healthd", "message": "SMART warning"}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (tools(MEMORY), ["post_private_note", "post_public_note", "set_status"]),
        (tools(SMART), ["post_private_note", "post_public_note", "escalate"]),
        (tools(device={**DEVICE, "disk_free_gb": 2.1}), ["post_public_note", "set_status"]),
        (tools(), ["hand_off"]),
    ],
)
async def test_a_device_without_blocks_gets_what_it_needs(found: dict[str, Tool], expected: list[str]) -> None:
    """Memory pressure and a full disk get advice, a failing disk a human, a healthy device goes back to triage."""
    office = Office(request=request("My laptop feels really slow lately."), tools=found)

    await office.run("hardware-engineer")

    assert expected == [tool for _, tool, _ in office.log][2:]


async def test_a_look_up_that_fails_goes_to_a_human_with_the_reason() -> None:
    """A failed read is not taken for a healthy device."""
    office = Office(request=request("My laptop feels really slow lately."), tools=tools())
    office.tools["jumpcloud__get_device_logs"] = lambda _: {"error": "console unreachable"}

    ended, arguments = await office.run("hardware-engineer")

    assert ended == "escalate"
    assert "console unreachable" in arguments["reason"]


async def test_a_capability_that_is_not_on_offer_is_not_called() -> None:
    """Quarantine leads to a human, not to a call."""
    office = Office(
        request=request("My laptop feels really slow lately."),
        tools={},
        quarantined=frozenset({"jumpcloud__get_device"}),
    )

    ended, _ = await office.run("hardware-engineer")

    assert (ended, len(office.log)) == ("escalate", 1)


async def test_healthy_hardware_goes_on_to_software() -> None:
    """Triage does not send a request back to the one it came from."""
    office = Office(request=request("My laptop feels really slow lately."), tools=tools())
    await office.run("hardware-engineer")

    _, arguments = await office.run("it-triage")

    assert arguments["to"] == "software-engineer"
