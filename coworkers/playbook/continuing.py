"""Which of a person's own requests a message goes on with, where the platform has no threads to tell.

What answers the question of a waiting request goes on with it; so does what says that something resolved is back, that somebody wants a
human, or that it is withdrawn. What surely belongs to other work is a request of its own, and an alarming matter (stolen, hacked,
phishing) that nobody has spoken of is one even inside an answer: swallowing it would cost more than a request too many.
"""

import re

from bot.request import Request
from coworkers.briefing import Briefing
from coworkers.playbook.talk import begins_anew, is_short, names_new_matter, shared, sounds_like_reply
from coworkers.playbook.verdict import comes_back, still_fails, withdraws
from coworkers.routing import Router
from coworkers.smalltalk import asks_somebody, idle_chat, small_talk, sounds_like_work, wants_human, wishes
from coworkers.vocabulary import STRONG
from coworkers.words import fold, terms

SURE = 0.6
"""A message is work of its own when it is routed this surely."""
FAIRLY = 0.5
"""The same for one that says itself that it is something more ("also …"), or is put as a plea or a wish."""
SAME_MATTER = 0.34
"""So much of a message's telling words in an own request makes it the same matter."""
_RECENT, _FEW = 4, 2
_ALARMS = frozenset(f"={meaning}" for meaning in STRONG)
_ORDER = re.compile(
    r"^\W*(?:hi|hello|hey|also|and|ok|okay)?\W*(?:please|pls|can you|could you|would you|i need|i want|i'd like|i would like)\b"
)
"""How an order begins; what somebody else's question mentioned in passing does not make it an answer."""
_VAGUE = (
    "it",
    "it's",
    "its",
    "that",
    "this",
    "the problem",
    "the issue",
    "the error",
    "the same",
    "same",
    "problem",
    "issue",
    "still",
    "again",
)


def continued(briefing: Briefing, text: str, router: Router) -> Request | None:
    """Return the own request that the message goes on with; None when it is about something else."""
    if names_new_matter(text):
        return None
    replies = sounds_like_reply(text)
    if small_talk(text) in {"greeting", "thanks", "about"} and not replies:
        return None
    waiting = _waiting(briefing)
    others = [r for r in briefing.own_requests if r.status not in {"pending", "closed", "cancelled"}]
    back = _returned(text, others, router) if not waiting or shared(text, _of(waiting[0])) < SAME_MATTER else None
    if back is not None:
        return back
    if withdraws(text) or wants_human(text):
        return next(iter([*waiting, *others]), None) if _says_no_more(text, router) else None
    if waiting and not _elsewhere(text, waiting[0], _heard(briefing), router, replies=replies):
        return waiting[0]
    near = [request for request in others if shared(text, _of(request)) >= SAME_MATTER]
    if near and (replies or comes_back(text)):
        return near[0]
    answers = others and replies and small_talk(text) is None and is_short(text)
    return others[0] if answers and not _elsewhere(text, others[0], "", router, replies=True) else None


def about_what_was_asked(briefing: Briefing, text: str) -> bool:
    """Tell whether a question is about what a waiting request is about, or about what its requester was asked."""
    waiting = _waiting(briefing)
    return bool(waiting) and shared(text, f"{_of(waiting[0])} {_heard(briefing)}") >= SAME_MATTER


def _waiting(briefing: Briefing) -> list[Request]:
    """Return the requests that wait for the person, the one that began to wait last first: an answer is to what was asked last."""
    pending = [request for request in briefing.own_requests if request.status == "pending"]
    return sorted(pending, key=lambda request: request.changed_at, reverse=True)


def _heard(briefing: Briefing) -> str:
    return "\n".join(said.text for said in briefing.said[-_RECENT:])


def _of(request: Request) -> str:
    return f"{request.title} {request.description}"


def _returned(text: str, requests: list[Request], router: Router) -> Request | None:
    """Return the resolved request, else the one in work, whose trouble is back; the nearest, or the newest when the words name nothing."""
    if not comes_back(text):
        return None
    resolved = [request for request in requests if request.status == "resolved"]
    for among in (resolved, requests):
        near = max(among, key=lambda request: shared(text, _of(request)), default=None)
        if near is not None and shared(text, _of(near)) >= SAME_MATTER:
            return near
    vague = fold(text).startswith(_VAGUE) and is_short(text)
    return resolved[0] if resolved and (vague or not terms(text) or router.route(text).workspace is None) else None


def _says_no_more(text: str, router: Router) -> bool:
    """Tell whether a plea for a human, or to let it be, names no work of its own."""
    return is_short(text) and (len(terms(text)) <= _FEW or router.route(text).confidence < SURE)


def _elsewhere(text: str, request: Request, heard: str, router: Router, *, replies: bool) -> bool:
    """Tell whether a message is work of its own, and not about what was asked."""
    about = f"{_of(request)} {heard}"
    routing = router.route(text)
    alarms = (_ALARMS & set(terms(text))) - set(terms(about))
    if routing.workspace is not None and alarms and (routing.workspace != request.workspace or "=steal" in alarms):
        return True
    if replies:
        return False
    if routing.workspace is None:
        return idle_chat(text)
    if _ORDER.match(fold(text)) and routing.coworker != request.assignee.id:
        about = _of(request)
    asks = asks_somebody(text) or wishes(text) or begins_anew(text)
    least = FAIRLY if asks else SURE
    works = asks or sounds_like_work(text) or still_fails(text)
    return routing.confidence >= least and shared(text, about) < SAME_MATTER and works
