"""What an admin decides about chat accounts: whose one is, or that it is nobody's.

An account is linked to a person whom the organisation knows only where its platform vouches for it: with a verified e-mail, in a
tenant that is trusted, and not as a guest. So nobody from outside gets anybody's roles, by mistake or by persuasion. An account that is set
apart gets a person of its own, without an e-mail and so without any authority; what was asked for under the person's name stays theirs.
"""

from dataclasses import replace

from bot.audit import Event
from bot.desk.desk import Desk, person_actor
from bot.desk.people import bring_along
from bot.errors import Refused
from bot.ids import PersonId, derived_id
from bot.person import Identity, Person
from bot.ports import UnitOfWork
from bot.wording import identities as wording


async def link_account(uow: UnitOfWork, desk: Desk, account: Identity, person: Person, admin: Person) -> None:
    """Link an account to a person, whatever its e-mail; what was asked for with it while it was nobody's moves along.

    `Refused` for guests, for accounts of tenants that are not trusted, and while the platform has told no verified e-mail.
    """
    if account.guest or account.email is None or not desk.trusted(account.platform, account.tenant):
        raise Refused(wording.not_vouched_for(account.id))
    before = await uow.get(Person, account.person_id) if account.person_id else None
    if before is not None and before.email is None:
        await bring_along(uow, desk, before, person)
    await uow.put(replace(account, person_id=person.id, decided="linked"))
    await _tell_audit(uow, desk, "identity.linked", account, person, admin)


async def unlink_account(uow: UnitOfWork, desk: Desk, account: Identity, admin: Person) -> Person:
    """Unlink an account from whoever it belongs to, until an admin links it again; return the person it is now."""
    key = PersonId(derived_id("person", account.id))
    person = await uow.get(Person, key)
    if person is None:
        person = Person(id=key, name=account.name or account.user)
        await uow.add(person)
    await uow.put(replace(account, person_id=person.id, decided="apart"))
    await _tell_audit(uow, desk, "identity.unlinked", account, person, admin)
    return person


async def _tell_audit(uow: UnitOfWork, desk: Desk, kind: str, account: Identity, person: Person, admin: Person) -> None:
    """Keep who was linked to whom; `account` is as it was before."""
    data = {"identity": account.id, "person": person.id, "from": account.person_id or "", "by": "admin"}
    await uow.audit(Event(kind=kind, actor=person_actor(admin), data=data, at=desk.now()))
