"""What people do with an app beside writing: commands, shortcuts, buttons, forms, its home page, its stop button.

Each verb sends the bot what Slack would send and returns what the bot answered, as `status` and `body`. Somebody who has
not been shown something cannot use it: a button that is not there, or a form that is not open, is a LookupError.
"""

from typing import Any

from tests.fakes import slack_announced as announced
from tests.fakes import slack_shapes as shapes
from tests.fakes import slack_views as views
from tests.fakes.faults import JsonObject
from tests.fakes.slack_fill import fill
from tests.fakes.slack_talk import Talking


class Clicking(Talking):
    """A server over teams in which people use the app."""

    async def press(self, user: str, message: JsonObject, action_id: str, value: str | None = None) -> JsonObject:
        """Somebody presses a button of a message (`channel` and `ts` name it), by its action id or its label."""
        shown = self.as_shown(message)
        place = self.teams.holding(shown["channel"])
        if shown.get("is_ephemeral") and shown["user"] != user:
            raise LookupError(f"{user} does not see this message; only {shown['user']} does.")
        if user not in place.channels[shown["channel"]].members:
            raise LookupError(f"{user} is not in {shown['channel']} and sees no buttons there.")
        element = shapes.find_element(shown, action_id, value)
        url = self.response_urls.issue(place, user, shown)
        return await self.interact(shapes.block_actions(place, user, shown, element, url))

    async def shortcut(self, user: str, message: JsonObject, callback_id: str) -> JsonObject:
        """Somebody chooses a message shortcut, which the app offers also where it is not a member."""
        shown = self.as_shown(message)
        place = self.teams.holding(shown["channel"])
        url = self.response_urls.issue(place, user, shown)
        return await self.interact(shapes.shortcut(place, user, shown, callback_id, url))

    async def global_shortcut(self, user: str, callback_id: str) -> JsonObject:
        """Somebody chooses a shortcut from the menu or the search."""
        return await self.interact(shapes.global_shortcut(self.teams.holding(user), user, callback_id))

    async def command(self, user: str, channel: str, text: str, command: str = "/atom") -> JsonObject:
        """Somebody types a slash command, which works also where the bot is not a member."""
        place, where = self.where(user, channel)
        url = self.response_urls.issue(place, user, {"channel": where})
        form = shapes.slash_command(place, user, where, f"{command} {text}".strip(), url)
        attempt = await self.delivery.form("command", form, form["trigger_id"])
        await self.happened()
        return {"status": attempt.status, "body": attempt.body}

    def modal(self, user: str) -> JsonObject | None:
        """Give the form that somebody has open, the one on top."""
        return views.top(self.teams.holding(user), user)

    async def wait_for_modal(self, user: str, containing: str = "", seconds: float = 10) -> JsonObject:
        """Wait until somebody is shown a form with these words in its title."""

        def found() -> JsonObject | None:
            view = self.modal(user)
            return view if view is not None and containing in view["title"]["text"] else None

        return await self.until(found, seconds=seconds)

    async def sends(self, user: str, values: dict[str, Any]) -> JsonObject:
        """Somebody fills in the form on top and sends it.

        Returns `status` and `body`, `errors` (label → sentence), `trouble` (why Slack says that it had trouble connecting)
        and `view`, which is open then.
        """
        place = self.teams.holding(user)
        view = self._open(user)
        state = fill(view, values, lambda key: place.files[key])
        answer = await self.submit(user, view["id"], state)
        failed = answer["status"] is None or not 200 <= answer["status"] < 300
        trouble = f"the app answered {answer['status']}" if failed else ""
        errors: dict[str, str] = {}
        if not trouble:
            try:
                errors = views.answered(place, user, view["id"], answer["body"])
            except ValueError as error:
                trouble = str(error)
        labels = {block["block_id"]: block["label"]["text"] for block in view["blocks"] if block["type"] == "input"}
        told = {labels[block]: words for block, words in errors.items()}
        return {**answer, "errors": told, "trouble": trouble, "view": self.modal(user)}

    async def submit(self, user: str, view_id: str, values: JsonObject) -> JsonObject:
        """Send a form with any state; `values` is Slack's `{block: {action: {type, value}}}`. The form stays as it is."""
        return await self.interact(shapes.submission(self.teams.holding(user), user, view_id, values))

    async def closes(self, user: str) -> None:
        """Somebody closes the form on top without sending it."""
        place = self.teams.holding(user)
        view = self._open(user)
        views.close(place, user, view["id"])
        if view.get("notify_on_close"):
            await self.interact(shapes.view_closed(place, user, view))

    async def press_in_modal(self, user: str, action_id: str, value: str | None = None) -> JsonObject:
        """Somebody presses a button of the form on top."""
        view = self._open(user)
        element = shapes.find_element(view, action_id, value)
        return await self.interact(shapes.view_actions(self.teams.holding(user), user, view, element))

    def _open(self, user: str) -> JsonObject:
        view = self.modal(user)
        if view is None:
            raise LookupError(f"{user} has no form open.")
        return view

    async def opens_home(self, user: str) -> int | None:
        """Somebody opens the app's home page; the bot's status."""
        return await self._opens(user, "home")

    async def opens_messages(self, user: str) -> int | None:
        """Somebody opens the chat with the app; the bot's status."""
        return await self._opens(user, "messages")

    async def _opens(self, user: str, tab: str) -> int | None:
        place = self.teams.holding(user)
        await self.deliver(shapes.envelope(place, announced.home_opened(place, user, tab)))
        return self.attempts[-1].status

    def home(self, user: str) -> JsonObject | None:
        """Give the home page that somebody sees."""
        return self.teams.holding(user).homes.get(user)

    async def wait_for_home(self, user: str, containing: str = "", seconds: float = 10) -> JsonObject:
        """Wait until somebody's home page has these words."""

        def found() -> JsonObject | None:
            view = self.home(user)
            return view if view is not None and any(containing in text for text in shapes.words(view)) else None

        return await self.until(found, seconds=seconds)

    async def press_home(self, user: str, action_id: str, value: str | None = None) -> JsonObject:
        """Somebody presses a button of the home page, by its action id or its label."""
        view = self._home(user)
        element = shapes.find_element(view, action_id, value)
        return await self.interact(shapes.view_actions(self.teams.holding(user), user, view, element))

    async def searches_home(self, user: str, query: str) -> JsonObject:
        """Somebody types words into the home page's search field and presses Enter."""
        view = self._home(user)
        for block in view["blocks"]:
            if block["type"] == "input" and block.get("dispatch_action"):
                element = {**block["element"], "block_id": block["block_id"], "value": query}
                typed = {element["action_id"]: {"type": element["type"], "value": query}}
                shown = {**view, "state": {"values": {block["block_id"]: typed}}}
                return await self.interact(shapes.view_actions(self.teams.holding(user), user, shown, element))
        raise LookupError("The home page has no field to search with.")

    def _home(self, user: str) -> JsonObject:
        view = self.home(user)
        if view is None:
            raise LookupError(f"{user} has never been shown a home page.")
        return view

    async def stops(self, user: str, channel: str, thread: str) -> int | None:
        """Somebody presses the stop button, which is there while the session works; the bot's status.

        Slack itself ends the streams of that thread, and leaves the session's status to the app.
        """
        place, where = self.where(user, channel)
        if place.thread_state(where, thread).get("session") != "processing":
            raise LookupError("There is no stop button: the session of this thread is not processing.")
        running = [ts for ts in place.streams if place.messages[where].get(ts, {}).get("thread_ts") == thread]
        for ts in running:
            del place.streams[ts]
            place.messages[where][ts]["streaming_state"] = "completed"
        await self.deliver(shapes.envelope(place, announced.stopped(place, user, where, thread, running)))
        return self.attempts[-1].status
