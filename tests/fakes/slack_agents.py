"""What an agent shows beside a thread: its status, a title, suggested prompts, and the session with its stop button.

A status lasts until the app posts in the thread or sets an empty one. A session does not end by itself: also after somebody
pressed stop, the app has to say that it no longer works. Sources: Slack's reference pages of assistant.threads.* and
agents.sessions.*.
"""

from tests.fakes.faults import JsonObject
from tests.fakes.slack_state import RefusalError, Workspace

STATUSES = {"active", "processing", "suspended", "closed"}
MOST_PROMPTS = 4
LONGEST_TITLE = 200


def _thread(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    channel = workspace.writable(str(arguments.get("channel_id", "")))
    thread = str(arguments.get("thread_ts") or "")
    kept = workspace.messages.get(channel.id, {})
    if thread not in kept:
        raise RefusalError("invalid_thread_ts")
    return workspace.thread_state(channel.id, thread)


def set_status(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """assistant.threads.setStatus."""
    if not isinstance(arguments.get("status"), str):
        raise RefusalError("invalid_arguments")
    workspace.statuses.append(arguments)
    _thread(workspace, arguments)["status"] = arguments["status"]
    return {}


def set_title(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """assistant.threads.setTitle, of a direct chat's thread."""
    if not arguments.get("title"):
        raise RefusalError("invalid_arguments")
    if not workspace.channel(str(arguments.get("channel_id", ""))).is_im:
        raise RefusalError("channel_type_not_supported")
    _thread(workspace, arguments)["title"] = arguments["title"]
    return {}


def set_prompts(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """assistant.threads.setSuggestedPrompts; without a thread they are shown in the whole direct chat."""
    prompts = arguments.get("prompts")
    if not isinstance(prompts, list) or not 0 < len(prompts) <= MOST_PROMPTS:
        raise RefusalError("invalid_arguments")
    if not all(isinstance(item, dict) and item.get("title") and item.get("message") for item in prompts):
        raise RefusalError("invalid_arguments")
    channel = workspace.channel(str(arguments.get("channel_id", "")))
    if not channel.is_im:
        raise RefusalError("channel_type_not_supported")
    workspace.thread_state(channel.id, str(arguments.get("thread_ts") or ""))["prompts"] = prompts
    return {}


def set_session(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """agents.sessions.setStatus: makes the session where there is none."""
    if arguments.get("status") not in STATUSES:
        raise RefusalError("invalid_arguments")
    if len(str(arguments.get("title") or "")) > LONGEST_TITLE:
        raise RefusalError("invalid_arguments")
    state = _thread(workspace, arguments)
    if "session" not in state:
        state["session_title"] = arguments.get("title") or ""
    state["session"] = arguments["status"]
    return {"status": state["session"], "agent_status": state["session"], "title": state["session_title"]}


def rename_session(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """agents.sessions.rename."""
    state = _thread(workspace, arguments)
    if "session" not in state:
        raise RefusalError("session_not_found")
    if not 0 < len(str(arguments.get("title") or "")) <= LONGEST_TITLE:
        raise RefusalError("invalid_arguments")
    state["session_title"] = arguments["title"]
    return {"title": arguments["title"]}
