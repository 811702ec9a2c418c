"""Who may give which commands: the role that a command needs somewhere, and the one that its subject needs there.

A command is listed for whoever has its role in any workspace. What it is about is judged again by whoever carries it out, against the
workspace of that request or coworker.
"""

from bot.desk.access import led_by, works_in
from bot.desk.desk import Desk
from bot.errors import Refused
from bot.ids import WorkspaceId
from bot.person import Person, RoleName
from bot.wording import commands as wording
from bot.workspace import Workspace


def has_somewhere(desk: Desk, person: Person, role: RoleName) -> bool:
    """Tell whether `person` has this role in any workspace."""
    match role:
        case "employee":
            return True
        case "agent":
            return bool(works_in(desk, person))
        case "workspace_admin":
            return bool(led_by(desk, person))
        case _:
            return person.has_role(role)


def admin_for(desk: Desk, person: Person, workspace: WorkspaceId | None) -> None:
    """Refuse anybody but an admin of the workspace or, where there is none, of the organisation; the refusal names the role."""
    if workspace is None:
        if not person.has_role("organisation_admin"):
            raise Refused(wording.organisation_only())
    elif not person.has_role("workspace_admin", workspace):
        raise Refused(wording.admins_only(desk.workspace(workspace).name))


def home_of(desk: Desk, number: str) -> Workspace | None:
    """Return the workspace that gave out a number, as its prefix tells; None when there is none (any more)."""
    return next((item for item in desk.directory.workspaces() if item.prefix == number.partition("-")[0]), None)


def gives_out(desk: Desk, person: Person, number: str) -> bool:
    """Tell whether `person` is an agent where the number was given, who may know that it goes by nothing or has moved."""
    home = home_of(desk, number)
    return home is not None and desk.is_agent(person, home.id)
