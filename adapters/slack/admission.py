"""The first question to everything that Slack sends is whether its team is served.

It is asked before anything is translated or stored, whichever way it came. What ends an installation is stored here, before it
is acknowledged; what a team sends that has no installation is acknowledged and goes no further.
"""

from collections.abc import Mapping
from typing import Any

from slack_bolt.response import BoltResponse

from adapters.slack.answering import later, taken
from adapters.slack.clients import Clients
from adapters.slack.listeners import StoreFirst
from bot.errors import TemporaryError


class Admission(StoreFirst):
    """`StoreFirst` for what the clients let in."""

    def __init__(self, clients: Clients, **rest: Any) -> None:  # noqa: ANN401  # what `StoreFirst` takes
        super().__init__(**rest)
        self._clients = clients

    async def answer(self, body: Mapping[str, Any]) -> BoltResponse:
        """As `StoreFirst.answer`."""
        try:
            admitted = body.get("type") == "url_verification" or await self._clients.admit(body)
        except TemporaryError as error:
            return later(error)
        return await super().answer(body) if admitted else taken()
