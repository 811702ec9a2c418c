"""The Web API methods that look things up: who the bot is, who somebody is, what a channel is, what was said.

Pages are cut as Slack cuts them, with a cursor that means nothing to the caller. A test makes pages small by setting
`page_size`, so that a caller that reads the first page only is found out.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping

from tests.fakes import slack_agents as agents
from tests.fakes import slack_chat as chat
from tests.fakes import slack_streams as streams
from tests.fakes import slack_views as views
from tests.fakes.faults import JsonObject
from tests.fakes.slack_state import APP, RefusalError, Workspace

Method = Callable[[Workspace, JsonObject], JsonObject]


def _number(arguments: JsonObject, name: str, default: int) -> int:
    return int(arguments.get(name) or default)


def _flag(arguments: JsonObject, name: str) -> bool:
    return str(arguments.get(name, "")).lower() in ("1", "true")


def _page(items: list[JsonObject] | list[str], arguments: JsonObject, most: int) -> tuple[list[object], JsonObject]:
    start = 0
    if cursor := arguments.get("cursor"):
        try:
            start = int(b64decode(str(cursor)).decode().removeprefix("next:"))
        except ValueError:
            raise RefusalError("invalid_cursor") from None
    end = start + min(_number(arguments, "limit", 100), most)
    more = end < len(items)
    cursor = b64encode(f"next:{end}".encode()).decode() if more else ""
    return list(items[start:end]), {"has_more": more, "response_metadata": {"next_cursor": cursor}}


def auth_test(workspace: Workspace, _arguments: JsonObject) -> JsonObject:
    """auth.test."""
    who = {"user": "atom", "user_id": workspace.bot_user, "bot_id": workspace.bot}
    grid = {"enterprise_id": workspace.enterprise} if workspace.enterprise else {}
    url = f"https://{workspace.name.lower()}.slack.com/"
    where = {"url": url, "team": workspace.name, "team_id": workspace.team}
    return {**where, **who, **grid, "is_enterprise_install": False}


def bot_info(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """bots.info."""
    if arguments.get("bot") != workspace.bot:
        raise RefusalError("bot_not_found")
    who = {"id": workspace.bot, "user_id": workspace.bot_user, "app_id": APP}
    return {"bot": {**who, "deleted": False, "name": "Atom"}}


def user_info(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """users.info."""
    user = workspace.users.get(str(arguments.get("user", "")))
    if user is None:
        raise RefusalError("user_not_found")
    return {"user": user.as_slack(workspace.team)}


def user_by_email(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """users.lookupByEmail: people of this team who are not deleted."""
    for user in workspace.users.values():
        if user.email and user.email == arguments.get("email") and user.team_id == workspace.team and not user.deleted:
            return {"user": user.as_slack(workspace.team)}
    raise RefusalError("users_not_found")


def channel_info(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """conversations.info; a shared channel says `is_ext_shared` (events say `is_ext_shared_channel`)."""
    channel = workspace.channel(str(arguments.get("channel", "")))
    document = channel.as_slack(workspace.team, workspace.bot_user)
    if _flag(arguments, "include_num_members"):
        document["num_members"] = len(channel.members)
    return {"channel": document}


def members(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """conversations.members."""
    channel = workspace.channel(str(arguments.get("channel", "")))
    page, more = _page(list(channel.members), arguments, workspace.page_size)
    return {"members": page, "response_metadata": more["response_metadata"]}


def _shown(messages: list[JsonObject], arguments: JsonObject) -> list[JsonObject]:
    oldest, latest = str(arguments.get("oldest") or "0"), str(arguments.get("latest") or "9" * 10)
    inclusive = _flag(arguments, "inclusive")

    def within(ts: str) -> bool:
        return float(oldest) < float(ts) < float(latest) or (inclusive and ts in (oldest, latest))

    chosen = [message for message in messages if within(message["ts"])]
    if _flag(arguments, "include_all_metadata"):
        return chosen
    return [chat.without_metadata(message) for message in chosen]


def _readable(workspace: Workspace, arguments: JsonObject) -> str:
    channel = workspace.channel(str(arguments.get("channel", "")))
    if workspace.bot_user not in channel.members:
        raise RefusalError("not_in_channel")
    return channel.id


def history(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """conversations.history: newest first, without the replies in threads."""
    kept = workspace.messages.get(_readable(workspace, arguments), {}).values()
    roots = [message for message in kept if message.get("thread_ts", message["ts"]) == message["ts"]]
    page, more = _page(_shown(roots, arguments)[::-1], arguments, workspace.page_size)
    return {"messages": page, **more}


def replies(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """conversations.replies: the parent, then its replies, oldest first."""
    channel = _readable(workspace, arguments)
    parent, *rest = workspace.thread(channel, str(arguments.get("ts", "")))
    page, more = _page(_shown(rest, arguments), arguments, workspace.page_size)
    shown = parent if _flag(arguments, "include_all_metadata") else chat.without_metadata(parent)
    first = [] if arguments.get("cursor") else [{**shown, "reply_count": len(rest)}]
    return {"messages": [*first, *page], **more}


def open_channel(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """conversations.open, for one user."""
    user = workspace.users.get(str(arguments.get("users", "")))
    if user is None or user.deleted:
        raise RefusalError("user_not_found" if user is None else "user_disabled")
    return {"channel": {"id": workspace.direct(user.id).id}}


def join(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """conversations.join, of a public channel."""
    channel = workspace.channel(str(arguments.get("channel", "")))
    if channel.is_archived or channel.is_private:
        raise RefusalError("is_archived" if channel.is_archived else "method_not_supported_for_channel_type")
    if workspace.bot_user not in channel.members:
        workspace.change(channel.id, members=(*channel.members, workspace.bot_user))
    return {"channel": workspace.channels[channel.id].as_slack(workspace.team, workspace.bot_user)}


def leave(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """conversations.leave, by the bot."""
    channel = workspace.channel(str(arguments.get("channel", "")))
    if workspace.bot_user not in channel.members:
        return {"not_in_channel": True}
    workspace.change(channel.id, members=tuple(item for item in channel.members if item != workspace.bot_user))
    return {}


def conversations_of(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """users.conversations: where a user is too, or (without `user`) where the bot is; public channels unless `types` says more."""
    wanted = str(arguments.get("types") or "public_channel").split(",")
    user = str(arguments.get("user") or workspace.bot_user)
    found = [
        channel.as_slack(workspace.team, workspace.bot_user)
        for channel in workspace.channels.values()
        if {user, workspace.bot_user} <= set(channel.members)
        and channel.type in wanted
        and not (channel.is_archived and _flag(arguments, "exclude_archived"))
    ]
    page, more = _page(found, arguments, workspace.page_size)
    return {"channels": page, "response_metadata": more["response_metadata"]}


def team_info(workspace: Workspace, _arguments: JsonObject) -> JsonObject:
    """team.info."""
    team = {"id": workspace.team, "name": workspace.name, "domain": workspace.name.lower()}
    grid = {"enterprise_id": workspace.enterprise, "enterprise_name": "Grid"} if workspace.enterprise else {}
    return {"team": {**team, **grid}}


def file_info(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """files.info, of a file that was shared where the bot is."""
    found = workspace.files.get(str(arguments.get("file", "")))
    places = found["channels"] if found is not None else []
    if found is None or not any(workspace.bot_user in workspace.channels[place].members for place in places):
        raise RefusalError("file_not_found")
    return {"file": found}


METHODS: Mapping[str, Method] = {
    "auth.test": auth_test,
    "bots.info": bot_info,
    "users.info": user_info,
    "users.lookupByEmail": user_by_email,
    "conversations.info": channel_info,
    "conversations.members": members,
    "conversations.history": history,
    "conversations.replies": replies,
    "conversations.open": open_channel,
    "conversations.join": join,
    "conversations.leave": leave,
    "users.conversations": conversations_of,
    "team.info": team_info,
    "files.info": file_info,
    "chat.postMessage": chat.post_message,
    "chat.update": chat.update,
    "chat.delete": chat.delete,
    "chat.postEphemeral": chat.post_ephemeral,
    "chat.getPermalink": chat.permalink,
    "chat.startStream": streams.start,
    "chat.appendStream": streams.append,
    "chat.stopStream": streams.stop,
    "reactions.add": chat.add_reaction,
    "reactions.remove": chat.remove_reaction,
    "assistant.threads.setStatus": agents.set_status,
    "assistant.threads.setTitle": agents.set_title,
    "assistant.threads.setSuggestedPrompts": agents.set_prompts,
    "agents.sessions.setStatus": agents.set_session,
    "agents.sessions.rename": agents.rename_session,
    "views.publish": views.publish_view,
    "views.open": views.open_view,
    "views.push": views.push_view,
    "views.update": views.update_view,
}
