"""The names that Slack knows: bot scopes, and events of the Events API. A manifest with any other is misspelt.

Slack's published schema takes any text for them (docs.slack.dev/reference/scopes and /events list the names).
"""

_READ_WRITE = (
    "bookmarks",
    "canvases",
    "dnd",
    "emoji",
    "files",
    "links",
    "lists",
    "pins",
    "reactions",
    "reminders",
    "remote_files",
    "team",
    "usergroups",
    "users",
)
_CHANNELS = ("channels", "groups", "im", "mpim")

SCOPES = frozenset(
    {
        *(f"{name}:read" for name in _READ_WRITE),
        *(f"{name}:write" for name in _READ_WRITE),
        *(
            f"{kind}:{what}"
            for kind in _CHANNELS
            for what in ("history", "read", "write", "write.invites", "write.topic")
        ),
        "app_mentions:read",
        "assistant:write",
        "calls:read",
        "calls:write",
        "channels:join",
        "channels:manage",
        "chat:write",
        "chat:write.customize",
        "chat:write.public",
        "commands",
        "conversations.connect:manage",
        "conversations.connect:read",
        "conversations.connect:write",
        "incoming-webhook",
        "links.embed:write",
        "metadata.message:read",
        "remote_files:share",
        "search:read.files",
        "search:read.public",
        "search:read.users",
        "team.billing:read",
        "team.preferences:read",
        "tokens.basic",
        "users.profile:read",
        "users:read.email",
        "workflow.steps:execute",
    }
)
"""Scopes of bot tokens."""

_KINDS = {
    "channel": "archive created deleted history_changed id_changed left rename shared unarchive unshared",
    "group": "archive close deleted history_changed left open rename unarchive",
    "im": "close created history_changed open",
    "file": "change created deleted public shared unshared",
    "app": "context_changed deleted home_opened installed mention rate_limited requested uninstalled uninstalled_team",
    "agent": "session_stopped session_title_changed",
    "assistant": "thread_context_changed thread_started",
    "message": "app_home channels groups im mpim metadata_deleted metadata_posted metadata_updated",
    "member": "joined_channel left_channel",
    "pin": "added removed",
    "reaction": "added removed",
    "star": "added removed",
    "subteam": "created members_changed self_added self_removed updated",
    "team": "access_granted access_revoked domain_change join rename",
    "user": "change huddle_changed profile_changed resource_denied resource_granted resource_removed status_changed",
    "shared_channel_invite": "accepted approved declined received requested",
    "workflow": "deleted published step_deleted step_execute unpublished",
}
EVENTS = frozenset(
    {
        *(
            f"{kind}{'.' if kind == 'message' and not name.startswith('metadata') else '_'}{name}"
            for kind, names in _KINDS.items()
            for name in names.split()
        ),
        "call_rejected",
        "dnd_updated",
        "dnd_updated_user",
        "email_domain_changed",
        "emoji_changed",
        "entity_details_requested",
        "function_executed",
        "grid_migration_finished",
        "grid_migration_started",
        "invite_requested",
        "link_shared",
        "scope_denied",
        "scope_granted",
        "tokens_revoked",
    }
)
"""Events that an app can subscribe to."""
