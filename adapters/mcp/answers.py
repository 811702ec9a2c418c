"""A server's answer as a coworker is shown it: plain text within a size, structured content when it fits.

What is cut or left out is said in the text, so that the model asks for less instead of concluding from half an answer.
Pictures, sound and resources become a mention. Secrets of the server are replaced wherever they appear.
"""

import json
import math
from collections.abc import Sequence
from typing import Any

from mcp_types import (
    AudioContent,
    CallToolResult,
    ContentBlock,
    EmbeddedResource,
    ImageContent,
    InputRequiredResult,
    ResourceLink,
    TextContent,
)

from adapters.mcp.limits import ServerLimits
from adapters.mcp.plain_text import nested_deeper, one_line, plain, shortened
from adapters.mcp.references import Redactor
from bot.turn import CallResult


def shown(
    result: CallToolResult | InputRequiredResult, *, key: str, limits: ServerLimits, redactor: Redactor
) -> CallResult:
    """Return the result as the coworker is shown it."""
    if isinstance(result, InputRequiredResult):
        return failed("The tool asks for input that a coworker cannot give. Ask a person to do this.", key=key)
    data = _kept(result.structured_content, limits, redactor)
    text = redactor.text(plain(_text(result.content)))
    if data is None and result.structured_content is not None:
        text += (
            f"\n[A structured result was left out: it is larger than {limits.text // 1024} kB or too deeply nested.]"
        )
    elif not text and data is not None:
        text = json.dumps(data, ensure_ascii=False)
    return CallResult(call_id=key, text=_cut(text, limits.text), data=data, error=bool(result.is_error))


def failed(text: str, *, key: str) -> CallResult:
    """Return an error that the coworker is to read."""
    return CallResult(call_id=key, text=text, error=True)


def _cut(text: str, size: int) -> str:
    kept = shortened(text, size)
    if len(kept) == len(text):
        return text
    whole = len(text.encode("utf-8", "ignore")) // 1024
    return f"{kept}\n[Cut here: the first {size // 1024} kB of {whole} kB. Ask for less, or for a part.]"


def _text(content: Sequence[ContentBlock]) -> str:
    return "\n".join(_block(block) for block in content)


def _block(block: ContentBlock) -> str:
    match block:
        case TextContent():
            return block.text
        case ImageContent() | AudioContent():
            kind = "image" if isinstance(block, ImageContent) else "sound"
            return f"[{kind}, {one_line(block.mime_type, 60)}, {len(block.data) * 3 // 4096} kB, not shown]"
        case ResourceLink():
            return f"[resource {one_line(block.name, 200)}: {one_line(str(block.uri), 500)}]"
        case EmbeddedResource():
            return f"[resource {one_line(str(block.resource.uri), 500)}, not shown]"


def _kept(data: dict[str, Any] | None, limits: ServerLimits, redactor: Redactor) -> dict[str, Any] | None:
    if data is None or nested_deeper(data, limits.depth) or len(json.dumps(data)) > limits.text:
        return None
    cleaned: dict[str, Any] = redactor.data(_plain_data(data))
    return cleaned


def _plain_data(data: Any) -> Any:  # noqa: ANN401 -- JSON in, the same shape out
    if isinstance(data, str):
        return plain(data)
    if isinstance(data, float) and not math.isfinite(data):
        return None  # no JSON, and no database takes it
    if isinstance(data, list):
        return [_plain_data(each) for each in data]
    if isinstance(data, dict):
        return {plain(str(key)): _plain_data(value) for key, value in data.items()}
    return data
