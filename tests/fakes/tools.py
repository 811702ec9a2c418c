"""Tool servers whose answers a test writes down, with a log of what took effect."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.errors import DeskmateError
from bot.turn import CallResult
from coworkers.profile import Capability, Tool
from coworkers.toolbox import Offered

JUMPCLOUD = Tool(
    id="jumpcloud",
    name="JumpCloud",
    transport="stdio",
    capabilities={
        item.name: item
        for item in (
            Capability(name="get_device", effect="read"),
            Capability(name="get_device_logs", effect="read", private=True),
            Capability(name="read_mail", effect="read", untrusted=True),
            Capability(name="tag_device", effect="write", idempotent=True),
            Capability(name="lock_device", effect="write"),
            Capability(name="reset_password", effect="write"),
            Capability(name="wipe_device", effect="destructive"),
        )
    },
)
"""A device system: what reads, what is private, what comes from outside, what may be repeated, what may not, what destroys."""

DEVICE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"device": {"type": "string"}},
    "required": ["device"],
    "additionalProperties": False,
}


@dataclass(frozen=True, kw_only=True)
class Made:
    """A call that reached its server and took effect."""

    name: str
    arguments: dict[str, Any]
    key: str


@dataclass(frozen=True, kw_only=True)
class Lost:
    """The call takes effect, and then its answer is lost with this error."""

    error: DeskmateError


Reaction = str | DeskmateError | Lost | CallResult


@dataclass(kw_only=True)
class WrittenServers:
    """`coworkers.toolbox.ToolServers`: one server per tool, answering `ok` where nothing else is written down."""

    tools: Sequence[Tool] = (JUMPCLOUD,)
    schemas: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    """`tool__capability` → schema; what is not named takes `DEVICE_SCHEMA`."""
    surplus: Sequence[str] = ("launch_rocket",)
    """What each server offers although no tool file names it."""
    reactions: dict[str, list[Reaction]] = field(default_factory=dict)
    """`tool__capability` → what the next calls bring, one each; the last one stays."""
    away: set[str] = field(default_factory=set)
    """Servers that cannot be asked what they offer."""
    around: Callable[[str], None] = lambda _: None
    made: list[Made] = field(default_factory=list)

    async def capabilities(self, tool: str) -> Sequence[Offered]:
        """Return what the server offers."""
        if tool in self.away:
            raise DeskmateError(f"{tool} is away")
        known = next(item for item in self.tools if item.id == tool)
        names = [*known.capabilities, *self.surplus]
        return [Offered(name=name, description=name, schema=self._schema(tool, name)) for name in names]

    def _schema(self, tool: str, name: str) -> dict[str, Any]:
        return self.schemas.get(f"{tool}__{name}", DEVICE_SCHEMA)

    async def call(self, tool: str, capability: str, arguments: dict[str, Any], *, key: str) -> CallResult:
        """React as written down; what takes effect is logged."""
        name = f"{tool}__{capability}"
        self.around(f"before {name}")
        reaction = self._reaction(name)
        if isinstance(reaction, DeskmateError):
            raise reaction
        self.made.append(Made(name=name, arguments=arguments, key=key))
        self.around(f"after {name}")
        if isinstance(reaction, Lost):
            raise reaction.error
        return reaction if isinstance(reaction, CallResult) else CallResult(call_id=key, text=reaction)

    def _reaction(self, name: str) -> Reaction:
        waiting = self.reactions.get(name, ["ok"])
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    def names(self) -> list[str]:
        """Return the names of the calls that took effect, in order."""
        return [item.name for item in self.made]
