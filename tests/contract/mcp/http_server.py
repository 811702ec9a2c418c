"""A real MCP server over streamable HTTP, as a process of its own that a test may kill and start again.

Started as `http_server.py PORT [NAME_OF_AN_EXTRA_TOOL]`.
"""

import os
import sys

import anyio
from mcp.server import MCPServer
from mcp.server.mcpserver import Context

server: MCPServer = MCPServer("over http", log_level="ERROR")


@server.tool()
def whoami() -> str:
    """Return the process id."""
    return str(os.getpid())


@server.tool()
def key(context: Context) -> str:
    """Return the idempotency key of the call."""
    return str((context.request_context.meta or {}).get("deskmate/idempotency-key"))


@server.tool()
def authorization(context: Context) -> str:
    """Return the authorization header of the call."""
    return str((context.headers or {}).get("authorization"))


@server.tool()
async def wait_for(started: str) -> str:
    """Write a file when the call has begun, and never end."""
    await anyio.Path(started).touch()
    await anyio.sleep_forever()
    return ""


@server.tool()
def big(megabytes: int) -> str:
    """Return that much text."""
    return "x" * 1_000_000 * megabytes


@server.tool()
async def learn(name: str, context: Context) -> str:
    """Offer one more tool."""
    server.add_tool(lambda: "learnt", name=name, description="new")
    await context.notify_tools_changed()
    return "learnt"


def main() -> None:
    for name in sys.argv[2:]:
        server.add_tool(lambda: "extra", name=name, description="extra")
    server.run("streamable-http", host="127.0.0.1", port=int(sys.argv[1]))


if __name__ == "__main__":
    main()
