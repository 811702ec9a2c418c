"""What a workspace's file promises, and what it means in business time."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.ids import WorkspaceId
from bot.workspace import Target, Workspace
from tests.unit.workforce.folders import changed, read

FILE = "workspaces/it.yaml"
SLA = "sla: {urgent: {respond: 15m, resolve: 4h}}"
HOURS = 'business_hours: {mon-fri: "09:00-17:30"}'


def workspace(root: Path, old: str, new: str) -> Workspace:
    """Return the workspace with a part of its file changed."""
    workforce = read(root, changed(FILE, old, new)).workforce
    assert workforce is not None
    return workforce.workspaces[WorkspaceId("it")]


def test_hours_and_promises_are_read(tmp_path: Path) -> None:
    """As the file says them."""
    found = workspace(tmp_path, SLA, SLA)

    assert {"mon-fri": "09:00-17:30"} == found.business_hours
    assert {"urgent": Target(respond=timedelta(minutes=15), resolve=timedelta(hours=4))} == found.sla


def test_a_day_is_a_working_day(tmp_path: Path) -> None:
    """Three days are three times the hours of a day, not seventy-two hours of opening."""
    found = workspace(tmp_path, SLA, "sla: {normal: {resolve: 3d}}")

    assert {"normal": Target(resolve=3 * timedelta(hours=8, minutes=30))} == found.sla


def test_without_hours_a_day_is_a_day(tmp_path: Path) -> None:
    """Nobody closes."""
    found = workspace(tmp_path, f"{SLA}\n{HOURS}", "sla: {low: {resolve: 2d}}")

    assert ({}, {"low": Target(resolve=timedelta(days=2))}) == (found.business_hours, found.sla)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (SLA, "sla: {soon: {respond: 15m}}"),
        (SLA, "sla: {urgent: {respond: soon}}"),
        (SLA, "sla: {urgent: {dance: 15m}}"),
        ('"09:00-17:30"', '"17:30-09:00"'),
        ("mon-fri", "mon-fry"),
    ],
)
def test_what_means_nothing_is_a_mistake(tmp_path: Path, old: str, new: str) -> None:
    """And is named with its line."""
    reading = read(tmp_path, changed(FILE, old, new))

    assert [FILE] == [problem.path for problem in reading.problems]
