"""Shapes from JSON Schema (draft 2020-12), as far as schema/events uses it."""

from __future__ import annotations

import re
from typing import Any

from ..encoding.decimal import MAX_SAFE_INTEGER
from ..encoding.json_value import JsonObject
from .shape import Amount, Choice, Flag, ListOf, MapOf, Record, Shape, Text, Whole

_WORDS = frozenset({"description", "title"})

# What is understood of each type. Anything else could allow more than is meant.
_KEYWORDS = {
    "string": {"pattern", "enum"},
    "boolean": set(),
    "integer": {"minimum", "maximum"},
    "number": {"minimum", "maximum"},
    "array": {"items", "minItems", "maxItems"},
    "object": {"properties", "required", "additionalProperties", "propertyNames"},
}


def shape_of(schema: JsonObject) -> Shape:
    """The shape that a schema describes. Raises `ValueError` for a schema that says more than is understood
    here.
    """
    kind = schema.get("type")
    known = _KEYWORDS.get(kind) if isinstance(kind, str) else None
    unknown = schema.keys() - _WORDS - {"type"} - (known or set())
    if known is None or unknown:
        raise ValueError(f"not understood in a schema: type {kind}, {sorted(unknown)}")
    if kind == "string":
        return _text(schema)
    if kind == "boolean":
        return Flag()
    if kind == "integer":
        return Whole(schema.get("minimum", -MAX_SAFE_INTEGER), schema.get("maximum", MAX_SAFE_INTEGER))
    if kind == "number":
        return Amount(schema.get("minimum"), schema.get("maximum"))
    if kind == "array":
        return ListOf(shape_of(schema["items"]), schema.get("minItems", 0), schema.get("maxItems"))
    return _object(schema)


def _text(schema: JsonObject) -> Shape:
    if "enum" in schema:
        return Choice(frozenset(schema["enum"]))
    return Text(_pattern(schema["pattern"])) if "pattern" in schema else Text()


def _object(schema: JsonObject) -> Shape:
    more: Any = schema.get("additionalProperties")
    if isinstance(more, dict) and "properties" not in schema:
        return MapOf(_pattern(schema["propertyNames"]["pattern"]), shape_of(more))
    if more is not False or "propertyNames" in schema:
        raise ValueError("an object of unknown members is not understood in a schema")
    members = {name: shape_of(member) for name, member in schema["properties"].items()}
    return Record(members, frozenset(schema.get("required", ())))


def _pattern(pattern: str) -> re.Pattern[str]:
    """A pattern for whole texts. In JSON Schema it may stand anywhere in them unless it says otherwise."""
    if not pattern.startswith("^"):
        raise ValueError(f"a pattern without a beginning is not understood in a schema: {pattern}")
    # Without its end, which to Python also stands before a last line feed.
    whole = pattern[1:-1] if pattern.endswith("$") else rf"{pattern[1:]}[\s\S]*"
    return re.compile(whole, re.ASCII)
