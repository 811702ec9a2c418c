"""Who may be told what: the whole table of the firewall, and that everything unknown is a no."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import ConversationKind, Place
from bot.firewall import Allowed, Withheld, private_channels, verdict
from bot.ids import CoworkerId, WorkspaceId
from bot.labels import Visibility
from bot.ports import Readers
from bot.workspace import Workspace

IT = Workspace(
    id=WorkspaceId("it"),
    name="IT",
    prefix="IT",
    about="",
    triage=CoworkerId("t"),
    support_channels={"slack": "CSUPPORT"},
    restricted_channels={"slack": "CRESTRICTED"},
)
CHANNELS = private_channels(IT)
MARIA = frozenset({"slack:T1:UMARIA", "teams:X:maria"})
AGENTS = Readers(identities=frozenset({"slack:T1:UAGENT"}), emails=frozenset({"agent@example.com"}))


def place(channel: str = "CSUPPORT", kind: ConversationKind = "support") -> Place:
    return Place(platform="slack", tenant="T1", channel=channel, kind=kind)


def private(readers: Readers | None, channel: str = "CSUPPORT") -> str:
    found = verdict(Visibility.PRIVATE, place(channel), readers, MARIA, "maria@example.com", CHANNELS)
    return found.reason if isinstance(found, Withheld) else "allowed"


def readers(*identities: str, emails: tuple[str, ...] = (), **flags: bool) -> Readers:
    return Readers(identities=frozenset(identities), emails=frozenset(emails), **flags)


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (AGENTS, "allowed"),
        (None, "unknown_audience"),
        (readers("slack:T1:UAGENT", certain=False), "unknown_audience"),
        (readers("slack:T1:UAGENT", everyone=True), "everyone"),
        (readers("slack:T1:UAGENT", outsiders=True), "outsiders"),
        (readers("slack:T1:UAGENT", "slack:T1:UMARIA"), "requester"),
        (readers("teams:X:maria"), "requester"),
        (readers("slack:T2:OTHER", emails=("maria@example.com",)), "requester"),
        (readers("slack:T2:OTHER", emails=("Maria@Example.com ",)), "requester"),
        (readers("slack:T2:OTHER", emails=("maria+slack@example.com",)), "requester"),
        (readers("slack:T2:OTHER", emails=("maria@example.org",)), "allowed"),
        (readers("slack:T1:UMARIA", certain=False), "requester"),
    ],
)
def test_a_private_text_needs_readers_who_are_known_and_right(who: Readers | None, expected: str) -> None:
    """Support staff alone may read it; the requester never, under whatever identity."""
    actual = private(who)

    assert expected == actual


@pytest.mark.parametrize(
    ("channel", "expected"),
    [("CSUPPORT", "allowed"), ("CRESTRICTED", "allowed"), ("CGENERAL", "not_a_private_channel")],
)
def test_a_private_text_stays_in_the_workspaces_channels(channel: str, expected: str) -> None:
    """A channel that nobody configured gets nothing private, whoever reads it."""
    actual = private(AGENTS, channel)

    assert expected == actual


def test_a_requester_nobody_can_name_could_be_anybody() -> None:
    """Without an identity or an e-mail it cannot be ruled out that the requester reads there."""
    found = verdict(Visibility.PRIVATE, place(), AGENTS, frozenset(), None, CHANNELS)

    assert Withheld(reason="no_requester") == found


@pytest.mark.parametrize(
    ("where", "own", "who", "expected"),
    [
        (place("D1", "direct"), True, None, Allowed()),
        (place("CGENERAL", "channel"), True, None, Allowed()),
        (place("CGENERAL", "channel"), False, AGENTS, Withheld(reason="not_the_requesters")),
        (place(), False, AGENTS, Allowed()),
        (place(), False, readers("slack:T1:UMARIA"), Allowed()),
        (place(), False, None, Withheld(reason="unknown_audience")),
        (place(), False, readers(outsiders=True), Withheld(reason="outsiders")),
        (place(), False, readers(everyone=True), Withheld(reason="everyone")),
    ],
)
def test_a_public_text_goes_to_the_requester_and_to_colleagues(
    where: Place, who: Readers | None, expected: Allowed | Withheld, *, own: bool
) -> None:
    """Public means public to the requester, not to the world."""
    actual = verdict(Visibility.PUBLIC, where, who, MARIA, "maria@example.com", CHANNELS, own=own)

    assert expected == actual


@given(
    who=st.none()
    | st.builds(
        Readers,
        identities=st.frozensets(
            st.sampled_from(["slack:T1:UAGENT", "slack:T1:UMARIA", "teams:X:maria", "slack:T9:U9"])
        ),
        emails=st.frozensets(st.sampled_from(["agent@example.com", "maria@example.com"])),
        everyone=st.booleans(),
        outsiders=st.booleans(),
        certain=st.booleans(),
    ),
    channel=st.sampled_from(["CSUPPORT", "CRESTRICTED", "CGENERAL", "D1"]),
    own=st.booleans(),
)
def test_a_private_text_is_never_readable_by_the_wrong_people(who: Readers | None, channel: str, *, own: bool) -> None:
    """Whatever the platform says: allowed means a configured channel, known readers, and no requester among them."""
    found = verdict(Visibility.PRIVATE, place(channel), who, MARIA, "maria@example.com", CHANNELS, own=own)

    if isinstance(found, Allowed):
        assert who is not None
        assert channel in {"CSUPPORT", "CRESTRICTED"}
        assert who.certain
        assert not (who.everyone)
        assert not (who.outsiders)
        assert not who.identities & MARIA
        assert "maria@example.com" not in who.emails


def test_each_reason_is_a_sentence_that_says_what_to_do() -> None:
    """An admin reads it."""
    sentences = {private(None), private(readers(everyone=True))}

    assert sentences == {"unknown_audience", "everyone"}
    assert "Invite Atom" in Withheld(reason="unknown_audience").sentence


@pytest.mark.parametrize(
    ("identity", "email", "expected"),
    [
        ("teams:X:maria", None, Withheld(reason="no_requester")),
        ("teams:X:maria", "maria@example.com", Allowed()),
        ("slack:T1:UMARIA", None, Allowed()),
    ],
)
def test_a_requester_without_e_mail_could_be_any_reader_of_another_platform(
    identity: str, email: str | None, expected: Allowed | Withheld
) -> None:
    """A Teams account alone does not tell who of the Slack channel's members it is: held, unless an e-mail does."""
    found = verdict(Visibility.PRIVATE, place(), AGENTS, frozenset({identity}), email, CHANNELS)

    assert expected == found
