"""What witnesses say of a checkpoint (C2SP tlog-cosignature, Ed25519)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..encoding.decimal import MAX_SAFE_INTEGER
from .ed25519 import verify_ed25519
from .key import Algorithm, VerifierKey
from .note import BadNote, Note, Signature

_TIME_BYTES = 8
_SIGNATURE_BYTES = 64


@dataclass(frozen=True)
class Cosignature:
    """A witness has seen the log grow consistently up to a checkpoint."""

    by: VerifierKey
    # When, in Unix time, seconds.
    time: int


def verify_cosignatures(note: Note, witnesses: Sequence[VerifierKey]) -> list[Cosignature]:
    """The cosignatures of known witnesses under a note. Raises `BadNote`.

    SECURITY: one bad signature under the name and id of a known witness refuses the whole note. Those of
    unknown keys say nothing.
    """
    found: dict[VerifierKey, Cosignature] = {}
    for signature in note.signatures:
        known = [key for key in witnesses if _may_cosign(key, signature)]
        if not known:
            continue
        good = [key for key in known if _verify(key, signature.signature, note.text)]
        if not good:
            raise BadNote(f"the cosignature of `{signature.name}` ({signature.key_id}) is not valid")
        found[good[0]] = Cosignature(good[0], _time_of(signature.signature))
    return list(found.values())


def _may_cosign(key: VerifierKey, signature: Signature) -> bool:
    is_witness = key.algorithm is Algorithm.ED25519_COSIGNATURE
    return is_witness and key.name == signature.name and key.key_id == signature.key_id


def _verify(key: VerifierKey, signature: bytes, text: str) -> bool:
    time = _time_of(signature)
    # A witness has to say when.
    if len(signature) != _TIME_BYTES + _SIGNATURE_BYTES or not 0 < time <= MAX_SAFE_INTEGER:
        return False
    message = f"cosignature/v1\ntime {time}\n{text}"
    return verify_ed25519(key.public_key, message.encode(), signature[_TIME_BYTES:])


def _time_of(signature: bytes) -> int:
    return int.from_bytes(signature[:_TIME_BYTES], "big")
