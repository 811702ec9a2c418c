"""Finds out whom somebody means as the next to have a request: a coworker, an agent, a group of its workspace, or themselves."""

from bot.commands.arguments import nearest, shown, unquoted
from bot.commands.invocation import Invocation, Unclear
from bot.desk.assigning import AGENTS
from bot.desk.desk import Desk
from bot.person import Identity, Person, identity_id
from bot.ports import UnitOfWork
from bot.request import Assignee, Request
from bot.wording import commands as wording

_ME = frozenset({"me", "myself"})
_NAMESAKES = 20


async def whom(uow: UnitOfWork, desk: Desk, request: Request, said: Invocation, text: str) -> Assignee:
    """Return the assignee that `text` names, by id, name, e-mail or account; `Unclear`, with the nearest name, when there is none.

    Whether that one may have the request is judged by whoever gives it.
    """
    name = unquoted(text).removeprefix("@")
    wish = name.casefold()
    if wish in _ME:
        return Assignee(kind="person", id=said.person.id)
    for card in desk.directory.coworkers():
        if card.kind != "front_door" and wish in {card.id.casefold(), card.name.casefold()}:
            return Assignee(kind="coworker", id=card.id)
    workspace = desk.workspace(request.workspace)
    groups = [*workspace.groups, AGENTS]
    for group in groups:
        if wish in {group.casefold(), f"{workspace.id}/{group}".casefold()}:
            return Assignee(kind="group", id=f"{workspace.id}/{group}")
    person = await _agent(uow, desk, request, said, name)
    if person is not None:
        return Assignee(kind="person", id=person.id)
    here = [card.id for card in desk.directory.coworkers() if card.workspace == workspace.id]
    raise Unclear(wording.nobody_called(shown(name), workspace.name, nearest(wish, [*here, *groups])))


async def _agent(uow: UnitOfWork, desk: Desk, request: Request, said: Invocation, name: str) -> Person | None:
    """Return the one agent of the request's workspace who goes by this e-mail, account or name."""
    account = await uow.get(Identity, name) or await uow.get(Identity, _account(said, name))
    if account is not None:
        linked = await uow.get(Person, account.person_id) if account.person_id else None
        found = [linked] if linked is not None else []
    elif "@" in name:
        found = list(await uow.find(Person, email=name.casefold(), limit=_NAMESAKES))
    else:
        found = list(await uow.find(Person, name=name, limit=_NAMESAKES))
    agents = [person for person in found if desk.is_agent(person, request.workspace)]
    return agents[0] if len(agents) == 1 else None


def _account(said: Invocation, user: str) -> str:
    """Return the key of the account that a platform's user id means where the command was given."""
    return identity_id(said.identity.platform, said.identity.tenant, user)
