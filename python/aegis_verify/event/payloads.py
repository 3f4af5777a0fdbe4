"""What the payload of each event type carries."""

from __future__ import annotations

import json
import pkgutil
from collections.abc import Mapping

from .schema import shape_of
from .shape import Shape

# Python 3.9 does not know `__package__` in a zip.
_PACKAGE = __name__.rpartition(".")[0]

# The member of a payload that holds the commitments to sealed values.
SEALED_MEMBER = "$sealed"


def _read() -> Mapping[str, Shape]:
    # Not what lies in the bundle, of course: whoever wrote that may have written its schemas.
    data = pkgutil.get_data(_PACKAGE, "payloads.json")
    if data is None:
        raise FileNotFoundError("payloads.json")
    return {event_type: shape_of(schema) for event_type, schema in json.loads(data).items()}


# A copy of what schema/events says of payloads; `python3 -m tests.make_payloads` writes it.
PAYLOADS = _read()
