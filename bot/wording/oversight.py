"""What admins are told who look after the workforce: lists, what was spent, switches, and what came of a reload."""

from collections.abc import Sequence

from bot.approval import Approval
from bot.spending import Limits, Spending
from bot.switch import Switch, SwitchState
from bot.wording.command_help import not_shown
from bot.workspace import CoworkerCard, Workspace

_KINDS = {"specialist": "specialist", "triage": "triage", "global_triage": "global triage", "front_door": "front door"}
_STATES = {
    "draft": "a draft, takes no work yet",
    "shadow": "in shadow, takes no work yet",
    "active": "active",
    "paused": "paused",
    "retired": "retired",
}
_HELD: dict[SwitchState, str] = {"on": "on", "paused": "paused", "killed": "killed"}
_REASON = 100


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def held(switch: Switch, by: str) -> str:
    """Say who holds a coworker, since when and why."""
    who = f" by {by}" if by else ""
    plain = " ".join(switch.reason.split())
    why = f": {plain[:_REASON]}{'…' if len(plain) > _REASON else ''}" if plain else ""
    return f"{_HELD[switch.state]}{who} on {switch.at:%Y-%m-%d %H:%M} UTC{why}"


def coworker(card: CoworkerCard, requests: int, switched: str) -> str:
    """Return a coworker as one item of a list."""
    state = "killed" if card.killed else _STATES[card.state]
    home = f", {card.workspace}" if card.workspace else ""
    note = f" ({switched})" if switched else ""
    return (
        f"- **{card.name}** (`{card.id}`, {_KINDS[card.kind]}{home}): {state}, {_count(requests, 'open request')}{note}"
    )


def coworkers(lines: Sequence[str], all_held: str) -> str:
    """List the coworkers."""
    if not lines:
        return "There are no coworkers in the workspaces that you lead. Add a folder for one and write `reload`."
    head = f"All coworkers are {all_held}. Write `resume all` to lift that.\n\n" if all_held else ""
    return f"{head}Coworkers:\n" + "\n".join(lines) + "\n\nWrite `pause`, `resume` or `kill` and a coworker's id."


def workspace(item: Workspace, active: int, requests: int, *, channels: bool) -> str:
    """Return a workspace as one item of a list."""
    default = ", takes what fits nowhere else" if item.default else ""
    silent = "" if channels else "; it has no private channel on a connected platform"
    return (
        f"- **{item.name}** (`{item.id}`, numbers {item.prefix}-…{default}): {_count(active, 'active coworker')}, "
        f"{_count(requests, 'open request')}{silent}"
    )


def workspaces(lines: Sequence[str]) -> str:
    """List the workspaces."""
    return "Workspaces:\n" + "\n".join(lines) + "\n\nWrite `coworkers` to see who works in them."


def approval(item: Approval, number: str, coworker_name: str) -> str:
    """Return a call that waits as one item of a list."""
    return (
        f"- **{number}** {coworker_name} asks for `{item.call.name}`; it expires {item.expires_at:%Y-%m-%d %H:%M} UTC"
    )


def approvals(lines: Sequence[str], *, more: int) -> str:
    """List the calls that wait."""
    if not lines:
        return "Nothing waits for a decision. What a coworker asks for is shown in the request's private thread."
    rest = f"\n\n{not_shown(more)}" if more else ""
    return (
        "These wait for a decision:\n" + "\n".join(lines) + rest + "\n\nAgents decide in the request's private thread."
    )


def _money(micro_usd: int) -> str:
    return f"${micro_usd / 1_000_000:.2f}"


def _of(value: str, limit: str | None) -> str:
    return f"{value} of {limit}" if limit is not None else value


def _figures(spent: Spending, limits: Limits) -> str:
    money = None if limits.micro_usd is None else _money(limits.micro_usd)
    tokens = None if limits.tokens is None else str(limits.tokens)
    calls = None if limits.model_calls is None else str(limits.model_calls)
    tools = None if limits.tool_calls is None else str(limits.tool_calls)
    return (
        f"{_of(_money(spent.micro_usd), money)}, {_used(spent.tokens, tokens, 'token')}, "
        f"{_used(spent.model_calls, calls, 'model call')}, {_used(spent.tool_calls, tools, 'tool call')}"
    )


def _used(number: int, limit: str | None, what: str) -> str:
    return _count(number, what) if limit is None else f"{number} of {limit} {what}s"


def spent_on(number: str, spent: Spending, limits: Limits) -> str:
    """Return what a request has spent as one item of a list."""
    return f"- **{number}**: {_figures(spent, limits)}"


def budgets(lines: Sequence[str], *, total: Sequence[Spending]) -> str:
    """List the open requests that have spent most."""
    if not lines:
        return "No open request has spent anything yet. Write `budget` and a coworker's id to see its latest runs."
    return (
        "Open requests that have spent most:\n"
        + "\n".join(lines)
        + (f"\n\nAll {len(total)} together: {_figures(_sum(total), Limits())}." if len(total) > 1 else "")
        + "\n\nWrite `budget` and a number or a coworker's id for one."
    )


def budget_of_request(number: str, spent: Spending, limits: Limits) -> str:
    """Say what a request has spent."""
    set_aside = (
        f" Set aside for calls under way: {_money(spent.reserved_micro_usd)}." if spent.reserved_micro_usd else ""
    )
    unlimited = "" if limits != Limits() else " Whoever has it now sets no limit to a request."
    return f"**{number}** has spent {_figures(spent, limits)}.{set_aside}{unlimited}"


