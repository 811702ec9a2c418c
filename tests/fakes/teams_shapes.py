"""What Teams sends to a bot: messages, edits, deletions and card actions, as activities in Teams' shapes.

Pure functions. A message in a channel reaches the bot with its mention in the text, in the entities, and once more as
an HTML attachment that is no file; team, channel and tenant are in the channel data.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape

from tests.fakes.faults import JsonObject
from tests.fakes.teams_state import BOT_ID, BOT_NAME, TENANT, Person, Place, group_of


def _base(kind: str, person: Person, place: Place, service_url: str) -> JsonObject:
    now = datetime.now(UTC)
    channel_data: JsonObject = {"tenant": {"id": TENANT}}
    if place.kind == "channel":
        channel_data |= {"teamsChannelId": place.id, "teamsTeamId": place.team}
        own = {} if place.access == "standard" else {"type": place.access}
        channel_data |= {"channel": {"id": place.id, **own}, "team": _team(place)}
    return {
        "type": kind,
        "timestamp": now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "localTimestamp": now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "localTimezone": "Europe/London",
        "locale": "en-GB",
        "channelId": "msteams",
        "serviceUrl": service_url,
        "from": person.as_account(),
        "recipient": {"id": BOT_ID, "name": BOT_NAME},
        "channelData": channel_data,
    }


def _team(place: Place) -> JsonObject:
    return {"id": place.team, **({"aadGroupId": group_of(place.team)} if place.team else {})}


def message(person: Person, place: Place, text: str, service_url: str, *, mention: bool) -> JsonObject:
    """Give a message; `id` and `conversation` are added when it is stored."""
    named = f"<at>{BOT_NAME}</at>"
    client = {"locale": "en-GB", "country": "GB", "platform": "Web", "timezone": "Europe/London", "type": "clientInfo"}
    entities: list[JsonObject] = [client]
    html = f"<p>{escape(text)}</p>"
    if mention:
        entities.append({"type": "mention", "mentioned": {"id": BOT_ID, "name": BOT_NAME}, "text": named})
        text = f"{named} {text}"
        html = (
            f'<p><span itemscope="" itemtype="http://schema.skype.com/Mention" itemid="0">{BOT_NAME}</span>{html}</p>'
        )
    return {
        **_base("message", person, place, service_url),
        "text": text,
        "textFormat": "plain",
        "attachments": [{"contentType": "text/html", "content": html}],
        "entities": entities,
    }


def quoting(message: JsonObject, quoted: JsonObject, *, in_html: bool = False) -> JsonObject:
    """Give a message with a quote, told by an entity and a tag, or (`in_html`) by its HTML copy and the beginning of its text."""
    key, writer, preview = quoted["id"], quoted["from"]["name"], (quoted.get("text") or "")[:200]
    text = message["text"]
    if in_html:
        block = (
            f'<blockquote itemscope="" itemtype="http://schema.skype.com/Reply" itemid="{key}"><strong itemprop="mri">{writer}'
            f'</strong><span itemprop="time" itemid="{key}"></span><p itemprop="preview">{escape(preview)}</p></blockquote>'
        )
        copy = {"contentType": "text/html", "content": f"<div>{block}<p>{escape(text)}</p></div>"}
        return {**message, "text": f"{writer}{escape(preview)}\r\n\r\n{text}", "attachments": [copy]}
    about = {"messageId": key, "senderId": quoted["from"]["id"], "senderName": writer, "preview": preview, "time": key}
    entity = {"type": "quotedReply", "quotedReply": {**about, "validatedMessageReference": True}}
    return {**message, "text": f'<quoted messageId="{key}"/> {text}', "entities": [*message["entities"], entity]}


def attached(message: JsonObject, name: str) -> JsonObject:
    """Give a message with a file, as a bot is told of it in a personal chat."""
    folder = "https://contoso-my.sharepoint.com/personal/files"
    content = {"downloadUrl": f"{folder}/download?{name}", "uniqueId": name, "fileType": name.rpartition(".")[2]}
    kind = "application/vnd.microsoft.teams.file.download.info"
    file = {"contentType": kind, "contentUrl": f"{folder}/{name}", "name": name, "content": content}
    return {**message, "attachments": [*message["attachments"], file]}


def changed(old: JsonObject, text: str, event: str = "editMessage") -> JsonObject:
    """Give the messageUpdate of an edited message, or (`undeleteMessage`) of one that was restored."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    data = {**old["channelData"], "eventType": event}
    return {**old, "type": "messageUpdate", "timestamp": now, "text": text, "channelData": data}


