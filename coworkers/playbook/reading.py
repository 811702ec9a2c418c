"""From `playbook.yaml` to a checked `Playbook`.

The short forms of the file (`private_note: text`) become tool calls here. Every expression is compiled, every bucket, occasion and
name looked up, and each list of steps must end the run, so that no request is left lying.
"""

import re
from dataclasses import dataclass

from coworkers.files.problem import Problems, choose, nearest
from coworkers.files.section import Section
from coworkers.files.tree import Tree
from coworkers.playbook.expressions import NAMES, fault, holes
from coworkers.playbook.steps import ANY, DECISIONS, FIRST, OCCASIONS, UNSURE, Bucket, Playbook, Step, Template

TEXT_STEPS = {
    "private_note": ("post_private_note", "text"),
    "public_note": ("post_public_note", "text"),
    "ask": ("ask_requester", "question"),
    "resolve": ("resolve", "summary"),
    "escalate": ("escalate", "reason"),
}
"""Short form → the tool, and the argument that the text becomes."""
MAP_STEPS = {
    "hand_off": (("to", "reason"), ("verified_facts", "open_questions")),
    "set_status": (("status", "reason"), ()),
    "route": ((), ("reason", "not_to")),
}
"""Short form with a map → required and other arguments."""
ACTIONS = ("call", *TEXT_STEPS, *MAP_STEPS)
DESK_CALLS = frozenset(
    [
        "search_knowledge",
        "search_requests",
        "read_skill",
        "remember",
        "recall",
        "open_linked_request",
        "request_approval",
    ]
)
"""Desk tools that `call` may name; the others have a short form."""
MIN_EXAMPLES = 3
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What a playbook's coworker may do, for the checks."""

    granted: frozenset[str]
    """`tool__capability` names that are not denied."""
    triage: bool
    """The coworker is a triage coworker and may `route`."""
    receivers: frozenset[str]
    """Ids of coworkers and `workspace/group` names."""


def read_playbook(tree: Tree, path: str, around: Surroundings, problems: Problems) -> Playbook:
    """Return the playbook; what is wrong with it is in `problems`."""
    section = Section(tree, path, problems)
    buckets = _buckets(section.section("buckets"))
    replies = _buckets(section.section("replies"))
    reader = _StepReader(path, around, problems)
    occasions: dict[str, dict[str, tuple[Step, ...]]] = {}
    plans = section.section("occasions")
    for occasion, branches in plans.pairs():
        if occasion not in OCCASIONS:
            plans.error(f"`{occasion}` is not an occasion", choose(occasion, list(OCCASIONS), "occasion"), key=occasion)
            continue
        names = (
            DECISIONS
            if occasion == "approval_decided"
            else [b.name for b in (replies if occasion == "requester_replied" else buckets)]
        )
        occasions[occasion] = _branches(Section(branches, path, problems, f"`{occasion}`"), list(names), reader)
    if "assigned" not in occasions:
        plans.error(
            "`occasions` says nothing about `assigned`", "Add `assigned:` with steps for each bucket, or `any:`."
        )
    section.done()
    return Playbook(buckets=buckets, replies=replies, occasions=occasions)


def _buckets(section: Section) -> tuple[Bucket, ...]:
    found = []
    for name, tree in section.pairs():
        inner = Section(tree, section.path, section.problems, f"bucket `{name}`")
        if name in {UNSURE, ANY, FIRST}:
            section.error(f"`{name}` is a reserved bucket name", "Choose another name.", key=name)
        examples, keywords = inner.texts("examples"), inner.texts("keywords")
        if len(examples) < MIN_EXAMPLES and not keywords:
            inner.error(
                f"bucket `{name}` has fewer than {MIN_EXAMPLES} examples", "Add examples in people's own words."
            )
        found.append(Bucket(name=name, examples=examples, keywords=keywords, wins=inner.flag("wins", default=False)))
        inner.done()
    return tuple(found)


def _branches(section: Section, names: list[str], reader: "_StepReader") -> dict[str, tuple[Step, ...]]:
    branches: dict[str, tuple[Step, ...]] = {}
    kept = frozenset[str]()
    for name, tree in sorted(section.pairs(), key=lambda pair: pair[0] != FIRST):
        if name not in {*names, FIRST, UNSURE, ANY}:
            section.error(
                f"`{name}` is not a bucket here", choose(name, [*names, FIRST, UNSURE, ANY], "bucket"), key=name
            )
        if tree.items is None or not tree.items:
            section.error(
                f"`{name}` must be a list of steps", "Write each step as `- call: …`, `- ask: …` and so on.", key=name
            )
            continue
        branches[name] = reader.steps(tree.items, kept, must_end=name != FIRST)
        if name == FIRST:
            kept = frozenset(step.keep for step in branches[name] if step.keep)
    needed = names if tuple(names) == DECISIONS else [*names, UNSURE]
    missing = [name for name in needed if name not in branches]
    if ANY not in branches and missing:
        section.warn(f"no steps for {', '.join(missing)}", "Add them, or `any:`; until then these go to triage.")
    return branches


