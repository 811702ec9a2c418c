"""Private material in characters that nobody sees: a public note that holds such characters is not posted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.leak import find_leak
from bot.leak.folding import INVISIBLE
from bot.leak.hidden import FEW, hides

PRIVATE = "violet anchor nine lives under the old harbour bridge"
BITS = "".join(f"{byte:08b}" for byte in PRIVATE.encode())
TAGS = "".join(chr(0xE0000 + ord(letter)) for letter in PRIVATE)
HELLO = "Hello, please restart your laptop and write to me again. "


@pytest.mark.parametrize(
    "hidden",
    [
        TAGS,
        "".join(f"&#{ord(tag)};" for tag in TAGS),
        f"\U0001f3f4{TAGS}\U000e007f",
        "".join(chr(0xE0100 + byte) for byte in PRIVATE.encode()),
        "".join("\u200b" if bit == "0" else "\u2060" for bit in BITS),
        "".join("\u200c" if bit == "0" else "\u200d" for bit in BITS),
        "".join(f"e{chr(0xFE00 + int(BITS[at : at + 4], 2))}" for at in range(0, len(BITS), 4)),
        "".join(f"e{'&zwj;' if bit == '0' else '&zwnj;'}" for bit in BITS),
    ],
    ids=["tags", "as entities", "in a flag", "selectors", "spaces", "joiners", "between letters", "named"],
)
def test_private_material_does_not_pass_unseen(hidden: str) -> None:
    """A reader copies it with the words, and a machine reads it."""
    found = find_leak(f"{HELLO}{hidden}", [PRIVATE])

    assert found is not None
    assert found.kind == "hidden"


@pytest.mark.parametrize(
    "text",
    [
        "Well done \U0001f469\u200d\U0001f4bb \u2764\ufe0f 1\ufe0f\u20e3 \U0001f937\U0001f3fd\u200d\u2640\ufe0f" * 20,
        "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f wins",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 " * 40,
        "\u0915\u094d\u200d\u0937 " * 40,
        "\ufeffOne, and a soft\u00adhyphen.",
        "",
    ],
    ids=["emoji", "Scotland", "Persian", "Hindi", "a few", "nothing"],
)
def test_ordinary_writing_passes(text: str) -> None:
    """However much of it there is."""
    assert find_leak(text, [PRIVATE]) is None


@given(text=st.text(st.characters(codec="ascii"), max_size=60), unseen=st.from_regex(INVISIBLE, fullmatch=True))
def test_among_latin_letters_a_few_pass_and_more_do_not(text: str, unseen: str) -> None:
    """Whichever they are, one after each letter or all together."""
    assert hides(f"{text}e{unseen}" * (FEW + 1))
    assert hides(f"{text}e{unseen * (FEW + 1)}")
    assert not hides(text)
