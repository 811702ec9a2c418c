"""The reference for the run loop: the SDK's own Messages API in a loop, in memory, that calls the same tool and keeps nothing.

It sends what Deskmate's adapter would send (the same system text, tools and first message), through the same HTTP transport, so that
the difference is what Deskmate does between the calls. `DefaultAioHttpClient` is the faster of the SDK's two transports.
"""

from anthropic import AsyncAnthropic
from anthropic.types import MessageParam, ToolResultBlockParam

from adapters.models.render import Question
from bench.small_desk import MODEL
from tests.fakes.tools import WrittenServers


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
