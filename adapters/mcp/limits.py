"""How much a tool server may cost.

A server is somebody else's program: it may hang, flood or nest without end, by mistake or on purpose. Every bound on it
is here, so that an operator's question "how much can it use?" has one answer.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ServerLimits:
    """Bounds on one server."""

    text: int = 64 * 1024
    """Bytes of a result's text, and of its structured content, that are kept."""
    message: int = 4 * 1024 * 1024
    """Bytes of one JSON-RPC message that are read at all."""
    depth: int = 32
    """Levels of nesting of a schema or of structured content."""
    schema: int = 32 * 1024
    """Bytes of one capability's schema."""
    description: int = 4 * 1024
    """Bytes of one capability's description."""
    capabilities: int = 500
    """Capabilities that are looked at; the rest of a longer list is left out."""
    connect: float = 15.0
    """Seconds to start or reach a server and agree on a protocol."""
    backoff: float = 0.5
    """Seconds before the second attempt to connect; doubled with each failure."""
    longest_backoff: float = 30.0
    """Seconds."""
    idle: float = 600.0
    """Seconds without a call after which a server is let go; the next call starts it again."""
    log_line: int = 2000
    """Bytes of one line of a server's error output."""
    log_lines: int = 20
    """Lines of a server's error output that are logged in a second; the others are counted."""
