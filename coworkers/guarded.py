"""Tools behind their permissions: what a coworker is offered, and what happens to an exact call.

The strictest wins, of the coworker's grant and the tool file: what is not named is denied, a capability that the server offers
and the file does not name is quarantined, a destructive one is never simply allowed. A run that has read both external and
private content needs a human for every acting call (rule of two). Decided on the exact call, by code, whatever the model says.
"""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import jsonschema
from referencing import Registry
from referencing.exceptions import Unresolvable

from bot.errors import DeskmateError
from bot.labels import Source, Visibility
from bot.redaction import cleaned
from bot.turn import Call, CallResult
from coworkers.model import Offer
from coworkers.profile import Capability, Mode, Profile, Tool
from coworkers.toolbox import Offered, ToolServers

SEPARATOR = "__"

log = logging.getLogger("deskmate.tools")

_BORROWED = "somebody else asked for it in the requester's name"
_INAPPLICABLE = (
    jsonschema.exceptions.SchemaError,
    jsonschema.exceptions.UnknownType,
    Unresolvable,
    RecursionError,
    re.error,
)
"""How a schema fails that nothing can be held to."""


@dataclass(frozen=True, kw_only=True)
class Granted:
    """A capability that a coworker may use, in some way."""

    tool: Tool
    capability: Capability
    offered: Offered
    mode: Mode

    @property
    def name(self) -> str:
        """The name under which a model calls it."""
        return f"{self.tool.id}{SEPARATOR}{self.capability.name}"


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """The call may be made."""

    granted: Granted


@dataclass(frozen=True, kw_only=True)
class NeedsApproval:
    """A human must decide about the call."""

    granted: Granted
    reason: str


@dataclass(frozen=True, kw_only=True)
class Denied:
    """The call is not made; the model is told why."""

    reason: str


Verdict = Allowed | NeedsApproval | Denied


async def granted(profile: Profile, tools: Mapping[str, Tool], servers: ToolServers) -> tuple[Granted, ...]:
    """Return what `profile` is granted of what the servers offer now; a server that cannot be reached offers nothing."""
    found: list[Granted] = []
    for tool_id, modes in sorted(profile.grants.items()):
        tool = tools.get(tool_id)
        if tool is None or all(mode == "deny" for mode in modes.values()):
            continue
        try:
            offered = await servers.capabilities(tool_id)
        except DeskmateError as error:
            log.warning("%s is not on offer now: %s", tool_id, error)
            continue
        found += _of_tool(tool, modes, offered)
    return tuple(found)


def _of_tool(tool: Tool, modes: Mapping[str, Mode], offered: Sequence[Offered]) -> list[Granted]:
    found: list[Granted] = []
    for item in offered:
        capability = tool.capabilities.get(item.name)
        mode = strictest(modes.get(item.name, "deny"), capability)
        if capability is not None and mode != "deny":
            found.append(Granted(tool=tool, capability=capability, offered=item, mode=mode))
    return found


def strictest(mode: Mode, capability: Capability | None) -> Mode:
    """Return the mode that holds: the grant's, and at least `ask` for what destroys; `deny` for what the file does not name."""
    if capability is None:
        return "deny"
    if capability.effect == "destructive" and mode == "allow":
        return "ask"
    return mode


def offers(items: Sequence[Granted]) -> list[Offer]:
    """Return what a model is shown of the granted capabilities."""
    return [
        Offer(
            name=item.name,
            description=item.offered.description,
            schema=item.offered.schema or {"type": "object"},
            effect=item.capability.effect,
            needs_approval=item.mode == "ask",
        )
        for item in items
    ]


def judge(
    call: Call, items: Sequence[Granted], *, source: Source, visibility: Visibility, borrowed: bool = False
) -> Verdict:
    """Decide about one exact call of a run that has read what `source` and `visibility` say.

    `borrowed`: somebody else asked in the requester's name.
    """
    found = next((item for item in items if item.name == call.name), None)
    if found is None:
        names = ", ".join(item.name for item in items) or "none"
        return Denied(reason=f"{call.name} is not among your tools. You have: {names}, and the desk's.")
    wrong = schema_error(call.arguments, found.offered.schema)
    if wrong:
        return Denied(reason=f"{call.name} was not called: {wrong}")
    if found.mode == "ask":
        reason = "this capability needs a human's approval"
        return NeedsApproval(granted=found, reason=f"{reason}, and {_BORROWED}" if borrowed else reason)
    acting = found.capability.effect != "read"
    if acting and source is Source.EXTERNAL and visibility is Visibility.PRIVATE:
        return NeedsApproval(granted=found, reason="the run has read text from outside and private data")
    if acting and borrowed:
        return NeedsApproval(granted=found, reason=_BORROWED)
    return Allowed(granted=found)


def schema_error(arguments: Mapping[str, object], schema: Mapping[str, object]) -> str:
    """Return what does not fit the schema, and where; empty when all fits."""
    if not schema:
        return ""
    validator = jsonschema.Draft202012Validator(dict(schema), registry=Registry())
    try:
        error = jsonschema.exceptions.best_match(validator.iter_errors(dict(arguments)))
    except _INAPPLICABLE as broken:
        return f"its schema cannot be applied ({type(broken).__name__})"
    if error is None:
        return ""
    where = "/".join(str(part) for part in error.absolute_path)
    return f"argument {where}: {error.message}"[:500] if where else error.message[:500]


def without_secrets(result: CallResult, redact: Callable[[str], str]) -> CallResult:
    """Return a server's result with secrets taken out, wherever in it they stand: no model is to read one."""
    return replace(result, text=redact(result.text), data=cleaned(result.data, redact))


def labelled(result: CallResult, call: Call, capability: Capability) -> CallResult:
    """Return a server's result under the call's id, with the labels that the tool file gives it."""
    return CallResult(
        call_id=call.id,
        text=result.text,
        data=result.data,
        error=result.error,
        source=Source.EXTERNAL if capability.untrusted else Source.ORGANISATION,
        visibility=Visibility.PRIVATE if capability.private else Visibility.PUBLIC,
    )
