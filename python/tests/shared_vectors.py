"""The vectors that every implementation of the ledger must agree on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SCHEMA = Path(__file__).resolve().parents[2] / "schema"


def shared_vectors(name: str) -> Any:
    """The content of `schema/vectors/<name>.json`."""
    return json.loads((SCHEMA / "vectors" / f"{name}.json").read_text("utf-8"))
