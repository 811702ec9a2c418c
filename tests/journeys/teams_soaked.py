"""What must be true of Teams when the storm is over, whatever people did, the network lost and the process died of: pure looks.

A post of which nobody can tell whether it stands is posted again: what the audit names so may stand once more for each time that it
does, and says so to its readers. Everything else stands once, in its place, in its latest words.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from html import unescape

from bot.conversation import Conversation
from bot.reply import SHOWN, Reply
from bot.wording.delivery import twice
from tests.fakes.faults import JsonObject
from tests.fakes.teams_shapes import words
from tests.fakes.teams_state import BOT_ID
from tests.journeys.left_over import Left
from tests.journeys.storm import Membership
from tests.journeys.teams_soak import WatchedTeams
from tests.journeys.teams_town import IT_SUPPORT

GRACE = 3.0
"""Seconds within which somebody's arrival must have been noticed."""
END = 20
"""Letters at the end of what is said by which it is known to be whole."""
MARK = ";messageid="


def problems(
    there: Left, state: JsonObject, teams: WatchedTeams, wanderer: Membership, repeated: Mapping[str, int]
) -> list[str]:
    """Return everything that is wrong in Teams; `repeated` tells how often the audit says of a reply that it was."""
    found = {
        "lost": lost(there, state, teams),
        "doubled": doubled(there, state, repeated),
        "unmarked": unmarked(there, state, repeated),
        "not there": not_there(there, state),
        "begun twice": begun_twice(there, state, repeated),
        "leaked": leaked(there, state, wanderer),
    }
    return [f"Teams, {what}: {line}" for what, lines in found.items() for line in lines]


def lost(there: Left, state: JsonObject, teams: WatchedTeams) -> list[str]:
    """Return what was acknowledged and is not in the database; what people tell each other elsewhere is not kept."""
    taken = {made["key"] for made in state["attempts"] if made["kind"] == "message" and _good(made)}
    kept = {item.post for item in there.messages if item.kind in {"text", "command"}}
    missing = [
        f"{item['conversation']['id']} {item['id']} {item['text'][:60]!r}"
        for item in teams.written
        if item["id"] in taken - kept and _concerns_us(item)
    ]
    kinds: Counter[str] = Counter(item.kind for item in there.messages)
    counted = {"press": len(teams.pressed), "form": len(teams.forms)}
    short = [f"{kind}: {count} acknowledged, {kinds[kind]} stored" for kind, count in counted.items()]
    return [*missing, *(line for line, kind in zip(short, counted, strict=True) if counted[kind] > kinds[kind])]


def doubled(there: Left, state: JsonObject, repeated: Mapping[str, int]) -> list[str]:
    """Return the replies that stand more often than the audit allows, and the posts that no reply knows of."""
    known = {item.post for item in there.replies if item.post}
    unsure = {item.id for item in there.replies if item.state == "parked"}
    carried = Counter(reply_of(post) for post in standing(state))
    twice_said = [
        f"reply {key or 'without a name'} stands {count} times, repeated {repeated.get(key, 0)}"
        for key, count in carried.items()
        if count > 1 + repeated.get(key, 0)
    ]
    strays = [
        f"{_place(post)} {post['id']} {words(post)[:80]!r} is nobody's"
        for post in standing(state)
        if post["id"] not in known and reply_of(post) not in unsure and not repeated.get(reply_of(post))
    ]
    return [*twice_said, *strays]


def unmarked(there: Left, state: JsonObject, repeated: Mapping[str, int]) -> list[str]:
    """Return the posts that do not say that they may stand twice, though another of the same reply stands before them."""
    said: dict[str, list[JsonObject]] = defaultdict(list)
    for post in standing(state):
        said[reply_of(post)].append(post)
    return [
        f"{_place(post)} {post['id']} {words(post)[:80]!r}"
        for key, posts in said.items()
        for post in sorted(posts, key=lambda item: int(item["id"]))[1:]
        if repeated.get(key) and twice() not in words(post) and not post.get("updated")
    ]


def not_there(there: Left, state: JsonObject) -> list[str]:
    """Return the replies that are kept as sent and do not stand where they belong, in the words of the last of them."""
    posts = {post["id"]: post for post in standing(state)}
    places = {item.id: item for item in there.conversations}
    last: dict[str, Reply] = {}
    for item in there.replies:
        if item.state == "sent" and item.kind not in SHOWN and (item.post or "").isdigit():
            last[str(item.post)] = _later(last.get(str(item.post)), item)
    found = []
    for key, reply in last.items():
        post, place = posts.get(key), places[reply.conversation_id]
        if post is None:
            found.append(f"{reply.kind} {reply.text[:60]!r} is {key}, which does not stand")
        elif not _belongs(post, place):
            found.append(f"{reply.kind} {reply.text[:60]!r} stands in {_place(post)}")
        elif reply_of(post) != reply.id:
            found.append(f"{_place(post)} {key} shows {reply_of(post)} and should show {reply.id}: {reply.text[:60]!r}")
        elif _is_cut(reply.text, post.get("text") or ""):
            found.append(f"{_place(post)} {key} does not end as it should: {reply.text[-60:]!r}")
    return found


