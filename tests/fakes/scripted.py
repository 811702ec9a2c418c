"""A model whose turns a test writes down.

The script is looked up by who works, why the run began and how many turns it has had, never by how often the model was asked: so a run that
was cut off and asks again is answered the same, as the crash tests need. A callable in place of a script decides by itself.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.errors import DeskmateError
from bot.turn import Call, Turn, Usage
from coworkers.briefing import Briefing
from coworkers.model import Exchange, Offer
from coworkers.profile import Profile

Answer = Turn | DeskmateError
Decide = Callable[[Briefing, Sequence[Exchange], Sequence[Offer]], Answer]
Script = Mapping[str, Sequence[Answer]] | Decide
"""`coworker:occasion` or `coworker` → its turns, one after the other; or a function."""


def calls(*wanted: tuple[str, dict[str, Any]], usage: Usage = Usage()) -> Turn:
    """Return a turn that makes these calls; their ids are given when the model is asked."""
    made = tuple(Call(id="", name=name, arguments=arguments) for name, arguments in wanted)
    return Turn(calls=made, stop="tool_use", model="scripted", usage=usage)


def call(name: str, /, **arguments: object) -> Turn:
    """Return a turn that makes one call."""
    return calls((name, dict(arguments)))


def silent(text: str = "") -> Turn:
    """Return a turn without calls."""
    return Turn(text=text, stop="end", model="scripted")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question to the model."""

    coworker: str
    briefing: Briefing
    transcript: tuple[Exchange, ...]
    offered: frozenset[str]


@dataclass(kw_only=True)
class ScriptedModel:
    """A `coworkers.model.Model` that says what the script says."""

    script: Script
    around: Callable[[str], None] = lambda _: None
    """Called before and after each turn, so that a test can end the process there."""
    meanwhile: Callable[[], Awaitable[None]] | None = None
    """What happens during the next turn, while the model thinks."""
    asked: list[Asked] = field(default_factory=list)

    async def next_turn(self, briefing: Briefing, transcript: Sequence[Exchange], tools: Sequence[Offer]) -> Turn:
        """Return what the script has for this moment; beyond its end, a turn without calls."""
        self.around("before a model call")
        self.asked.append(
            Asked(
                coworker=briefing.coworker.id,
                briefing=briefing,
                transcript=tuple(transcript),
                offered=frozenset(offer.name for offer in tools),
            )
        )
        happens, self.meanwhile = self.meanwhile, None
        if happens is not None:
            await happens()
        found = self._answer(briefing, transcript, tools)
        self.around("after a model call")
        if isinstance(found, DeskmateError):
            raise found
        return _numbered(found, len(transcript))

    def _answer(self, briefing: Briefing, transcript: Sequence[Exchange], tools: Sequence[Offer]) -> Answer:
        if callable(self.script):
            return self.script(briefing, transcript, tools)
        who = briefing.coworker.id
        keys = [*(f"{who}:{occasion.kind}" for occasion in briefing.occasions), who]
        turns = next((self.script[key] for key in keys if key in self.script), ())
        return turns[len(transcript)] if len(transcript) < len(turns) else silent()


def _numbered(turn: Turn, position: int) -> Turn:
    """Return the turn with ids for the calls that have none."""
    named = tuple(
        item if item.id else replace(item, id=f"call-{position}-{index}") for index, item in enumerate(turn.calls)
    )
    return replace(turn, calls=named)


@dataclass(kw_only=True)
class ScriptedBrains:
    """`coworkers.run.Brains` with one scripted model and, where a test gives one, another to fall back on."""

    first: ScriptedModel
    second: ScriptedModel | None = None
    micro_usd_per_token: int = 3

    def choose(self, profile: Profile, *, fallback: bool) -> str:
        """Return the name of the model for a run begun now."""
        return "second" if fallback and self.second is not None else "first"

    def model(self, name: str) -> ScriptedModel:
        """Return the model of that name."""
        return self.second if name == "second" and self.second is not None else self.first

    def estimate(self, name: str, tokens: int) -> int:
        """Return what so many tokens cost."""
        return tokens * self.micro_usd_per_token
