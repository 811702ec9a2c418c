"""Whatever is changed in a good token, by a letter or by a claim, it is refused."""

import asyncio
import base64
import json
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.account import Account, ServiceHosts
from adapters.teams.keys import SigningKey, SigningKeys, read_key
from adapters.teams.reading import Json
from adapters.teams.tokens import NotAllowed, TokenCheck
from tests.fakes.teams_state import APP_ID, TENANT
from tests.fakes.teams_tokens import ISSUER, Issuer

SERVICE = "https://smba.trafficmanager.net/emea/"
ISSUED_BY = Issuer()
GOOD = ISSUED_BY.mint(SERVICE)
PARTS = GOOD.split(".")
LETTERS = "".join(chr(code) for code in range(33, 127))


class Published:
    """Finds the one key, whatever it is called: a changed name is no way in either."""

    def __init__(self) -> None:
        read = read_key(cast("Json", ISSUED_BY.key.as_jwk()), ISSUER)
        assert read is not None
        self._key = read[1]

    async def find(self, _kid: str) -> SigningKey | None:
        """Return the key."""
        return self._key


CHECK = TokenCheck(
    Account(app_id=APP_ID, password="p", tenant=TENANT), cast("SigningKeys", Published()), ServiceHosts()
)


def check(token: str) -> None:
    """Check a token; raises `NotAllowed`."""
    asyncio.run(CHECK.claims([f"Bearer {token}"]))


def part(document: Json) -> str:
    """Return a part of a token."""
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


def read(text: str) -> dict[str, object]:
    """Return what a part of a token says."""
    found: dict[str, object] = json.loads(base64.urlsafe_b64decode(text + "=="))
    return found


def test_the_good_token_is_let_in() -> None:
    """Otherwise the refusals would prove nothing."""
    check(GOOD)


@given(at=st.integers(0, len(GOOD)), letter=st.sampled_from(LETTERS), instead=st.booleans())
def test_another_letter_is_refused(at: int, letter: str, instead: bool) -> None:  # noqa: FBT001 -- drawn by hypothesis
    """In place of one that was there, or in between, also where a lenient reader would see the same."""
    changed = GOOD[:at] + letter + GOOD[at + instead :]

    if changed != GOOD:
        with pytest.raises(NotAllowed):
            check(changed)


@given(at=st.integers(0, len(GOOD) - 1), amount=st.integers(1, 40))
def test_a_missing_piece_is_refused(at: int, amount: int) -> None:
    """Wherever it is missing."""
    with pytest.raises(NotAllowed):
        check(GOOD[:at] + GOOD[at + amount :])


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
HEADS = st.sampled_from(["alg", "kid", "typ", "crit", "b64", "jku", "jwk", "x5u", "x5c", "x5t", "cty", "zip", "enc"])
CLAIMS = st.sampled_from(["iss", "aud", "exp", "nbf", "iat", "serviceurl", "sub", "jti", "tid"])


@given(st.dictionaries(HEADS, ANYTHING, min_size=1, max_size=4))
def test_another_header_is_refused(changed: dict[str, object]) -> None:
    """Under the signature of the good one, and without."""
    head = read(PARTS[0]) | changed

    if head != read(PARTS[0]):
        for signature in (PARTS[2], ""):
            with pytest.raises(NotAllowed):
                check(f"{part(head)}.{PARTS[1]}.{signature}")


@given(st.dictionaries(CLAIMS, ANYTHING, min_size=1, max_size=4))
def test_other_claims_are_refused(changed: dict[str, object]) -> None:
    """Under the signature of the good ones."""
    payload = read(PARTS[1]) | changed

    if payload != read(PARTS[1]):
        with pytest.raises(NotAllowed):
            check(f"{PARTS[0]}.{part(payload)}.{PARTS[2]}")


@given(claim=st.sampled_from(["iss", "aud", "exp", "nbf", "iat", "serviceurl"]), value=ANYTHING)
def test_what_the_right_key_signs_must_still_make_sense(claim: str, value: object) -> None:
    """A claim of any type and value is refused or let in, and nothing else happens."""
    stated: dict[str, Any] = {claim: value}
    token = ISSUED_BY.mint(SERVICE, **stated) if _signable(claim, value) else GOOD + "x"

    try:
        check(token)
    except NotAllowed:
        return
    assert claim not in {"iss", "aud"}


def _signable(claim: str, value: object) -> bool:
    """Tell what our library signs: it wants the issuer as text."""
    return claim != "iss" or isinstance(value, str)


@given(st.text(max_size=300))
def test_whatever_else_stands_there_is_refused(text: str) -> None:
    """Any text is no token."""
    with pytest.raises(NotAllowed):
        check(text)
