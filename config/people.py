"""Brings people.yaml into the database: persons by e-mail, with manager, language, attributes and roles.

The files win over what was learnt from a platform, except for links between identities and persons, which stay as they are. A person who
is no longer in the file keeps their requests and loses their roles.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.ids import PersonId, derived_id
from bot.person import Person, Role, RoleName
from bot.ports import Storage, UnitOfWork
from coworkers.profile import KnownPerson

EMPLOYEE = Role(name="employee")
_ROLES: dict[str, RoleName] = {
    "employee": "employee",
    "agent": "agent",
    "workspace_admin": "workspace_admin",
    "organisation_admin": "organisation_admin",
    "auditor": "auditor",
}


async def bring_in(storage: Storage, people: Sequence[KnownPerson]) -> None:
    """Store everybody of the file, in one transaction."""

    async def store(uow: UnitOfWork) -> None:
        known = {person.email: person for person in await uow.find(Person)}
        listed = {person.email.casefold(): person for person in people}
        fresh = [_person(person) for email, person in listed.items() if email not in known]
        if fresh:
            await uow.add(*fresh)
        changed = [
            updated
            for email, person in known.items()
            if (updated := _updated(person, listed.get(email or ""))) != person
        ]
        if changed:
            await uow.put(*changed)

    await storage.transact(store)


def _person(known: KnownPerson) -> Person:
    email = known.email.casefold()
    return Person(
        id=PersonId(derived_id("person", email)),
        name=known.name,
        email=email,
        manager=known.manager,
        language=known.language,
        attributes=dict(known.attributes),
        roles=_roles(known),
    )


def _updated(person: Person, known: KnownPerson | None) -> Person:
    if known is None:
        return replace(person, roles=(EMPLOYEE,))
    fresh = _person(known)
    return replace(fresh, id=person.id)


def _roles(known: KnownPerson) -> tuple[Role, ...]:
    given = (Role(name=_ROLES[name], workspace=workspace) for name, workspace in known.roles if name in _ROLES)
    return tuple(dict.fromkeys((EMPLOYEE, *given)))
