"""Remembering and recalling. A person's memory serves that person's requests only; scope and subject are set by code, not by the model.

A request that somebody else opened in a person's name is not that person's: it neither reads their memory nor adds to it.
"""

from datetime import timedelta

from bot.audit import Event, text_digest
from bot.desk.borrowing import asked_by
from bot.desk.desk import Desk
from bot.errors import Refused
from bot.ids import CoworkerId, derived_id
from bot.labels import Source
from bot.memory import Memory, MemoryScope
from bot.ports import Reader, UnitOfWork
from bot.request import Request

KEPT = timedelta(days=365)
FOUND = 8


async def remember(
    uow: UnitOfWork,
    desk: Desk,
    request: Request,
    coworker: CoworkerId,
    *,
    fact: str,
    scope: MemoryScope,
    source: Source,
    cause: str,
) -> None:
    """Keep `fact` for a year under the subject that `scope` means for this request; `Refused` when it has none."""
    now, subjects = desk.now(), await _subjects(uow, desk, coworker, request)
    if scope not in subjects:
        raise Refused(
            "Somebody else asked in this person's name, so nothing is remembered about the person. Leave it out."
        )
    item = Memory(
        id=derived_id("memory", cause),
        scope=scope,
        subject=subjects[scope],
        text=fact,
        source=source,
        author=coworker,
        request_id=request.id,
        at=now,
        expires_at=now + KEPT,
    )
    await uow.add(item)
    await uow.audit(
        Event(
            kind="memory.kept",
            actor=desk.coworker_actor(coworker, request),
            request_id=request.id,
            data={"memory": item.id, "scope": scope, "subject": item.subject, "digest": text_digest(fact)},
            at=now,
        )
    )


async def recall(uow: UnitOfWork, desk: Desk, coworker: CoworkerId, request: Request, query: str) -> list[str]:
    """Return what is remembered for this person, coworker and workspace, what shares most words with `query` first."""
    words = set(query.casefold().split())
    found: list[Memory] = []
    for scope, subject in (await _subjects(uow, desk, coworker, request)).items():
        found += await uow.find(Memory, scope=scope, subject=subject, newest=True, limit=200)
    alive = [item for item in found if item.expires_at > desk.now()]
    alive.sort(key=lambda item: -len(words & set(item.text.casefold().split())))
    return [item.text for item in alive[:FOUND]]


async def _subjects(reader: Reader, desk: Desk, coworker: CoworkerId, request: Request) -> dict[MemoryScope, str]:
    shared: dict[MemoryScope, str] = {"coworker": coworker, "workspace": request.workspace}
    return shared if await asked_by(reader, desk, request) else {"person": request.requester, **shared}
