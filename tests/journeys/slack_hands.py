"""What people do with Deskmate in Slack beside writing, said shortly: commands, shortcuts, forms, buttons.

Each of them sees what Slack shows to them and nothing else. What only they see of a conversation comes back from `types`.
"""

from dataclasses import dataclass
from typing import Any

from tests.fakes.faults import JsonObject
from tests.fakes.separate import Remote


@dataclass(frozen=True, kw_only=True)
class Hands:
    """One person at Slack."""

    slack: Remote
    user: str

    async def types(self, text: str, *, channel: str = "", containing: str = "", seconds: float = 20) -> str:
        """Type `/atom text`; return what only they are answered, the newest that holds `containing`."""
        before = len(await self.asides(containing))
        answer = await self.slack.do("command", user=self.user, channel=channel or self.user, text=text)
        assert answer["status"] == 200, answer
        shown = await self.slack.do(
            "wait_for_asides", user=self.user, count=before + 1, containing=containing, seconds=seconds
        )
        return str(shown[-1]["text"])

    async def asides(self, containing: str = "") -> list[str]:
        """Return everything that only they were shown."""
        return [str(item["text"]) for item in await self.slack.do("asides", user=self.user, containing=containing)]

    async def told(self, containing: str, *, count: int = 1) -> list[str]:
        """Return what only they are shown with these words, once it is so many."""
        shown = await self.slack.do("wait_for_asides", user=self.user, count=count, containing=containing, seconds=20)
        return [str(item["text"]) for item in shown]

    async def shortcut(self, message: JsonObject, callback: str = "open_request") -> JsonObject:
        """Use the shortcut on a message; return the form that opens."""
        await self.slack.do("shortcut", user=self.user, message=message, callback_id=callback)
        return await self.form()

    async def form(self, containing: str = "") -> JsonObject:
        """Return the form that they have before them."""
        view: JsonObject = await self.slack.do("wait_for_modal", user=self.user, containing=containing)
        return view

    async def sends(self, **values: Any) -> JsonObject:  # noqa: ANN401 -- texts, choices, ids of files
        """Fill in the form before them, by the names of its fields, and send it; it must be taken."""
        sent: JsonObject = await self.slack.do("sends", user=self.user, values=values)
        assert (sent["errors"], sent["trouble"], sent["view"]) == ({}, "", None), sent
        return sent

    async def sees(self, channel: str, label: str, containing: str = "", seconds: float = 30) -> JsonObject:
        """Return the newest message with these words once it has a button that says `label`."""
        found: JsonObject = await self.slack.do(
            "wait_for_button", channel=channel, label=label, containing=containing, seconds=seconds
        )
        return found

    async def presses(self, message: JsonObject, label: str, value: str | None = None) -> None:
        """Press a button of a message."""
        answer = await self.slack.do("press", user=self.user, message=message, action_id=label, value=value)
        assert answer["status"] == 200, answer

    async def fills(self, message: JsonObject, label: str, **values: Any) -> JsonObject:  # noqa: ANN401
        """Press a button that opens a form, fill it in and send it."""
        await self.presses(message, label)
        await self.form()
        return await self.sends(**values)


def buttons(message: JsonObject) -> list[str]:
    """Return what the buttons of a message say."""
    return [
        element["text"]["text"]
        for block in message.get("blocks", ())
        for element in block.get("elements", ())
        if element.get("type") == "button"
    ]


def field(form: JsonObject, name: str) -> Any:  # noqa: ANN401
    """Return what stands in a field of a form before anybody touched it."""
    element = next(block["element"] for block in form["blocks"] if block.get("block_id") == name)
    chosen = element.get("initial_option") or {}
    return element.get("initial_value") or element.get("initial_user") or chosen.get("value") or ""