def deleted(old: JsonObject) -> JsonObject:
    """Give the messageDelete of a deleted message."""
    data = {**old["channelData"], "eventType": "softDeleteMessage"}
    kept = {key: value for key, value in old.items() if key not in ("text", "attachments", "entities")}
    return {**kept, "type": "messageDelete", "channelData": data}


def joined(person: Person, place: Place, service_url: str, *, bot: bool) -> JsonObject:
    """Give the conversationUpdate that says that somebody, or the bot, was added."""
    added = {"id": BOT_ID} if bot else {"id": person.id, "aadObjectId": person.aad_object_id}
    return {**_base("conversationUpdate", person, place, service_url), "membersAdded": [added]}


def _actions(node: object) -> Iterator[JsonObject]:
    if isinstance(node, dict):
        if str(node.get("type", "")).startswith("Action."):
            yield node
        for key, value in node.items():
            if key != "refresh":  # what a client asks by itself is no button
                yield from _actions(value)
    elif isinstance(node, list):
        for item in node:
            yield from _actions(item)


def words(activity: JsonObject) -> str:
    """Give the text of an activity and, as JSON, its cards: what a test looks for words in."""
    cards = json.dumps(activity.get("attachments") or [], ensure_ascii=False)
    return f"{activity.get('text') or ''}\n{cards}"


def find_action(activity: JsonObject, data: JsonObject, verb: str | None) -> JsonObject:
    """Find the button of a card that agrees with `verb` and with `data`; LookupError names those that there are."""
    actions = list(_actions(activity.get("attachments", [])))

    def agreement(action: JsonObject) -> int:
        own = action.get("data") or {}
        if verb not in (None, action.get("verb")) or any(own[key] != data[key] for key in own.keys() & data.keys()):
            return -1
        return len(own.keys() & data.keys())

    best = max(actions, key=agreement, default=None)
    if best is None or agreement(best) < 0:
        known = ", ".join(str(action.get("verb") or action.get("title")) for action in actions) or "none"
        raise LookupError(f"The card has no such button; it has: {known}.")
    return best


def invoked(
    person: Person, place: Place, name: str, about: JsonObject, value: JsonObject, service_url: str
) -> JsonObject:
    """Give an invoke of a dialogue."""
    return {**_base("invoke", person, place, service_url), **about, "name": name, "value": value}


def pointed_at(message: JsonObject) -> JsonObject:
    """Give the message on which an action is used, as the invoke brings it; its people are named by their Entra ids."""
    writer = message["from"]
    user = {"userIdentityType": "aadUser", "id": writer.get("aadObjectId"), "displayName": writer.get("name")}
    bot = writer["id"] == BOT_ID
    by: JsonObject = {"application": {"id": writer["id"]}, "user": None} if bot else {"user": user}
    root = message["conversation"]["id"].partition(";messageid=")[2]
    html = next((one["content"] for one in message.get("attachments") or [] if one["contentType"] == "text/html"), "")
    base = message["conversation"]["id"].partition(";")[0]
    return {
        "id": message["id"],
        "replyToId": None if root in {"", message["id"]} else root,
        "createdDateTime": message.get("timestamp"),
        "from": by,
        "body": {"contentType": "html", "content": html or message.get("text") or ""},
        "linkToMessage": f"https://teams.microsoft.com/l/message/{base}/{message['id']}",
    }


def pressed(person: Person, place: Place, card: JsonObject, action: JsonObject, service_url: str) -> JsonObject:
    """Give the invoke of an Action.Execute, or the message of an Action.Submit, on a card that was posted."""
    about = {"replyToId": card["id"], "conversation": card["conversation"]}
    if action["type"] == "Action.Submit":
        return {**_base("message", person, place, service_url), **about, "value": action.get("data") or {}}
    chosen = {"type": "Action.Execute", "id": action.get("id", ""), "verb": action.get("verb", "")}
    value = {"action": {**chosen, "data": action.get("data") or {}}, "trigger": "manual"}
    base = _base("invoke", person, place, service_url)
    base["channelData"] |= {"source": {"name": "message"}, "legacy": {"replyToId": card["id"]}}
    return {**base, **about, "name": "adaptiveCard/action", "value": value}
