"""Linking chat identities to persons.

The link is the platform's own verified e-mail, within the tenant that this Deskmate is connected to. Guests and external members are never
linked: each is a person of its own, without an e-mail and so without any authority.
"""

from dataclasses import replace

from bot.audit import Event, text_digest
from bot.desk.desk import Desk
from bot.ids import PersonId, derived_id
from bot.labels import SYSTEM
from bot.person import Identity, Person
from bot.ports import Profile, UnitOfWork


def needs_profile(identity: Identity) -> bool:
    """Tell whether the platform should be asked (again) who this is."""
    return identity.person_id is None or (identity.email is None and not identity.guest)


async def link_person(uow: UnitOfWork, desk: Desk, key: str, profile: Profile | None) -> Person:
    """Return the person behind a stored identity, linked now if it was not.

    `profile` is what the platform says of the user; None when it says nothing, which gives a person without e-mail.
    """
    identity = await uow.get(Identity, key)
    if identity is None:
        raise LookupError(f"identity {key} was never stored")
    known = await uow.get(Person, identity.person_id) if identity.person_id else None
    if known is not None and (profile is None or not needs_profile(identity)):
        return known
    said = profile.identity if profile else identity
    email = said.email.casefold() if said.email and not said.guest else None
    person = known if known is not None and known.email == email else await _person(uow, identity, said, email, profile)
    linked = replace(identity, name=said.name or identity.name, email=email, guest=said.guest, person_id=person.id)
    if linked != identity:
        await uow.put(linked)
        await uow.audit(
            Event(
                kind="identity.linked",
                actor=SYSTEM,
                data={
                    "identity": identity.id,
                    "person": person.id,
                    "by": "verified e-mail" if email else "none",
                    "digest": text_digest(email or ""),
                },
                at=desk.now(),
            )
        )
    return person


async def _person(
    uow: UnitOfWork, identity: Identity, said: Identity, email: str | None, profile: Profile | None
) -> Person:
    """Return the person with this verified e-mail, or a new one."""
    if email is not None:
        found = await uow.find(Person, email=email)
        if found:
            return found[0]
    key = PersonId(derived_id("person", email or identity.id))
    known = await uow.get(Person, key)
    if known is not None:
        return known
    person = Person(
        id=key,
        name=said.name or identity.name or "Somebody",
        email=email,
        language=profile.language if profile else "en",
    )
    await uow.add(person)
    return person
