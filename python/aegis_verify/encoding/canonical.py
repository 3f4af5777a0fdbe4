"""Canonical JSON (RFC 8785)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .json_value import MAX_DEPTH, Json
from .number import number_text


class NoCanonicalForm(ValueError):
    """A value that RFC 8785 has no text for, or one that is nested too deeply."""


def canonical_json(value: Json) -> str:
    """The one text of a value. Raises `NoCanonicalForm` for lone surrogates, numbers that are not finite, and
    nesting deeper than `MAX_DEPTH`.
    """
    return _text(value, 0)


def _text(value: Json, depth: int) -> str:
    if isinstance(value, str):
        return _string(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _number(value)
    if depth >= MAX_DEPTH:
        raise NoCanonicalForm(f"nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, list):
        return f"[{','.join(_text(item, depth + 1) for item in value)}]"
    return f"{{{','.join(_members(value, depth + 1))}}}"


def _members(members: dict[str, Json], depth: int) -> Iterable[str]:
    for key in sorted(members, key=_utf16):
        yield f"{_string(key)}:{_text(members[key], depth)}"


def _utf16(key: str) -> bytes:
    # Big-endian bytes compare as the code units do (RFC 8785, section 3.2.3).
    return key.encode("utf-16-be", "surrogatepass")


def _number(value: float) -> str:
    try:
        return number_text(value)
    except ValueError as error:
        raise NoCanonicalForm(str(error)) from None


_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED = re.compile('[\x00-\x1f"\\\\]')
_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def _string(text: str) -> str:
    if not text.isascii() and _LONE_SURROGATE.search(text):
        raise NoCanonicalForm("a lone surrogate")
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    char = match.group()
    return _SHORT.get(char) or f"\\u{ord(char):04x}"
