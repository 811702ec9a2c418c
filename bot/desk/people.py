"""Linking chat identities to persons.

The link is the platform's own verified e-mail, within the tenants that this Deskmate trusts. Guests and external members are never
linked, nor is anybody of another tenant: each is a person of its own, without an e-mail and so without any authority. The same holds for a
second account with an e-mail that another account of the same tenant has already: addresses are given to newcomers, and who it is
cannot be told. An admin can decide otherwise (`bot/desk/accounts.py`): an account that was set apart is linked to nobody, and one
that was linked stays with its person, but only while it keeps its e-mail and is no guest.
"""

from dataclasses import replace

from bot.audit import Event, text_digest
from bot.desk.changing import keep
from bot.desk.desk import Desk
from bot.ids import PersonId, derived_id
from bot.labels import SYSTEM
from bot.person import Identity, Person
from bot.ports import Profile, UnitOfWork
from bot.request import Request


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
    if not desk.trusted(identity.platform, identity.tenant):
        profile = _stranger(profile.identity if profile else identity)
    known = await uow.get(Person, identity.person_id) if identity.person_id else None
    if known is not None and (profile is None or not (needs_profile(identity) or _changed(identity, profile))):
        return known
    said = profile.identity if profile else identity
    email = said.email.casefold() if said.email and not said.guest else None
    decided = identity.decided if identity.decided == "apart" or email == identity.email else ""
    if known is not None and (decided or known.email == email):
        person = known
    else:
        person = await _person(uow, identity, said, email, profile)
    if known is not None and known.email is None and not identity.guest:
        await bring_along(uow, desk, known, person)
    linked = replace(
        identity, name=said.name or identity.name, email=email, guest=said.guest, person_id=person.id, decided=decided
    )
    if linked != identity:
        await uow.put(linked)
        await uow.audit(
            Event(
                kind="identity.linked",
                actor=SYSTEM,
                data={
                    "identity": identity.id,
                    "person": person.id,
                    "by": "admin" if decided else "verified e-mail" if email else "none",
                    "digest": text_digest(email or ""),
                },
                at=desk.now(),
            )
        )
    return person


def _stranger(said: Identity) -> Profile:
    """Return what is believed of somebody whose tenant is not trusted: their name."""
    return Profile(identity=replace(said, guest=True, email=None))


def _changed(identity: Identity, profile: Profile) -> bool:
    """Tell whether the platform says otherwise than it did: a guest now, or another e-mail. No e-mail at all says nothing."""
    said = profile.identity
    return said.guest != identity.guest or (said.email is not None and said.email.casefold() != identity.email)


async def bring_along(uow: UnitOfWork, desk: Desk, nameless: Person, person: Person) -> None:
    """Give what somebody asked for, while the platform did not say who it was, to the person it turned out to be."""
    if nameless.id == person.id:
        return
    for request in await uow.find(Request, requester=nameless.id):
        author = person.id if request.author == nameless.id else request.author
        await keep(uow, desk, replace(request, requester=person.id, author=author))
        await uow.audit(
            Event(
                kind="request.requester_changed",
                actor=SYSTEM,
                request_id=request.id,
                data={"from": nameless.id, "to": person.id},
                at=desk.now(),
            )
        )


async def _taken(uow: UnitOfWork, identity: Identity, email: str) -> bool:
    """Tell whether another account of the same tenant is linked by this e-mail."""
    same = await uow.find(Identity, platform=identity.platform, tenant=identity.tenant, email=email)
    return any(other.id != identity.id and other.person_id is not None and other.decided != "apart" for other in same)


async def _person(
    uow: UnitOfWork, identity: Identity, said: Identity, email: str | None, profile: Profile | None
) -> Person:
    """Return the person with this verified e-mail, or a new one."""
    if email is not None and await _taken(uow, identity, email):
        email = None
    for address in (email, *sorted(profile.emails - {email})) if email is not None and profile is not None else ():
        found = await uow.find(Person, email=address)
        if found and not await _taken(uow, identity, address):
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
