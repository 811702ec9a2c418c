"""Undoes the encodings in which a text can be hidden in another.

Base64 (also out of step, in pieces, with spaces inside), base32, hexadecimal with any separators, decimal and binary character codes, URL
and HTML escapes. What comes out is kept only where it is readable, and is decoded again, up to `DEPTH` times. All of it is linear in the
length of the text.
"""

import base64
import binascii
import html
import re
from collections.abc import Iterator
from urllib.parse import unquote

DEPTH = 3
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}")
_MIXED = re.compile(r"[a-z][A-Z]|[A-Za-z][0-9]|[0-9][A-Za-z]")
_BASE32 = re.compile(r"(?:[A-Z2-7]{8,}|[a-z2-7]{8,})=*")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}[^0-9A-Za-z]{0,3}){5,}")
_HEX_PREFIX = re.compile(r"0x|\\x|\\u00|&#x|u\+00", re.IGNORECASE)
_DECIMAL = re.compile(r"(?:\b\d{2,3}\b[^0-9A-Za-z]{1,3}){4,}\d{2,3}")
_BINARY = re.compile(r"(?:[01]{8}[^0-9A-Za-z]{0,2}){5,}|(?:[01]{7}[^0-9A-Za-z]{1,2}){5,}")
_READABLE = re.compile(r"[\x20-\x7e\u00a1-\u02ff\u0370-\u1fff\u3040-\ud7ff\n]{5,}")
_SPACE = re.compile(r"\s+")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_BLOCK = 4


def decoded(cleaned: str) -> str:
    """Return all that can be read in a clean text by decoding parts of it, one piece per line; empty when there is nothing."""
    rounds: list[str] = []
    source = cleaned
    for _ in range(DEPTH):
        source = "\n".join(dict.fromkeys(_pieces(source)))
        if not source:
            break
        rounds.append(source)
    return "\n".join(rounds)


def looks_encoded(cleaned: str) -> bool:
    """Tell whether there is something long enough, and unlike a word, to be an encoded text."""
    return any(len(match[0]) >= 2 * len("encoding") and _MIXED.search(match[0]) for match in _BASE64.finditer(cleaned))


def _pieces(text: str) -> Iterator[str]:
    if "&" in text and html.unescape(text) != text:
        yield html.unescape(text)
    if "%" in text and unquote(text) != text:
        yield unquote(text)
    if "\\u" in text:
        yield _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    blobs = [match[0] for match in _BASE64.finditer(text) if _MIXED.search(match[0])]
    spaceless = _SPACE.sub("", text)
    wide = [match[0] for match in _BASE64.finditer(spaceless) if _MIXED.search(match[0])]
    for blob in dict.fromkeys((*blobs, "".join(blobs), *wide)):
        yield from _base64(blob)
    yield from _base32(text)
    yield from _numbers(text)


def _base64(blob: str) -> Iterator[str]:
    standard = blob.replace("-", "+").replace("_", "/")
    for offset in range(_BLOCK):
        whole = standard[offset:]
        whole = whole[: len(whole) - 1] if len(whole) % _BLOCK == 1 else whole
        yield from _readable(base64.b64decode(whole + "=" * (-len(whole) % _BLOCK)))


def _base32(text: str) -> Iterator[str]:
    runs = [match[0].rstrip("=").upper() for match in _BASE32.finditer(text) if _could_be_base32(match[0])]
    for run in dict.fromkeys((*runs, "".join(runs))):
        whole = run[: len(run) - {1: 1, 3: 1, 6: 1}.get(len(run) % 8, 0)]
        try:
            yield from _readable(base64.b32decode(whole + "=" * (-len(whole) % 8)))
        except binascii.Error:
            continue


def _could_be_base32(run: str) -> bool:
    return len(run) >= 2 * len("encoding") or any(character.isdigit() for character in run)


def _numbers(text: str) -> Iterator[str]:
    plain = _HEX_PREFIX.sub(" ", text)
    for match in _HEX.finditer(plain):
        digits = re.sub(r"[^0-9A-Fa-f]", "", match[0])
        yield from _readable(bytes.fromhex(digits[: len(digits) // 2 * 2]))
    for match in _DECIMAL.finditer(text):
        codes = [int(code) for code in re.findall(r"\d+", match[0])]
        yield from _readable(bytes(code for code in codes if code < 256))  # noqa: PLR2004  (one byte)
    for match in _BINARY.finditer(text):
        groups = re.findall(r"[01]{7,8}", match[0])
        yield from _readable(bytes(int(group, 2) for group in groups))


def _readable(data: bytes) -> Iterator[str]:
    text = data.replace(b"\0", b"").decode("utf-8", "ignore")
    yield from _READABLE.findall(text)
