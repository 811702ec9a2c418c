"""What must be true of Slack when the storm is over, whatever people did, the network lost and the process died of: pure looks.

Each function returns what is wrong, as lines that a person can follow; nothing is wrong when all of them are empty.
"""

from collections import Counter
from collections.abc import Iterator

from adapters.slack.links import escaped
from bot.wording import surfaces
from tests.fakes.faults import JsonObject
from tests.journeys.left_over import Left
from tests.journeys.slack_scene import SUPPORT
from tests.journeys.slack_soak import Watched
from tests.journeys.storm import Membership

GRACE = 2.0
"""Seconds within which somebody's arrival must have been noticed."""
STOPS = 3
"""How often a stream is told to end before that is left to Slack."""
ENDS = 2
"""How often the end of an agent session is tried before it waits for the next post."""
_AT_ONCE = {escaped(sentence) for sentence in (surfaces.FAILED, surfaces.TOO_LATE, surfaces.TRY_AGAIN)}
"""What is said at once to whom a form could not be shown; it is no reply."""


def problems(there: Left, state: JsonObject, slack: Watched, wanderer: Membership) -> list[str]:
    """Return everything that is wrong in Slack."""
    found = {
        "lost": lost(there, slack),
        "doubled": doubled(there, state),
        "shown twice": shown_twice(there, state),
        "leaked": leaked(there, state, wanderer),
        "still shown": still_shown(state),
    }
    return [f"{what}: {line}" for what, lines in found.items() for line in lines]


def lost(there: Left, slack: Watched) -> list[str]:
    """Return what was acknowledged and is not in the database; what people tell each other elsewhere is not kept."""
    kept = {(item.id.split(":")[2], item.post) for item in there.messages if item.kind == "text"}
    said = {(item["channel"], item["ts"]): item["text"] for item in slack.written}
    ours = {item: text for item, text in said.items() if item[0].startswith("D") or item[0] == SUPPORT}
    missing = [f"{place} {text[:60]!r}" for place, text in ours.items() if place not in kept]
    kinds = Counter(item.kind for item in there.messages)
    counts = {"command": kinds["command"], "press": kinds["press"]}
    sent = slack.forms - {item.id.split(":")[-1] for item in there.messages if item.kind == "form"}
    short = [
        f"{verb}: {slack.taken.get(verb, 0)} acknowledged, {count} stored"
        for verb, count in counts.items()
        if slack.taken.get(verb, 0) > count
    ]
    return [*missing, *short, *(f"the form {view}" for view in sent)]


def doubled(there: Left, state: JsonObject) -> list[str]:
    """Return what stands twice: two posts of one reply, or a post that no reply knows of."""
    carried = Counter(_reply_of(item) for _, item in standing(state) if _reply_of(item))
    known = {item.post for item in there.replies}
    unsure = {item.id for item in there.replies if item.state == "parked" or item.post == "aside"}
    twice = [f"reply {key} stands {count} times" for key, count in carried.items() if count > 1]
    strays = [
        f"{place} {item['ts']} {item['text'][:60]!r} is nobody's"
        for place, item in standing(state)
        if item["ts"] not in known and item["text"] not in _AT_ONCE and _reply_of(item) not in unsure
        if not _cut_off(place, item, state)
    ]
    return [*twice, *strays]


def shown_twice(there: Left, state: JsonObject) -> list[str]:
    """Return the people who were told more for their eyes alone than was ever said to them."""
    asides = {item.id: item.address.get("user", "") for item in there.conversations if item.kind == "aside"}
    said = Counter(asides[item.conversation_id] for item in there.replies if item.conversation_id in asides)
    seen = Counter(item["user"] for item in state["ephemerals"] if item["text"] not in _AT_ONCE)
    return [f"{user} saw {count} asides of {said[user]}" for user, count in seen.items() if count > said[user]]


def leaked(there: Left, state: JsonObject, wanderer: Membership) -> list[str]:
    """Return the private posts that stand where their requester reads."""
    users = {item.person_id: item.user for item in there.identities}
    requesters = {item.id: users.get(item.requester, "") for item in there.requests}
    admins = {item.id for item in there.conversations if item.kind == "admin"}
    private = {
        item.post: item
        for item in there.replies
        if item.visibility == "private" and item.post and item.conversation_id not in admins
    }
    found = []
    for place, item in standing(state):
        reply = private.get(item["ts"])
        if reply is None or reply.request_id is None:
            continue
        readers = set(state["channels"][place]["members"])
        if place in wanderer.channels and wanderer.read(float(item["ts"]), GRACE):
            readers.add(wanderer.user)
        if requesters[reply.request_id] in readers:
            found.append(f"{place} {item['ts']} {reply.kind} {reply.text[:60]!r}")
    return found


def still_shown(state: JsonObject) -> list[str]:
    """Return the threads that say that work goes on, and the streams, that were not told to end as often as Slack failed at it."""
    there = {f"{place}:{key['ts']}" for place, items in state["messages"].items() for key in items}
    ended = Counter(
        f"{call['arguments'].get('channel_id')}:{call['arguments'].get('thread_ts')}"
        for call in state["calls"]
        if call["method"] == "agents.sessions.setStatus" and call["arguments"].get("status") == "active"
    )
    signs = [
        f"{key}: {shown}"
        for key, shown in state["threads"].items()
        if key in there and (shown.get("status") or (shown.get("session") == "processing" and ended[key] < ENDS))
    ]
    told = Counter(call["arguments"].get("ts") for call in state["calls"] if call["method"] == "chat.stopStream")
    streams = [
        f"{place} {item['ts']} is still streamed"
        for place, item in standing(state)
        if item.get("streaming_state") == "in_progress" and told[item["ts"]] < STOPS
        if not _cut_off(place, item, state)
    ]
    return [*signs, *streams]


def readers(state: JsonObject) -> dict[str, list[str]]:
    """Return who is in which channel."""
    return {key: list(place["members"]) for key, place in state["channels"].items()}


def standing(state: JsonObject) -> Iterator[tuple[str, JsonObject]]:
    """Give the bot's posts with their channels."""
    for place, items in state["messages"].items():
        yield from ((place, item) for item in items if item.get("bot_id"))


def _cut_off(place: str, item: JsonObject, state: JsonObject) -> bool:
    """Tell whether something half said is in a thread whose first message was deleted: Slack reads out such threads no more."""
    there = {other["ts"] for other in state["messages"][place]}
    return item.get("streaming_state") == "in_progress" and item.get("thread_ts", item["ts"]) not in there


def _reply_of(item: JsonObject) -> str:
    return str((item.get("metadata") or {}).get("event_payload", {}).get("reply_id", ""))
