"""The content check: what it finds, what it leaves alone, and that it ends."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.leak import find_leak
from bot.leak.check import LONGEST
from bot.leak.index import Indexes
from tests.unit.desk.leak_corpus import DISGUISES, PRIVATE, PUBLIC

STORY = "Device logs show endpoint-security blocking com.acme.updater-helper 14 times on JUNE-MBP-14"


def test_the_storys_own_note_passes() -> None:
    """The public question about sign-in anomalies tells nothing of the device logs."""
    public = (
        "We noticed security software activity on your laptop. Have you seen suspicious e-mails, unexpected MFA prompts, "
        "browser redirects or sign-in anomalies?"
    )

    assert find_leak(public, [STORY]) is None


@pytest.mark.parametrize(
    ("private", "public"),
    [
        (STORY, "It is about com.acme.updater-helper."),
        (STORY, "Look at your device june-mbp-14, please."),
        (STORY, "J U N E - M B P - 1 4"),
        (STORY, "june dash mbp dash 14"),
        (STORY, "41-PBM-ENUJ"),
        (STORY, "SlVORS1NQlAtMTQ="),
        ("Ask j.okafor@acme.example about it.", "Please write to J.Okafor@ACME.example."),
        ("Ask j.okafor@acme.example about it.", "Please write to j dot okafor at acme dot example."),
        ("Sign-ins came from 203.0.113.77.", "Do you know 203[.]0[.]113[.]77?"),
        ("Sign-ins came from 203.0.113.77.", "Do you know 203.0.113.77?"),
        ("Salary goes to 84,500 GBP.", "You will earn \u00a384500."),
        ("Salary goes to $84,500.00.", "You will earn 84,500 dollars."),
        ("His door PIN is 4831.", "Enter 4831 at the door."),
        ("Hash 9f86d081884c7d659a2feaa0c55ad015.", "9F86D081884C7D65-9A2FEAA0C55AD015"),
        ("Path C:\\Temp\\upd32.exe was run.", "Did you start upd32.exe?"),
        ("Canary ZEBRA-KITE-QUARTZ.", "zebra kite quartz"),
        ("Service svc_vendor_sync changed it.", "It was changed by svc vendor sync."),
        ("Keep this away from him until HR has spoken.", "KEEP THIS AWAY FROM HIM, UNTIL HR HAS SPOKEN!"),
    ],
)
def test_a_detail_is_found_even_alone(private: str, public: str) -> None:
    """An id, a host, an address, an amount gives something away without any words around it."""
    found = find_leak(public, [private])

    assert found is not None


@pytest.mark.parametrize(
    ("private", "public"),
    [
        (
            "macOS 15.1 was installed at 14:30 on 2026-11-20.",
            "By 14:30 please have macOS 15.1. We look again on 2026-11-20.",
        ),
        (
            "16 GB of 512 GB are free; 96 % CPU for 3h.",
            "The disk has 512 GB, the memory is 16 GB. CPU was at 96 % over 3h.",
        ),
        ("Office365 sign-in with SHA256 over IPv4.", "IPv4 and SHA256 are fine, and Office365 opens again."),
        ("Two of 20 seats in 2026.", "In 2026 you have two of 20 seats."),
        ("Please let us know if you have any questions.", "Please let us know if you have any questions."),
        (
            "The user says the laptop is slow. Check the device.",
            "You say that the laptop is slow. We check the device.",
        ),
    ],
)
def test_dates_versions_quantities_and_phrases_of_the_trade_are_no_secret(private: str, public: str) -> None:
    """What any two notes could share is no leak."""
    found = find_leak(public, [private])

    assert found is None


def test_what_the_requester_said_is_not_private() -> None:
    """A colleague who quotes the requester does not make it a secret."""
    said = "My laptop JUNE-MBP-14 has crawled since the printer firmware for XK-4471 arrived on Tuesday."
    private = f"Requester: {said} Logs attached."

    assert find_leak(f"You wrote: {said}", [private]) is not None
    assert find_leak(f"You wrote: {said}", [private], [said]) is None


def test_what_was_told_already_is_not_found_again() -> None:
    """A detail that a public note has told can be talked about."""
    told = "Your laptop is JUNE-MBP-14."

    assert find_leak("Please bring JUNE-MBP-14 to the desk.", [STORY], (), [told]) is None


def test_a_token_in_pieces_over_notes_is_found_with_its_last_piece() -> None:
    """Neither note tells it alone."""
    first, second = "The name begins with JUNE and more follows soon.", "It goes on with MBP and ends in 14, thank you."

    assert find_leak(first, [STORY]) is None
    assert find_leak(second, [STORY]) is None
    assert find_leak(second, [STORY], (), [first]) is not None


def test_an_encoding_in_pieces_over_notes_is_found() -> None:
    """Base64 cut in two is put together again."""
    encoded = DISGUISES["base64"](STORY)
    first, second = encoded[:37], encoded[37:]

    found = find_leak(f"{second[20:]}", [STORY], (), [f"{first}{second[:20]}"])

    assert found is not None


def test_a_leak_quotes_nothing() -> None:
    """What is told to a model or kept in the audit holds no private word."""
    found = find_leak(f"FYI: {STORY}", ["Nothing here.", STORY])

    assert found is not None
    assert (found.kind, found.source, len(found.digest)) == ("verbatim", 1, 12)
    for word in ("acme", "JUNE", "endpoint", "blocking"):
        assert word not in f"{found.sentence} {found.digest}"


def test_a_text_too_long_to_check_is_refused() -> None:
    """Padding does not carry a secret past the check."""
    found = find_leak("word " * LONGEST, [STORY])

    assert found is not None
    assert found.kind == "too_long"


@pytest.mark.parametrize("public", PUBLIC)
def test_ordinary_notes_pass_whatever_is_private(public: str) -> None:
    """Twenty private notes on the same kind of matters, and earlier notes, do not stop an ordinary one."""
    earlier = [note for note in PUBLIC if note != public]

    assert find_leak(public, PRIVATE, ["IT-1042"]) is None
    assert find_leak(public, PRIVATE, ["IT-1042"], earlier[:10]) is None
    assert find_leak(public, PRIVATE, ["IT-1042"], earlier[-10:]) is None


@pytest.mark.parametrize("text", PRIVATE[:2])
def test_the_indexes_are_the_same_when_kept(text: str) -> None:
    """A text that was prepared before is judged the same, also after it had to make room."""
    indexes = Indexes()
    for filler in range(3):
        indexes.of(f"{filler} {'x y ' * 120_000}")

    assert [find_leak(text, [text], indexes=indexes) for _ in range(2)] == [find_leak(text, [text])] * 2


@given(
    public=st.text(max_size=300),
    private=st.lists(st.text(max_size=300), max_size=3),
    earlier=st.lists(st.text(max_size=99), max_size=2),
)
@settings(deadline=None)
def test_no_text_breaks_the_check(public: str, private: list[str], earlier: list[str]) -> None:
    """Whatever people write, there is an answer."""
    found = find_leak(public, private, [], earlier)

    assert found is None or 0 <= found.source < len(private)


@pytest.mark.parametrize(
    "evil",
    [
        "a" * LONGEST,
        "aB1" * 6_000,
        "%41" * 6_000,
        "&amp;" * 4_000,
        "1 " * 9_000,
        "- " * 9_000,
        "a.b" * 6_000,
        "A-" * 9_000,
        "01" * 9_000,
        "1,1." * 4_500,
        "=" * 9_000,
        "4 1 " * 4_500,
        "\\u0041" * 3_000,
    ],
)
def test_hostile_texts_take_no_long_time(evil: str) -> None:
    """Nothing in the check grows faster than the text: three seconds are ample on any machine."""
    began = time.process_time()

    find_leak(evil, [evil, STORY], [evil], [evil])

    assert time.process_time() - began < 3


def test_private_sentences_are_all_long_enough_to_be_found() -> None:
    """Each sentence of six words or more of the collection is found word for word."""
    sentences = [part for text in PRIVATE for part in re.split(r"(?<=[.!?])\s+", text) if len(part.split()) >= 6]

    missed = [sentence for sentence in sentences if find_leak(sentence, PRIVATE) is None]

    assert missed == []
