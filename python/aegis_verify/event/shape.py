"""Shapes that a JSON value can have. Each says where a value is otherwise: a path, empty for the value
itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from ..encoding.decimal import MAX_SAFE_INTEGER
from ..encoding.json_value import Json

# What may stand as an id in the ledger, and a digest.
IDENTIFIER = re.compile("[A-Za-z0-9._:@-]{1,128}")
DIGEST = re.compile("[0-9a-f]{64}")


class Shape(Protocol):
    """A set of values."""

    def fault(self, value: Json) -> str | None:
        """Where a value is not of this shape; None when it is."""


@dataclass(frozen=True)
class Text:
    """Any string, or one that a pattern describes as a whole."""

    pattern: re.Pattern[str] | None = None

    def fault(self, value: Json) -> str | None:
        if not isinstance(value, str):
            return ""
        return None if self.pattern is None or self.pattern.fullmatch(value) else ""


@dataclass(frozen=True)
class Flag:
    """True or false."""

    def fault(self, value: Json) -> str | None:
        return None if isinstance(value, bool) else ""


@dataclass(frozen=True)
class Whole:
    """An integer within bounds."""

    least: int = 0
    most: int = MAX_SAFE_INTEGER

    def fault(self, value: Json) -> str | None:
        # `bool` is a kind of `int` to Python, and not to JSON.
        return None if type(value) is int and self.least <= value <= self.most else ""


@dataclass(frozen=True)
class Amount:
    """Any number within bounds."""

    least: float | None = None
    most: float | None = None

    def fault(self, value: Json) -> str | None:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return ""
        if self.least is not None and not value >= self.least:
            return ""
        return None if self.most is None or value <= self.most else ""


@dataclass(frozen=True)
class Choice:
    """One of a few words."""

    words: frozenset[str]

    def fault(self, value: Json) -> str | None:
        return None if isinstance(value, str) and value in self.words else ""


@dataclass(frozen=True)
class ListOf:
    """A list of values of one shape."""

    item: Shape
    least: int = 0
    most: int | None = None

    def fault(self, value: Json) -> str | None:
        if not isinstance(value, list) or len(value) < self.least:
            return ""
        if self.most is not None and len(value) > self.most:
            return ""
        for at, item in enumerate(value):
            inner = self.item.fault(item)
            if inner is not None:
                return _joined(str(at), inner)
        return None


@dataclass(frozen=True)
class MapOf:
    """An object with any keys of a pattern, and values of one shape."""

    key: re.Pattern[str]
    value: Shape

    def fault(self, value: Json) -> str | None:
        if not isinstance(value, dict):
            return ""
        for key, member in value.items():
            inner = self.value.fault(member) if self.key.fullmatch(key) else ""
            if inner is not None:
                return _joined(key, inner)
        return None


@dataclass(frozen=True)
class Record:
    """An object with these members and no others."""

    members: Mapping[str, Shape]
    required: frozenset[str]

    def fault(self, value: Json) -> str | None:
        if not isinstance(value, dict):
            return ""
        for name, member in value.items():
            shape = self.members.get(name)
            inner = "" if shape is None else shape.fault(member)
            if inner is not None:
                return _joined(name, inner)
        if value.keys() >= self.required:
            return None
        return min(self.required - value.keys())


def record(members: Mapping[str, Shape]) -> Record:
    """An object that has all of these members."""
    return Record(members, frozenset(members))


def choice(*words: str) -> Choice:
    """One of these words."""
    return Choice(frozenset(words))


def _joined(name: str, inner: str) -> str:
    return f"{name}.{inner}" if inner else name
