"""The text of an event, as exactly what was hashed."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from ..encoding.canonical import NoCanonicalForm, canonical_json
from ..encoding.json_reader import JsonProblem, read_json
from ..encoding.json_value import MAX_DEPTH, Json


class Body(NamedTuple):
    """The value of a text that is JSON, and whether it is the one canonical text of this value."""

    value: Json
    is_canonical: bool


def read_body(text: str) -> Body | JsonProblem:
    """Reads the text of an event; a problem when it is not JSON at all."""
    try:
        value = _DECODER.decode(text)
    except (_NotPlain, ValueError, RecursionError):
        return _read_with_care(text)
    return Body(value, True) if _is_plainly_canonical(text, value) else _read_with_care(text)


def _read_with_care(text: str) -> Body | JsonProblem:
    reading = read_json(text)
    if isinstance(reading, JsonProblem):
        return reading
    try:
        return Body(reading.value, canonical_json(reading.value) == text)
    except NoCanonicalForm:
        return Body(reading.value, False)


class _NotPlain(Exception):
    """A number of which Python's own reader and writer of JSON may think otherwise than RFC 8785."""


def _plain_integer(literal: str) -> int:
    # A double holds every integer of 15 digits.
    if len(literal) > 15:
        raise _NotPlain
    return int(literal)


def _plain_fraction(literal: str) -> float:
    value = float(literal)
    # Python writes the same shortest digits as ECMAScript; only its exponents and whole numbers look
    # otherwise.
    if repr(value) != literal or "e" in literal or literal.endswith(".0"):
        raise _NotPlain
    return value


def _no_constant(literal: str) -> float:
    raise _NotPlain(literal)


_DECODER = json.JSONDecoder(
    parse_int=_plain_integer, parse_float=_plain_fraction, parse_constant=_no_constant
)
_ENCODER = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, sort_keys=True, separators=(",", ":")
)
_BEYOND_FIRST_PLANE = re.compile("[\U00010000-\U0010ffff]")


def _is_plainly_canonical(text: str, value: Json) -> bool:
    """Whether a text is canonical for sure, by Python's own writer of JSON, which is many times faster than
    ours.

    INVARIANT: what this says yes to is canonical. Its numbers were plain; its strings are escaped as RFC 8785
    asks, for Python escapes the same characters in the same way; its keys are sorted by code points, which is
    the order of UTF-16 as long as there is none beyond the first plane; and it cannot be nested too deeply.
    """
    if text.count("{") + text.count("[") > MAX_DEPTH:
        return False
    if not text.isascii() and _BEYOND_FIRST_PLANE.search(text):
        return False
    return _ENCODER.encode(value) == text
