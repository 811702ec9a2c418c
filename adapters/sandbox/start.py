"""The `deskmate-sandbox` command: one fictional system as an MCP server.

Over stdio it ends when its input ends, so it never outlives the Deskmate that started it, however that one died. Over
HTTP it listens on the loopback address only. The data is made on first use, in `DESKMATE_SANDBOX_DIR`.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from mcp.server import MCPServer

from adapters.sandbox import endpoint_security, facilities, finance, hris, jumpcloud

SYSTEMS: Final[dict[str, Callable[[Path], MCPServer]]] = {
    "jumpcloud": jumpcloud.build,
    "endpoint-security": endpoint_security.build,
    "hris": hris.build,
    "facilities": facilities.build,
    "finance": finance.build,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the named system until its input ends or it is stopped; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="deskmate-sandbox", description="A fictional system of a customer, as an MCP server over stdio or HTTP."
    )
    parser.add_argument("name", choices=sorted(SYSTEMS), help="the system")
    parser.add_argument(
        "--http", metavar="PORT", type=int, help="listen on 127.0.0.1:PORT (path /mcp) instead of stdio"
    )
    options = parser.parse_args(arguments)
    folder = Path(os.environ.get("DESKMATE_SANDBOX_DIR") or "var/sandbox")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        print(f"The sandbox cannot write to {folder} ({problem.strerror}); set DESKMATE_SANDBOX_DIR.", file=sys.stderr)  # noqa: T201 -- the command's own voice
        return 1
    _serve(SYSTEMS[options.name](folder), options.http)
    return 0


def _serve(server: MCPServer, port: int | None) -> None:
    try:
        if port is None:
            server.run("stdio")
        else:
            server.run("streamable-http", host="127.0.0.1", port=port)
    except KeyboardInterrupt:
        return
