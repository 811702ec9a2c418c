"""The ways in besides events: commands, buttons, shortcuts, forms that are sent, and the home page.

What changes something is stored before it is acknowledged, like a message. What only shows something (a form, a page) is made at
once, within the three seconds for which Slack waits and lets a modal be opened; when that fails the person is told, and
nothing is lost, since nothing was stored. A form that cannot be taken stays open, with what was typed in it.
Slack repeats none of this, so what could not be stored is said at once: in the form, in the answer to a command, and for a press by 503,
which Slack shows beside the button. Everything else is answered with 200.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import Protocol

from slack_bolt.response import BoltResponse

from adapters.slack.answering import Accept, stored, taken
from adapters.slack.arrivals import FormWish, Ignored, Setting, Support, author, spot
from adapters.slack.asides import answerable
from adapters.slack.calls import Calls
from adapters.slack.commands import command, is_command
from adapters.slack.home import asked, home_view, seen
from adapters.slack.links import escaped
from adapters.slack.payload import Json, identifier, part, team_of, text
from adapters.slack.presses import Turned, press
from adapters.slack.refusals import SlackRefusal
from adapters.slack.shortcuts import Pointed, shortcut
from adapters.slack.views import Sent, View, errors, modal, problem, submission
from bot.errors import DeskmateError, Refused, TemporaryError
from bot.home import Home, HomeAsk
from bot.message import Arrival
from bot.person import Identity
from bot.surfaces import Dialogues
from bot.wording import surfaces as wording
from bot.wording.commands import refused

PATIENCE = 2.2
"""Seconds for making and showing something; saying that it failed must fit into Slack's three as well."""
_LOOK_UP = 0.8
"""Seconds of them for what a form can do without."""
_SETTLED = 1.5
"""Seconds after which a press on the home page has usually been worked, and the page is shown anew."""
_TOO_LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "trigger_expired", "trigger_exchanged"})
"""What Slack says to a trigger that is old or was used: nothing more can be opened with it."""

log = logging.getLogger(__name__)


class Asked(Dialogues, Protocol):
    """What is asked of the desk while a person waits (`bot.surfaces`)."""

    async def home(self, ask: HomeAsk, who: Identity) -> Home:
        """Return the home page of `who`; raises as the others do."""
        ...


