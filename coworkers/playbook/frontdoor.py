"""The front door without a language model: what each new message means, as calls of the front door's tools.

In this order: a question how a request is going; a question that knowledge answers; more about an own request (see `continuing`);
small talk; one or several requests; and when it cannot be told at all what is wanted, one question, asked once.
What is not understood is opened as a request in the default workspace rather than lost.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.request import Request
from bot.wording import offline as sayings
from coworkers.answerable import asks_generally
from coworkers.briefing import Briefing
from coworkers.playbook.context import Recorded, data_of, requester_of, written_meanwhile
from coworkers.playbook.continuing import about_what_was_asked, continued
from coworkers.playbook.expressions import ExpressionFailed
from coworkers.playbook.follow import Act
from coworkers.playbook.talk import (
    asks_for_status,
    begins_anew,
    is_short,
    number_in,
    parts_of,
    priority_of,
    title_of,
)
from coworkers.routing import Router, Routing
from coworkers.smalltalk import idle_chat, small_talk
from coworkers.words import terms

SURE = 0.6
"""A part of a message is a problem of its own when it is routed this surely."""
COVERED = 0.6
"""So much of a question's telling words must stand in a passage for the passage to answer it."""
MIN_TERMS, MAX_PARTS = 2, 2
"""A question has so many telling words at least, and so many sentences at most, to be answered from documents."""


@dataclass(frozen=True, kw_only=True)
class Passage:
    """What the search brought."""

    document: str
    section: str
    text: str


def decide(briefing: Briefing, made: Sequence[Recorded], offered: Collection[str], router: Router) -> list[Act]:
    """Return the calls to make now; none when everything was answered."""
    news = written_meanwhile([item for one in made for item in one.news], "the same person")
    text = "\n".join([*(said.text for said in briefing.messages), *news]).strip()
    searched = next((one for one in made if one.call.name == "search_knowledge"), None)
    final = [one for one in made if one.call.name != "search_knowledge"]
    if any(one.result is not None and not one.result.error for one in final):
        return []
    if final:
        return _only(offered, [Act(name="say", arguments={"text": sayings.FAILED})])
    if acts := _asked_for_status(briefing, text):
        return _only(offered, acts)
    if (
        _asks_knowledge(text)
        and small_talk(text) is None
        and not number_in(text)
        and not about_what_was_asked(briefing, text)
    ):
        if searched is None and "search_knowledge" in offered:
            return [Act(name="search_knowledge", arguments={"query": text[:400]})]
        answer = _answer(text, searched)
        if answer is not None:
            return _only(offered, [answer])
    acts = _about_requests(briefing, text, router) or _talk(text)
    return _only(offered, acts or _wanted(briefing, text, router))


def _only(offered: Collection[str], acts: list[Act]) -> list[Act]:
    return [act for act in acts if act.name in offered]


def _named(briefing: Briefing, text: str) -> Request | None:
    number = number_in(text)
    return next((request for request in briefing.own_requests if request.number == number), None)


def _asked_for_status(briefing: Briefing, text: str) -> list[Act]:
    number, named = number_in(text), _named(briefing, text)
    if asks_for_status(text) and (named is not None or is_short(text, 25)):
        return [Act(name="request_status", arguments={"number": number})]
    if number and is_short(text, 4):
        return [Act(name="request_status", arguments={"number": number})]
    return []


def _about_requests(briefing: Briefing, text: str, router: Router) -> list[Act]:
    request = _named(briefing, text) or continued(briefing, text, router)
    return [Act(name="continue_request", arguments={"number": request.number, "text": text})] if request else []


def _talk(text: str) -> list[Act]:
    kind = small_talk(text)
    if kind is None:
        return []
    return [Act(name="say", arguments={"text": sayings.TALK[kind]})]


def _asks_knowledge(text: str) -> bool:
    return asks_generally(text) and not idle_chat(text) and len(parts_of(text)) <= MAX_PARTS


def _answer(text: str, searched: Recorded | None) -> Act | None:
    """Return an answer made of the passage that covers the question; None when none does."""
    wanted = set(terms(text))
    if len(wanted) < MIN_TERMS:
        return None
    for passage in _passages(searched):
        headed = set(terms(f"{passage.document} {passage.section}"))
        found = headed | set(terms(passage.text))
        if wanted & headed and len(wanted & found) / len(wanted) >= COVERED:
            told = passage.text.strip()[: sayings.ANSWER_LENGTH]
            return Act(
                name="answer",
                arguments={"text": sayings.answer(told), "citations": [f"{passage.document}, {passage.section}"]},
            )
    return None


def _passages(searched: Recorded | None) -> list[Passage]:
    if searched is None or searched.result is None or searched.result.error:
        return []
    try:
        data = data_of(searched.result)
    except ExpressionFailed:
        return []
    items = data.get("passages", []) if isinstance(data, dict) else []
    return [
        Passage(
            document=str(item.get("document", "")), section=str(item.get("section", "")), text=str(item.get("text", ""))
        )
        for item in (items if isinstance(items, list) else [])
        if isinstance(item, dict)
    ]


def _wanted(briefing: Briefing, text: str, router: Router) -> list[Act]:
    """Return the requests to open, or what to say instead."""
    problems = _problems(text, router)
    if len(problems) > 1:
        return [_open(problem, routing) for problem, routing in problems]
    routing = router.route(text)
    if routing.workspace is not None and (terms(text) or _asked_before(briefing)):
        return [_open(text, routing)]
    if idle_chat(text):
        return [Act(name="say", arguments={"text": sayings.NOT_OURS})]
    if _asked_before(briefing):
        earlier = [said.text for said in briefing.said if said.author != "Atom"][-1:]
        whole = "\n".join([*earlier, text])
        return [_open(whole, router.route(whole))]
    greeting = sayings.unclear(requester_of(briefing).first_name, [workspace.name for workspace in briefing.workspaces])
    return [Act(name="say", arguments={"text": greeting})]


def _asked_before(briefing: Briefing) -> bool:
    own = [said.text for said in briefing.said if said.author == "Atom"]
    return bool(own) and sayings.UNCLEAR in own[-1]


def _problems(text: str, router: Router) -> list[tuple[str, Routing]]:
    """Return the separate problems of a message: parts that surely belong to different teams, or say that they are another matter."""
    found: list[tuple[str, Routing]] = []
    for part in parts_of(text):
        routing = router.route(part)
        sure = routing.workspace is not None and routing.confidence >= SURE
        new = (
            not found
            or routing.workspace != found[-1][1].workspace
            or (begins_anew(part) and routing.coworker != found[-1][1].coworker)
        )
        if sure and new:
            found.append((part, routing))
        elif found:
            found[-1] = (f"{found[-1][0]} {part}", found[-1][1])
    return found


def _open(text: str, routing: Routing) -> Act:
    return Act(
        name="open_request",
        arguments={
            "title": title_of(text),
            "description": text,
            "workspace": str(routing.workspace or ""),
            "priority": priority_of(text),
        },
    )
