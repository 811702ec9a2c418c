"""Which model works for whom: the one that the coworker's definition names, or the playbook when that one failed lately.

A run keeps its model to the end. When a run was given up because its model failed, the runs that begin within the next minute go to the
playbook, which routes and hands to a human what it cannot do; then the model is tried again.
"""

from collections.abc import Callable, Mapping
from time import monotonic

from coworkers.model import Model
from coworkers.profile import Profile

PLAYBOOK = "playbook"
REST = 60.0
"""Seconds for which a model that failed is left alone."""


class NamedBrains:
    """Satisfies `coworkers.run.Brains`."""

    def __init__(
        self,
        playbook: Model,
        *,
        language: Callable[[str], tuple[Model, Callable[[int], int]]] | None = None,
        names: Mapping[str, str] | None = None,
        default: str = PLAYBOOK,
    ) -> None:
        """Take the playbook and, where there is one, a maker of language models by id.

        `names` maps the names that coworkers use to model ids; `default` is what `default` means.
        """
        self._models: dict[str, Model] = {PLAYBOOK: playbook}
        self._estimates: dict[str, Callable[[int], int]] = {}
        self._language = language
        self._names = dict(names or {})
        self._default = default
        self._failed: dict[str, float] = {}

    def adopt(self, names: Mapping[str, str]) -> None:
        """Know the models by these names from now on."""
        self._names = dict(names)

    def choose(self, profile: Profile, *, fallback: bool) -> str:
        """Return the model's id for a run begun now."""
        if self._language is None:
            return PLAYBOOK
        name = self._default if profile.model == "default" else self._names.get(profile.model, profile.model)
        if fallback:
            self._failed[name] = monotonic()
        failed = self._failed.get(name)
        if failed is not None and monotonic() - failed < REST:
            return PLAYBOOK
        return name

    def model(self, name: str) -> Model:
        """Return the model; made at its first use."""
        if name not in self._models:
            if self._language is None:
                raise LookupError(f"{name} cannot be asked without a language model")
            self._models[name], self._estimates[name] = self._language(name)
        return self._models[name]

    def estimate(self, name: str, tokens: int) -> int:
        """Return what so many tokens cost at most, in micro-USD."""
        self.model(name)
        estimate = self._estimates.get(name)
        return estimate(tokens) if estimate else 0
