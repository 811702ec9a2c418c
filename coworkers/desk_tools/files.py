"""The built-in tool that reads attached files, beside the tools of servers.

It is granted like any other: a tool file with `transport: built-in` names its capability, a coworker's grants allow it, and the same guard
decides each call. Whose files they are is not an argument: the call's own step in the ledger tells the run, and that the request.
What a file says is from outside, whoever attached it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.attachments import Attached, Attachments, files_of
from bot.errors import PermanentError
from bot.ports import Reader, Storage
from bot.request import Request
from bot.run import Run, Step
from bot.turn import CallResult
from bot.wording.files import described
from coworkers.toolbox import Offered, ToolServers

READ_FILE = "read_file"
PART = 20_000
"""Characters that one call gives."""
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f]")

OFFER = Offered(
    name=READ_FILE,
    description="Read a text file that is attached to this request (its number or name in the list of attached files). "
    f"Gives {PART:,} characters; `start` continues a longer one.",
    schema={
        "type": "object",
        "properties": {
            "file": {"type": "string", "minLength": 1, "maxLength": 300},
            "start": {"type": "integer", "minimum": 0},
        },
        "required": ["file"],
        "additionalProperties": False,
    },
)


class WithBuiltIn:
    """`ToolServers`, those of `inner` and the built-in ones."""

    def __init__(
        self,
        inner: ToolServers,
        storage: Storage,
        attachments: Mapping[str, Attachments],
        built_in: Callable[[str], bool],
    ) -> None:
        """`attachments` by platform; `built_in` tells of a tool's id whether the files in force say so."""
        self._inner = inner
        self._storage = storage
        self._attachments = attachments
        self._built_in = built_in

    async def capabilities(self, tool: str) -> Sequence[Offered]:
        """As `ToolServers.capabilities`."""
        return (OFFER,) if self._built_in(tool) else await self._inner.capabilities(tool)

    async def call(self, tool: str, capability: str, arguments: dict[str, Any], *, key: str) -> CallResult:
        """As `ToolServers.call`; `key` is the id of the call's step."""
        if not self._built_in(tool):
            return await self._inner.call(tool, capability, arguments, key=key)
        if capability != READ_FILE:
            return CallResult(call_id=key, text=f"There is no {capability} here, only {READ_FILE}.", error=True)
        files = await self._storage.read(lambda reader: _files(reader, key))
        found = _meant(files, str(arguments.get("file", "")))
        if found is None:
            return CallResult(call_id=key, text=_none(files), error=True)
        reads = self._attachments.get(found.conversation.platform)
        if reads is None:
            raise PermanentError(f"Files on {found.conversation.platform} cannot be read; ask for the text itself.")
        start = int(arguments.get("start", 0))
        return CallResult(call_id=key, text=_part(await reads.text(found.file, found.conversation), start))


async def _files(reader: Reader, key: str) -> Sequence[Attached]:
    step = await reader.get(Step, key)
    run = await reader.get(Run, step.run_id) if step is not None else None
    request = await reader.get(Request, run.request_id) if run is not None and run.request_id else None
    return await files_of(reader, request) if request is not None else ()


def _meant(files: Sequence[Attached], wish: str) -> Attached | None:
    """Return the file with that number or name; of several with one name the newest."""
    named = [item for item in files if item.file.name == wish.strip()]
    if named:
        return named[-1]
    number = wish.strip().removeprefix("#")
    return files[int(number) - 1] if number.isdecimal() and 0 < int(number) <= len(files) else None


def _none(files: Sequence[Attached]) -> str:
    if not files:
        return "No file is attached to this request."
    return f"No such file is attached. There are: {'; '.join(described([item.file for item in files]))}."


def _part(text: str, start: int) -> str:
    shown = _UNSHOWN.sub("", text[start : start + PART].replace("\r\n", "\n"))
    if not shown.strip():
        return "[There is nothing there.]" if start else "[The file is empty.]"
    left = len(text) - start - PART
    return f"{shown}\n[{left:,} characters follow: call again with start={start + PART}.]" if left > 0 else shown
