"""What a Teams tenant remembers: people, teams and their channels, chats, and every activity in them.

A channel's thread is a conversation of its own, named after its first message (`19:…@thread.tacv2;messageid=<root>`);
its people are the channel's. Bots are not in rosters. Nothing here can be read back by a bot except rosters: the
connector has no history, as in Teams: only Microsoft Graph (`teams_graph.py`) shows what was said.
"""

import time
import uuid
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from tests.fakes.faults import JsonObject

TENANT = "7e2f0d1c-0000-4000-8000-000000000001"
APP_ID = "b0700000-0000-4000-8000-000000000002"
BOT_ID = f"28:{APP_ID}"
BOT_NAME = "Atom"
CARD = "application/vnd.microsoft.card.adaptive"
MARK = ";messageid="
Kind: TypeAlias = Literal["personal", "channel", "groupChat"]


def group_of(team: str) -> str:
    """Give the id of a team's Entra group."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, team))


class RefusalError(LookupError):
    """The connector answers with an HTTP status and an error code."""

    def __init__(self, status: int, code: str, sentence: str = "") -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.sentence = sentence or code


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody in Teams."""

    id: str
    """As the bot sees them: `29:…`."""
    name: str
    aad_object_id: str
    email: str | None
    role: str = "user"
    """`user`, `guest` or `anonymous`."""
    tenant: str = TENANT
    installed: bool = True
    """Whether the app is installed for this person, so that the bot may open a chat."""

    def as_member(self) -> JsonObject:
        """Give the roster entry; `objectId` and `aadObjectId` are both in use."""
        ids = {"id": self.id, "objectId": self.aad_object_id, "aadObjectId": self.aad_object_id}
        given, _, surname = self.name.partition(" ")
        names = {"name": self.name, "givenName": given, "surname": surname}
        mail = {"email": self.email, "userPrincipalName": self.email} if self.email else {}
        return {**ids, **names, **mail, "userRole": self.role, "tenantId": self.tenant}

    def as_account(self) -> JsonObject:
        """Give the `from` of an activity."""
        return {"id": self.id, "name": self.name, "aadObjectId": self.aad_object_id}


@dataclass(frozen=True, kw_only=True)
class Place:
    """A personal chat, a group chat or a channel (not a thread)."""

    id: str
    kind: Kind
    name: str
    members: tuple[str, ...]
    team: str | None = None
    access: str = "standard"
    """`standard`: the whole team reads it; `private` and `shared` channels have members of their own."""
    hears_all: bool = False
    """Whether the team or chat lets the app hear what does not mention it (ChannelMessage.Read.Group, ChatMessage.Read.Chat)."""
    refuses: str = ""
    """An error code with which every call is refused with 403, such as BotDisabledByAdmin."""


@dataclass(kw_only=True)
class Tenant:
    """One tenant and all that was said in it."""

    people: dict[str, Person] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    teams: dict[str, str] = field(default_factory=dict)
    """Name by id."""
    activities: dict[str, dict[str, JsonObject]] = field(default_factory=dict)
    """By place and activity id, in the order in which they were posted; each has its `conversation.id`."""
    deleted: dict[str, JsonObject] = field(default_factory=dict)
    """Messages that their authors have deleted, which they may restore."""
    _last_id: int = 0

    def next_id(self) -> str:
        """Give an activity id later than every one before: milliseconds, as in Teams."""
        self._last_id = max(self._last_id + 1, time.time_ns() // 1_000_000)
        return str(self._last_id)

    def place(self, conversation: str) -> Place:
        """Give the place of a conversation or thread; refused with 404 or 403 where it is unknown or closed."""
        base, _, root = conversation.partition(MARK)
        found = self.places.get(base)
        if found is None or (root and root not in {**self.activities.get(base, {}), **self.deleted}):
            raise RefusalError(404, "ConversationNotFound", "Conversation not found.")
        if found.refuses:
            raise RefusalError(403, found.refuses)
        return found

    def roster(self, conversation: str) -> tuple[str, ...]:
        """Give who reads in a team, a channel or a chat; refused as `place` is.

        A standard channel has all members of its team, and so have together all its channels but the shared ones.
        """
        base = conversation.partition(MARK)[0]
        place = None if base in self.teams and base not in self.places else self.place(conversation)
        if place is not None and (place.team is None or place.access != "standard"):
            return place.members
        of_team = [one for one in self.places.values() if one.team == (place.team if place else base)]
        if any(one.refuses for one in of_team):
            raise RefusalError(403, next(one.refuses for one in of_team if one.refuses))
        return tuple(dict.fromkeys(member for one in of_team if one.access != "shared" for member in one.members))

    def somebody(self, id: str) -> Person | None:  # noqa: A002
        """Give a person by the id in Teams or by the Entra object id; both open a chat."""
        found = (person for person in self.people.values() if id in {person.id, person.aad_object_id})
        return next(found, None)

    def personal(self, person: str) -> Place:
        """Give the personal chat between the bot and somebody, opened where there is none."""
        for place in self.places.values():
            if place.kind == "personal" and place.members == (person,):
                return place
        opened = Place(id=f"a:1{person.removeprefix('29:')}", kind="personal", name="", members=(person,))
        self.places[opened.id] = opened
        return opened

    def change(self, place: str, **fields: object) -> None:
        """Change fields of a place, such as `members` or `refuses`."""
        changed: Place = replace(self.places[place], **fields)  # type: ignore[arg-type]
        self.places[place] = changed

    def add(self, conversation: str, activity: JsonObject) -> JsonObject:
        """Store an activity; one that goes to a channel and not to a thread begins a thread."""
        place = self.place(conversation)
        number = self.next_id()
        root = conversation.partition(MARK)[2]
        thread = f"{place.id}{MARK}{root or number}" if place.kind == "channel" else place.id
        about = {"id": thread, "conversationType": place.kind, "tenantId": TENANT, "isGroup": place.kind != "personal"}
        stored = {**activity, "id": number, "conversation": about}
        self.activities.setdefault(place.id, {})[number] = stored
        return stored

    def activity(self, conversation: str, activity: str) -> JsonObject:
        """Give one activity; refused with 404."""
        found = self.activities.get(self.place(conversation).id, {}).get(activity)
        if found is None:
            raise RefusalError(404, "ActivityNotFoundInConversation", "The activity was not found.")
        return found

    def thread(self, conversation: str) -> list[JsonObject]:
        """Give the activities of one thread or chat, oldest first; of a channel, all."""
        base, mark, _ = conversation.partition(MARK)
        kept = self.activities.get(base, {}).values()
        return [one for one in kept if not mark or one["conversation"]["id"] == conversation]

    def posts(self, conversation: str | None = None) -> list[JsonObject]:
        """Give what the bot posted, oldest first, in all places or in one thread, chat or channel."""
        if conversation is not None:
            said = self.thread(conversation)
        else:
            said = [one for kept in self.activities.values() for one in kept.values()]
        mine = [one for one in said if one.get("from", {}).get("id") == BOT_ID]
        return sorted(mine, key=lambda one: int(one["id"]))
