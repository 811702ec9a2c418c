"""Business time: compared with counting the minutes one by one, on days on which the clocks change too."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sla import LONGEST, due, open_minutes

ZONES = ("UTC", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Auckland")
SPRING, AUTUMN = datetime(2026, 3, 6, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC)
STARTS = st.tuples(st.sampled_from([SPRING, AUTUMN]), st.integers(0, 33 * 24 * 60)).map(
    lambda one: one[0] + timedelta(minutes=one[1])
)
"""Around the days on which clocks change."""
TIMES = st.tuples(st.integers(4, 12), st.integers(13, 24), st.sampled_from([0, 30])).map(
    lambda one: f"{one[0]:02}:{one[2]:02}-{one[1]:02}:{one[2] if one[1] < 24 else 0:02}"
)
HOURS = st.dictionaries(
    st.sampled_from(["mon-fri", "sat", "sun-mon", "wed", "fri-tue", "mon-sun"]),
    st.one_of(TIMES, st.just("00:00-24:00")),
    min_size=1,
    max_size=3,
)
OFFICE = {"mon-fri": "09:00-17:30"}


def counted(start: datetime, minutes: int, hours: dict[str, str], zone: str) -> datetime:
    """Return the due moment by looking at each minute."""
    week = open_minutes(hours)
    now, left, there = start, minutes, ZoneInfo(zone)
    while True:
        local = now.astimezone(there)
        opens, closes = week.get(local.weekday(), (0, 0))
        left -= opens <= local.hour * 60 + local.minute < closes
        now += timedelta(minutes=1)
        if left == 0:
            return now


@settings(max_examples=60, deadline=None)
@given(start=STARTS, minutes=st.integers(1, 2_500), hours=HOURS, zone=st.sampled_from(ZONES))
def test_it_is_the_minute_that_counting_finds(start: datetime, minutes: int, hours: dict[str, str], zone: str) -> None:
    """Whatever the hours, the zone and the season."""
    assert counted(start, minutes, hours, zone) == due(start, timedelta(minutes=minutes), hours, zone)


@given(start=STARTS, minutes=st.integers(0, 10_000))
def test_without_hours_every_moment_counts(start: datetime, minutes: int) -> None:
    """A workspace that names none is always there."""
    span = timedelta(minutes=minutes)

    assert start + span == due(start, span, {}, "Europe/London")


@pytest.mark.parametrize(
    ("start", "span", "expected"),
    [
        ("2026-11-20T16:30+00:00", timedelta(hours=2), "2026-11-23T10:00+00:00"),
        ("2026-11-21T12:00+00:00", timedelta(minutes=15), "2026-11-23T09:15+00:00"),
        ("2026-11-20T17:15+00:00", timedelta(minutes=15), "2026-11-20T17:30+00:00"),
        ("2026-10-23T17:00+01:00", timedelta(hours=1), "2026-10-26T09:30+00:00"),
    ],
)
def test_it_goes_on_when_the_doors_open_again(start: str, span: timedelta, expected: str) -> None:
    """Over the night, the weekend, and the change of the clocks; the last minute still counts."""
    assert datetime.fromisoformat(expected) == due(datetime.fromisoformat(start), span, OFFICE, "Europe/London")


def test_an_hour_that_comes_twice_counts_twice() -> None:
    """Closing in the hour that is repeated means its second coming."""
    start = datetime(2026, 10, 24, 23, tzinfo=UTC)

    assert start + timedelta(hours=2) == due(start, timedelta(hours=2), {"sun": "00:00-01:30"}, "Europe/London")


def test_a_single_day_wins_over_a_range() -> None:
    """Whichever is written first."""
    assert open_minutes({"fri": "09:00-12:00", "mon-fri": "09:00-17:30"})[4] == (540, 720)
    assert open_minutes({"mon-fri": "09:00-17:30", "fri": "09:00-12:00"})[4] == (540, 720)


def test_a_promise_beyond_all_bounds_has_an_end() -> None:
    """A file may say 999999d; nobody's work stops over it."""
    start = datetime(2026, 11, 20, tzinfo=UTC)

    assert start + LONGEST == due(start, timedelta(days=999_999), {}, "UTC")
    assert due(start, timedelta(days=999_999), {"sun": "23:59-24:00"}, "UTC") > start
