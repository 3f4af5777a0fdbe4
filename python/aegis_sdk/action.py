"""What an agent would do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Action:
    """Something that an agent would do: what, to what, and how.

    Policies know `type` as the name of the tool and `target` as the server.
    """

    type: str
    target: str
    params: dict[str, Any] = field(default_factory=dict)
