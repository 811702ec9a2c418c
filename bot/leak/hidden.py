"""Tells whether a text holds characters that nobody sees and that could carry another text.

Tag characters (U+E0000 and on) are the whole of ASCII once more, unseen; variation selectors and the spaces without width are an alphabet
too. People copy them with what they read, and machines read them. What ordinary writing needs of them is let through: the flags of
England, Scotland and Wales, the one selector behind an emoji, joiners in scripts that have them, and a few of any kind.
"""

import html
import re

from bot.leak.folding import INVISIBLE

FEW = 16
"""Invisible characters that a text may hold; so many carry some six letters."""
_FLAG = re.compile(
    "\U0001f3f4\U000e0067\U000e0062"
    "(?:\U000e0065\U000e006e\U000e0067|\U000e0073\U000e0063\U000e0074|\U000e0077\U000e006c\U000e0073)\U000e007f"
)
_SHOWN = "\xa9\xae\u0620-\u10ff\u1780-\u17b3\u1820-\u1dff\u203c\u2049\u2100-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
"""Emoji and what becomes one, and scripts that are joined."""
_ORDINARY = re.compile(f"(?<=[{_SHOWN}])\ufe0f?[\u200c\u200d]?|(?<=[0-9#*])\ufe0f")
_TAG = re.compile("[\U000e0000-\U000e007f]")
_RUN = re.compile(f"(?:{INVISIBLE}){{4}}")


def hides(text: str) -> bool:
    """Tell whether `text`, as it is shown, holds more unseen characters than it needs."""
    shown = _ORDINARY.sub("", _FLAG.sub("", html.unescape(text)))
    if shown.isascii():
        return False
    return bool(_TAG.search(shown) or _RUN.search(shown)) or len(re.findall(INVISIBLE, shown)) > FEW
