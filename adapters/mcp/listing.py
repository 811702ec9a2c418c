"""What a server offers, taken leniently.

The SDK refuses a whole list when one tool in it is not as the protocol says, so one careless tool would disable a server.
Here every tool is looked at by itself before the SDK sees the list: what Deskmate uses (name, description, schema of the
arguments) is kept, everything else is left out, and a tool that cannot be used is left out with a line in the log.
"""

import json
import logging
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from jsonschema.validators import validator_for

from adapters.mcp.limits import ServerLimits
from adapters.mcp.plain_text import nested_deeper, one_line, plain, shortened

_LONGEST_NAME: Final = 128
_log = logging.getLogger(__name__)


class UnusableTool(ValueError):
    """A tool in a list cannot be offered; the message says why."""


def usable(result: dict[str, Any], *, server: str, limits: ServerLimits) -> dict[str, Any]:
    """Return a `tools/list` result with its usable tools only; any other result as it is."""
    tools = result.get("tools")
    if not isinstance(tools, list):
        return result
    kept: dict[str, dict[str, Any]] = {}
    for tool in tools[: limits.capabilities]:
        try:
            offered = _checked(tool, limits)
        except UnusableTool as reason:
            _log.warning("%s: a capability is left out: %s", server, reason)
        else:
            kept.setdefault(offered["name"], offered)
    if len(tools) > limits.capabilities:
        _log.warning("%s offers %d capabilities; the first %d are used", server, len(tools), limits.capabilities)
    return {**result, "tools": list(kept.values())}


def _checked(tool: object, limits: ServerLimits) -> dict[str, Any]:
    if not isinstance(tool, dict):
        raise UnusableTool("it is not an object")
    name = tool.get("name")
    if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_NAME or name != plain(name):
        raise UnusableTool(f"its name is not 1 to {_LONGEST_NAME} plain characters")
    description = tool.get("description")
    return {
        "name": name,
        "description": shortened(plain(description), limits.description) if isinstance(description, str) else "",
        "inputSchema": _schema(name, tool.get("inputSchema"), limits),
    }


def _schema(name: str, schema: object, limits: ServerLimits) -> dict[str, Any]:
    if not isinstance(schema, dict) or schema.get("type", "object") != "object":
        raise UnusableTool(f"the arguments of {name!r} are not described as an object")
    if not isinstance(schema.get("$schema", ""), str):
        raise UnusableTool(f"the schema of {name!r} names no dialect")
    if nested_deeper(schema, limits.depth):
        raise UnusableTool(f"the schema of {name!r} has more than {limits.depth} levels")
    if len(json.dumps(schema)) > limits.schema:
        raise UnusableTool(f"the schema of {name!r} has more than {limits.schema // 1024} kB")
    if _points_outside(schema):
        raise UnusableTool(f"the schema of {name!r} refers to another document")
    validator = validator_for(schema, default=Draft202012Validator)
    try:
        validator.check_schema(schema)
    except SchemaError as wrong:
        raise UnusableTool(f"the schema of {name!r} is not a JSON Schema ({one_line(wrong.message, 200)})") from wrong
    return {**schema, "type": "object"}


def _points_outside(schema: object) -> bool:
    if isinstance(schema, list):
        return any(_points_outside(each) for each in schema)
    if not isinstance(schema, dict):
        return False
    here = (schema.get("$ref"), schema.get("$dynamicRef"))
    outside = any(isinstance(reference, str) and not reference.startswith("#") for reference in here)
    return outside or any(_points_outside(each) for each in schema.values())
