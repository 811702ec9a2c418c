"""Dialogues against the clock: Teams waits a few seconds, so whatever is slow is said to be, and nothing is confirmed unstored."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest

from adapters.teams.dialogs import OURS
from adapters.teams.doorways import Doorways
from adapters.teams.reading import JsonObject
from adapters.teams.turns import Answer
from bot.conversation import Conversation
from bot.errors import TemporaryError
from bot.form import Form, FormKind, Submission
from bot.message import Arrival
from bot.person import Identity
from bot.wording import surfaces as wording
from tests.contract.teams.written_surfaces import WrittenSurfaces
from tests.unit.teams.mutants import activity, ours
from tests.unit.teams.test_teams_inbound import support

SERVICE = "https://smba.example/"


class SlowSurfaces(WrittenSurfaces):
    """Answers never, as often as it was told."""

    def __init__(self, *, slow: int) -> None:
        super().__init__()
        self.slow = slow

    async def form(
        self,
        kind: FormKind,
        who: Identity,
        *,
        subject: str = "",
        context: dict[str, str] | None = None,
        others: Sequence[Identity] = (),
    ) -> Form:
        """Return the form, if it is given the time."""
        await self._wait()
        return await super().form(kind, who, subject=subject, context=context, others=others)

    async def check(self, sent: Submission, who: Identity, others: Sequence[Identity] = ()) -> dict[str, str]:
        """Find nothing wrong, if it is given the time."""
        await self._wait()
        return await super().check(sent, who, others)

    async def _wait(self) -> None:
        if self.slow:
            self.slow -= 1
            await asyncio.Event().wait()


class Desk:
    """Keeps what it is given, and what it knows of places."""

    def __init__(self, surfaces: WrittenSurfaces, *, stores: bool = True, reaches: bool = True) -> None:
        self.kept: list[Arrival] = []
        self._stores = stores
        self._reaches = reaches
        self.doorways = Doorways(
            store=self.store,
            support=support,
            surfaces=surfaces,
            reachable=self.reachable,
            seen=lambda _place, _who: None,
            patience=0.2,
        )

    async def store(self, arrival: Arrival) -> None:
        """Keep an arrival, or never."""
        if not self._stores:
            await asyncio.Event().wait()
        self.kept.append(arrival)

    async def reachable(self, _place: Conversation) -> bool:
        """Tell that Atom can write there, or never."""
        if not self._reaches:
            await asyncio.Event().wait()
        return True


def sending() -> JsonObject:
    """Give a form that is sent."""
    data = {"field:title": "Slow", OURS: {"form": "new", "nonce": "n-1"}}
    return activity(SERVICE, type="invoke", name="task/submit", value={"data": data}, text=None)


def read(answer: Answer) -> str:
    """Return an answer as text."""
    return json.dumps(answer[1])


async def test_a_form_that_takes_too_long_is_said_to() -> None:
    """In place of the form."""
    answer = await Desk(SlowSurfaces(slow=1)).doorways.fetch(ours(SERVICE)["fetch"])

    assert wording.TRY_AGAIN in read(answer)


@pytest.mark.parametrize(("stores", "slow"), [(False, 0), (True, 1)])
async def test_a_form_that_is_not_stored_in_time_is_shown_again(*, stores: bool, slow: int) -> None:
    """With what was typed; it is not confirmed."""
    desk = Desk(SlowSurfaces(slow=slow), stores=stores)

    answer = await desk.doorways.submit(sending())

    assert wording.NOT_TAKEN in read(answer)
    assert '"value": "Slow"' in read(answer)
    assert [] == desk.kept


async def test_where_not_even_that_is_in_time_teams_is_told_to_keep_it() -> None:
    """As something temporary, which is answered with 503."""
    with pytest.raises(TemporaryError):
        await Desk(SlowSurfaces(slow=2)).doorways.submit(sending())


@pytest.mark.parametrize(("reaches", "expected"), [(True, "yes"), (False, None)])
async def test_whether_atom_can_write_there_is_not_waited_for(*, reaches: bool, expected: str | None) -> None:
    """The form opens without that."""
    surfaces = WrittenSurfaces()

    answer = await Desk(surfaces, reaches=reaches).doorways.fetch(ours(SERVICE)["use on"])

    context: dict[str, Any] = surfaces.asked[0][3]
    assert surfaces.made.title in read(answer)
    assert expected == context.get("reachable")
