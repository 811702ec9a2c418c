"""Commands of admins who look: the coworkers, the workspaces, what waits for a decision, what was spent.

A workspace admin is shown the workspaces that they lead; an organisation admin all, and the global triage coworker. Calls that wait are
named without their arguments and reasons, which stand in the private threads.
"""

from collections import Counter
from collections.abc import Sequence

from bot.approval import Approval
from bot.commands.arguments import first_word, nearest, number_of, shown, unquoted
from bot.commands.invocation import Invocation, Unclear
from bot.commands.roles import admin_for, home_of
from bot.desk.access import find_request, led_by
from bot.desk.desk import Desk
from bot.errors import Refused
from bot.person import Person
from bot.ports import Reader, UnitOfWork
from bot.request import UNDER_WAY, Request
from bot.run import Run
from bot.spending import Limits, Spending
from bot.switch import Switch
from bot.wording import managing as managed
from bot.wording import oversight as wording
from bot.workspace import CoworkerCard

MOST_REQUESTS = 2_000
"""Open requests that are counted."""
MOST_APPROVALS, MOST_RUNS, SHOWN = 200, 200, 15


async def coworkers(uow: UnitOfWork, desk: Desk, said: Invocation) -> str:
    """List the coworkers with their state, who switched it, and how much is open with each."""
    switches = {item.id: item for item in await uow.find(Switch) if item.state != "on"}
    names = {item.id: item.name for item in await uow.find(Person, id=[one.by for one in switches.values()])}
    with_each = Counter(item.assignee.id for item in await _open(uow) if item.assignee.kind == "coworker")
    lines = []
    for card in _cards(desk, said.person):
        switch = switches.get(card.id)
        held = wording.held(switch, names.get(switch.by, "")) if switch else ""
        lines.append(wording.coworker(card, with_each[card.id], held))
    all_held = switches.get("all")
    return wording.coworkers(lines, wording.held(all_held, names.get(all_held.by, "")) if all_held else "")


def _cards(desk: Desk, person: Person) -> Sequence[CoworkerCard]:
    """Return the coworkers whom the person may steer, by workspace."""
    led = [item.id for item in led_by(desk, person)]
    cards = [card for card in desk.directory.coworkers() if card.kind != "front_door"]
    whole = [card for card in cards if card.workspace is None and person.has_role("organisation_admin")]
    return whole + [card for key in led for card in cards if card.workspace == key]


async def workspaces(uow: UnitOfWork, desk: Desk, said: Invocation) -> str:
    """List the workspaces with who works there and what is open."""
    there = Counter(str(item.workspace) for item in await _open(uow))
    cards = desk.directory.coworkers()
    return wording.workspaces(
        [
            wording.workspace(
                item,
                sum(card.workspace == item.id and card.state == "active" for card in cards),
                there[str(item.id)],
                channels=bool(desk.support_channels(item)),
            )
            for item in led_by(desk, said.person)
        ]
    )


async def _open(reader: Reader) -> Sequence[Request]:
    return await reader.find(Request, status=list(UNDER_WAY), newest=True, limit=MOST_REQUESTS)


async def approvals(uow: UnitOfWork, desk: Desk, said: Invocation) -> str:
    """List the calls that wait for a decision, those that expire first on top."""
    waiting = await uow.find(Approval, state="waiting", newest=True, limit=MOST_APPROVALS)
    keys = list({item.request_id for item in waiting})
    led = {item.id for item in led_by(desk, said.person)}
    about = {item.id: item for item in await uow.find(Request, id=keys, limit=len(keys))} if keys else {}
    mine = [item for item in waiting if item.request_id in about and about[item.request_id].workspace in led]
    mine.sort(key=lambda item: item.expires_at)
    lines = [
        wording.approval(item, about[item.request_id].number, desk.coworker_actor(item.coworker).name)
        for item in mine[:SHOWN]
    ]
    return wording.approvals(lines, more=len(mine) - len(lines))


async def budget(uow: UnitOfWork, desk: Desk, said: Invocation) -> str:
    """Show what one request, one coworker's latest runs, or the open requests that cost most have spent against their limits."""
    text = unquoted(said.arguments)
    if not text:
        return await _dearest(uow, desk, said.person)
    number = number_of(first_word(text)[0])
    if number is not None:
        return await _of_request(uow, desk, said.person, number)
    card = coworker_called(desk, text)
    if card is None:
        raise Unclear(wording.no_coworker(shown(text), nearest(text, ids_of(desk))))
    admin_for(desk, said.person, card.workspace)
    runs = await uow.find(Run, coworker=card.id, newest=True, limit=MOST_RUNS)
    spent = await _spent(uow, [f"run:{run.id}" for run in runs])
    return wording.budget_of_coworker(card, list(spent.values()))


async def _of_request(reader: Reader, desk: Desk, person: Person, number: str) -> str:
    request, home = await find_request(reader, number), home_of(desk, number)
    theirs = request is not None and any(item.id == request.workspace for item in led_by(desk, person))
    if not theirs and home is not None:
        admin_for(desk, person, home.id)
    if request is None:
        raise Refused(managed.no_request(number))
    admin_for(desk, person, request.workspace)
    spent = await reader.get(Spending, f"request:{request.id}")
    return wording.budget_of_request(request.number, spent or _nothing(request), _limits(desk, request))


async def _dearest(reader: Reader, desk: Desk, person: Person) -> str:
    led = {item.id for item in led_by(desk, person)}
    alive = [item for item in await _open(reader) if item.workspace in led]
    spent = await _spent(reader, [f"request:{item.id}" for item in alive])
    spenders = [(item, spent[f"request:{item.id}"]) for item in alive if f"request:{item.id}" in spent]
    spenders.sort(key=lambda pair: (-pair[1].micro_usd, -pair[1].tokens, -pair[1].tool_calls))
    lines = [wording.spent_on(item.number, account, _limits(desk, item)) for item, account in spenders[:SHOWN]]
    return wording.budgets(lines, total=[account for _, account in spenders])


async def _spent(reader: Reader, keys: Sequence[str]) -> dict[str, Spending]:
    found = await reader.find(Spending, id=list(keys), limit=len(keys)) if keys else ()
    return {item.id: item for item in found}


def _nothing(request: Request) -> Spending:
    return Spending(id=f"request:{request.id}", scope="request")


def _limits(desk: Desk, request: Request) -> Limits:
    """Return what the request may cost while its coworker works on it."""
    card = desk.coworker(request.assignee.id) if request.assignee.kind == "coworker" else None
    return card.request_limits if card is not None else Limits()


def coworker_called(desk: Desk, text: str) -> CoworkerCard | None:
    """Return the coworker with this id or name, in any case; None when there is none."""
    wish = unquoted(text).casefold()
    found = (card for card in desk.directory.coworkers() if wish in {card.id.casefold(), card.name.casefold()})
    return next(found, None)


def ids_of(desk: Desk) -> list[str]:
    """Return the ids of all coworkers."""
    return [str(card.id) for card in desk.directory.coworkers()]
