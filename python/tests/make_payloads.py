"""Writes aegis_verify/event/payloads.json: what schema/events says of payloads, for a verifier that stands
alone.

    python3 -m tests.make_payloads
"""

from __future__ import annotations

import json
from typing import Any

from aegis_verify.event import payloads

from .shared_vectors import SCHEMA


def described() -> dict[str, Any]:
    """The schema of each payload, by event type, without its words."""
    files = sorted((SCHEMA / "events").glob("*.json"))
    events = {path.stem: json.loads(path.read_text("utf-8")) for path in files}
    return {name: _without_words(event["properties"]["payload"]) for name, event in events.items()}


def payloads_file() -> str:
    """Where the copy lies."""
    return payloads.__file__.replace(".py", ".json")


def _without_words(schema: dict[str, Any]) -> dict[str, Any]:
    bare = {name: member for name, member in schema.items() if name != "description"}
    for name in ("items", "additionalProperties"):
        if isinstance(bare.get(name), dict):
            bare[name] = _without_words(bare[name])
    if "properties" in bare:
        bare["properties"] = {name: _without_words(member) for name, member in bare["properties"].items()}
    return bare


if __name__ == "__main__":
    with open(payloads_file(), "w", encoding="utf-8") as file:
        file.write(json.dumps(described(), indent=1) + "\n")
