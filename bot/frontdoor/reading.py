"""Reads a conversation's mail, oldest first, and decides what each message is before any model is asked.

A button, a colleague's words in a private thread and a reply in the thread of one open request need no judgement. What remains is
talk with Atom: all messages that its author sent so far are read together by one run, and what comes during the run reaches it
at its next step. Only a stop is read before that: it ends the run.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.audit import Event
from bot.commands.dispatch import commanded
from bot.conversation import Conversation
from bot.delivering import sign_at, take_back
from bot.desk.access import find_workspace
from bot.desk.amending import amended, amended_among_colleagues, as_it_stands
from bot.desk.assigning import call_human
from bot.desk.concluding import end_run
from bot.desk.desk import Desk
from bot.desk.opening import Wish, open_request
from bot.desk.own_thread import own_thread_at, requests_of
from bot.desk.people import link_person, needs_profile
from bot.desk.private_threads import support_thread_at
from bot.desk.quoting import meant
from bot.desk.stopping import is_stop
from bot.errors import TemporaryError
from bot.frontdoor.decisions import name_thread
from bot.frontdoor.pressing import pressed
from bot.frontdoor.refusing import not_worked
from bot.frontdoor.replies import replied
from bot.frontdoor.submitting import submitted
from bot.frontdoor.support import colleague_wrote, no_request_here
from bot.frontdoor.welcoming import welcomed
from bot.ids import ATOM, RunId, derived_id
from bot.intake import ALWAYS_OURS
from bot.labels import SYSTEM
from bot.mail import Lease, Mail, Mailbox, Said, Trigger
from bot.mailroom import take
from bot.message import Message
from bot.person import Identity, Person
from bot.ports import Audience, Profile, Reader, Storage, UnitOfWork, Worker
from bot.progress import Idle, More, Progress
from bot.reply import Reply
from bot.request import FINAL, Request
from bot.run import Run
from bot.wording import cards
from bot.wording import requester as wording

_TRIES = 2
"""How often a platform is asked who somebody is before their message is worked without it."""


@dataclass(frozen=True, kw_only=True)
class _Post:
    """What lies in a conversation's mailbox."""

    conversation: Conversation
    run: Run | None
    mail: Sequence[Mail]
    messages: Sequence[Message]
    turn: int | None
    """Which of them is read now: the oldest; during a run none but a stop."""
    author: Identity | None
    """Of the message whose turn it is."""
    shown: Reply | None
    """The sign that work goes on, when none does."""


