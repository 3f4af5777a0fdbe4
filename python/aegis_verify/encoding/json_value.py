"""What JSON can say."""

from __future__ import annotations

from typing import Any, Union

# Python has no recursive alias before 3.12: what stands within is checked where it is used. An integer that a
# double holds exactly is an `int`, whatever its spelling; every other number is a `float`.
JsonObject = dict[str, Any]
Json = Union[None, bool, int, float, str, list[Any], JsonObject]

# Deepest nesting of arrays and objects that has a canonical form: `[]` is 1 deep.
MAX_DEPTH = 64
