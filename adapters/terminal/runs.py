"""Says how a run begins and ends, and which model works."""

from collections.abc import Sequence

from bot.run import Run, Step

PLAYBOOK = "playbook"
"""The offline model's name in runs."""

_WHY = {
    "assigned": "",
    "requester_replied": "the requester replied",
    "colleague_asked": "a colleague asked",
    "approval_decided": "the approval was decided",
    "handed_back": "it was handed back",
    "timer_fired": "a timer ran out",
}
_OUTCOME = {
    "answer": "resolved with an answer",
    "action": "resolved by what was done",
    "route": "handed over",
    "clarification": "waiting for the requester's answer",
    "waiting": "waiting",
    "approval_requested": "waiting for an approval",
    "escalation": "handed to a human",
    "nothing_to_do": "nothing to do",
}


def introduction(model: str) -> str:
    """Return what is said once of a model."""
    if model == PLAYBOOK:
        return "Offline playbooks are at work: they follow written steps. This is not a language model."
    return f"The language model {model} is at work."


def started(coworker: str, number: str, model: str, triggers: Sequence[str]) -> str:
    """Return the line for a run that begins."""
    why = ", ".join(dict.fromkeys(_WHY.get(trigger, trigger) for trigger in triggers if _WHY.get(trigger, trigger)))
    return f"{coworker} starts a run on {number}" + (f" ({why})" if why else "") + f" [{model}]"


def ended(coworker: str, run: Run, steps: Sequence[Step]) -> str:
    """Return the line for a run that has ended: with what, after how many calls, for how much."""
    if run.state == "superseded":
        return f"{coworker}'s run stops: the request is no longer with it"
    outcome = _OUTCOME[run.outcome.kind] if run.outcome else "no outcome"
    tools = sum(step.kind == "tool" for step in steps)
    counted = [_count(tools, "tool call")] if tools else []
    if run.model != PLAYBOOK:
        counted.append(_count(sum(step.kind == "model" for step in steps), "model call"))
        cost = sum(step.turn.usage.micro_usd for step in steps if step.turn is not None)
        counted.append(f"${cost / 1_000_000:.4f}")
    took = f" ({', '.join(counted)})" if counted else ""
    return f"{coworker}'s run ends: {outcome}{took}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