class FrontDoor:
    """Works conversation mailboxes."""

    def __init__(self, storage: Storage, desk: Desk, worker: Worker, audience: Audience) -> None:
        self._storage = storage
        self._desk = desk
        self._worker = worker
        self._audience = audience

    async def advance(self, box: Mailbox, lease: Lease) -> Progress:
        """Work the oldest message, or the next step of Atom's run."""
        found = await self._storage.read(lambda reader: _look(reader, box))
        if found is None:
            return Idle()
        if found.turn is None or found.author is None:
            return await self._go_on(found, lease)
        message = found.messages[found.turn]
        profile = await self._profile(found.conversation, message, found.author, box)
        run = await self._storage.transact(lambda uow: self._read(uow, box, found, profile), under=lease)
        if run is not None:
            await self._worker.advance(run, lease)
        return More()

    async def _go_on(self, found: _Post, lease: Lease) -> Progress:
        """Advance Atom's run; without one, take back the sign that work goes on and rest."""
        if found.run is not None:
            await self._worker.advance(found.run, lease)
            return More()
        if found.shown is not None:
            where, now = found.conversation.id, self._desk.now()
            await self._storage.transact(lambda uow: take_back(uow, where, now), under=lease)
        return Idle()

    async def _profile(
        self, conversation: Conversation, message: Message, author: Identity, box: Mailbox
    ) -> Profile | None:
        """Ask who the author is: until that is known, and again where authority is used, since people become guests or leave."""
        uses_authority = conversation.kind == "support" or message.kind in {"press", "command", "form"}
        if not needs_profile(author) and not uses_authority:
            return None
        profile = await self._audience.profile(author)
        if profile is None and author.person_id is None and box.failures < _TRIES:
            raise TemporaryError(f"{author.platform} does not say who {author.user} is", delay=0.5)
        return profile

    async def _read(self, uow: UnitOfWork, box: Mailbox, found: _Post, profile: Profile | None) -> Run | None:
        """Work the message whose turn it is, or begin Atom's run over all that its author wrote; return the run."""
        mine = found.mail[found.turn or 0].id
        waiting, messages = await as_it_stands(uow, found.conversation.id, found.mail, found.messages)
        turn = next((place for place, item in enumerate(waiting) if item.id == mine), None)
        if turn is None:
            return None
        found = replace(found, mail=waiting, messages=messages, turn=turn)
        message, mail = messages[turn], waiting[turn]
        person = await link_person(uow, self._desk, message.author_id, profile)
        conversation = found.conversation
        if message.kind in ALWAYS_OURS:
            await self._deed(uow, conversation, message, person)
        elif conversation.kind == "support":
            await self._among_colleagues(uow, conversation, message, person)
        elif (begun := await self._words(uow, box, found, person)) is not None:
            return begun
        await take(uow, [mail], "frontdoor")
        return None

    async def _deed(self, uow: UnitOfWork, conversation: Conversation, message: Message, person: Person) -> None:
        """Do what somebody pressed, typed as a command, or sent in a form."""
        if message.press is not None:
            await pressed(uow, self._desk, conversation, message, message.press, person)
        elif message.form is not None:
            await submitted(uow, self._desk, conversation, message, message.form, person)
        elif message.kind == "command":
            await commanded(uow, self._desk, conversation, message, person)
        else:
            await welcomed(uow, self._desk, conversation, message, person)

    async def _among_colleagues(
        self, uow: UnitOfWork, conversation: Conversation, message: Message, person: Person
    ) -> None:
        """Read what was written in a support channel."""
        thread = await support_thread_at(uow, conversation)
        if thread is not None and message.kind == "text":
            await colleague_wrote(uow, self._desk, thread, message, person)
        elif thread is not None:
            await amended_among_colleagues(uow, self._desk, thread, message, person)
        elif message.kind == "text" and message.addresses_atom:
            await no_request_here(uow, self._desk, conversation, message)

    async def _words(self, uow: UnitOfWork, box: Mailbox, found: _Post, person: Person) -> Run | None:
        """Read what was written anywhere else; return Atom's run where that takes judgement."""
        message, conversation = found.messages[0], found.conversation
        thread = await own_thread_at(uow, conversation, message.author_id)
        keys = requests_of(thread) if thread is not None else conversation.request_ids
        requests = [await uow.get(Request, key) for key in keys]
        alive = [item for item in requests if item is not None and item.status not in FINAL]
        known = alive if alive else [item for item in requests if item is not None][-1:]
        if message.kind != "text":
            await amended(uow, self._desk, conversation, message, person, known)
        elif conversation.thread is not None and len(known) == 1:
            await replied(uow, self._desk, thread or conversation, known[0], message, person)
        elif (about := await meant(uow, conversation, message, person)) is not None:
            await replied(uow, self._desk, about[1], about[0], message, person)
        elif conversation.kind == "group" and conversation.thread is None and not message.addresses_atom:
            return None
        else:
            return await self._begin(uow, box, found)
        return None

    async def _begin(self, uow: UnitOfWork, box: Mailbox, found: _Post) -> Run:
        """Begin Atom's run over everything that this author has waiting."""
        first = found.messages[0]
        together = [
            mail
            for mail, message in zip(found.mail, found.messages, strict=True)
            if message.author_id == first.author_id
            and message.kind == "text"
            and (not message.quotes or message is first)
        ]
        run = self._new_run(box, found.conversation, tuple(mail.trigger for mail in together), fallback=False)
        await uow.add(run)
        await take(uow, together, run.id)
        await self._worker.begin(uow, run)
        return run

    def _new_run(
        self, box: Mailbox, conversation: Conversation, triggers: tuple[Trigger, ...], *, fallback: bool
    ) -> Run:
        said = tuple(trigger for trigger in triggers if isinstance(trigger, Said))
        employment = self._worker.employ(ATOM, fallback=fallback)
        return Run(
            id=RunId(derived_id("run", box.id, employment.model, *(trigger.message_id for trigger in said))),
            mailbox_id=box.id,
            conversation_id=conversation.id,
            coworker=ATOM,
            version=employment.version,
            model=employment.model,
            triggers=said,
            started_at=self._desk.now(),
        )

    async def give_up(self, box: Mailbox, lease: Lease, reason: str) -> None:
        """Go on without the language model; failing that, open a request for a human with the words as they are.

        A colleague in a private thread is asked to write or press once more instead.
        """
        found = await self._storage.read(lambda reader: _look(reader, box))
        if found is not None:
            await self._storage.transact(lambda uow: self._leave(uow, box, found, reason), under=lease)

    async def _leave(self, uow: UnitOfWork, box: Mailbox, found: _Post, reason: str) -> None:
        if found.conversation.kind == "support" and found.mail:
            await not_worked(uow, self._desk, found.conversation, found.messages[0])
            await self._given_up(uow, box, found.mail[:1])
            return
        run = found.run
        if run is not None:
            await end_run(uow, self._desk, run, "failed", None, error=reason)
            again = self._new_run(box, found.conversation, run.triggers, fallback=True)
            if again.model != run.model:
                await uow.add(again)
                await self._worker.begin(uow, again)
                return
        failed = list(found.mail[:1]) if run is None else []
        for trigger in (*(run.triggers if run else ()), *(item.trigger for item in failed)):
            message = await uow.get(Message, trigger.message_id) if isinstance(trigger, Said) else None
            if message is not None and message.kind == "text":
                await self._for_human(uow, found.conversation, message, reason)
            elif message is not None and message.kind in {"command", "form", "press"}:
                await not_worked(uow, self._desk, found.conversation, message)
        await self._given_up(uow, box, failed)

    async def _given_up(self, uow: UnitOfWork, box: Mailbox, mail: Sequence[Mail]) -> None:
        await take(uow, list(mail), "frontdoor")
        await uow.audit(Event(kind="frontdoor.gave_up", actor=SYSTEM, data={"mailbox": box.id}, at=self._desk.now()))

    async def _for_human(self, uow: UnitOfWork, conversation: Conversation, message: Message, reason: str) -> None:
        person = await link_person(uow, self._desk, message.author_id, None)
        wish = Wish(
            title=message.text.strip().splitlines()[0][:100] if message.text.strip() else "Message",
            description=message.text,
            workspace=find_workspace(self._desk, "").id,
            requester=person.id,
            author=person.id,
            conversation_id=conversation.id,
        )
        request = await open_request(
            uow, self._desk, wish, SYSTEM, cause=f"unread:{message.id}", announce=lambda _: wording.out_of_service()
        )
        await name_thread(uow, self._desk, conversation, wording.thread_title(request), cause="title:request")
        reason = cards.unreadable(reason)
        await call_human(uow, self._desk, request, reason, SYSTEM, cause=message.id, tell=False)


async def _look(reader: Reader, box: Mailbox) -> _Post | None:
    """Return what is to be worked in a conversation."""
    conversation = await reader.get(Conversation, box.subject)
    if conversation is None:
        return None
    runs = await reader.find(Run, mailbox_id=box.id, state="running")
    waiting = await reader.find(Mail, mailbox_id=box.id, taken_by=None)
    keys = {item.id: item.trigger.message_id for item in waiting if isinstance(item.trigger, Said)}
    by_id = {item.id: item for item in await reader.find(Message, id=list(keys.values()))} if keys else {}
    mail = [item for item in waiting if item.id in keys and keys[item.id] in by_id]
    messages = [by_id[keys[item.id]] for item in mail]
    run = runs[0] if runs else None
    turn = next((place for place, said in enumerate(messages) if run is None or is_stop(said)), None)
    return _Post(
        conversation=conversation,
        run=run,
        mail=mail,
        messages=messages,
        turn=turn,
        author=await reader.get(Identity, messages[turn].author_id) if turn is not None else None,
        shown=await sign_at(reader, conversation.id) if run is None and turn is None else None,
    )
