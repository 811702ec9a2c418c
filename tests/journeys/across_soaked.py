"""What must be true of two platforms together when the storm is over: both support channels tell the same, and nothing goes round."""

from collections import defaultdict
from collections.abc import Collection

from bot.ids import derived_id
from bot.reply import Reply
from tests.journeys.left_over import Left

_THERE = frozenset({"sent", "held"})
"""What was said in one channel may be withheld in the other, whose readers are others."""


def differing(there: Left) -> list[str]:
    """Return the notes that were told in a support channel of one platform, and not in that of the other.

    The thread in which somebody wrote a note is not told of it. What waits behind something that is held is as good as held.
    """
    supports = {item.id: item for item in there.conversations if item.kind == "support" and item.request_ids}
    held = {item.conversation_id for item in there.replies if item.state == "held"}
    written = {
        (derived_id("note", request, message.id), place.platform)
        for message in there.messages
        for place in [next((item for item in there.conversations if item.id == message.conversation_id), None)]
        if place is not None
        for request in [item.id for item in there.requests]
    }
    told: dict[tuple[str, str], dict[str, list[Reply]]] = defaultdict(lambda: defaultdict(list))
    for reply in there.replies:
        place = supports.get(reply.conversation_id)
        if place is not None and reply.note_id is not None:
            told[(reply.note_id, str(place.workspace))][place.platform].append(reply)
    found = []
    for (note, workspace), platforms in told.items():
        for platform in ("slack", "teams"):
            replies = platforms.get(platform, [])
            if not replies and (note, platform) not in written:
                found.append(f"note {note} of {workspace} is not told in {platform}")
            found += [
                f"{platform}, {workspace}: {reply.state} {reply.text[:60]!r} ({reply.problem})"
                for reply in replies
                if reply.state not in _THERE and reply.conversation_id not in held
            ]
    return found


def echoed(there: Left, platform: str, posts: Collection[str]) -> list[str]:
    """Return the messages that are Atom's own posts."""
    own = set(posts)
    return [
        f"{platform} {item.post}: {item.text[:60]!r}"
        for item in there.on(platform).messages
        if item.kind in {"text", "command", "edited", "deleted"} and item.post in own
    ]


def parted(there: Left) -> list[str]:
    """Return the people whose accounts count as several, by the e-mail that the platforms have verified."""
    people: dict[str, set[str]] = defaultdict(set)
    for item in there.identities:
        if item.email is not None:
            people[item.email].add(str(item.person_id))
    unknown = [f"{item.id} has no verified e-mail" for item in there.identities if item.email is None]
    return [*unknown, *(f"{email}: {sorted(found)}" for email, found in people.items() if len(found) > 1)]
