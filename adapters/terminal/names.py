"""Turns ids into the names that people know: coworkers, workspaces, agent groups, persons."""

from bot.conversation import Conversation
from bot.errors import Refused
from bot.ids import CoworkerId, WorkspaceId
from bot.person import Person
from bot.ports import Directory, Reader

DIRECT = "me:"
"""What the channel of a person's direct chat with Atom begins with; the e-mail follows."""


class Names:
    """Names from the directory and from the stored persons; what has none is called by its id."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def coworker(self, key: str) -> str:
        """Return a coworker's name."""
        card = self._directory.coworker(CoworkerId(key))
        return card.name if card else "Atom" if key == "atom" else key

    def workspace(self, key: str) -> str:
        """Return a workspace's name."""
        try:
            return self._directory.workspace(WorkspaceId(key)).name
        except Refused:
            return key

    def group(self, key: str) -> str:
        """Return `workspace/group` as people say it."""
        workspace, _, group = key.partition("/")
        return f"the {group or 'agents'} of {self.workspace(workspace)}"

    def colleagues(self, workspace: str | None) -> str:
        """Return whom a private support channel reaches."""
        return f"the {self.workspace(workspace)} team" if workspace else "colleagues"

    async def person(self, reader: Reader, key: str) -> str:
        """Return a person's name."""
        person = await reader.get(Person, key)
        return person.name if person else key

    def holder(self, kind: str, key: str) -> str:
        """Return who has a request, by the kind and id of its assignee; a person by id."""
        return self.coworker(key) if kind == "coworker" else self.group(key) if kind == "group" else key

    async def receiver(self, reader: Reader, key: str) -> str:
        """Return the name behind a packet's sender or receiver, which may be a coworker, a group or a person."""
        if "/" in key:
            return self.group(key)
        if self._directory.coworker(CoworkerId(key)) is not None or key == "atom":
            return self.coworker(key)
        return await self.person(reader, key)

    async def partner(self, reader: Reader, conversation: Conversation) -> str:
        """Return who reads a direct chat."""
        email = conversation.channel.removeprefix(DIRECT)
        found = await reader.find(Person, email=email, limit=1)
        return found[0].name if found else email
