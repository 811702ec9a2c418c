"""The fictional systems, called through MCP in this process."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp_types import CallToolResult, TextContent

from adapters.sandbox.books import effects
from adapters.sandbox.start import SYSTEMS

PEOPLE = ("june", "omar", "lena", "sam", "priya", "mateo", "aiko", "noah", "fatima", "ingrid", "david")


async def call(
    folder: Path, system: str, capability: str, *, key: str | None = None, **arguments: object
) -> CallToolResult:
    meta: Any = None if key is None else {"deskmate/idempotency-key": key}
    async with Client(SYSTEMS[system](folder)) as client:
        return await client.call_tool(capability, arguments, meta=meta)


async def data(
    folder: Path, system: str, capability: str, *, key: str | None = None, **arguments: object
) -> dict[str, Any]:
    result = await call(folder, system, capability, key=key, **arguments)
    assert not result.is_error, result.content
    assert result.structured_content is not None
    structured: dict[str, Any] = result.structured_content
    return structured


async def error(folder: Path, system: str, capability: str, **arguments: object) -> str:
    result = await call(folder, system, capability, key=None, **arguments)
    assert result.is_error
    return "".join(block.text for block in result.content if isinstance(block, TextContent))


def done(folder: Path, system: str) -> Sequence[str]:
    return [effect.capability for effect in effects(folder, system)]


async def test_a_device_has_exactly_the_promised_fields(tmp_path: Path) -> None:
    """The playbooks and the tool file rely on these names."""
    device = await data(tmp_path, "jumpcloud", "get_device", email="June@example.com ")

    expected = {
        "device_id", "hostname", "model", "os", "os_version", "owner_email", "memory_gb", "disk_free_gb", "last_seen",
        "encrypted", "locked",
    }  # fmt: skip
    assert expected == set(device)
    assert device["hostname"] == "JUNE-MBP-14"


async def test_junes_log_shows_blocks_and_a_healthy_disk(tmp_path: Path) -> None:
    """The story turns on a series of blocks by the endpoint agent, and on nothing else being wrong."""
    logs = await data(tmp_path, "jumpcloud", "get_device_logs", device_id="dev-1001")

    blocked = [entry for entry in logs["entries"] if entry["action"] == "blocked"]
    assert {"endpoint-security"} == {entry["source"] for entry in blocked}
    assert len(blocked) >= 5
    assert not [entry for entry in logs["entries"] if "SMART warning" in entry["message"]]


async def test_the_console_shows_the_blocks_of_junes_log(tmp_path: Path) -> None:
    """Two systems tell of one fact in the same words."""
    console = await data(tmp_path, "endpoint-security", "list_blocks", hostname="june-mbp-14")
    logs = await data(tmp_path, "jumpcloud", "get_device_logs", device_id="dev-1001")

    in_log = [entry["process"] for entry in logs["entries"] if entry["action"] == "blocked"]
    assert in_log == [block["process"] for block in console["blocks"]]


async def test_the_hours_limit_the_log(tmp_path: Path) -> None:
    """One hour of log is a part of a day's."""
    hour = await data(tmp_path, "jumpcloud", "get_device_logs", device_id="dev-1001", hours=1)
    day = await data(tmp_path, "jumpcloud", "get_device_logs", device_id="dev-1001")

    assert day["entries"][0]["message"] == hour["entries"][0]["message"]
    assert 0 < len(hour["entries"]) < len(day["entries"])


@pytest.mark.parametrize(
    ("person", "sign"),
    [("omar", "Memory pressure critical"), ("lena", "Volume almost full"), ("ingrid", "SMART warning")],
)
async def test_a_device_that_ails_says_so(tmp_path: Path, person: str, sign: str) -> None:
    """A diagnosis has something to find."""
    device = await data(tmp_path, "jumpcloud", "get_device", email=f"{person}@example.com")
    logs = await data(tmp_path, "jumpcloud", "get_device_logs", device_id=device["device_id"])

    assert any(sign in entry["message"] for entry in logs["entries"])


async def test_everybody_is_known_to_every_system_that_keeps_people(tmp_path: Path) -> None:
    """A request of anybody can be worked in any workspace."""
    async with (
        Client(SYSTEMS["jumpcloud"](tmp_path)) as jumpcloud,
        Client(SYSTEMS["hris"](tmp_path)) as hris,
        Client(SYSTEMS["facilities"](tmp_path)) as facilities,
        Client(SYSTEMS["finance"](tmp_path)) as finance,
    ):
        for person in PEOPLE:
            email = {"email": f"{person}@example.com"}
            answers = [
                await jumpcloud.call_tool("get_device", email),
                await jumpcloud.call_tool("get_user", email),
                await hris.call_tool("list_leave", email),
                await facilities.call_tool("list_badges", email),
                await finance.call_tool("list_expense_reports", email),
            ]
            assert not any(answer.is_error for answer in answers)