def begun_twice(there: Left, state: JsonObject, repeated: Mapping[str, int]) -> list[str]:
    """Return the requests that have more than one thread in a channel, other than by a repeated header."""
    replies: dict[str, Reply] = {item.id: item for item in there.replies}
    begun: dict[str, list[str]] = defaultdict(list)
    for post in standing(state):
        reply = replies.get(reply_of(post))
        if reply is not None and reply.kind == "header" and _place(post).endswith(f"{MARK}{post['id']}"):
            begun[reply.conversation_id].append(post["id"])
    more: Counter[str] = Counter()
    for key, count in repeated.items():
        if key in replies and replies[key].kind == "header":
            more[replies[key].conversation_id] += count
    return [f"{place}: {roots}" for place, roots in begun.items() if len(roots) > 1 + more[place]]


def leaked(there: Left, state: JsonObject, wanderer: Membership) -> list[str]:
    """Return the private posts that stand where their requester reads."""
    users = {item.person_id: item.user for item in there.identities}
    requesters = {item.id: users.get(item.requester, "") for item in there.requests}
    inside, account = readers(state), _accounts(state).get(wanderer.user, "")
    admins = {item.id for item in there.conversations if item.kind == "admin"}
    replies: dict[str, Reply] = {
        item.id: item
        for item in there.replies
        if item.visibility == "private" and item.request_id and item.conversation_id not in admins
    }
    found = []
    for post in standing(state):
        reply = replies.get(reply_of(post))
        if reply is None or reply.request_id is None:
            continue
        base = _place(post).partition(MARK)[0]
        wandered = base in wanderer.channels and wanderer.read(int(post["id"]) / 1000, GRACE)
        seen_by = {*inside[base], *([account] if wandered else [])}
        if state["places"][base]["kind"] == "personal" or requesters[reply.request_id] in seen_by:
            found.append(f"{_place(post)} {post['id']} {reply.kind} {reply.text[:60]!r}")
    return found


def readers(state: JsonObject) -> dict[str, list[str]]:
    """Return who reads in which channel or chat, by their Entra ids: a standard channel is read by all of its team."""
    accounts, places = _accounts(state), state["places"]
    teams: dict[str, set[str]] = defaultdict(set)
    for place in places.values():
        teams[place["team"]].update(place["members"])
    inside = {
        key: {*place["members"], *(teams[place["team"]] if place["team"] and place["access"] == "standard" else ())}
        for key, place in places.items()
    }
    return {key: [accounts[member] for member in members] for key, members in inside.items()}


def _accounts(state: JsonObject) -> dict[str, str]:
    return {key: person["aad_object_id"].lower() for key, person in state["people"].items()}


def standing(state: JsonObject) -> Iterator[JsonObject]:
    """Give the bot's posts."""
    for posts in state["activities"].values():
        yield from (post for post in posts if post["from"]["id"] == BOT_ID)


def reply_of(post: JsonObject) -> str:
    """Return the id of the reply that a post carries."""
    return str(((post.get("channelData") or {}).get("deskmate") or {}).get("reply", ""))


def ids(posts: Iterator[JsonObject]) -> Sequence[str]:
    """Return the ids of posts."""
    return [str(post["id"]) for post in posts]


def _concerns_us(said: JsonObject) -> bool:
    """Tell whether something was said to Atom, in a personal chat, or in a support channel."""
    if said["conversation"]["conversationType"] == "personal" or _place(said).startswith(IT_SUPPORT):
        return True
    return any(item["type"] == "mention" for item in said["entities"])


def _is_cut(text: str, shown: str) -> bool:
    """Tell whether a post of plain text ends before its reply does; where links are, their hosts are shown as well."""
    return bool(shown) and "](" not in text and _letters(text)[-END:] not in _letters(shown)


def _letters(text: str) -> str:
    return "".join(letter for letter in unescape(re.sub(r"<[^>]*>", "", text)) if letter.isalnum())


def _later(one: Reply | None, other: Reply) -> Reply:
    if one is None or one.sent_at is None or other.sent_at is None:
        return other
    return other if other.sent_at >= one.sent_at else one


def _belongs(post: JsonObject, place: Conversation) -> bool:
    base, _, root = _place(post).partition(MARK)
    if place.channel.startswith("19:"):
        return (base, root or None) == (place.channel, place.thread)
    return base == place.channel or post["conversation"]["conversationType"] == "personal"


def _place(post: JsonObject) -> str:
    return str(post["conversation"]["id"])


def _good(made: JsonObject) -> bool:
    return made["status"] is not None and made["status"] < 300
