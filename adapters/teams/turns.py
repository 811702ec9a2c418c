"""One activity, through the SDK's handler, without the SDK's adapter.

`TeamsActivityHandler` says which kind of activity it is and answers invokes that it does not know; everything around it is ours,
since the stock adapter answers every button with 500 and asks Teams for rosters before a message is stored. The SDK is given
the few fields that it needs for that: it drops keys that it does not know, so what a message says is read from the document.
"""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import TypeAlias

from botbuilder.core import BotAdapter, InvokeResponse, TurnContext
from botbuilder.core.teams import TeamsActivityHandler
from botbuilder.schema import Activity

from adapters.teams.reading import JsonObject

Answer: TypeAlias = tuple[int, JsonObject | None]
"""An HTTP status and a body."""
Take: TypeAlias = Callable[[JsonObject], Awaitable[None]]
Invoked: TypeAlias = Callable[[JsonObject], Awaitable[Answer]]
"""Answers an invoke, for which a person waits."""

_ROUTING = ("type", "name", "channelId", "id")
_DOCUMENT = "deskmate.document"
_ANSWER = BotAdapter._INVOKE_RESPONSE_KEY  # noqa: SLF001 -- where the handler looks whether an invoke has been answered
_NOTHING: Answer = (HTTPStatus.ACCEPTED, None)


def refusal(status: int, code: str, message: str) -> Answer:
    """Return the answer to an invoke that is not done, in the shape of the Bot Framework."""
    value = {"code": code, "message": message}
    return status, {"statusCode": int(status), "type": "application/vnd.microsoft.error", "value": value}


class _Handler(TeamsActivityHandler):  # type: ignore[misc]  # the SDK is untyped
    """Hands over what people said, pressed or sent; whatever would call back into the SDK's own connector does nothing."""

    def __init__(self, take: Take, invoked: Mapping[str, Invoked]) -> None:
        self._take = take
        self._invoked = invoked

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await self._take(turn_context.turn_state[_DOCUMENT])

    async def on_message_update_activity(self, turn_context: TurnContext) -> None:
        await self._take(turn_context.turn_state[_DOCUMENT])

    async def on_message_delete_activity(self, turn_context: TurnContext) -> None:
        await self._take(turn_context.turn_state[_DOCUMENT])

    async def on_conversation_update_activity(self, turn_context: TurnContext) -> None:
        """Hand it over like a message: the stock one asks for the roster."""
        await self._take(turn_context.turn_state[_DOCUMENT])

    async def on_installation_update(self, turn_context: TurnContext) -> None:
        await self._take(turn_context.turn_state[_DOCUMENT])

    async def on_event_activity(self, turn_context: TurnContext) -> None:
        """Do nothing: the stock one reads meeting details."""

    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse:
        answer = self._invoked.get(turn_context.activity.name or "")
        if answer is not None:
            status, body = await answer(turn_context.turn_state[_DOCUMENT])
        else:
            status, body = refusal(HTTPStatus.BAD_REQUEST, "NotSupported", "Deskmate does not do this.")
        response = InvokeResponse(status=int(status), body=body)
        turn_context.turn_state[_ANSWER] = response
        return response


class Turns:
    """Processes activities whose token has been checked."""

    def __init__(self, take: Take, invoked: Mapping[str, Invoked]) -> None:
        """`take` stores what needs no answer; `invoked` answers invokes, by their names."""
        self._handler = _Handler(take, invoked)

    async def process(self, document: JsonObject) -> Answer:
        """Route one activity and return what is answered; 400 when it is none.

        What `take` and the answers to invokes raise passes through.
        """
        if not isinstance(document.get("type"), str) or not document["type"]:
            return refusal(HTTPStatus.BAD_REQUEST, "BadRequest", "An activity needs a type.")
        routing = {key: document[key] for key in _ROUTING if isinstance(document.get(key), str)}
        context = TurnContext(self, Activity.deserialize(routing))
        context.turn_state[_DOCUMENT] = document
        await self._handler.on_turn(context)
        answer = context.turn_state.get(_ANSWER)
        return (answer.status, answer.body) if answer is not None else _NOTHING
