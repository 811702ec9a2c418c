"""How a field's type is kept in a column.

Tables and the mapping of records both ask here, so a column and what is written to it cannot drift apart. Scalars have columns of
their own kind; moments are whole microseconds since 1970 in UTC, exact and sortable on both databases; everything
else is JSON in a text column, never asked for.
"""

import types
from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum, StrEnum
from typing import Any, Literal, NewType, Union, get_args, get_origin, get_type_hints


class Keeping(Enum):
    """The kinds of column."""

    TEXT = "text"
    WHOLE = "whole"
    FLAG = "flag"
    MOMENT = "moment"
    NESTED = "nested"


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How one field is kept."""

    name: str
    keeping: Keeping
    type: Any
    """The field's type without `None`."""
    optional: bool
    """Whether the field may be None."""


def shapes(kind: type) -> tuple[Shape, ...]:
    """Return how each field of the dataclass `kind` is kept, in the order of its fields."""
    hints = get_type_hints(kind)
    return tuple(_shape(each.name, hints[each.name]) for each in fields(kind))


def _shape(name: str, hint: object) -> Shape:
    members = get_args(hint) if get_origin(hint) in {Union, types.UnionType} else (hint,)
    present = [member for member in members if member is not type(None)]
    inner: Any = present[0] if len(present) == 1 else Union[tuple(present)]  # noqa: UP007 -- made from a tuple
    return Shape(name=name, keeping=_keeping(inner), type=inner, optional=len(present) < len(members))


def _keeping(hint: Any) -> Keeping:  # noqa: ANN401 -- a type, or one of typing's forms
    if isinstance(hint, NewType):
        return _keeping(hint.__supertype__)
    if get_origin(hint) is Literal:
        return Keeping.TEXT if all(isinstance(choice, str) for choice in get_args(hint)) else Keeping.NESTED
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return Keeping.TEXT
    scalars = {str: Keeping.TEXT, bool: Keeping.FLAG, int: Keeping.WHOLE, datetime: Keeping.MOMENT}
    return scalars.get(hint, Keeping.NESTED) if isinstance(hint, type) else Keeping.NESTED