def budget_of_coworker(card: CoworkerCard, runs: Sequence[Spending]) -> str:
    """Say what a coworker's latest runs have spent, and what a run and a request may."""
    if not runs:
        return f"**{card.name}** has spent nothing yet. {_allowed(card)}"
    return (
        f"**{card.name}** has spent {_figures(_sum(runs), Limits())} in its latest {_count(len(runs), 'run')}. "
        f"Its dearest run: {_figures(max(runs, key=lambda run: (run.micro_usd, run.tokens)), card.run_limits)}. {_allowed(card)}"
    )


def _allowed(card: CoworkerCard) -> str:
    return f"Limits of a run: {_limits(card.run_limits)}. Limits of a request: {_limits(card.request_limits)}."


def _limits(limits: Limits) -> str:
    found = [
        _money(limits.micro_usd) if limits.micro_usd is not None else "",
        _count(limits.tokens, "token") if limits.tokens is not None else "",
        _count(limits.model_calls, "model call") if limits.model_calls is not None else "",
        _count(limits.tool_calls, "tool call") if limits.tool_calls is not None else "",
    ]
    return ", ".join(item for item in found if item) or "none"


def _sum(accounts: Sequence[Spending]) -> Spending:
    return Spending(
        id="",
        scope="run",
        tokens=sum(item.tokens for item in accounts),
        micro_usd=sum(item.micro_usd for item in accounts),
        model_calls=sum(item.model_calls for item in accounts),
        tool_calls=sum(item.tool_calls for item in accounts),
    )


def no_coworker(word: str, near: str) -> str:
    """Answer a command about a coworker that does not exist."""
    hint = f" Did you mean `{near}`?" if near else ""
    return f"There is no coworker `{word}`.{hint} Write `coworkers` to see them."


def whom(name: str) -> str:
    """Ask which coworker a command is about."""
    return f"Which coworker? Write `{name}` and its id, or `{name} all`. Write `coworkers` to see them."


def atom_answers_always() -> str:
    """Decline to hold Atom."""
    return "Atom can't be paused or killed: people reach a human through it. Stop Deskmate itself if it must be silent."


def _subject(card: CoworkerCard | None) -> str:
    return f"**{card.name}** is" if card else "All coworkers are"


def held_now(card: CoworkerCard | None, state: SwitchState) -> str:
    """Confirm that a coworker, or all, is paused or killed."""
    name = card.id if card else "all"
    lift = f"Write `resume {name}` to lift this."
    atom = "" if card else " Atom goes on answering, so that people reach a human."
    if state == "paused":
        return f"{_subject(card)} paused: what is under way is finished, and new work goes to triage or to humans.{atom} {lift}"
    return f"{_subject(card)} killed: what is under way ends at its next step, and the work goes to triage or to humans.{atom} {lift}"


def held_already(card: CoworkerCard | None, state: SwitchState) -> str:
    """Say that nothing had to be changed."""
    return f"{_subject(card)} {_HELD[state]} already. Write `resume {card.id if card else 'all'}` to lift that."


def resumed(card: CoworkerCard, *, lifted: bool, all_held: SwitchState) -> str:
    """Say whether a coworker works again, and what else holds it."""
    if all_held != "on":
        told = "Its own switch is lifted, but all" if lifted else "All"
        return f"**{card.name}** still takes no work. {told} coworkers are {_HELD[all_held]}: write `resume all` to lift that."
    if card.file_state != "active":
        return (
            f"**{card.name}** takes no work, because its file says `state: {card.file_state}`. "
            "Write `state: active` there, then `reload`."
        )
    return (
        f"**{card.name}** works again."
        if lifted
        else f"**{card.name}** is not held by any switch. Nothing had to be changed."
    )


def resumed_all(others: Sequence[str]) -> str:
    """Say that the switch of all is lifted, and who is still held by their own."""
    if not others:
        return "Nothing holds all coworkers any more. Write `coworkers` to see them."
    named = ", ".join(f"`{item}`" for item in others)
    return f"Nothing holds all coworkers any more. Still held by their own switch: {named}. Write `resume` and an id for each."


def reloading() -> str:
    """Say that the files are being read."""
    return "I'm reading the workforce files, and will say here what came of it."


def reloaded(coworker_count: int, changed: Sequence[str]) -> str:
    """Confirm that the files are in force."""
    what = f"Changed: {', '.join(changed)}." if changed else "No coworker has changed."
    return (
        f"The workforce files are in force: {_count(coworker_count, 'coworker')}. {what} "
        "Runs under way go on with what they began with; what is switched stays switched."
    )


def not_reloaded(reason: str) -> str:
    """Say why the files are not in force."""
    return f"Nothing has changed, because the workforce files have mistakes. {reason} Then write `reload` again."


def reload_failed() -> str:
    """Say that reading the files failed for no mistake of theirs."""
    return "I couldn't take the workforce files; Deskmate's log says why. Write `reload` to try again."


def reloaded_by_start() -> str:
    """Answer a reload that a restart overtook."""
    return "Deskmate was started anew meanwhile, with the workforce files as they are now. They are in force."
