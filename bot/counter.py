"""Counters: numbers that people see, given one after the other. A workspace's request numbers come from one."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Counter:
    """The last number that was given."""

    id: str
    """What is counted, for example `request:IT`."""
    value: int = 0
