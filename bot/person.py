"""Persons and their chat identities.

A person is one human; a chat identity is that human in one Slack team or Teams tenant. They are separate records: an identity
is linked to a person by the platform's own verified e-mail, and never for guests or external members.
Authority (roles) hangs on the person, so an unlinked identity has none.
"""

from dataclasses import dataclass, field
from typing import Literal

from bot.ids import IdentityId, PersonId

Platform = Literal["slack", "teams", "terminal"]
Decided = Literal["", "linked", "apart"]
RoleName = Literal["employee", "agent", "workspace_admin", "organisation_admin", "auditor"]


@dataclass(frozen=True, kw_only=True)
class Role:
    """What a person may do, in one workspace or (workspace None) everywhere."""

    name: RoleName
    workspace: str | None = None


@dataclass(frozen=True, kw_only=True)
class Person:
    """One human."""

    id: PersonId
    name: str
    email: str | None = None
    """Lower case; None for guests and whoever the platform gives no verified e-mail for."""
    manager: str | None = None
    """The manager's e-mail."""
    language: str = "en"
    attributes: dict[str, str] = field(default_factory=dict)
    """Department, location, employee type."""
    roles: tuple[Role, ...] = (Role(name="employee"),)

    def has_role(self, name: RoleName, workspace: str | None = None) -> bool:
        """Tell whether the person has the role there; organisation admins have every role."""
        return any(
            role.name == "organisation_admin" or (role.name == name and role.workspace in {None, workspace})
            for role in self.roles
        )


@dataclass(frozen=True, kw_only=True)
class Identity:
    """One chat account."""

    id: IdentityId
    """`platform:tenant:user`."""
    platform: Platform
    tenant: str
    """Slack team id, Entra tenant id; `local` in the terminal."""
    user: str
    """The platform's user id."""
    name: str = ""
    email: str | None = None
    """As the platform verified it, lower case."""
    guest: bool = False
    """A guest or an external member (Slack Connect, Teams guest): never linked by e-mail."""
    person_id: PersonId | None = None
    decided: Decided = ""
    """What an admin has decided about the link: `linked` to this person, while the account keeps its e-mail and is no guest; or
    `apart` from everybody, until an admin says otherwise."""


def identity_id(platform: str, tenant: str, user: str) -> IdentityId:
    """Return the key of an identity."""
    return IdentityId(f"{platform}:{tenant}:{user}")
