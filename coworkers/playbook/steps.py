"""A playbook as data: buckets, and for each occasion and bucket the steps (see `docs/playbooks.md`).

Every step has become one tool call with templated arguments here; the short forms of the file are gone. These records hold text only:
expressions were compiled once when the file was checked, so that running one cannot fail for a reason that could have been known.
"""

from dataclasses import dataclass, field
from typing import Literal

OCCASIONS = ("assigned", "requester_replied", "approval_decided", "handed_back", "colleague_asked", "timer_fired")
UNSURE = "unsure"
ANY = "any"
FIRST = "first"
DECISIONS = ("approved", "rejected")
WAITS = frozenset({"ask_requester", "set_status"})
"""Steps after which the request waits, so that unread words of the requester come first."""
TELLS = frozenset({"post_public_note", "ask_requester", "resolve"})
"""Steps whose words the requester reads."""
ENDS = frozenset({"ask_requester", "hand_off", "set_status", "resolve", "escalate", "request_approval"})
"""Desk tools that end a run."""

Template = str | int | float | bool | list["Template"] | dict[str, "Template"]
"""Text with `{{ expression }}` in it, plain numbers and truth values, or lists and maps of such."""


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """A kind of work, or a kind of reply."""

    name: str
    examples: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    wins: bool = False
    """Where parts of a text point to several buckets, this one counts."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One tool call, under a condition."""

    line: int
    """Of `playbook.yaml`."""
    call: str
    """A tool's name as it is offered, or `route`: a `hand_off` to the candidate that fits best."""
    arguments: dict[str, Template] = field(default_factory=dict)
    when: str | None = None
    """A CEL expression; None: always."""
    keep: str | None = None
    """The name under which the result is kept."""
    on_error: Literal["escalate", "continue"] = "escalate"

    @property
    def ends(self) -> bool:
        """Tell whether the run is over once the step has succeeded."""
        return self.call in ENDS or self.call == "route"


@dataclass(frozen=True, kw_only=True)
class Playbook:
    """A checked playbook."""

    buckets: tuple[Bucket, ...] = ()
    replies: tuple[Bucket, ...] = ()
    occasions: dict[str, dict[str, tuple[Step, ...]]] = field(default_factory=dict)
    """Occasion → bucket (or `first`, `unsure`, `any`) → steps, the last of which ends the run (except for `first`)."""

    def told(self, occasion: str) -> frozenset[str]:
        """Return the buckets in which the requester reads something of what is written there."""
        branches = self.occasions.get(occasion, {})
        return frozenset(name for name, steps in branches.items() if any(step.call in TELLS for step in steps))

    def steps(self, occasion: str, bucket: str) -> tuple[Step, ...]:
        """Return what comes first, then the steps for the bucket, else those for any; they may not end, where nothing is written."""
        branches = self.occasions.get(occasion, {})
        return (*branches.get(FIRST, ()), *branches.get(bucket, branches.get(ANY, ())))
