"""The chain of a session, recomputed here and not where it is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from aegis_verify.encoding.canonical import canonical_json


def verify_events(events: Iterable[dict[str, Any]]) -> list[str]:
    """What is wrong with the events of one session, in words; empty when the chain is intact.

    Hashes are SHA-256 over the canonical form (RFC 8785) of each envelope. That the newest events were not
    cut off only a checkpoint shows.
    """
    problems = []
    previous = None
    for seq, event in enumerate(events):
        envelope = event["envelope"]
        digest = hashlib.sha256(canonical_json(envelope).encode("utf-8")).hexdigest()
        if digest != event["hash"]:
            problems.append(f"seq {seq}: the event does not have the hash that is told of it")
        if envelope.get("seq") != seq:
            problems.append(f"seq {seq}: the event says that it is seq {envelope.get('seq')}")
        if envelope.get("prev_hash") != previous:
            problems.append(f"seq {seq}: it was sealed on another event")
        previous = event["hash"]
    return problems
