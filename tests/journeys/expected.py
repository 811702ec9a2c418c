"""The guide's story as it must come out, whatever the platform."""

from tests.journeys.story import CLEARED, Story

EVIDENCE = (
    "The log of JUNE-MBP-14 (MacBook Pro 14 (M2 Pro, 2023), macOS 14.4.1) shows that endpoint security blocked a local process "
    "9 times within 24 hours:\n\nI stopped there and changed nothing: this may be a security incident."
)

REQUESTS = (("IT-1001", "it-support", "pending", "software-engineer"),)
HAND_OFFS = (
    ("it-triage", "hardware-engineer"),
    ("hardware-engineer", "security-specialist"),
    ("security-specialist", "it-triage"),
    ("it-triage", "software-engineer"),
)
RUNS = (
    ("it-triage", "route"),
    ("hardware-engineer", "route"),
    ("security-specialist", "clarification"),
    ("security-specialist", "route"),
    ("it-triage", "route"),
    ("software-engineer", "waiting"),
)
NOTES = (
    ("private", "Hardware Engineer"),
    ("private", "Security Specialist"),
    ("public", "Security Specialist"),
    ("public", "June Park"),
    ("private", "Security Specialist"),
    ("public", "Software Engineer"),
)
INDICATORS = ("suspicious", "MFA", "redirect", "sign-in")
"""What the security specialist asks about."""
CHECKS = (
    "restart",
    "update",
    "disk space",
    "top processes",
    "startup items",
    "version",
    "when did it begin",
    "install",
)
"""What the software engineer posts."""


def problems(story: Story) -> list[str]:
    """Return in what the story differs from the guide's; nothing when it is the guide's."""
    found: list[str] = []
    for name, expected, actual in (
        ("requests", REQUESTS, story.requests),
        ("hand-offs", HAND_OFFS, tuple((sender, receiver) for sender, receiver, _ in story.hand_offs)),
        ("runs", RUNS, story.runs),
        ("notes", NOTES, tuple((visibility, author) for visibility, author, _ in story.notes)),
        ("unsent replies", (), story.unsent),
    ):
        if expected != actual:
            found.append(f"{name}: expected {expected}, was {actual}")
    if found:
        return found
    evidence, _, question, answer, _, advice = (text for _, _, text in story.notes)
    if evidence != EVIDENCE:
        found.append(f"evidence: {evidence}")
    if answer != CLEARED:
        found.append(f"answer: {answer}")
    found += [f"not asked about: {word}" for word in INDICATORS if word.casefold() not in question.casefold()]
    found += [f"not advised: {word}" for word in CHECKS if word.casefold() not in advice.casefold()]
    return found