class Doorways:
    """Answers everything that Slack sends besides events."""

    def __init__(
        self,
        *,
        accept: Accept,
        support: Support,
        surfaces: Asked,
        calls: Callable[[str], Calls],
        api_url: str,
        patience: float = PATIENCE,
        settled: float = _SETTLED,
    ) -> None:
        """Make it from plain values; `calls` gives the calls of a team, `patience` and `settled` are seconds."""
        self._accept = accept
        self._support = support
        self._surfaces = surfaces
        self._calls = calls
        self._answerable = partial(answerable, api_url=api_url)
        self._patience = patience
        self._settled = settled
        self._later: set[asyncio.Task[None]] = set()

    async def answer(self, body: Json) -> BoltResponse | None:
        """Answer an interaction or a command; None when it is neither. Raises what storing raises besides a `TemporaryError`."""
        setting = Setting(support=self._support, answerable=self._answerable, received=datetime.now(UTC))
        match "command" if is_command(body) else text(body, "type", 40):
            case "command":
                return await self._command(command(body, setting=setting))
            case "block_actions":
                return await self._pressed(body, press(body, setting=setting))
            case "shortcut" | "message_action":
                return await self._shortcut(shortcut(body, setting=setting))
            case "view_submission":
                return await self._submitted(submission(body, setting=setting))
            case _:
                return None

    async def home_opened(self, body: Json) -> bool:
        """Show the home page to somebody who opened it; False when the event says something else."""
        event, team = part(body, "event"), team_of(body)
        user = identifier(event, "user")
        if text(event, "type", 40) != "app_home_opened" or text(event, "tab", 20) != "home" or not (team and user):
            return False
        await self._show(author(spot(team, user, "", self._support), user, {}), seen(event))
        return True

    async def close(self) -> None:
        """Give up pages that were to be shown anew."""
        for task in self._later:
            task.cancel()
        await asyncio.gather(*self._later, return_exceptions=True)

    async def _command(self, came: Arrival | FormWish | Ignored) -> BoltResponse:
        if isinstance(came, FormWish):
            return _told(await self._opened(came))
        try:
            answer = await self._kept(came)
        except Exception:
            log.exception("a command could not be stored")
            return _told(wording.NOT_TAKEN)
        return answer if answer.status == HTTPStatus.OK else _told(wording.NOT_TAKEN)

    async def _pressed(self, body: Json, came: Arrival | FormWish | Turned | Ignored) -> BoltResponse:
        if isinstance(came, FormWish):
            await self._opened_or_told(came)
            return taken()
        if isinstance(came, Turned):
            await self._show(came.who, asked(body, came))
            return taken()
        answer = await self._kept(came)
        if isinstance(came, Arrival) and not came.message.post:
            self._show_again(came.author, seen(body))
        return answer

    async def _shortcut(self, came: tuple[FormWish, Pointed | None] | Ignored) -> BoltResponse:
        if isinstance(came, Ignored):
            return await self._kept(came)
        wish, message = came
        await self._opened_or_told(wish if message is None else await self._known(wish, message))
        return taken()

    async def _kept(self, came: Arrival | Ignored) -> BoltResponse:
        if isinstance(came, Ignored):
            log.debug("Slack sent %s.", came.reason)
            return taken()
        return await stored(self._accept, came)

    async def _known(self, wish: FormWish, message: Pointed) -> FormWish:
        """Add the message's link, and whether Atom can answer there: what Slack does not say in time is left out."""

        async def ask(method: str, **where: str) -> Json:
            try:
                return await self._calls(wish.where.tenant).ask(method, **where)
            except Exception as error:  # noqa: BLE001  # the form is opened without it
                log.info("Slack did not tell about a message that a shortcut was used on: %s", error)
                return {}

        asking = asyncio.gather(
            ask("chat.getPermalink", channel=message.channel, message_ts=message.ts),
            ask("conversations.info", channel=message.channel),
        )
        try:
            said, place = await asyncio.wait_for(asking, min(_LOOK_UP, self._patience / 3))
        except TimeoutError:
            said, place = {}, {}
        here = part(place, "channel")
        found = {
            "message_link": text(said, "permalink", 300) or message.link,
            "reachable": "yes" if here.get("is_member") is True or here.get("is_im") is True else "",
        }
        return replace(wish, context={**wish.context, **{name: value for name, value in found.items() if value}})

    async def _opened(self, wish: FormWish) -> str:
        """Open a form; return a sentence for the person when it could not be, else nothing."""
        try:
            async with asyncio.timeout(self._patience):
                form = await self._surfaces.form(
                    wish.kind, wish.who, subject=wish.subject, context=wish.context, others=wish.others
                )
                await self._open(wish, modal(form, wish.where))
            return ""
        except Refused as refusal:
            return refused(str(refusal))
        except (TimeoutError, TemporaryError) as error:
            log.warning("A form could not be opened in time: %s", error)
            return wording.TRY_AGAIN
        except SlackRefusal as refusal:
            log.warning("Slack did not open a form: %s", refusal)
            return wording.TOO_LATE if refusal.error in _TOO_LATE else wording.FAILED
        except Exception:
            log.exception("a form could not be made")
            return wording.FAILED

    async def _open(self, wish: FormWish, view: View) -> None:
        await self._calls(wish.where.tenant).tell("views.open", trigger_id=wish.trigger, view=view)

    async def _opened_or_told(self, wish: FormWish) -> None:
        """Open a form, or a dialogue that says why not; where Slack opens none any more, say it where only they see it."""
        sentence = await self._opened(wish)
        if not sentence:
            return
        if sentence != wording.TOO_LATE and await self._done(self._open(wish, problem(sentence))):
            return
        await self._done(self._tell(wish, sentence))

    async def _done(self, telling: Awaitable[object]) -> bool:
        """Tell whether the person could be told."""
        try:
            async with asyncio.timeout(self._patience / 6):
                await telling
            return True
        except Exception as error:  # noqa: BLE001  # they see that nothing opened; there is nobody else to tell
            log.warning("Somebody could not be told that a form was not opened: %s", error)
            return False

    async def _tell(self, wish: FormWish, sentence: str) -> None:
        calls, user, said = self._calls(wish.where.tenant), wish.who.user, escaped(sentence)
        if wish.where.channel == user:
            await calls.tell("chat.postMessage", channel=user, text=said)
            return
        where = {"channel": wish.where.channel} | ({"thread_ts": wish.where.thread} if wish.where.thread else {})
        await calls.tell("chat.postEphemeral", **where, user=user, text=said)

    async def _submitted(self, came: Sent | Ignored) -> BoltResponse:
        if isinstance(came, Ignored):
            return await self._kept(came)
        sent = came.arrival.message.form
        assert sent is not None
        try:
            async with asyncio.timeout(self._patience):
                wrong = await self._surfaces.check(sent, came.arrival.author, came.arrival.others)
                if not wrong:
                    await self._accept(came.arrival)
        except Refused as refusal:
            return taken({"response_action": "update", "view": problem(refused(str(refusal)))})
        except (TimeoutError, TemporaryError) as error:
            log.warning("A form that was sent could not be taken in time: %s", error)
            wrong = {"": wording.NOT_TAKEN}
        except Exception:
            log.exception("a form that was sent could not be taken")
            wrong = {"": wording.NOT_TAKEN}
        if wrong:
            return taken(errors(came, wrong))
        if came.arrival.conversation.channel == came.arrival.author.user:
            self._show_again(came.arrival.author, HomeAsk())
        return taken()

    async def _show(self, who: Identity, ask: HomeAsk) -> None:
        """Show somebody their home page; what fails leaves the page as it was."""
        try:
            async with asyncio.timeout(self._patience):
                view = home_view(await self._surfaces.home(ask, who))
                await self._calls(who.tenant).tell("views.publish", user_id=who.user, view=view)
        except Refused as refusal:
            log.info("A home page was not shown: %s", refusal)
        except (TimeoutError, DeskmateError) as error:
            log.warning("A home page could not be shown: %s", error)
        except Exception:
            log.exception("a home page could not be made")

    def _show_again(self, who: Identity, ask: HomeAsk) -> None:
        """Show the home page anew once what was pressed or sent from it has probably been worked."""

        async def again() -> None:
            await asyncio.sleep(self._settled)
            await self._show(who, ask)

        task = asyncio.create_task(again())
        self._later.add(task)
        task.add_done_callback(self._later.discard)


def _told(sentence: str) -> BoltResponse:
    """Answer a command with a sentence that only whoever typed it sees; with nothing when there is none."""
    return taken({"response_type": "ephemeral", "text": escaped(sentence)} if sentence else None)
