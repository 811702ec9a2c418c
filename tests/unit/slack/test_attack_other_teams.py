"""People of other teams press and send in shared channels, where Slack names their team: they stay strangers."""

import pytest

from adapters.slack.audience import SlackAudience
from adapters.slack.calls import Calls, TokenRefused
from adapters.slack.clients import Client, Clients
from adapters.slack.messenger import Bot, SlackMessenger
from adapters.slack.presses import Turned, press
from adapters.slack.views import Sent, submission
from bot.errors import TemporaryError
from tests.fakes.clock import FrozenClock
from tests.unit.slack.doors import WrittenCalls, setting
from tests.unit.slack.interactions import pressed_at_home, sent

ELSEWHERE = {"team": {"id": "T9", "domain": "theirs"}, "user": {"id": "U9", "name": "mallory", "team_id": "T9"}}
OURS = {"app_installed_team_id": "T1"}


def one_team() -> Clients:
    """Return the clients of an app that has the environment's token and nothing else."""

    def make(_token: str, who: object, _refused: TokenRefused | None) -> Client:
        assert callable(who)
        calls: Calls = WrittenCalls()
        messenger = SlackMessenger.__new__(SlackMessenger)
        return Client(calls=calls, messenger=messenger, audience=SlackAudience(calls=calls, clock=FrozenClock()))

    return Clients(make=make, token="xoxb-1")


def test_with_one_token_only_its_own_team_is_believed() -> None:
    """An e-mail that another team vouches for would make its admin anybody of ours."""
    clients = one_team()
    clients.bot = Bot(team="T1", user="UBOT", bot="B1")

    assert [True, False, False] == [clients.trusted(team) for team in ("T1", "T9", "")]


def test_nobody_is_believed_before_slack_has_named_the_team() -> None:
    """What was sent waits until then."""
    with pytest.raises(TemporaryError):
        one_team().trusted("T9")


def test_a_stranger_who_sends_a_form_is_a_guest_of_our_team() -> None:
    """The view says where the app is installed; the payload's team is the sender's own."""
    found = submission({**sent(view=OURS), **ELSEWHERE}, setting=setting())

    assert isinstance(found, Sent)
    author = found.arrival.author
    assert ("slack:T1:U9", "T1", True) == (author.id, author.tenant, author.guest)


def test_a_stranger_who_presses_in_a_view_is_a_guest_of_our_team() -> None:
    """As with forms."""
    body = pressed_at_home("home:page:next", "2", **ELSEWHERE)

    found = press({**body, "view": {**body["view"], **OURS}}, setting=setting())

    assert isinstance(found, Turned)
    assert ("slack:T1:U9", True) == (found.who.id, found.who.guest)
