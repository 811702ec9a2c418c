"""Tells what a post means, for somebody who reads along in all channels at once.

On a chat platform each reader sees one channel; here one person sees them all, so what stands in two of them is told once.
A public text that is mirrored to a support thread is told where the requester reads it. A hand-off's card is told as the
hand-off. The header of a private thread is not told: its status lines are.
"""

import re
from collections.abc import Sequence

from rich.console import RenderableType

from adapters.terminal.drawing import Pen
from adapters.terminal.names import Names
from bot.conversation import Conversation
from bot.ids import derived_id
from bot.labels import Visibility
from bot.message import Arrival
from bot.packet import Packet
from bot.person import Person
from bot.ports import Reader
from bot.reply import SHOWN, Reply
from bot.request import Request

Drawings = Sequence[RenderableType]

_REPLY = re.compile(r"\s*reply:", re.IGNORECASE)
"""Begins what a colleague says to the requester from the private thread."""
_PARTS = 12
"""A card is split into fewer posts than this."""
_HINTS = {
    "approve": "type /approve or /deny",
    "deny": "type /approve or /deny",
    "take_over": "type /take {number}",
    "hand_back": "type /back {number}",
}


class Posts:
    """Draws posts."""

    def __init__(self, names: Names, pen: Pen) -> None:
        self._names = names
        self._pen = pen

    async def of(self, reply: Reply, conversation: Conversation, reader: Reader) -> Drawings:
        """Return what to draw for a new post."""
        if reply.kind in SHOWN and not (reply.kind == "status" and reply.text):
            return ()
        if reply.kind == "status":
            return (self._pen.info(f"{reply.speaker or 'Atom'} {reply.text}"),)
        if reply.kind == "header" or await _is_hand_off(reply, reader):
            return ()
        if reply.visibility is Visibility.PRIVATE:
            return await self._private(reply, conversation, reader)
        if conversation.kind == "support":
            return ()
        number = await _request(reply, reader)
        to = await self._names.partner(reader, conversation)
        return (self._pen.public(reply.speaker or "Atom", to, reply.text, about=number.number if number else ""),)

    async def changed(self, reply: Reply, conversation: Conversation, reader: Reader) -> Drawings:
        """Return what to draw for a post that has changed; cards change with what the events tell anyway."""
        return () if reply.kind in {"card", "header"} else await self.of(reply, conversation, reader)

    async def heard(self, arrival: Arrival, reader: Reader) -> Drawings:
        """Return what to draw for words that were typed here."""
        message, place = arrival.message, arrival.conversation
        if place.kind != "support":
            return (self._pen.public(message.author_name, "Atom", message.text),)
        if _REPLY.match(message.text):  # what the requester is told is posted to them
            return (self._pen.info(f"{message.author_name} answers the requester from the private thread"),)
        found = await reader.find(
            Conversation, platform=place.platform, channel=place.channel, thread=place.thread, kind="support", limit=1
        )
        request = await reader.get(Request, found[0].request_ids[0]) if found and found[0].request_ids else None
        to = self._names.colleagues(found[0].workspace if found else None)
        about = request.number if request else ""
        hidden = await self._names.person(reader, request.requester) if request else ""
        return (self._pen.private(message.author_name, to, message.text, about=about, hidden_from=hidden),)

    async def _private(self, reply: Reply, conversation: Conversation, reader: Reader) -> Drawings:
        request = await _request(reply, reader)
        number = request.number if request else ""
        requester = await reader.get(Person, request.requester) if request else None
        admin = conversation.kind != "support"
        to = (
            await self._names.partner(reader, conversation) if admin else self._names.colleagues(conversation.workspace)
        )
        if reply.kind == "notice":
            return (self._pen.aside(to, reply.text),)
        hints = [_HINTS[button.action] for button in reply.buttons if button.action in _HINTS] or [
            _HINTS["take_over"]
        ] * (reply.kind == "card")
        return (
            self._pen.private(
                reply.speaker or "Deskmate",
                to,
                reply.text,
                about=number,
                hidden_from=requester.name if requester else "",
                hint=hints[0].format(number=number) if hints and number else "",
            ),
        )


async def _request(reply: Reply, reader: Reader) -> Request | None:
    return await reader.get(Request, reply.request_id) if reply.request_id else None


async def _is_hand_off(reply: Reply, reader: Reader) -> bool:
    """Tell whether a card is a hand-off's: its id is derived from a packet's (`bot.desk.posting`)."""
    if reply.kind != "card" or reply.request_id is None:
        return False
    packets = await reader.find(Packet, request_id=reply.request_id)
    place = reply.conversation_id
    return any(
        reply.id == derived_id("reply", place, packet.id, str(part)) for packet in packets for part in range(_PARTS)
    )
