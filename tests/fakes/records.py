"""Records of every kind for tests: one plain example of each, and any that hypothesis can think of."""

import types
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Literal, NewType, TypeAlias, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from storage.tables import KEPT

Hint: TypeAlias = Any
"""A type, or one of typing's forms."""
AnyRecord: TypeAlias = Any

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
WHOLE = st.integers(-(2**63), 2**63 - 1)
WORDS = st.text(st.characters(codec=None), max_size=20)
"""Any string that Python can hold, NUL and lone surrogates included."""
MOMENTS = st.datetimes(timezones=st.just(UTC))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=5,
)


def any_record(kind: type) -> st.SearchStrategy[AnyRecord]:
    """Return any record of this kind, whatever it refers to."""
    hints = get_type_hints(kind)
    return st.builds(kind, **{each.name: any_value(hints[each.name]) for each in fields(kind)})


def any_value(hint: Hint) -> st.SearchStrategy[AnyRecord]:
    """Return any value of a type that records use."""
    if isinstance(hint, NewType):
        return any_value(hint.__supertype__)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return st.sampled_from(list(hint))
    if is_dataclass(hint) and isinstance(hint, type):
        return any_record(hint)
    scalars = {str: WORDS, int: WHOLE, bool: st.booleans(), datetime: MOMENTS, type(None): st.none(), Any: JSON}
    return scalars[hint] if hint in scalars else _any_of(get_origin(hint), get_args(hint))


def _any_of(form: Hint, inner: tuple[Hint, ...]) -> st.SearchStrategy[AnyRecord]:
    if form is Literal:
        return st.sampled_from(inner)
    if form in {Union, types.UnionType}:
        return st.one_of([any_value(each) for each in inner])
    if form is tuple:
        return st.lists(any_value(inner[0]), max_size=3).map(tuple)
    if form is dict:
        return st.dictionaries(any_value(inner[0]), any_value(inner[1]), max_size=3)
    raise LookupError(f"Say here what a {form} of {inner} looks like.")


def example(kind: type) -> AnyRecord:
    """Return a plain record of this kind whose key and references are the names of the kinds."""
    kept = next(each for each in KEPT if each.kind is kind)
    hints = get_type_hints(kind)
    plain = {each.name: _plain(hints[each.name], each.name) for each in fields(kind)}
    present = {name: table for name, table in kept.refers.items() if plain[name] is not None}
    return kind(**plain | present | {"id": kept.name})


def referring(record: AnyRecord) -> AnyRecord:
    """Return the record with references to the examples, where it has any."""
    kept = next(each for each in KEPT if each.kind is type(record))
    return replace(record, **{name: table for name, table in kept.refers.items() if getattr(record, name) is not None})


def _plain(hint: Hint, name: str) -> AnyRecord:
    form: Hint = get_origin(hint)
    inner = get_args(hint)
    if isinstance(hint, NewType):
        return _plain(hint.__supertype__, name)
    if form is Literal:
        return inner[0]
    if form in {Union, types.UnionType}:
        return None if type(None) in inner else _plain(inner[0], name)
    if form in {tuple, dict}:
        return form()
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return next(iter(hint))
    if is_dataclass(hint) and isinstance(hint, type):
        hints = get_type_hints(hint)
        return hint(**{each.name: _plain(hints[each.name], each.name) for each in fields(hint)})
    return {str: name, int: 0, bool: False, datetime: LONG_AGO}[hint]
