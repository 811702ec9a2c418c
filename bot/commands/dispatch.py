"""Obeys commands: finds which is meant, checks the role, has it carried out, and answers where it was given. The same for every platform.

Everything is one transaction with the message that brought the command. A message is obeyed once: its answer is the sign that it was. Each
command judges before it changes anything, so a refusal leaves everything as it was, but for the audit, which keeps the attempt.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.audit import Event
from bot.commands import identities, oversight, own, steering, working
from bot.commands.arguments import first_word, nearest, shown
from bot.commands.invocation import Invocation, Unclear
from bot.commands.roles import has_somewhere
from bot.conversation import Conversation
from bot.desk.desk import Desk, person_actor
from bot.desk.posting import last_part, post
from bot.errors import Refused
from bot.labels import Visibility
from bot.mentions import named
from bot.message import Message
from bot.person import Identity, Person, RoleName
from bot.ports import UnitOfWork
from bot.reply import Button, Reply
from bot.wording import command_help
from bot.wording import commands as wording

Obey = Callable[[UnitOfWork, Desk, Invocation], Awaitable[str]]
"""Carries a command out and returns the answer, empty when that was told otherwise; raises `Unclear` or `Refused` before any change."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command."""

    name: str
    role: RoleName
    """Needed in some workspace; in which one is judged when it is carried out."""
    obey: Obey
    finds_people: bool = False
    """Its arguments say who is meant: mentions stay accounts. Elsewhere they are words for people, and become names."""


async def explain(_: UnitOfWork, desk: Desk, said: Invocation) -> str:
    """List what the person may do here, or explain one command."""
    name = first_word(said.arguments)[0].casefold()
    allowed = [item.name for item in COMMANDS.values() if has_somewhere(desk, said.person, item.role)]
    if not name:
        return command_help.help_list(allowed)
    command = COMMANDS.get(name)
    if command is None:
        raise Unclear(wording.unknown_command(shown(name), nearest(name, allowed)))
    return command_help.help_one(name, command.role, allowed=name in allowed)


COMMANDS: dict[str, Command] = {
    item.name: item
    for item in (
        Command(name="help", role="employee", obey=explain),
        Command(name="new", role="employee", obey=own.new),
        Command(name="mine", role="employee", obey=own.mine),
        Command(name="status", role="employee", obey=own.show_status),
        Command(name="assign", role="agent", obey=working.assign, finds_people=True),
        Command(name="take", role="agent", obey=working.take),
        Command(name="release", role="agent", obey=working.release),
        Command(name="note", role="agent", obey=working.note),
        Command(name="reply", role="agent", obey=working.reply),
        Command(name="resolve", role="agent", obey=working.resolve),
        Command(name="link", role="agent", obey=working.link),
        Command(name="priority", role="agent", obey=working.priority),
        Command(name="coworkers", role="workspace_admin", obey=oversight.coworkers),
        Command(name="workspaces", role="workspace_admin", obey=oversight.workspaces),
        Command(name="approvals", role="workspace_admin", obey=oversight.approvals),
        Command(name="budget", role="workspace_admin", obey=oversight.budget),
        Command(name="who-is", role="workspace_admin", obey=identities.who_is, finds_people=True),
        Command(name="pause", role="workspace_admin", obey=steering.pause),
        Command(name="resume", role="workspace_admin", obey=steering.resume),
        Command(name="kill", role="workspace_admin", obey=steering.kill),
        Command(name="link-account", role="organisation_admin", obey=identities.link_account_to, finds_people=True),
        Command(name="unlink-account", role="organisation_admin", obey=identities.unlink, finds_people=True),
        Command(name="reload", role="organisation_admin", obey=steering.reload),
    )
}
"""Every command, by name, in the order in which help lists them."""


async def commanded(uow: UnitOfWork, desk: Desk, conversation: Conversation, message: Message, person: Person) -> None:
    """Obey the command that a message holds, or answer why not; does nothing for a message that was answered before."""
    identity = await uow.get(Identity, message.author_id)
    if identity is None:
        raise LookupError(f"identity {message.author_id} was never stored")
    said = Invocation(person=person, identity=identity, conversation=conversation, text=message.text, cause=message.id)
    cause = f"command:{said.cause}"
    if await uow.get(Reply, await last_part(uow, said.conversation.id, cause)) is not None:
        return
    buttons: tuple[Button, ...] = ()
    try:
        answer = await _obey(uow, desk, said)
    except Unclear as unclear:
        answer, buttons = str(unclear), unclear.buttons
    except Refused as refusal:
        await _keep_attempt(uow, desk, said)
        answer = wording.refused(str(refusal))
    if answer:
        answer = command_help.as_typed(answer, said.conversation.kind)
        where = said.conversation.id
        await post(uow, desk, where, answer, cause=cause, visibility=Visibility.PUBLIC, kind="talk", buttons=buttons)


async def _obey(uow: UnitOfWork, desk: Desk, said: Invocation) -> str:
    word, rest = first_word(said.text)
    command = COMMANDS.get(word.casefold() or "help")
    if command is None:
        allowed = [item.name for item in COMMANDS.values() if has_somewhere(desk, said.person, item.role)]
        raise Unclear(wording.unknown_command(shown(word), nearest(word, allowed)))
    if not has_somewhere(desk, said.person, command.role):
        raise Refused(wording.role_needed(command.name, command.role))
    discreet = said.among_colleagues if command.role == "agent" else said.alone
    if command.role != "employee" and not discreet:
        raise Unclear(wording.others_read_here(command.name))
    arguments = rest if command.finds_people else await named(uow, rest, said.identity)
    return await command.obey(uow, desk, replace(said, arguments=arguments))


async def _keep_attempt(uow: UnitOfWork, desk: Desk, said: Invocation) -> None:
    name = first_word(said.text)[0].casefold()
    await uow.audit(
        Event(
            kind="command.refused",
            actor=person_actor(said.person),
            data={"command": name if name in COMMANDS else "", "message": said.cause},
            at=desk.now(),
        )
    )
