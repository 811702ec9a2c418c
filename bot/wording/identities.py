"""What admins are told about people and their chat accounts."""

from collections.abc import Sequence

from bot.person import Identity, Person, Role
from bot.wording.command_help import usage

_LINKED = {"": "by its e-mail", "linked": "by an admin", "apart": "set apart by an admin"}
_ROLES = {
    "agent": "agent",
    "workspace_admin": "workspace admin",
    "organisation_admin": "organisation admin",
    "auditor": "auditor",
}


def account(identity: Identity) -> str:
    """Return an account on one line."""
    what = "guest" if identity.guest else identity.email or "no verified e-mail"
    linked = "" if identity.guest else f", linked {_LINKED[identity.decided]}"
    if identity.decided == "apart":
        linked = f", {_LINKED['apart']}"
    return f"`{identity.id}` {identity.name} ({what}{linked})".replace("  ", " ")


def person(found: Person, accounts: Sequence[Identity]) -> str:
    """Return a person with roles and accounts as an item of a list."""
    roles = [_role(role) for role in found.roles if role.name in _ROLES]
    head = f"- **{found.name}** ({found.email or 'no e-mail, so no authority'}): {', '.join(roles) or 'employee'}"
    return "\n".join([head, *(f"  - {account(item)}" for item in accounts)] if accounts else [f"{head}; no account"])


def _role(role: Role) -> str:
    return f"{_ROLES[role.name]} of {role.workspace}" if role.workspace else _ROLES[role.name]


def people(lines: Sequence[str], *, more: int) -> str:
    """List who was found."""
    rest = f"\n\n{more} more are not shown; write more of the name." if more else ""
    return "\n".join(lines) + rest


def nobody(word: str) -> str:
    """Answer a search that found nobody."""
    return f"I know nobody called `{word}`. Write part of a name, an e-mail or an account such as `slack:T012:U034`."


def no_account(word: str, name: str) -> str:
    """Answer a command about an account that is not known."""
    return usage(name, f"I know no account `{word}`. Accounts are known once they have written to me.")


def several(word: str, accounts: Sequence[Identity]) -> str:
    """Ask which of several accounts is meant."""
    return f"`{word}` has several accounts. Write one of them:\n" + "\n".join(f"- {account(item)}" for item in accounts)


def no_person(word: str) -> str:
    """Answer a link to somebody who is not known."""
    return f"I know nobody with the e-mail `{word}`. Write the e-mail of somebody whom `who-is` finds."


def not_vouched_for(key: str) -> str:
    """Refuse to link an account from outside."""
    return (
        f"`{key}` can't be linked to anybody: it is a guest's, of another organisation, or its platform tells no verified e-mail. "
        "Have it made a full account there, then let its owner write to me once."
    )


def own_account() -> str:
    """Decline to let an admin lock themselves out."""
    return "That is the account that you are writing with. Ask another organisation admin."


def linked(key: str, found: Person) -> str:
    """Confirm a link."""
    return (
        f"`{key}` is {found.name} ({found.email}) now, with all their roles. Write `unlink-account {key}` to undo this."
    )


def linked_already(key: str, found: Person) -> str:
    """Say that nothing had to be changed."""
    return f"`{key}` was linked to {found.name} ({found.email}) already."


def unlinked(key: str) -> str:
    """Confirm that an account is nobody's."""
    return (
        f"`{key}` has no authority any more, and its e-mail won't link it again. What was asked for with it stays as it is. "
        f"Write `link-account {key} to` and an e-mail to link it."
    )


def unlinked_already(key: str) -> str:
    """Say that nothing had to be changed."""
    return f"`{key}` is set apart already. Write `link-account {key} to` and an e-mail to link it."
