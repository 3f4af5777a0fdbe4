"""The envelope: what stands around the payload of every event."""

from __future__ import annotations

from typing import NamedTuple

from ..encoding.decimal import MAX_SAFE_INTEGER
from ..encoding.json_value import Json, JsonObject
from .payloads import PAYLOADS, SEALED_MEMBER
from .shape import DIGEST, IDENTIFIER


# Before each value stands its salt.
_SALT_BYTES = 32


class Envelope(NamedTuple):
    """An event, in its wire names."""

    event_type: str
    payload: JsonObject
    # Absent exactly when `seq` is 0.
    prev_hash: str | None
    seq: int
    session_id: str
    tenant_id: str
    # Unix time in milliseconds.
    ts_unix_ms: int
    user_id: str


class Commitment(NamedTuple):
    """What an event says of a value that is kept beside it."""

    # SHA-256 of the blob, in hex.
    hash: str
    # Its length in bytes.
    length: int


_REQUIRED = frozenset(Envelope._fields) - {"prev_hash"}
_TYPES = {name: str for name in Envelope._fields} | {"payload": dict, "seq": int, "ts_unix_ms": int}


def envelope_of(value: Json) -> Envelope | None:
    """Takes the value of a body for the envelope that it must be; None when a member is missing, foreign, or
    of another type. Whether the members say what they may is for `envelope_fault` to tell.
    """
    if not isinstance(value, dict) or len(value) != len(_REQUIRED) + ("prev_hash" in value):
        return None
    for name, member in value.items():
        # `bool` is a kind of `int` to Python, and not to JSON.
        if type(member) is not _TYPES.get(name):
            return None
    envelope = Envelope(**{"prev_hash": None, **value})
    return envelope if envelope.event_type in PAYLOADS else None


def envelope_fault(envelope: Envelope) -> str | None:
    """Which member says what none may; None when there is none. The payload and the tenant are for others to
    judge.
    """
    if not IDENTIFIER.fullmatch(envelope.session_id):
        return "`session_id` is not an id"
    if not IDENTIFIER.fullmatch(envelope.user_id):
        return "`user_id` is not an id"
    if not (0 <= envelope.seq <= MAX_SAFE_INTEGER and 0 <= envelope.ts_unix_ms <= MAX_SAFE_INTEGER):
        return "`seq` or `ts_unix_ms` is out of range"
    return None


def payload_fault(envelope: Envelope) -> str | None:
    """Where the payload is not as its event type describes it; None when it is."""
    fault = PAYLOADS[envelope.event_type].fault(envelope.payload)
    if fault is None:
        return None
    return f"`{fault or 'payload'}` of `{envelope.event_type}` is not as it must be"


def commitments_of(envelope: Envelope) -> tuple[Commitment, ...]:
    """The commitments of an event in the order of their keys; none when they are malformed."""
    sealed = envelope.payload.get(SEALED_MEMBER)
    if not isinstance(sealed, dict):
        return ()
    commitments = []
    for pointer, entry in sealed.items():
        if not isinstance(entry, dict) or entry.keys() != {"h", "n"}:
            return ()
        is_hash = isinstance(entry["h"], str) and DIGEST.fullmatch(entry["h"]) is not None
        if not pointer.startswith("/") or not is_hash:
            return ()
        if type(entry["n"]) is not int or entry["n"] < _SALT_BYTES:
            return ()
        commitments.append(Commitment(entry["h"], entry["n"]))
    return tuple(commitments)
