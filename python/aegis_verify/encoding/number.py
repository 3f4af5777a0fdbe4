"""Numbers as ECMAScript prints them (ECMA-262, Number::toString), which RFC 8785 takes over."""

from __future__ import annotations

import math

from .decimal import MAX_SAFE_INTEGER


def number_text(value: float) -> str:
    """The one text of a finite number. Raises `ValueError` for NaN and the infinities."""
    if isinstance(value, int) and abs(value) <= MAX_SAFE_INTEGER:
        return str(value)
    double = float(value)
    if not math.isfinite(double):
        raise ValueError("not a finite number")
    if double == 0:
        return "0"
    sign = "-" if double < 0 else ""
    return sign + _positive_text(*_shortest(abs(double)))


def number_of(literal: str) -> float:
    """The double that a JSON number stands for: an `int` where it is an integer that one holds exactly."""
    double = float(literal)
    if double.is_integer() and abs(double) <= MAX_SAFE_INTEGER:
        return int(double)
    return double


def _shortest(double: float) -> tuple[str, int]:
    """The shortest digits that read back as this number, and its point: 0.DIGITS times 10^point."""
    mantissa, _, exponent = repr(double).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = whole + fraction
    leading = len(digits) - len(digits.lstrip("0"))
    point = len(whole) + int(exponent or 0) - leading
    return digits.strip("0"), point


def _positive_text(digits: str, point: int) -> str:
    count = len(digits)
    if count <= point <= 21:
        return digits + "0" * (point - count)
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    exponent = point - 1
    fraction = f".{digits[1:]}" if count > 1 else ""
    return f"{digits[0]}{fraction}e{'+' if exponent > 0 else '-'}{abs(exponent)}"
