"""Decimal numbers as the lines of notes and of `leaves` write them."""

from __future__ import annotations

import re

# The largest integer that a double, and so JSON in every language, holds exactly.
MAX_SAFE_INTEGER = 2**53 - 1

_DECIMAL = re.compile("0|[1-9][0-9]{0,15}")


def parse_decimal(text: str) -> int | None:
    """The number of a text of decimal digits without leading zeros, up to 2^53 - 1; None when it is none."""
    if _DECIMAL.fullmatch(text) is None:
        return None
    value = int(text)
    return value if value <= MAX_SAFE_INTEGER else None
