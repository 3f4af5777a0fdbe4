"""What a log says of itself: its size and the root of its tree (C2SP tlog-checkpoint)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..encoding.base64 import decode_base64
from ..encoding.decimal import parse_decimal
from .ed25519 import verify_ed25519
from .key import Algorithm, VerifierKey
from .merkle import HASH_BYTES
from .note import BadNote, Note, parse_note


@dataclass(frozen=True)
class Checkpoint:
    """The size of a log and the root of its tree."""

    # The name of the log.
    origin: str
    size: int
    root: bytes


@dataclass(frozen=True)
class SignedCheckpoint:
    """A checkpoint of which the log's own signature was verified."""

    checkpoint: Checkpoint
    note: Note
    # The keys that signed it, at least one.
    by: tuple[VerifierKey, ...]


def parse_checkpoint(text: str) -> Checkpoint:
    """Reads the signed text of a note: three lines and no others. Raises `BadNote`."""
    lines = text.split("\n")
    if lines[-1] != "" or "" in lines[:-1]:
        raise BadNote("the checkpoint has an empty line, or its last one does not end")
    if len(lines) != 4:
        raise BadNote("a checkpoint has an origin, a size and a root, each on its line, and nothing else")
    origin, decimal, base64, _ = lines
    size, root = parse_decimal(decimal), decode_base64(base64)
    if size is None:
        raise BadNote("the size on the second line is not a number")
    if root is None or len(root) != HASH_BYTES:
        raise BadNote("the root on the third line is not a hash in base64")
    return Checkpoint(origin, size, root)


def open_checkpoint(text: str, keys: Sequence[VerifierKey]) -> SignedCheckpoint:
    """Reads a note and verifies the signatures of its log. Raises `BadNote`.

    Only keys with the name of the log's origin can sign for it.

    SECURITY: one bad signature under the name and id of a known key refuses the whole note, and so does the
    lack of a good one. Signatures of unknown keys say nothing.
    """
    note = parse_note(text)
    checkpoint = parse_checkpoint(note.text)
    by: list[VerifierKey] = []
    for signature in note.signatures:
        known = [key for key in keys if _may_sign(key, checkpoint.origin, signature.name, signature.key_id)]
        if not known:
            continue
        message = note.text.encode()
        good = [key for key in known if verify_ed25519(key.public_key, message, signature.signature)]
        if not good:
            raise BadNote(f"the signature of `{signature.name}` ({signature.key_id}) is not valid")
        by += [key for key in good[:1] if key not in by]
    if not by:
        raise BadNote(f"no known key has signed the checkpoint of `{checkpoint.origin}`")
    return SignedCheckpoint(checkpoint, note, tuple(by))


def _may_sign(key: VerifierKey, origin: str, name: str, key_id: str) -> bool:
    return key.algorithm is Algorithm.ED25519 and key.name == origin == name and key.key_id == key_id
