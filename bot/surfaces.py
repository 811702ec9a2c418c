"""What a platform asks for at once, while somebody looks: a form, whether what was sent can be taken, the home page, a card as it stands.

Nothing that matters is done here: what is sent is stored like a message and worked later. Whoever asks is recognised first (their
identity is stored and linked), since what they are shown depends on their roles; a card is the same for everybody who reads where it
stands, so there nobody is. Adapters are made before the desk; until `serve`
was called, every question is answered with a `TemporaryError`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.desk.desk import Desk
from bot.desk.people import link_person
from bot.errors import TemporaryError
from bot.form import Form, FormKind, Submission
from bot.forms.making import make_form, wrong_fields
from bot.home import Home, HomeAsk
from bot.homepage import make_home
from bot.labels import Visibility
from bot.person import Identity, Person
from bot.ports import Audience, Storage, UnitOfWork
from bot.standing_card import CardAsk, StandingCard, standing_card


class Dialogues(Protocol):
    """What a platform asks while a person waits with a form: raises `Refused` with a sentence, and `TemporaryError`."""

    async def form(
        self,
        kind: FormKind,
        who: Identity,
        *,
        subject: str = "",
        context: dict[str, str] | None = None,
        others: Sequence[Identity] = (),
    ) -> Form:
        """Return a form for `who`."""
        ...

    async def check(self, sent: Submission, who: Identity, others: Sequence[Identity] = ()) -> dict[str, str]:
        """Return field name → what is wrong with it."""
        ...


@dataclass(frozen=True, kw_only=True)
class _Open:
    """What answers depend on."""

    desk: Desk
    audience: Audience


class Surfaces:
    """Answers what platforms ask while a person waits. Raises `Refused` (a sentence for that person) and `TemporaryError`."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._open: _Open | None = None

    def serve(self, desk: Desk, audience: Audience) -> None:
        """Answer from now on."""
        self._open = _Open(desk=desk, audience=audience)

    async def form(
        self,
        kind: FormKind,
        who: Identity,
        *,
        subject: str = "",
        context: dict[str, str] | None = None,
        others: Sequence[Identity] = (),
    ) -> Form:
        """Return a form for `who`. `others` are people whom it names (the author of a message); they are made known too."""
        desk, person = await self._meet(who, others)
        return await self._storage.read(lambda reader: make_form(reader, desk, person, kind, subject, context or {}))

    async def check(self, sent: Submission, who: Identity, others: Sequence[Identity] = ()) -> dict[str, str]:
        """Return field name → what is wrong with it; empty when what was sent can be taken."""
        desk, person = await self._meet(who, others)
        return await self._storage.read(lambda reader: wrong_fields(reader, desk, person, sent))

    async def home(self, ask: HomeAsk, who: Identity) -> Home:
        """Return the home page of `who`."""
        desk, person = await self._meet(who, ())
        return await self._storage.read(lambda reader: make_home(reader, desk, person, ask))

    async def card(self, ask: CardAsk) -> StandingCard | None:
        """Return the card under a post as it stands; None when it does not stand there, or is not theirs to read. Stores nothing."""
        desk = self._opened().desk
        found = await self._storage.read(lambda reader: standing_card(reader, desk, ask))
        return found if found is not None and await self._reads(found, ask) else None

    async def _reads(self, found: StandingCard, ask: CardAsk) -> bool:
        """Tell whether somebody reads where the card stands: who has left a private channel may still have an old one on the screen."""
        if found.reply.visibility is Visibility.PUBLIC or ask.place.kind == "direct":
            return True
        readers = await self._opened().audience.readers(ask.place.place)
        return readers is not None and ask.who.id in readers.identities

    def _opened(self) -> _Open:
        if self._open is None:
            raise TemporaryError("Deskmate is still starting; try again in a moment.")
        return self._open

    async def _meet(self, who: Identity, others: Sequence[Identity]) -> tuple[Desk, Person]:
        """Store and link whoever asks and whom they name."""
        desk, audience = self._opened().desk, self._opened().audience
        everybody = {item.id: item for item in (*others, who)}
        profiles = {key: await audience.profile(item) for key, item in everybody.items()}

        async def work(uow: UnitOfWork) -> Person:
            known = {item.id for item in await uow.find(Identity, id=list(everybody))}
            fresh = [item for key, item in everybody.items() if key not in known]
            if fresh:
                await uow.add(*fresh)
            people = {key: await link_person(uow, desk, key, profiles[key]) for key in everybody}
            return people[who.id]

        return desk, await self._storage.transact(work)
