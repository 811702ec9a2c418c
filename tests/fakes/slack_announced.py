"""Events that are not about messages, in Slack's shapes: who came and went, what became of a channel, the app's own affairs.

Pure functions that give the `event` of an envelope. Sources: the samples that Slack's SDKs record, and Slack's reference
pages of `agent_session_stopped` and `app_home_opened`.
"""

from tests.fakes.faults import JsonObject
from tests.fakes.slack_state import Channel, Workspace


def _letter(channel: Channel) -> str:
    return "G" if channel.is_private else "C"


def joined(workspace: Workspace, user: str, channel: Channel, inviter: str) -> JsonObject:
    """Somebody came into a channel."""
    about = {"user": user, "channel": channel.id, "channel_type": _letter(channel), "team": workspace.team}
    more = {"inviter": inviter} if inviter else {}
    return {"type": "member_joined_channel", **about, **more, "event_ts": workspace.next_ts()}


def left(workspace: Workspace, user: str, channel: Channel) -> JsonObject:
    """Somebody went out of a channel."""
    about = {"user": user, "channel": channel.id, "channel_type": _letter(channel), "team": workspace.team}
    return {"type": "member_left_channel", **about, "event_ts": workspace.next_ts()}


def bot_removed(workspace: Workspace, actor: str, channel: Channel) -> JsonObject:
    """Somebody took the bot out of a channel."""
    kind = "group_left" if channel.is_private else "channel_left"
    return {"type": kind, "channel": channel.id, "actor_id": actor, "event_ts": workspace.next_ts()}


def archived(workspace: Workspace, user: str, channel: Channel, *, now: bool) -> JsonObject:
    """Somebody archived a channel, or took it back."""
    kind = f"{'group' if channel.is_private else 'channel'}_{'archive' if now else 'unarchive'}"
    return {"type": kind, "channel": channel.id, "user": user, "is_moved": 0, "event_ts": workspace.next_ts()}


def shared(workspace: Workspace, channel: Channel, with_team: str, *, now: bool) -> JsonObject:
    """Tell that a channel was shared with another organisation, or is no more."""
    about: JsonObject = {"channel": channel.id, "event_ts": workspace.next_ts()}
    if now:
        return {"type": "channel_shared", "connected_team_id": with_team, **about}
    kept = {"previously_connected_team_id": with_team, "is_ext_shared": channel.is_ext_shared}
    return {"type": "channel_unshared", **kept, **about}


def user_changed(workspace: Workspace, user: str) -> JsonObject:
    """Something about somebody changed."""
    person = workspace.users[user].as_slack(workspace.team)
    return {"type": "user_change", "user": person, "cache_ts": 0, "event_ts": workspace.next_ts()}


def home_opened(workspace: Workspace, user: str, tab: str) -> JsonObject:
    """Somebody opened the app: its home page or the chat with it."""
    event = {"type": "app_home_opened", "user": user, "channel": workspace.direct(user).id, "tab": tab}
    view = {"view": workspace.homes[user]} if tab == "home" and user in workspace.homes else {}
    return {**event, **view, "event_ts": workspace.next_ts()}


def stopped(workspace: Workspace, user: str, channel: str, thread: str, streams: list[str]) -> JsonObject:
    """Somebody pressed the stop button of an agent's session."""
    where = {"channel": channel, "thread_ts": thread, "streaming_message_ts": streams}
    return {"type": "agent_session_stopped", "user": user, **where, "event_ts": workspace.next_ts()}


def revoked(workspace: Workspace) -> JsonObject:
    """Tell that the app's tokens in a team are good no more."""
    return {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [workspace.bot_user]}}


def uninstalled() -> JsonObject:
    """Tell that a team threw the app out."""
    return {"type": "app_uninstalled"}


def file_shared(workspace: Workspace, file: JsonObject, channel: str) -> JsonObject:
    """Somebody shared a file."""
    about = {"file_id": file["id"], "user_id": file["user"], "file": {"id": file["id"]}, "channel_id": channel}
    return {"type": "file_shared", **about, "event_ts": workspace.next_ts()}
