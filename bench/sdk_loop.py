"""The reference for the run loop: the SDK's own Messages API in a loop, in memory, that calls the same tool and keeps nothing.

It sends what Deskmate's adapter would send (the same system text, tools and first message), through the same HTTP transport, so that
the difference is what Deskmate does between the calls. `DefaultAioHttpClient` is the faster of the SDK's two transports.
"""

from anthropic import AsyncAnthropic
from anthropic.types import MessageParam, ToolParam, ToolResultBlockParam
from anthropic.types.user_message_param import UserMessageParam

from adapters.models.instructions import WORKING
from adapters.models.render import Question
from bench.brain import LOOKUP
from bench.small_desk import MODEL
from coworkers.desk_tools.schemas import ACTING, ENDING
from coworkers.model import Offer
from tests.fakes.tools import DEVICE_SCHEMA, WrittenServers


def alike() -> Question:
    """Return a first question of the size of a run's, for a loop that has not overheard one."""
    offered = (*_lookup(), *ENDING, *ACTING)
    tools = [ToolParam(name=item.name, description=item.description, input_schema=item.schema) for item in offered]
    opening = UserMessageParam(role="user", content=f"CALLS=2 {WORKING[:900]}")
    return {"system": [{"type": "text", "text": WORKING}], "tools": tools, "messages": [opening]}


def _lookup() -> tuple[Offer, ...]:
    """Return the one lookup that a model is offered."""
    return (Offer(name=LOOKUP, description="get_device", schema=DEVICE_SCHEMA),)


async def run(client: AsyncAnthropic, first: Question, servers: WrittenServers) -> int:
    """Call the model until it asks for no further lookup; return the number of model calls."""
    messages: list[MessageParam] = list(first["messages"])
    calls = 0
    while True:
        answer = await client.messages.create(
            model=MODEL, max_tokens=4096, system=first["system"], tools=first["tools"], messages=messages
        )
        calls += 1
        results: list[ToolResultBlockParam] = []
        for block in answer.content:
            if block.type == "tool_use" and "__" in block.name:
                tool, _, capability = block.name.partition("__")
                result = await servers.call(tool, capability, dict(block.input), key=block.id)
                results.append({"type": "tool_result", "tool_use_id": block.id, "content": result.text})
        if not results:
            return calls
        messages.append({"role": "assistant", "content": answer.content})
        messages.append({"role": "user", "content": results})
