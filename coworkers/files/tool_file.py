"""Reads `tools/<id>.yaml`: how a tool server is started or reached, and what each of its capabilities may do.

Secrets are references (`env:NAME`) and nothing else; a value that stands here itself is an error even when it is not one.
"""

import re
from typing import Literal
from urllib.parse import urlsplit

from bot.turn import Effect
from coworkers.files.section import Section
from coworkers.profile import Capability, Tool

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CAPABILITY = re.compile(r"[A-Za-z0-9_-]{1,48}")
_REFERENCE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*")
_CARRIES_SECRETS = re.compile(r"authori[sz]ation|key|token|secret|cookie|password|signature", re.IGNORECASE)
MAX_NAME = 64
BUILT_IN = ("read_file",)
"""What `transport: built-in` can do (see `coworkers/desk_tools/files.py`)."""


def read_tool(section: Section, stem: str) -> Tool:
    """Return what the file says."""
    transports: dict[str, Literal["stdio", "http", "built-in"]] = {
        "stdio": "stdio",
        "http": "http",
        "built-in": "built-in",
    }
    capabilities = section.section("capabilities")
    tool = Tool(
        id=section.text("id"),
        name=section.text("name", stem),
        transport=transports[section.choice("transport", list(transports))],
        command=section.texts("command"),
        url=section.text("url", ""),
        headers=section.mapping("headers"),
        env=section.mapping("env"),
        timeout=_timeout(section),
        capabilities={name: _capability(name, capabilities) for name, _ in capabilities.pairs()},
    )
    _check_identity(tool, stem, section)
    _check_transport(tool, section)
    _check_secrets(tool, section)
    for capability in tool.capabilities.values():
        if capability.undo and capability.undo not in tool.capabilities:
            what = f"`undo: {capability.undo}` is not a capability of this tool"
            capabilities.error(
                what, "Name the capability that undoes it, as it stands in this list.", key=capability.name
            )
    section.done()
    return tool


def _timeout(section: Section) -> float:
    text = section.text("timeout", "30s")
    match = re.fullmatch(r"(\d{1,4})\s*([sm])?", text)
    if match is None or int(match[1]) == 0:
        section.error(f"`timeout: {text}` is not a time span", "Write `timeout: 20s`.", key="timeout")
        return 30.0
    return float(match[1]) * (60 if match[2] == "m" else 1)


def _capability(name: str, capabilities: Section) -> Capability:
    section = capabilities.section(name)
    if not _CAPABILITY.fullmatch(name):
        capabilities.error(
            f"`{name}` cannot be a capability's name", "Use letters, digits, `_` and `-`, at most 48.", key=name
        )
    if not section.has("effect"):
        section.error(f"`{name}` does not say its `effect`", "Write `{effect: read}`, `write` or `destructive`.")
    effect: dict[str, Effect] = {"read": "read", "write": "write", "destructive": "destructive"}
    found = Capability(
        name=name,
        effect=effect[section.choice("effect", list(effect), "write")],
        idempotent=section.flag("idempotent", default=False),
        private=section.flag("private", default=False),
        untrusted=section.flag("untrusted", default=False),
        undo=section.text("undo", "") or None,
    )
    section.done()
    return found


def _check_identity(tool: Tool, stem: str, section: Section) -> None:
    if tool.id and tool.id != stem:
        section.error(f"`id: {tool.id}` is not the file's name", f"Write `id: {stem}`, or rename the file.", key="id")
    if tool.id and not _ID.fullmatch(tool.id):
        section.error(f"`id: {tool.id}` will not do", "Use lower-case letters, digits and single hyphens.", key="id")
    for name in tool.capabilities:
        if len(f"{tool.id}__{name}") > MAX_NAME:
            what = f"`{tool.id}__{name}` is longer than {MAX_NAME} characters"
            section.error(what, "Models take no longer names: shorten the tool's id.", key="id")


def _check_transport(tool: Tool, section: Section) -> None:
    if tool.transport == "built-in":
        _check_built_in(tool, section)
        return
    if tool.transport == "stdio":
        if not tool.command:
            section.error("a `stdio` tool needs a `command`", "Write `command: [program, argument]`.", key="command")
        if tool.url:
            section.error("a `stdio` tool has no `url`", "Remove it, or write `transport: http`.", key="url")
        return
    parts = urlsplit(tool.url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        section.error("an `http` tool needs a `url`", "Write `url: https://…`.", key="url")
    if parts.password or parts.username:
        section.error(
            "the `url` holds a user name or a password", "Put it into `headers` as a reference, `env:NAME`.", key="url"
        )
    if tool.command:
        section.error("an `http` tool has no `command`", "Remove it, or write `transport: stdio`.", key="command")


def _check_built_in(tool: Tool, section: Section) -> None:
    """See that a built-in tool is one that exists, and is declared as what it is: it reads what outsiders may have written."""
    for key in ("command", "url", "headers", "env"):
        if section.has(key):
            section.error(f"a `built-in` tool has no `{key}`", "Remove it: nothing is started or reached.", key=key)
    capabilities = section.section("capabilities")
    for name, capability in tool.capabilities.items():
        if name not in BUILT_IN:
            known = ", ".join(f"`{item}`" for item in BUILT_IN)
            capabilities.error(f"nothing built in can `{name}`", f"What is built in: {known}.", key=name)
        elif capability.effect != "read" or not capability.untrusted:
            capabilities.error(
                f"`{name}` reads what others wrote", f"Write `{name}: {{effect: read, untrusted: true}}`.", key=name
            )


def _check_secrets(tool: Tool, section: Section) -> None:
    env, headers = section.section("env"), section.section("headers")
    for name, value in tool.env.items():
        if not _REFERENCE.fullmatch(value):
            env.error(
                f"`{name}` holds a value instead of a reference", f"Write `{name}: env:{_variable(name)}`.", key=name
            )
    for name, value in tool.headers.items():
        reference = value.removeprefix("Bearer ").removeprefix("Basic ")
        if _CARRIES_SECRETS.search(name) and not _REFERENCE.fullmatch(reference):
            what = f"`{name}` holds a value instead of a reference"
            headers.error(what, f"Write `{name}: env:{_variable(name)}`.", key=name)


def _variable(name: str) -> str:
    return re.sub(r"\W", "_", name).upper()