@pytest.mark.parametrize(
    ("system", "capability", "arguments"),
    [
        ("jumpcloud", "get_device", {"email": "nobody@example.com"}),
        ("jumpcloud", "get_device_logs", {"device_id": "dev-9"}),
        ("jumpcloud", "add_to_group", {"email": "june@example.com", "group": "kings"}),
        ("endpoint-security", "isolate_host", {"hostname": "NOWHERE", "reason": "test"}),
        ("endpoint-security", "get_alert", {"alert_id": "alert-0"}),
        ("hris", "get_employee", {"email": "nobody@example.com"}),
        ("hris", "update_employee_field", {"email": "june@example.com", "field": "salary", "value": "1"}),
        ("facilities", "book_room", {"room": "Moon", "email": "june@example.com", "starts": "x", "ends": "y"}),
        ("finance", "get_invoice", {"number": "INV-0"}),
    ],
)
async def test_what_is_not_known_is_a_clear_error_and_changes_nothing(
    tmp_path: Path, system: str, capability: str, arguments: dict[str, str]
) -> None:
    """The sentence names what was asked for, and no effect is recorded."""
    sentence = await error(tmp_path, system, capability, **arguments)

    assert next(iter(value for value in arguments.values() if value in sentence or repr(value) in sentence))
    assert done(tmp_path, system) == []


async def test_a_password_reset_never_returns_the_password_and_acts_each_time(tmp_path: Path) -> None:
    """It is not declared repeatable, so doing it twice is visible."""
    first = await data(tmp_path, "jumpcloud", "reset_device_password", key="run-1/3", email="june@example.com")
    await data(tmp_path, "jumpcloud", "reset_device_password", key="run-1/3", email="june@example.com")

    assert {"email", "device_id", "hostname", "sent_to"} == set(first)
    assert [effect.key for effect in effects(tmp_path, "jumpcloud")] == ["run-1/3", "run-1/3"]


async def test_a_repeated_key_returns_the_first_result_without_acting_again(tmp_path: Path) -> None:
    """A work order asked for twice with one key is one work order."""
    asked = {"site": "London", "description": "The tap drips."}
    first = await data(tmp_path, "facilities", "create_work_order", key="k", **asked)
    again = await data(tmp_path, "facilities", "create_work_order", key="k", **asked)
    other = await data(tmp_path, "facilities", "create_work_order", key="l", **asked)

    assert first == again
    assert first["order_id"] != other["order_id"]
    assert done(tmp_path, "facilities") == ["create_work_order", "create_work_order"]


async def test_one_key_sent_twenty_times_at_once_acts_once(tmp_path: Path) -> None:
    """Whoever comes second waits for the first one's result."""
    async with Client(SYSTEMS["facilities"](tmp_path)) as client:
        meta: Any = {"deskmate/idempotency-key": "k"}
        asked = {"email": "june@example.com", "zone": "lab"}
        answers = await asyncio.gather(*(client.call_tool("issue_badge", asked, meta=meta) for _ in range(20)))

    assert len({str(answer.structured_content) for answer in answers}) == 1
    assert done(tmp_path, "facilities") == ["issue_badge"]


async def test_actions_really_change_the_system(tmp_path: Path) -> None:
    """What was done is there afterwards, and the undo undoes it."""
    await data(tmp_path, "jumpcloud", "lock_device", device_id="dev-1001")
    locked = await data(tmp_path, "jumpcloud", "get_device", email="june@example.com")
    await data(tmp_path, "jumpcloud", "unlock_device", device_id="dev-1001")
    unlocked = await data(tmp_path, "jumpcloud", "get_device", email="june@example.com")
    await data(tmp_path, "jumpcloud", "reset_mfa", email="june@example.com")
    await data(tmp_path, "jumpcloud", "add_to_group", email="june@example.com", group="developers")
    user = await data(tmp_path, "jumpcloud", "get_user", email="june@example.com")
    await data(tmp_path, "jumpcloud", "wipe_device", device_id="dev-1001")
    logs = await data(tmp_path, "jumpcloud", "get_device_logs", device_id="dev-1001")

    assert (locked["locked"], unlocked["locked"]) == (True, False)
    assert (user["mfa_enrolled"], "developers" in user["groups"]) == (False, True)
    assert logs["entries"] == []


async def test_people_ops_and_finance_change_their_books(tmp_path: Path) -> None:
    """A corrected field, a leave, an approved expense and a booked room are kept."""
    who = "june@example.com"
    change = await data(tmp_path, "hris", "update_employee_field", email=who, field="phone", value="123")
    leave = await data(
        tmp_path, "hris", "request_leave", email=who, kind="annual", first_day="2030-05-01", last_day="2030-05-03"
    )
    record = await data(tmp_path, "hris", "list_leave", email=who)
    report = await data(tmp_path, "finance", "approve_expense", report_id="exp-3001")
    at = {"starts": "2030-05-04T10:00", "ends": "2030-05-04T11:00"}
    await data(tmp_path, "facilities", "book_room", room="Fleet", email=who, **at)
    taken = await error(tmp_path, "facilities", "book_room", room="fleet", email=who, **at)

    assert change["after"] == "123"
    assert leave in record["leave"]
    assert report["status"] == "approved"
    assert "taken" in taken
