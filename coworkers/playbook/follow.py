"""Follows a playbook through one run, deriving where it is from the transcript alone.

Each time it begins at the first step and walks: a call that is recorded gives its result, the first that is not is what to do next. So a
run that was cut off goes on as if nothing had happened, and nothing is remembered between turns.
Whatever cannot be done (a capability that is not on offer, a look-up that failed, a condition that cannot be worked out) ends with
a human, who is told in a sentence what it was.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.labels import Visibility
from bot.wording import offline as sayings
from coworkers.briefing import Briefing
from coworkers.playbook.choosing import choose
from coworkers.playbook.context import (
    Recorded,
    data_of,
    names_of,
    reply_of,
    requester_of,
    text_of,
    written_meanwhile,
)
from coworkers.playbook.expressions import ExpressionFailed, as_text, holds, render
from coworkers.playbook.steps import UNSURE, WAITS, Playbook, Step
from coworkers.playbook.understanding import kind_of_reply, kind_of_work
from coworkers.playbook.verdict import SETTLED, withdraws
from coworkers.smalltalk import wants_human

ORDER = ("approval_decided", "assigned", "requester_replied", "handed_back", "colleague_asked", "timer_fired")
"""Which occasion a run follows when it has several; a reply beside another is read before the run waits."""
ROUTES = Playbook(occasions={"assigned": {"any": (Step(line=0, call="route"),)}})
"""What a triage coworker does that has no playbook."""
LIMITS = {
    "text": 12_000,
    "question": 12_000,
    "reason": 12_000,
    "summary": 12_000,
    "verified_facts": 1_000,
    "open_questions": 1_000,
}
"""Characters that the desk takes."""
REPEATED = (
    "The requester has already read from me what my playbook says next. A human should look at what is still open."
)
_TELLS = frozenset({"post_public_note", "ask_requester"})
_TRIAGE = frozenset({"triage", "global_triage"})


@dataclass(frozen=True, kw_only=True)
class Act:
    """A call to make next."""

    name: str
    arguments: dict[str, object]


class Follow:
    """One look at a run."""

    def __init__(self, briefing: Briefing, made: Sequence[Recorded], offered: Collection[str]) -> None:
        self._briefing, self._made, self._offered = briefing, made, frozenset(offered)
        self._at = 0
        self._names = names_of(briefing)
        self._failed: list[str] = []
        self._news: list[str] = []
        self._unread: list[str] = []
        self._triage = briefing.coworker.kind in _TRIAGE
        self._playbook = briefing.coworker.playbook or (ROUTES if self._triage else None)

    def next(self) -> Act | None:
        """Return the call to make next; None when the run is over."""
        if self._playbook is None:
            return self._escalate("I have no playbook, and without a language model I work by playbooks only.")
        kinds = {occasion.kind for occasion in self._briefing.occasions}
        kind = next((kind for kind in ORDER if kind in kinds), "assigned")
        reply = reply_of(self._briefing.occasions)
        if kind != "requester_replied" and reply:
            self._unread.append(reply)
        plain = self._said_plainly(kind, reply)
        if plain is not None:
            return plain if isinstance(plain, Act) else None
        return self._occasion(kind, reply if kind == "requester_replied" else "")

    def _said_plainly(self, kind: str, reply: str) -> "Act | _Over | None":
        """Do at once what the requester asks for in so many words: a human, or to let it be."""
        assert self._playbook is not None
        first = kind == "assigned" and self._briefing.packet is None
        heard = reply if kind == "requester_replied" else text_of(self._briefing.request) if first else ""
        if wants_human(heard):
            return self._escalate("The requester asks to speak to a human.") or _OVER
        closes = any(bucket.name in SETTLED for bucket in self._playbook.replies)
        if kind == "requester_replied" and closes and withdraws(heard):
            return self._last(Act(name="resolve", arguments={"summary": sayings.WITHDRAWN})) or _OVER
        return None

    def _occasion(self, kind: str, reply: str) -> Act | None:
        assert self._playbook is not None
        written = kind in self._playbook.occasions
        if not written and (kind == "handed_back" or self._triage):
            kind = "assigned"
        steps = self._playbook.steps(kind, self._bucket(kind, reply))
        text = "\n".join(o.text for o in self._briefing.occasions if o.kind == kind)
        self._names["occasion"] = {"kind": kind, "text": text}
        return self._walk(steps, kind)

    def _bucket(self, kind: str, reply: str) -> str:
        """Find out which branch is meant, and let expressions know."""
        assert self._playbook is not None
        text = text_of(self._briefing.request)
        work = (
            kind_of_work(text, self._playbook.buckets, self._playbook.told("assigned"))
            if self._playbook.buckets
            else UNSURE
        )
        self._names["bucket"] = work
        if kind == "requester_replied":
            answer = kind_of_reply(reply, self._playbook.replies) if self._playbook.replies else UNSURE
            self._names["reply"] = {"text": reply, "bucket": answer}
            return answer
        if kind != "approval_decided":
            return work
        result = next((o.result for o in self._briefing.occasions if o.result is not None), None)
        if result is None or result.error:
            return "rejected"
        self._names["result"] = data_of(result)
        return "approved"

    def _walk(self, steps: Sequence[Step], kind: str) -> Act | None:
        self._names |= {step.keep: {} for step in steps if step.keep and step.keep not in self._names}
        for step in steps:
            self._names |= {"failed": list(self._failed), "news": list(self._news)}
            try:
                if not holds(step.when, self._names):
                    continue
                if self._must_read_first(step, kind):
                    return self._read_first()
                act = self._act(step)
            except ExpressionFailed as failure:
                return self._escalate(
                    f"I could not go on, because a check of my playbook (line {step.line}) failed: {failure}."
                )
            result = self._take(act, step)
            if result is not None:
                return result if isinstance(result, Act) else None
        return self._unwritten(kind)

    def _take(self, act: Act, step: Step) -> "Act | _Over | None":
        """Return the call when it has yet to be made, `_OVER` when the run ends with it, None to walk on."""
        if self._at < len(self._made):
            one = self._made[self._at]
            if one.call.name == act.name:
                return self._took(one, step)
            if act.name in self._offered:
                return self._escalate("My playbook was changed while I was following it.") or _OVER
        elif act.name in self._offered:
            return (self._escalate(REPEATED) or _OVER) if self._told_before(act) else act
        return self._missed(step, f"`{act.name}` is not available to me")

    def _told_before(self, act: Act) -> bool:
        """Tell whether the requester has read just this from this coworker in an earlier run."""
        text = as_text(act.arguments.get("text", act.arguments.get("question", "")))
        coworker = {self._briefing.coworker.name, str(self._briefing.coworker.id)}
        own = [s.text for s in self._briefing.said if s.author in coworker and s.visibility is Visibility.PUBLIC]
        return act.name in _TELLS and " ".join(text.split()) in {" ".join(told.split()) for told in own}

    def _took(self, one: Recorded, step: Step) -> "Act | _Over | None":
        self._at += 1
        self._news += one.news
        self._unread += written_meanwhile(one.news, requester_of(self._briefing).name)
        if one.result is None or one.result.error:
            why = one.result.text.strip() if one.result is not None else "no answer came"
            return self._missed(step, f"`{one.call.name}` failed: {why[:500]}")
        if step.keep is not None:
            try:
                self._names[step.keep] = data_of(one.result)
            except ExpressionFailed as failure:
                return self._missed(step, f"`{one.call.name}`: {failure}")
        return _OVER if step.ends else None

    def _missed(self, step: Step, why: str) -> "Act | _Over | None":
        if step.on_error == "escalate":
            return self._escalate(f"I could not do what comes next: {why}.") or _OVER
        if step.keep is not None:
            self._failed.append(step.keep)
        return None

    def _act(self, step: Step) -> Act:
        arguments = {key: render(template, self._names) for key, template in step.arguments.items()}
        if step.call == "route":
            return self._route(arguments)
        if step.call == "hand_off" and arguments["to"] == "triage":
            return self._to_triage(arguments)
        return Act(name=step.call, arguments=_fitted(arguments))

    def _route(self, arguments: dict[str, object]) -> Act:
        barred = arguments.get("not_to", [])
        choice = choose(self._briefing, [as_text(one) for one in barred] if isinstance(barred, list) else [])
        reason = as_text(arguments.get("reason", "")) or choice.reason
        if not choice.to:
            return Act(name="escalate", arguments=_fitted({"reason": choice.reason}))
        return Act(name="hand_off", arguments=_fitted({"to": choice.to, "reason": reason, **self._passed_on()}))

    def _to_triage(self, arguments: dict[str, object]) -> Act:
        triage = self._briefing.coworker.triage
        if triage is None or triage == self._briefing.coworker.id:
            return Act(name="escalate", arguments=_fitted({"reason": arguments["reason"]}))
        return Act(name="hand_off", arguments=_fitted({**arguments, "to": str(triage)}))

    def _passed_on(self) -> dict[str, object]:
        packet = self._briefing.packet
        return {"open_questions": list(packet.open_questions)} if packet is not None and packet.open_questions else {}

    def _must_read_first(self, step: Step, kind: str) -> bool:
        waits = step.call in WAITS and step.arguments.get("status") != "on_hold"
        assert self._playbook is not None
        return (
            waits
            and kind != "requester_replied"
            and bool(self._unread)
            and "requester_replied" in self._playbook.occasions
        )

    def _read_first(self) -> Act | None:
        reply = "\n".join(self._unread)
        self._unread.clear()
        return self._occasion("requester_replied", reply)

    def _unwritten(self, kind: str) -> Act | None:
        """Say what is done where the playbook says nothing."""
        reply = self._names["reply"]
        said = as_text(reply["text"]) if isinstance(reply, dict) else ""
        match kind:
            case "timer_fired":
                return None
            case "colleague_asked":
                return self._last(Act(name="post_private_note", arguments=_fitted({"text": self._known()})))
            case "approval_decided":
                return self._escalate("An approval was decided, and my playbook does not say what follows from it.")
            case "requester_replied":
                asked: dict[str, object] = {
                    "reason": "The requester replied, and my playbook does not cover it.",
                    "open_questions": [f"The requester wrote: {said}"],
                }
                return self._last(self._to_triage(asked))
            case _:
                return self._last(self._to_triage({"reason": "I cannot tell that this is my kind of work."}))

    def _known(self) -> str:
        facts = self._briefing.packet.facts if self._briefing.packet else ()
        listed = "".join(f"\n- {fact.text}" for fact in facts) or " nothing verified yet"
        return f"I follow a written playbook and am no language model, so I cannot answer questions. What is known so far:{listed}"

    def _escalate(self, reason: str) -> Act | None:
        return self._last(Act(name="escalate", arguments=_fitted({"reason": reason})))

    def _last(self, act: Act) -> Act | None:
        """Return a call that ends the walk; None when it was made already, or cannot be made."""
        rest = self._made[self._at :]
        done = any(one.call.name == act.name for one in rest)
        if done and act.name != "escalate" and any(one.result is None or one.result.error for one in rest):
            return self._escalate_after(act.name)
        return None if done or act.name not in self._offered else act

    def _escalate_after(self, name: str) -> Act | None:
        if any(one.call.name == "escalate" for one in self._made):
            return None
        return Act(name="escalate", arguments={"reason": f"`{name}` was refused, and I know nothing else to do."})


class _Over:
    """The run is over."""


_OVER = _Over()


def _fitted(arguments: dict[str, object]) -> dict[str, object]:
    """Return the arguments within what the desk takes, empty list entries left out."""
    found: dict[str, object] = {}
    for key, value in arguments.items():
        limit = LIMITS.get(key)
        if limit is None:
            found[key] = value
        elif isinstance(value, list):
            found[key] = [text[:limit] for item in value if (text := as_text(item).strip())]
        else:
            found[key] = as_text(value).strip()[:limit] or "-"
    return found
