"""Which events of a log a bundle is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Union

from ..encoding.json_value import Json
from ..event.shape import IDENTIFIER, Text, Whole, choice, record


@dataclass(frozen=True)
class Everything:
    """All events of the log that are not archived."""


@dataclass(frozen=True)
class OneSession:
    """All events of one session."""

    session: str


@dataclass(frozen=True)
class Range:
    """The leaves from `first` to `end`, exclusive, that are not archived."""

    from_ms: int
    to_ms: int
    first: int
    end: int


@dataclass(frozen=True)
class Segment:
    """Whole sessions that ended before a time, as they were archived."""

    segment: str
    before_ms: int


Scope = Union[Everything, OneSession, Range, Segment]

_ID = Text(IDENTIFIER)
_MAKERS: dict[str, Callable[..., Scope]] = {
    "all": Everything,
    "session": OneSession,
    "range": Range,
    "segment": Segment,
}
_SHAPES = {
    "all": record({"kind": choice("all")}),
    "session": record({"kind": choice("session"), "session": _ID}),
    "range": record(
        {
            "kind": choice("range"),
            "from_ms": Whole(),
            "to_ms": Whole(),
            "first": Whole(),
            "end": Whole(),
        }
    ),
    "segment": record({"kind": choice("segment"), "segment": _ID, "before_ms": Whole()}),
}


def scope_of(value: Json) -> Scope | None:
    """The scope that a value describes; None when it describes none."""
    if not isinstance(value, dict):
        return None
    for kind, shape in _SHAPES.items():
        if shape.fault(value) is None:
            return _MAKERS[kind](**{name: member for name, member in value.items() if name != "kind"})
    return None
