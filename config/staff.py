"""Keeps who is employed true while Deskmate works: the switches as the database has them, the files as an admin last had them read.

What an admin commands is stored first, with its audit event; whoever hears of that event here acts on it once it is durable. Nothing hangs
on hearing it: the switches are read at the start and at every look of the clock too, and a reload that a crash cut short is
answered by the start, which has read the files anyway. Files are read in a thread of their own, outside of any transaction; those with a
mistake change nothing.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.audit import Event
from bot.commands.steering import RELOAD
from bot.conversation import Conversation
from bot.desk.desk import Desk
from bot.desk.posting import last_part, post
from bot.desk.switching import SWITCHED, leave_nothing_behind
from bot.errors import DeskmateError, PermanentError, TemporaryError
from bot.ids import ConversationId
from bot.labels import SYSTEM, Visibility
from bot.message import Message
from bot.ports import Reader, Storage, UnitOfWork
from bot.reply import Reply
from bot.switch import Switch
from bot.wording import oversight as wording
from bot.wording.command_help import as_typed
from coworkers.profile import Workforce
from coworkers.roster import Roster

LATELY = 50
"""Commands that are looked through, at the start, for a reload that was not answered."""

log = logging.getLogger("deskmate.staff")


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """A reload that somebody waits for."""

    message: str
    conversation: ConversationId


class Staff:
    """Tells the roster of switches and of new files."""

    def __init__(
        self,
        storage: Storage,
        desk: Desk,
        roster: Roster,
        *,
        read: Callable[[], Workforce],
        adopt: Callable[[Workforce], Awaitable[None]],
    ) -> None:
        """`read` reads the files, or raises `PermanentError` with their first mistakes; `adopt` puts what was read in force."""
        self._storage = storage
        self._desk = desk
        self._roster = roster
        self._read = read
        self._adopt = adopt
        self._asked: dict[str, _Asked] = {}
        self._unsettled = True
        self._one = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    def heard(self, events: Sequence[Event]) -> None:
        """Act on what was just stored, soon; neither waits nor raises."""
        for event in events:
            if event.kind == RELOAD:
                asked = _Asked(message=event.data["message"], conversation=ConversationId(event.data["conversation"]))
                self._asked[asked.message] = asked
        if any(event.kind in {RELOAD, SWITCHED} for event in events):
            task = asyncio.create_task(self._soon())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def begin(self) -> None:
        """Learn the switches before any work begins, and answer the reloads that this start has overtaken."""
        await self.look()
        for asked in await self._storage.read(self._unanswered):
            await self._answer(asked, wording.reloaded_by_start())

    async def look(self) -> None:
        """Lay the switches over the files, leave no request with who takes no work, and read the files where that is waited for."""
        async with self._one:
            switches = await self._storage.read(lambda reader: reader.find(Switch))
            changed = self._roster.switched(switches)
            self._unsettled |= changed or any(item.state != "on" for item in switches)
            await self._settle()
            for asked in list(self._asked.values()):
                await self._reload(asked)
            await self._settle()

    async def _settle(self) -> None:
        """Move what lies with coworkers that take no work; what cannot be told to its team just now is moved at the next look."""
        if not self._unsettled:
            return
        try:
            moved = await leave_nothing_behind(self._storage, self._desk)
        except DeskmateError as error:
            log.warning("not everything could be moved from coworkers that take no work: %s", error)
            return
        self._unsettled = False
        for number in moved:
            log.info("%s has moved on: its coworker takes no work now", number)

    async def close(self) -> None:
        """Stop acting on what was heard; what is left is done by the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _soon(self) -> None:
        try:
            await self.look()
        except TemporaryError as error:
            log.warning("the workforce is looked at again later: %s", error)
        except Exception:
            log.exception("the workforce could not be looked at; it is looked at again later")

    async def _reload(self, asked: _Asked) -> None:
        """Read the files, put them in force or say why not, and answer."""
        before = self._roster.workforce
        try:
            fresh = await asyncio.to_thread(self._read)
            await self._adopt(fresh)
            self._unsettled = True
            told = wording.reloaded(len(fresh.coworkers), _changed(before, fresh))
        except PermanentError as error:
            told = wording.not_reloaded(str(error))
        except TemporaryError:
            raise
        except Exception:
            log.exception("the workforce files could not be read anew")
            told = wording.reload_failed()
        await self._answer(asked, told, reloaded=self._roster.workforce is not before)
        del self._asked[asked.message]

    async def _answer(self, asked: _Asked, told: str, *, reloaded: bool = True) -> None:
        async def answer(uow: UnitOfWork) -> None:
            event = Event(
                kind="workforce.reloaded" if reloaded else "workforce.kept",
                actor=SYSTEM,
                data={"message": asked.message, "coworkers": _versions(self._roster.workforce)},
                at=self._desk.now(),
            )
            await uow.audit(event)
            where = await uow.get(Conversation, asked.conversation)
            await post(
                uow,
                self._desk,
                asked.conversation,
                as_typed(told, where.kind) if where else told,
                cause=_cause(asked.message),
                visibility=Visibility.PUBLIC,
                kind="talk",
            )

        await self._storage.transact(answer)

    async def _unanswered(self, reader: Reader) -> list[_Asked]:
        """Return the reloads that were promised an answer and have none."""
        found = []
        for message in await reader.find(Message, kind="command", newest=True, limit=LATELY):
            where = message.conversation_id
            promise = await reader.get(Reply, await last_part(reader, where, f"command:{message.id}"))
            if promise is None or promise.text != wording.reloading():
                continue
            if await reader.get(Reply, await last_part(reader, where, _cause(message.id))) is None:
                found.append(_Asked(message=message.id, conversation=where))
        return found


def _cause(message: str) -> str:
    return f"reloaded:{message}"


def _versions(workforce: Workforce) -> dict[str, str]:
    return {str(key): profile.version for key, profile in workforce.coworkers.items()}


def _changed(before: Workforce, after: Workforce) -> list[str]:
    """Return the ids of the coworkers that came, went or changed."""
    old, new = _versions(before), _versions(after)
    states = {key for key, profile in after.coworkers.items() if key in old and profile != before.coworkers[key]}
    return sorted({key for key in old.keys() | new.keys() if old.get(key) != new.get(key)} | states)
