"""Business time: when a promise of so many working hours is due.

Hours are local to the workspace, so a day on which the clocks change has an hour more or less; moments are compared in UTC.
A single day such as `fri` wins over a range that covers it. Without business hours, every moment counts.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.request import Request
from bot.workspace import Workspace

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Promised = Literal["respond", "resolve"]
LONGEST = timedelta(days=1_000)
"""Longer promises are cut to this: nobody waits for them, and the calendar ends."""
HORIZON = 4_000
"""Days that are looked at: what would be due later is due then."""
_END_OF_DAY = 24 * 60


def due(start: datetime, span: timedelta, hours: Mapping[str, str], zone: str) -> datetime:
    """Return the moment (UTC) at which `span` of business time has passed since `start`.

    `hours` are as in a workspace file: `{"mon-fri": "09:00-17:30"}`; `zone` is an IANA name.
    """
    left = min(span, LONGEST)
    week = open_minutes(hours)
    if left <= timedelta() or not week:
        return (start + max(left, timedelta())).astimezone(UTC)
    for opens, closes in _openings(start.astimezone(ZoneInfo(zone)).date(), week, ZoneInfo(zone)):
        since = max(opens, start.astimezone(UTC))
        if closes <= since:
            continue
        if closes - since >= left:
            return since + left
        left -= closes - since
    return start.astimezone(UTC) + timedelta(days=HORIZON)


def open_minutes(hours: Mapping[str, str]) -> dict[int, tuple[int, int]]:
    """Return weekday (0 is Monday) → minutes since midnight at which it opens and closes."""
    found: dict[int, tuple[int, int]] = {}
    for days, times in sorted(hours.items(), key=lambda item: "-" not in item[0]):
        begins, _, ends = times.partition("-")
        for day in _named(days):
            found[day] = (_minutes(begins), _minutes(ends))
    return {day: (opens, closes) for day, (opens, closes) in found.items() if opens < closes}


def _named(days: str) -> Iterator[int]:
    """Yield the weekdays of `fri` or `mon-fri`; a range may go round the week's end."""
    first, _, last = days.partition("-")
    begins, ends = DAYS.index(first), DAYS.index(last or first)
    yield from ((begins + step) % 7 for step in range((ends - begins) % 7 + 1))


def _minutes(clock: str) -> int:
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute)


def _openings(first: date, week: Mapping[int, tuple[int, int]], zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """Yield from when to when it is open, in UTC, from the day `first` on."""
    for day in (first + timedelta(days=number) for number in range(HORIZON)):
        if day.weekday() in week:
            opens, closes = week[day.weekday()]
            yield _moment(day, opens, zone, fold=0), _moment(day, closes, zone, fold=1)


def _moment(day: date, minutes: int, zone: ZoneInfo, *, fold: int) -> datetime:
    if minutes == _END_OF_DAY:
        day, minutes = day + timedelta(days=1), 0
    return datetime(day.year, day.month, day.day, minutes // 60, minutes % 60, tzinfo=zone, fold=fold).astimezone(UTC)


def promised(request: Request, workspace: Workspace, promise: Promised) -> datetime | None:
    """Return when the request must have been answered, or resolved; None where the workspace promises nothing."""
    target = workspace.sla.get(request.priority)
    span = getattr(target, promise) if target else None
    if span is None:
        return None
    return due(request.opened_at, span, workspace.business_hours, workspace.time_zone)