class _StepReader:
    """Reads lists of steps."""

    def __init__(self, path: str, around: Surroundings, problems: Problems) -> None:
        self._path, self._around, self._problems = path, around, problems

    def steps(self, trees: tuple[Tree, ...], known: frozenset[str], *, must_end: bool) -> tuple[Step, ...]:
        """Return the steps of one list; results are known to the steps after the one that keeps them, and `known` to all."""
        kept = set(known)
        steps = [step for tree in trees if (step := self._step(tree, kept)) is not None]
        if must_end and steps and (steps[-1].when is not None or not steps[-1].ends):
            self._error(
                steps[-1].line,
                "the last step of the list must end the run, without a `when`",
                "Add a `hand_off`, `escalate`, `resolve`, `ask` or `set_status` without `when` as the last step.",
            )
        return tuple(steps)

    def _step(self, tree: Tree, kept: set[str]) -> Step | None:
        section = Section(tree, self._path, self._problems, "this step")
        actions = [key for key in ACTIONS if section.has(key) or key in (tree.keys or {})]
        if len(actions) != 1:
            what = f"a step has {'no action' if not actions else 'several actions: ' + ', '.join(actions)}"
            meant = next((near for key in tree.keys or {} if (near := nearest(key, ACTIONS))), None)
            usual = f"Write exactly one of: {', '.join(ACTIONS)}."
            section.error(what, f"Did you mean `{meant}`?" if meant and not actions else usual)
            return None
        call, arguments = self._action(section, actions[0])
        when = section.text("when", "") if section.has("when") else None
        names = frozenset(kept)
        if when is not None:
            self._check(when, names, section.line_of("when"))
        self._check_template(arguments, names, tree.line)
        keep = section.text("as", "") or None
        if keep is not None:
            self._check_name(keep, section)
            kept.add(keep)
        on_error = section.choice("on_error", ["escalate", "continue"], "escalate")
        section.done()
        return Step(
            line=tree.line, call=call, arguments=arguments, when=when, keep=keep,
            on_error="continue" if on_error == "continue" else "escalate",
        )  # fmt: skip

    def _action(self, section: Section, action: str) -> tuple[str, dict[str, Template]]:
        if action in TEXT_STEPS:
            tool, argument = TEXT_STEPS[action]
            return tool, {argument: section.text(action)}
        if action in MAP_STEPS:
            return action, self._mapped(section.section(action), action)
        call = section.text("call")
        with_ = section.section("with")
        self._check_call(call, section)
        return call, {key: _template(tree) for key, tree in with_.pairs()}

    def _mapped(self, section: Section, action: str) -> dict[str, Template]:
        required, others = MAP_STEPS[action]
        arguments: dict[str, Template] = {key: section.text(key) for key in required}
        for key in others:
            tree = section.get(key)
            if tree is not None:
                arguments[key] = _template(tree) if key == "reason" else list(section.texts(key))
        section.done()
        if action == "hand_off":
            self._check_receiver(str(arguments["to"]), section, "to")
        if action == "set_status":
            section.choice("status", ["pending", "on_hold"])
        if action == "route":
            self._check_route(section)
        return arguments

    def _check_route(self, section: Section) -> None:
        if not self._around.triage:
            section.error("only triage coworkers `route`", "Write `hand_off: {to: triage, reason: …}`.")
        for receiver in section.texts("not_to"):
            self._check_receiver(receiver, section, "not_to")

    def _check_receiver(self, to: str, section: Section, key: str) -> None:
        if to != "triage" and to not in self._around.receivers:
            remedy = choose(to, ["triage", *sorted(self._around.receivers)], "coworker")
            section.error(f"there is no coworker or group `{to}`", remedy, key=key)

    def _check_call(self, call: str, section: Section) -> None:
        if call in self._around.granted or call in DESK_CALLS:
            return
        short = next((name for name, (tool, _) in TEXT_STEPS.items() if tool == call), None)
        if short:
            section.error(f"`{call}` has a short form", f"Write `{short}: text`.", key="call")
            return
        known = sorted({*self._around.granted, *DESK_CALLS})
        remedy = f"{choose(call, known, 'capability')} Grant it in coworker.yaml if the coworker should have it."
        section.error(f"`{call}` is not granted to this coworker", remedy, key="call")

    def _check_name(self, name: str, section: Section) -> None:
        if not _NAME.fullmatch(name) or name in NAMES:
            remedy = "Use lower-case letters, digits and underscores, and none of the built-in names."
            section.error(f"`as: {name}` cannot be used as a name", remedy, key="as")

    def _check_template(self, template: Template, names: frozenset[str], line: int) -> None:
        if isinstance(template, str):
            for hole in holes(template):
                self._check(hole, names, line)
            if template.count("{{") != len(holes(template)):
                self._error(line, "`{{` without `}}`", "Close the expression with `}}`.")
            return
        for value in (
            template.values() if isinstance(template, dict) else template if isinstance(template, list) else ()
        ):
            self._check_template(value, names, line)

    def _check(self, source: str, names: frozenset[str], line: int) -> None:
        wrong = fault(source, names)
        if wrong is not None:
            self._error(line, *wrong)

    def _error(self, line: int, what: str, remedy: str) -> None:
        self._problems.error(self._path, line, what, remedy)


def _template(tree: Tree) -> Template:
    if tree.items is not None:
        return [_template(item) for item in tree.items]
    if tree.keys is not None:
        return {key: _template(value) for key, value in tree.keys.items()}
    return tree.plain()
