"""How the methods of a fictional system become the tools of an MCP server.

What a tool is called and what it says of itself come from the method's name and docstring. The annotations tell a
client what to expect; Deskmate takes them as hints only. A system raises `NotInTheBooks` for what it does not know, and
the caller is told so in that sentence. Results are `TypedDict`s of `typing_extensions`: before Python 3.12 pydantic, which
makes the result schemas, does not read those of `typing`.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations

from adapters.sandbox.books import Acting, NotInTheBooks

KEY: Final = "deskmate/idempotency-key"

READS: Final = ToolAnnotations(read_only_hint=True, open_world_hint=False)
ACTS_ONCE: Final = ToolAnnotations(
    read_only_hint=False, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
ACTS_EACH_TIME: Final = ToolAnnotations(
    read_only_hint=False, destructive_hint=False, idempotent_hint=False, open_world_hint=False
)
DESTROYS: Final = ToolAnnotations(
    read_only_hint=False, destructive_hint=True, idempotent_hint=False, open_world_hint=False
)


@dataclass(frozen=True, kw_only=True)
class Offering:
    """Methods that share an annotation."""

    annotations: ToolAnnotations
    methods: Sequence[Callable[..., Mapping[str, Any]]]


def server(name: str, *offerings: Offering) -> MCPServer:
    """Return an MCP server that offers the methods under their own names."""
    built: MCPServer = MCPServer(name, log_level="WARNING")
    for offering in offerings:
        for method in offering.methods:
            built.add_tool(_told(method), annotations=offering.annotations, structured_output=True)
    return built


def acting(context: Context, capability: str, *, repeatable: bool, **arguments: str) -> Acting:
    """Return the call as the books record it, with the idempotency key of the request."""
    meta = context.request_context.meta or {}
    key = meta.get(KEY)
    return Acting(
        capability=capability,
        arguments=arguments,
        key=key if isinstance(key, str) else None,
        repeatable=repeatable,
    )


def _told(method: Callable[..., Mapping[str, Any]]) -> Callable[..., Mapping[str, Any]]:
    @functools.wraps(method)
    def told(*args: object, **kwargs: object) -> Mapping[str, Any]:
        try:
            return method(*args, **kwargs)
        except NotInTheBooks as unknown:
            raise ToolError(str(unknown)) from unknown

    return told
