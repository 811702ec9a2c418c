"""Modals and home pages as Slack keeps them: who has which open, in which version, and what a bot answers to a form.

A modal opens for the person whose trigger_id the bot spends, and at most three lie on each other. Every version has a
hash, so that a bot which changes what somebody has changed since is told. The answer to a form that was sent closes it,
clears all, puts another in its place or on top, or names what is wrong with which field.
"""

import json

from tests.fakes.faults import JsonObject
from tests.fakes.slack_limits import view_problems
from tests.fakes.slack_state import APP, RefusalError, Workspace

MOST_VIEWS = 3


def _view(workspace: Workspace, view: object, **known: object) -> JsonObject:
    try:
        document: JsonObject = json.loads(view) if isinstance(view, str) else dict(view or {})  # type: ignore[call-overload]
    except (ValueError, TypeError):
        raise RefusalError("invalid_arguments") from None
    if wrong := view_problems(document):
        raise RefusalError("invalid_arguments", response_metadata={"messages": wrong})
    number = next(workspace.numbers)
    ids = {"id": f"V{number}", "hash": f"{number}.hash", "team_id": workspace.team, "app_id": APP}
    blocks = [{"block_id": f"b{next(workspace.numbers)}", **block} for block in document.get("blocks", [])]
    rest = {"bot_id": workspace.bot, "app_installed_team_id": workspace.team, "previous_view_id": None}
    plain = {"private_metadata": "", "callback_id": "", "external_id": "", "state": {"values": {}}}
    made: JsonObject = {**plain, **document, "blocks": blocks, **ids, **rest, "root_view_id": ids["id"], **known}
    return made


def _check_hash(old: JsonObject, arguments: JsonObject) -> None:
    if arguments.get("hash") and arguments["hash"] != old["hash"]:
        raise RefusalError("hash_conflict")


def publish_view(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """views.publish."""
    user = str(arguments.get("user_id", ""))
    if user not in workspace.users:
        raise RefusalError("user_not_found")
    old = workspace.homes.get(user)
    if old is not None:
        _check_hash(old, arguments)
    view = _view(workspace, arguments.get("view"))
    if view["type"] != "home":
        raise RefusalError("invalid_arguments")
    if old is not None:
        view |= {"id": old["id"], "root_view_id": old["id"]}
    workspace.homes[user] = view
    return {"view": view}


def _modal(workspace: Workspace, view: object, **known: object) -> JsonObject:
    made = _view(workspace, view, **known)
    if made["type"] != "modal":
        raise RefusalError("invalid_arguments")
    return made


def open_view(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """views.open: the trigger_id must be fresh and unused."""
    user = workspace.use_trigger(str(arguments.get("trigger_id", "")))
    view = _modal(workspace, arguments.get("view"))
    workspace.views[view["id"]] = view
    workspace.stacks[user] = [view["id"]]
    return {"view": view}


def push_view(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """views.push: on top of the modal in which the trigger_id was made."""
    user = workspace.use_trigger(str(arguments.get("trigger_id", "")))
    return {"view": _pushed(workspace, user, arguments.get("view"))}


def _pushed(workspace: Workspace, user: str, view: object) -> JsonObject:
    stack = workspace.stacks.get(user) or []
    if not stack:
        raise RefusalError("not_found")
    if len(stack) == MOST_VIEWS:
        raise RefusalError("push_limit_reached")
    made = _modal(workspace, view, root_view_id=stack[0], previous_view_id=stack[-1])
    workspace.views[made["id"]] = made
    stack.append(made["id"])
    return made


def update_view(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """views.update, by view_id or external_id; a stale hash is refused, and a view that nobody has open is not found."""
    key, external = str(arguments.get("view_id") or ""), arguments.get("external_id")
    if external:
        key = next((view["id"] for view in workspace.views.values() if view["external_id"] == external), "")
    if not any(key in stack for stack in workspace.stacks.values()):
        raise RefusalError("not_found")
    _check_hash(workspace.views[key], arguments)
    return {"view": _replaced(workspace, key, arguments.get("view"))}


def _replaced(workspace: Workspace, key: str, view: object) -> JsonObject:
    old = workspace.views[key]
    known = {name: old[name] for name in ("id", "root_view_id", "previous_view_id")}
    workspace.views[key] = _modal(workspace, view, **known)
    return workspace.views[key]


def top(workspace: Workspace, user: str) -> JsonObject | None:
    """Give the modal that a user looks at."""
    stack = workspace.stacks.get(user)
    return workspace.views[stack[-1]] if stack else None


def close(workspace: Workspace, user: str, key: str) -> None:
    """Take a modal off the pile."""
    stack = workspace.stacks.get(user, [])
    if key in stack:
        stack.remove(key)


def answered(workspace: Workspace, user: str, key: str, body: str) -> dict[str, str]:
    """Do what a bot answered to a form; give the fields that it found wrong. ValueError: Slack shows that it had trouble."""
    answer = json.loads(body) if body.strip() else {}
    if not isinstance(answer, dict):
        raise ValueError("The answer to a form is no object.")  # noqa: TRY004 -- data, not a caller
    action = answer.get("response_action")
    if action == "errors":
        errors = {str(block): str(words) for block, words in dict(answer.get("errors") or {}).items()}
        inputs = {block["block_id"] for block in workspace.views[key]["blocks"] if block["type"] == "input"}
        if not errors or not errors.keys() <= inputs:
            raise ValueError(f"The errors name {sorted(errors)}; the form's fields are {sorted(inputs)}.")
        return errors
    try:
        if action == "update":
            _replaced(workspace, key, answer.get("view"))
        elif action == "push":
            _pushed(workspace, user, answer.get("view"))
    except RefusalError as refusal:
        raise ValueError(f"Slack does not take the view: {refusal.error} {refusal.more}") from None
    if action == "clear":
        workspace.stacks[user] = []
    elif action is None:
        close(workspace, user, key)
    elif action not in ("update", "push"):
        raise ValueError(f"There is no response_action {action!r}.")
    return {}
