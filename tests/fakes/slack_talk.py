"""What people do in channels and chats: write, edit, delete, share files, come and go.

Each verb changes the team as Slack would, tells the bot what Slack would tell it, and returns when the bot has
acknowledged or Slack has given up. A bot that is not in a channel hears nothing of it.
"""

from typing import Any

from tests.fakes import slack_announced as announced
from tests.fakes import slack_shapes as shapes
from tests.fakes.faults import JsonObject
from tests.fakes.slack_delivery import Attempt
from tests.fakes.slack_setup import Furnished
from tests.fakes.slack_state import Workspace


class Talking(Furnished):
    """A server over teams in which people talk."""

    async def says(self, user: str, channel: str, text: str, thread: str | None = None) -> JsonObject:
        """Somebody writes; `channel` may be the user's own id for the direct channel. Returns the message as stored.

        In a channel, a mention of the bot arrives twice, as `message` and as `app_mention`, at the same time.
        """
        return await self._said(user, channel, text, thread, {"blocks": shapes.rich_text(text)})

    async def uploads(
        self,
        user: str,
        channel: str,
        name: str,
        content: str,
        *,
        mimetype: str = "text/plain",
        text: str = "",
        thread: str | None = None,
    ) -> JsonObject:
        """Somebody shares a file, with words or without. Returns the message as stored; its `files` have the file."""
        place, where = self.where(user, channel)
        file = self._file(place, user, name, content.encode(), mimetype)
        file["channels"].append(where)
        message = await self._said(user, channel, text, thread, {"subtype": "file_share", "files": [file]})
        await self.deliver(shapes.envelope(place, announced.file_shared(place, file, where)))
        return message

    async def _said(
        self, user: str, channel: str, text: str, thread: str | None, more: dict[str, object]
    ) -> JsonObject:
        place, where = self.where(user, channel)
        if user not in place.channels[where].members:
            raise LookupError(f"{user} is not in {where} and cannot write there: add the member first.")
        if thread is not None:
            place.message(where, thread)
        typed = {"user": user, "text": text, "client_msg_id": f"client-{next(place.numbers)}", **more}
        message = place.add(where, typed, thread=thread)
        await self.deliver(*shapes.message_events(place, where, message))
        return {**message, "channel": where}

    def _file(self, place: Workspace, user: str, name: str, content: bytes, mimetype: str) -> JsonObject:
        key = f"F{next(place.numbers):04d}"
        url = f"{self.url}/files-pri/{place.team}-{key}/{name}"
        kind = {
            "name": name,
            "title": name,
            "mimetype": mimetype,
            "filetype": name.rpartition(".")[2],
            "mode": "hosted",
        }
        links = {"url_private": url, "url_private_download": f"{self.url}/files-pri/{place.team}-{key}/download/{name}"}
        file: JsonObject = {"id": key, "user": user, "size": len(content), **kind, **links, "is_external": False}
        file |= {"permalink": f"https://{place.name.lower()}.slack.com/files/{user}/{key}/{name}", "channels": []}
        place.files[key], place.contents[key] = file, content
        return file

    async def bot_says(self, bot: str, channel: str, text: str, thread: str | None = None) -> JsonObject:
        """Another app's bot (`B…`) writes, which the bot hears as it hears people. Returns the message as stored."""
        place = self.teams.holding(channel)
        typed = {"bot_id": bot, "subtype": "bot_message", "username": bot, "text": text}
        message = place.add(channel, typed, thread=thread)
        await self.deliver(*shapes.message_events(place, channel, message))
        return {**message, "channel": channel}

    async def edits(self, channel: str, ts: str, text: str) -> None:
        """Let the author of a message change it."""
        place = self.teams.holding(channel)
        message = place.message(channel, ts)
        old = dict(message)
        message.update(text=text, edited={"user": message["user"], "ts": place.next_ts()})
        await self.deliver(shapes.changed_event(place, channel, message, old))

    async def deletes(self, channel: str, ts: str) -> None:
        """Let the author of a message delete it."""
        place = self.teams.holding(channel)
        old = place.messages[channel].pop(ts)
        await self.deliver(shapes.deleted_event(place, channel, old))

    async def joins(self, user: str, channel: str, inviter: str = "") -> None:
        """Somebody (or the bot, invited) comes into a channel."""
        place = self.teams.holding(channel)
        here = place.channels[channel]
        if user in here.members:
            return
        place.change(channel, members=(*here.members, user))
        if place.bot_user in place.channels[channel].members:
            await self.deliver(shapes.envelope(place, announced.joined(place, user, here, inviter)))

    async def leaves(self, user: str, channel: str, actor: str = "") -> None:
        """Somebody goes out of a channel, or is taken out by `actor`; of its own removal the bot is told otherwise."""
        place = self.teams.holding(channel)
        here = place.channels[channel]
        if user not in here.members:
            return
        place.change(channel, members=tuple(member for member in here.members if member != user))
        if user == place.bot_user:
            await self.deliver(shapes.envelope(place, announced.bot_removed(place, actor, here)))
        elif place.bot_user in here.members:
            await self.deliver(shapes.envelope(place, announced.left(place, user, here)))

    async def archives(self, user: str, channel: str, *, now: bool = True) -> None:
        """Somebody archives a channel, or takes it back."""
        place = self.teams.holding(channel)
        place.change(channel, is_archived=now)
        await self._told(place, channel, announced.archived(place, user, place.channels[channel], now=now))

    async def shares(self, channel: str, with_team: str, *, now: bool = True) -> None:
        """Share a channel with another organisation, or end that."""
        place = self.teams.holding(channel)
        place.change(channel, is_ext_shared=now)
        await self._told(place, channel, announced.shared(place, place.channels[channel], with_team, now=now))

    async def _told(self, place: Workspace, channel: str, event: JsonObject) -> None:
        if place.bot_user in place.channels[channel].members:
            await self.deliver(shapes.envelope(place, event))

    async def changes(self, user: str, **fields: Any) -> None:  # noqa: ANN401
        """Something about somebody changes (they become a guest, are deactivated, renamed), and Slack says so."""
        self.set_user(user, **fields)
        place = self.teams.holding(user)
        await self.deliver(shapes.envelope(place, announced.user_changed(place, user)))

    async def uninstalls(self, team: str) -> None:
        """Let a team throw the app out: its tokens are good no more, and two events say so, in no order."""
        place = self.teams.workspaces[team]
        self.teams.remove(team)
        gone = (announced.revoked(place), announced.uninstalled())
        await self.deliver(*(shapes.envelope(place, event) for event in gone))

    async def redeliver(self, event_id: str, number: int = 1) -> int | None:
        """Slack sends an event again though it was acknowledged; the bot's status."""
        return (await self.delivery.again(self.sent[event_id], number=number)).status

    async def redeliver_unacknowledged(self) -> int:
        """Slack sends again every event that the bot never acknowledged, oldest first; how many there were."""
        known = {attempt.key for attempt in self.attempts if attempt.acknowledged}
        missed = [envelope for event_id, envelope in self.sent.items() if event_id not in known]
        for envelope in missed:
            await self.delivery.again(envelope)
        return len(missed)

    async def repeats(self, event_id: str, count: int = 10) -> None:
        """Slack sends the same event again under other event ids, all at the same time."""
        old = self.sent[event_id]
        place = self.teams.workspaces[old["team_id"]]
        await self.deliver(*(shapes.envelope(place, old["event"]) for _ in range(count)))

    async def send_event(self, event: JsonObject, team: str = "") -> Attempt:
        """Send any other event."""
        place = self.teams.workspaces[team] if team else self.workspace
        await self.deliver(shapes.envelope(place, event))
        return self.attempts[-1]
