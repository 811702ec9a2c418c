"""Commands of admins about people: who somebody is, and whose a chat account is.

Accounts are linked by verified e-mail without anybody's doing. These commands are for where that is wrong: somebody has another address on
the other platform, or an address was given to a newcomer. Looking is for every admin, deciding for the organisation's, and both are
answered to the admin alone.
"""

from collections.abc import Sequence

from bot.commands.arguments import first_word, shown, unquoted
from bot.commands.invocation import Invocation, Unclear
from bot.commands.roles import admin_for
from bot.desk.accounts import link_account, unlink_account
from bot.desk.desk import Desk
from bot.person import Identity, Person, identity_id
from bot.ports import Reader, UnitOfWork
from bot.wording import command_help
from bot.wording import identities as wording

MOST_PEOPLE = 5_000
"""Persons who are looked through."""
MOST_ACCOUNTS, SHOWN = 50, 10


async def who_is(uow: UnitOfWork, _: Desk, said: Invocation) -> str:
    """Say who somebody is: roles and accounts of everybody with this in their name, or with this e-mail or account."""
    wish = unquoted(said.arguments).removeprefix("@")
    if not wish:
        raise Unclear(command_help.usage("who-is"))
    found = await _found(uow, said, wish)
    if not found:
        raise Unclear(wording.nobody(shown(wish)))
    lines = [wording.person(item, await _accounts_of(uow, item)) for item in found[:SHOWN]]
    return wording.people(lines, more=len(found) - len(lines))


async def link_account_to(uow: UnitOfWork, desk: Desk, said: Invocation) -> str:
    """Link an account to somebody, whatever its e-mail."""
    admin_for(desk, said.person, None)
    word, rest = first_word(said.arguments)
    to, address = first_word(rest)
    email = unquoted(address if to.casefold() == "to" else rest).casefold()
    if not word or not email:
        raise Unclear(command_help.usage("link-account"))
    person = next(iter(await uow.find(Person, email=email, limit=1)), None)
    if person is None:
        raise Unclear(wording.no_person(shown(email)))
    account = await _account(uow, said, word, "link-account")
    if account.person_id == person.id and account.decided == "linked":
        return wording.linked_already(account.id, person)
    if account.id == said.identity.id:
        raise Unclear(wording.own_account())
    await link_account(uow, desk, account, person, said.person)
    return wording.linked(account.id, person)


async def unlink(uow: UnitOfWork, desk: Desk, said: Invocation) -> str:
    """Link an account to nobody."""
    admin_for(desk, said.person, None)
    word, rest = first_word(said.arguments)
    if not word or rest:
        raise Unclear(command_help.usage("unlink-account"))
    account = await _account(uow, said, word, "unlink-account")
    if account.decided == "apart":
        return wording.unlinked_already(account.id)
    if account.id == said.identity.id:
        raise Unclear(wording.own_account())
    await unlink_account(uow, desk, account, said.person)
    return wording.unlinked(account.id)


async def _found(reader: Reader, said: Invocation, wish: str) -> Sequence[Person]:
    known = await _by_key(reader, said, wish)
    if known is not None:
        person = await reader.get(Person, known.person_id) if known.person_id else None
        return [person] if person is not None else []
    by_mail = await reader.find(Identity, email=wish.casefold(), limit=MOST_ACCOUNTS) if "@" in wish else ()
    keys = {item.person_id for item in by_mail}
    everybody = await reader.find(Person, limit=MOST_PEOPLE)
    folded = wish.casefold()
    return [
        item for item in everybody if item.id in keys or folded in item.name.casefold() or folded == (item.email or "")
    ]


async def _accounts_of(reader: Reader, person: Person) -> Sequence[Identity]:
    return await reader.find(Identity, person_id=person.id, limit=MOST_ACCOUNTS)


async def _account(uow: UnitOfWork, said: Invocation, word: str, command: str) -> Identity:
    """Return the one account that is meant, by its key, its user id here, or its e-mail, locked; `Unclear` when it cannot be told."""
    wish = unquoted(word).removeprefix("@")
    known = await _by_key(uow, said, wish)
    if known is not None:
        return known
    found = await uow.find(Identity, email=wish.casefold(), limit=MOST_ACCOUNTS) if "@" in wish else ()
    if len(found) > 1:
        raise Unclear(wording.several(shown(wish), found[:SHOWN]))
    account = await uow.get(Identity, found[0].id) if found else None
    if account is None:
        raise Unclear(wording.no_account(shown(wish), command))
    return account


async def _by_key(reader: Reader, said: Invocation, wish: str) -> Identity | None:
    """Return the account with this key, or with this user id where the command was given."""
    here = identity_id(said.identity.platform, said.identity.tenant, wish)
    return await reader.get(Identity, wish) or await reader.get(Identity, here)
