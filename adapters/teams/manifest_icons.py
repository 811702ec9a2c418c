"""The two icons of the Teams app, drawn here: an atom, in colour with 192 pixels a side and as a white outline with 32.

Teams takes PNG files only, of exactly these sizes. Two orbits and a nucleus are a few formulas, so they are drawn and not kept as
pictures that nobody could change: each pixel is covered as far as it lies inside a line, which makes the edges smooth.
"""

import math
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

COLOUR, OUTLINE = "color.png", "outline.png"
SIZES = {COLOUR: 192, OUTLINE: 32}
"""Pixels a side, as Teams wants them."""
SIGNATURE = b"\x89PNG\r\n\x1a\n"

Pixel = tuple[int, int, int, int]
"""Red, green, blue, opacity."""

_BLUE = (0x1F, 0x5F, 0xBF)
_WHITE = (0xFF, 0xFF, 0xFF)
_TILTS = (30.0, 90.0, 150.0)
_LONG, _SHORT, _NUCLEUS = 0.40, 0.15, 0.065
"""Half-axes of the orbits and the nucleus' radius, in sides."""


@dataclass(frozen=True, kw_only=True)
class _Drawing:
    side: int
    line: float
    """How thick the orbits are, in pixels."""

    def covered(self, column: int, row: int) -> float:
        """Return how much of a pixel the atom covers: 0 to 1."""
        x, y = column + 0.5 - self.side / 2, row + 0.5 - self.side / 2
        nearest = min(self._to_orbit(x, y, math.radians(tilt)) for tilt in _TILTS)
        inside = max(self.line / 2 - nearest, _NUCLEUS * self.side - math.hypot(x, y))
        return min(1.0, max(0.0, inside + 0.5))

    def _to_orbit(self, x: float, y: float, tilt: float) -> float:
        """Return about how far a point is from a tilted ellipse, in pixels."""
        long, short = _LONG * self.side, _SHORT * self.side
        along = (x * math.cos(tilt) + y * math.sin(tilt)) / long
        across = (y * math.cos(tilt) - x * math.sin(tilt)) / short
        slope = 2 * math.hypot(along / long, across / short)
        return abs(along * along + across * across - 1) / slope if slope else short


def icons() -> dict[str, bytes]:
    """Return both icons as PNG files, by file name."""
    coloured = _Drawing(side=SIZES[COLOUR], line=7.0)
    outlined = _Drawing(side=SIZES[OUTLINE], line=1.8)

    def on_blue(column: int, row: int) -> Pixel:
        white = coloured.covered(column, row)
        red, green, blue = (round(under + (over - under) * white) for under, over in zip(_BLUE, _WHITE, strict=True))
        return red, green, blue, 255

    def on_nothing(column: int, row: int) -> Pixel:
        return *_WHITE, round(255 * outlined.covered(column, row))

    return {COLOUR: _png(coloured.side, on_blue), OUTLINE: _png(outlined.side, on_nothing)}


def _png(side: int, pixel: Callable[[int, int], Pixel]) -> bytes:
    rows = b"".join(b"\0" + bytes(_row(side, row, pixel)) for row in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    return SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")


def _row(side: int, row: int, pixel: Callable[[int, int], Pixel]) -> Iterator[int]:
    for column in range(side):
        yield from pixel(column, row)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def size_of(icon: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG file; None when it is none."""
    found = re.match(re.escape(SIGNATURE) + rb"....IHDR(.{8})", icon, re.DOTALL)
    if found is None:
        return None
    width, height = struct.unpack(">II", found[1])
    return width, height
