"""Commands of admins who steer: pause, resume and kill coworkers, and take the workforce files anew.

A workspace's admins steer its coworkers; what concerns everybody, or a coworker of no workspace, is for the organisation's. Atom is never
held, so that people can always reach a human. A switch holds a coworker whatever its file says, and a file whatever its switch says.
Files are not read here: the wish is audited with the transaction, and whoever listens to that reads them afterwards and answers.
"""

from bot.audit import Event
from bot.commands.arguments import QUOTES, first_word, nearest, shown, unquoted
from bot.commands.invocation import Invocation, Unclear
from bot.commands.oversight import ids_of
from bot.commands.roles import admin_for
from bot.desk.desk import Desk, person_actor
from bot.desk.switching import set_switch
from bot.ports import UnitOfWork
from bot.switch import ALL, Switch, SwitchState
from bot.wording import oversight as wording
from bot.workspace import CoworkerCard

RELOAD = "workforce.reload_asked"
"""The audit event after which the files are read; its data names the message and the conversation that the answer goes to."""


async def pause(uow: UnitOfWork, desk: Desk, said: Invocation) -> str:
    """Give a coworker, or all, no new work."""
    return await _hold(uow, desk, said, "paused")


async def kill(uow: UnitOfWork, desk: Desk, said: Invocation) -> str:
    """Stop a coworker, or all, at the next step."""
    return await _hold(uow, desk, said, "killed")


async def resume(uow: UnitOfWork, desk: Desk, said: Invocation) -> str:
    """Lift a coworker's switch, or that of all."""
    card, _ = _meant(desk, said, "resume")
    admin_for(desk, said.person, card.workspace if card else None)
    key = card.id if card else ALL
    known = await uow.get(Switch, key)
    if known is not None and known.state != "on":
        await set_switch(uow, desk, key, "on", said.person, "", cause=said.cause)
    others = {item.id: item.state for item in await uow.find(Switch) if item.state != "on" and item.id != key}
    if card is None:
        return wording.resumed_all(sorted(others))
    lifted = known is not None and known.state != "on"
    return wording.resumed(card, lifted=lifted, all_held=others.get(ALL, "on"))


async def reload(uow: UnitOfWork, desk: Desk, said: Invocation) -> str:
    """Have the workforce files read anew."""
    admin_for(desk, said.person, None)
    data = {"message": said.cause, "conversation": said.conversation.id, "person": said.person.id}
    await uow.audit(Event(kind=RELOAD, actor=person_actor(said.person), data=data, at=desk.now()))
    return wording.reloading()


async def _hold(uow: UnitOfWork, desk: Desk, said: Invocation, state: SwitchState) -> str:
    name = "pause" if state == "paused" else "kill"
    card, reason = _meant(desk, said, name)
    admin_for(desk, said.person, card.workspace if card else None)
    if card is not None and card.kind == "front_door":
        raise Unclear(wording.atom_answers_always())
    key = card.id if card else ALL
    known = await uow.get(Switch, key)
    if known is not None and known.state in {state, "killed"}:
        return wording.held_already(card, known.state)
    await set_switch(uow, desk, key, state, said.person, reason, cause=said.cause)
    return wording.held_now(card, state)


def _meant(desk: Desk, said: Invocation, name: str) -> tuple[CoworkerCard | None, str]:
    """Return the coworker that a command is about (None: all) and what else was written: the reason."""
    text = " ".join(said.arguments.split())
    word, rest = first_word(text)
    if not word:
        raise Unclear(wording.whom(name))
    if unquoted(word).casefold() == ALL:
        return None, rest
    called = [(wanted, card) for card in desk.directory.coworkers() for wanted in (card.id, card.name)]
    for wanted, card in sorted(called, key=lambda pair: -len(pair[0])):
        reason = _behind(text, wanted)
        if reason is not None:
            return card, reason
    raise Unclear(wording.no_coworker(shown(word), nearest(word, ids_of(desk))))


def _behind(text: str, name: str) -> str | None:
    """Return what follows `name` in `text`; None when the text does not begin with it as a whole word."""
    plain = text.lstrip(QUOTES)
    rest = plain[len(name) :]
    if plain[: len(name)].casefold() != name.casefold() or rest[:1].isalnum() or rest[:1] in {"-", "_"}:
        return None
    return rest.strip(f"{QUOTES} :,.;")
