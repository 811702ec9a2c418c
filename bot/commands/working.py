"""Commands of agents on the requests of their workspaces: take, release, assign, note, reply, resolve, link, priority.

Each finds the request, then leaves judging and doing to the desk's use case, the same as for buttons and forms. Whoever is no agent of
any workspace never learns here whether a number exists, nor does an agent of others.
"""

import re

from bot.commands.arguments import About, about, first_word, nearest, number_of, shown
from bot.commands.assignees import whom
from bot.commands.invocation import Invocation, Unclear
from bot.commands.own import held_by
from bot.commands.roles import gives_out, home_of
from bot.desk.access import agent_for, find_request
from bot.desk.calling import names_assignee, wake_for
from bot.desk.desk import Desk, person_actor
from bot.desk.holding import hand_back, take_over
from bot.desk.managing import RELATIONS, assign_to, link_requests, resolve_by, set_priority
from bot.desk.notes import human_public_note, private_note
from bot.errors import Refused
from bot.mail import PRIORITIES
from bot.ports import UnitOfWork
from bot.request import FINAL, Request
from bot.wording import commands as wording
from bot.wording import managing as managed
from bot.wording.command_help import usage

_TO = re.compile(r"^(?:to\b|->|=>|→)\s*", re.IGNORECASE)
_RELATION = re.compile(r"[\s_-]+")
_MEANT = {
    "child-of": "parent",
    "part-of": "parent",
    "belongs-to": "parent",
    "parent-of": "child",
    "blocks": "blocks",
    "blocked-by": "blocked_by",
    "is-blocked-by": "blocked_by",
    "waits-for": "blocked_by",
    "relates": "relates_to",
    "related-to": "relates_to",
    "relates-to": "relates_to",
    "duplicates": "duplicate",
    "duplicate-of": "duplicate",
    "is-duplicate-of": "duplicate",
}
"""What people write for a relation, besides its name."""


async def take(uow: UnitOfWork, desk: Desk, said: Invocation) -> str:
    """Take a request over."""
    request, _ = await _request(uow, desk, said, "take")
    await take_over(uow, desk, request.id, said.person, cause=said.cause)
    return wording.done_take(request.number)


async def release(uow: UnitOfWork, desk: Desk, said: Invocation) -> str:
    """Hand a request back."""
    request, _ = await _request(uow, desk, said, "release")
    given = await hand_back(uow, desk, request.id, said.person, cause=said.cause)
    return wording.done_release(request.number, await held_by(uow, desk, given, said.person))


async def assign(uow: UnitOfWork, desk: Desk, said: Invocation) -> str:
    """Give a request to a coworker, an agent or a group."""
    request, asked = await _request(uow, desk, said, "assign")
    agent_for(desk, request, said.person)
    name = _TO.sub("", asked.rest)
    if not name:
        raise Unclear(usage("assign"))
    assignee = await whom(uow, desk, request, said, name)
    given = await assign_to(uow, desk, request, assignee, said.person, cause=said.cause)
    return wording.done_assign(request.number, await held_by(uow, desk, given, said.person))


async def note(uow: UnitOfWork, desk: Desk, said: Invocation) -> str:
    """Leave a private note; one that speaks to the coworker by name wakes it, as in the private thread."""
    request, asked = await _request(uow, desk, said, "note")
    agent_for(desk, request, said.person)
    if not asked.rest:
        raise Unclear(wording.text_wanted("note"))
    actor = person_actor(said.person, request.requester)
    written = await private_note(uow, desk, request, asked.rest, actor, cause=said.cause)
    if names_assignee(desk, request, asked.rest):
        await wake_for(uow, desk, request, written, cause=said.cause)
    return wording.done_note(request.number)


async def reply(uow: UnitOfWork, desk: Desk, said: Invocation) -> str:
    """Send the requester a public note."""
    request, asked = await _request(uow, desk, said, "reply")
    agent_for(desk, request, said.person)
    if request.status in FINAL:
        raise Refused(managed.final(request.number, request.status))
    if not asked.rest:
        raise Unclear(wording.text_wanted("reply"))
    actor = person_actor(said.person, request.requester)
    await human_public_note(uow, desk, request, asked.rest, actor, cause=said.cause)
    return wording.done_reply(request.number)


async def resolve(uow: UnitOfWork, desk: Desk, said: Invocation) -> str:
    """Resolve a request, with or without a summary."""
    request, asked = await _request(uow, desk, said, "resolve")
    await resolve_by(uow, desk, request, asked.rest, said.person, cause=said.cause)
    return wording.done_resolve(request.number)


async def link(uow: UnitOfWork, desk: Desk, said: Invocation) -> str:
    """Link two requests."""
    first, asked = await _request(uow, desk, said, "link")
    agent_for(desk, first, said.person)
    words = asked.rest.split()
    number = number_of(words[-1]) if words else None
    if number is None:
        raise Unclear(wording.number_wanted(shown(words[-1]) if words else "", "link"))
    relation = _relation(" ".join(words[:-1]))
    second = await find_request(uow, number)
    if second is None:
        raise Refused(managed.no_request(number))
    await link_requests(uow, desk, first, second, relation, said.person, cause=said.cause)
    return wording.done_link(first.number, managed.relation(relation), second.number)


def _relation(words: str) -> str:
    name = _RELATION.sub("-", words.strip().casefold())
    known = {**{item.replace("_", "-"): item for item in RELATIONS}, **_MEANT}
    if name not in known:
        raise Unclear(wording.no_such_relation(shown(words), nearest(name, known)))
    return known[name]


async def priority(uow: UnitOfWork, desk: Desk, said: Invocation) -> str:
    """Set a request's priority."""
    request, asked = await _request(uow, desk, said, "priority")
    agent_for(desk, request, said.person)
    word = first_word(_TO.sub("", asked.rest))[0].casefold()
    if word not in PRIORITIES:
        raise Unclear(wording.no_such_priority(shown(word), nearest(word, PRIORITIES)) if word else usage("priority"))
    changed = await set_priority(uow, desk, request, word, said.person, cause=said.cause)
    return wording.done_priority(request.number, changed.priority)


async def _request(uow: UnitOfWork, desk: Desk, said: Invocation, name: str) -> tuple[Request, About]:
    """Return the request that the command begins with, and what was said about it.

    An agent of neither its workspace nor the one that gave out the number is answered the same whether it exists or not.
    """
    asked = about(said.arguments, name)
    request = await find_request(uow, asked.number)
    theirs = request is not None and desk.is_agent(said.person, request.workspace)
    if not theirs and not gives_out(desk, said.person, asked.number):
        home = home_of(desk, asked.number)
        raise Refused(managed.agents_only(home.name if home else wording.ITS_WORKSPACE))
    if request is None:
        raise Refused(managed.no_request(asked.number))
    return request, asked
