"""What every use case is given besides its unit of work: who works here, which platforms are connected, and the time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.errors import TemporaryError
from bot.ids import CoworkerId, WorkspaceId
from bot.labels import Actor
from bot.mailroom import Bell
from bot.person import Person
from bot.ports import Clock, Directory
from bot.request import Request
from bot.workspace import CoworkerCard, Workspace


def _nobody(_: WorkspaceId) -> Sequence[str]:
    return ()


def _everybody(_platform: str, _tenant: str) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The desk's surroundings, the same for all requests."""

    directory: Directory
    clock: Clock
    platforms: frozenset[str] = frozenset()
    """Connected chat platforms: notes are posted there."""
    tenant_of: Callable[[str], str] = str
    """Platform → the tenant that Deskmate is connected to there; empty while that is not known yet."""
    trusted: Callable[[str, str], bool] = _everybody
    """Platform, tenant → whether the e-mails of its accounts are believed; `TemporaryError` while that is not known."""
    admins_of: Callable[[WorkspaceId], Sequence[str]] = _nobody
    """Workspace → the e-mails of its admins, who are told what cannot be delivered."""
    redact: Callable[[str], str] = str
    """Takes secrets out of what is stored and posted."""

    def now(self) -> datetime:
        """Return the present moment."""
        return self.clock.now()

    def workspace(self, key: WorkspaceId) -> Workspace:
        """Return a workspace; `Refused` when there is none."""
        return self.directory.workspace(key)

    def known_workspace(self, key: WorkspaceId) -> Workspace | None:
        """Return a workspace; None when it is no longer in the workforce folder."""
        return next((item for item in self.directory.workspaces() if item.id == key), None)

    def coworker(self, key: str) -> CoworkerCard | None:
        """Return a coworker, whatever its state; None when there is none."""
        return self.directory.coworker(CoworkerId(key))

    def coworker_actor(self, key: str, request: Request | None = None) -> Actor:
        """Return a coworker as the one who acts, on behalf of the requester."""
        card = self.coworker(key)
        name = card.name if card else key
        return Actor(kind="coworker", id=key, name=name, on_behalf_of=request.requester if request else None)

    def support_channels(self, workspace: Workspace) -> dict[str, str]:
        """Return platform → private support channel, for the connected platforms.

        The terminal shows everything to one operator; there every workspace has a channel of its own.
        """
        channels = {name: channel for name, channel in workspace.support_channels.items() if name in self.platforms}
        if "terminal" in self.platforms:
            channels.setdefault("terminal", f"support-{workspace.id}")
        return channels

    def tenant(self, platform: str) -> str:
        """Return the tenant of a connected platform; `TemporaryError` while it is not known."""
        tenant = self.tenant_of(platform)
        if not tenant:
            raise TemporaryError(f"{platform} has not been reached since the start", delay=2.0)
        return tenant

    def is_agent(self, person: Person, workspace: WorkspaceId) -> bool:
        """Tell whether a person works in a workspace: by role, or in one of its agent groups. In one that is gone nobody does."""
        found = self.known_workspace(workspace)
        if found is None:
            return False
        if person.has_role("agent", workspace) or person.has_role("workspace_admin", workspace):
            return True
        return person.email is not None and any(person.email in members for members in found.groups.values())


def bell_of(request: Request) -> Bell:
    """Return the bell of a request's mailbox."""
    return Bell(kind="request", subject=request.id, priority=request.priority)


def person_actor(person: Person, on_behalf_of: str | None = None) -> Actor:
    """Return a person as the one who acts."""
    return Actor(kind="person", id=person.id, name=person.name, on_behalf_of=on_behalf_of)
