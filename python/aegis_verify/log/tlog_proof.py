"""Proof, without the log at hand, that something is in it (C2SP tlog-proof)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..encoding.base64 import decode_base64
from ..encoding.decimal import parse_decimal
from .checkpoint import SignedCheckpoint, open_checkpoint
from .key import VerifierKey
from .merkle import HASH_BYTES, verify_inclusion

_FIRST_LINE = "c2sp.org/tlog-proof@v1"

# Hashes in the longest proof: one for each level of the highest tree.
_MAX_HASHES = 63


class BadProof(ValueError):
    """A text that is no proof, or proves nothing; the message says why."""


@dataclass(frozen=True)
class LogProof:
    """A proof as it stands in its file. Nothing in it is verified."""

    index: int
    # The inclusion proof, from the leaf up.
    proof: tuple[bytes, ...]
    # The note, as it is.
    checkpoint: str
    # Anything that helps to find the leaf: Aegis puts the hash of the event here. No signature covers it.
    extra: bytes | None


def parse_log_proof(text: str) -> LogProof:
    """Reads a `.tlog-proof` file. Raises `BadProof`."""
    head, blank, checkpoint = text.partition("\n\n")
    if not blank:
        raise BadProof("no blank line stands between the proof and the checkpoint")
    first, *lines = head.split("\n")
    if first != _FIRST_LINE:
        raise BadProof(f"the first line is not `{_FIRST_LINE}`")
    extra: bytes | None = None
    if lines and lines[0].startswith("extra "):
        extra = decode_base64(lines.pop(0)[len("extra ") :])
        if extra is None:
            raise BadProof("the extra data is not base64")
    index = parse_decimal(lines.pop(0)[len("index ") :]) if lines and lines[0].startswith("index ") else None
    if index is None:
        raise BadProof("the line with the index is missing")
    return LogProof(index, tuple(_hashes(lines)), checkpoint, extra)


def open_log_proof(text: str, leaf: bytes, keys: Sequence[VerifierKey]) -> SignedCheckpoint:
    """Verifies that a leaf hash is in the log at the checkpoint that one of the keys has signed.

    Raises `BadProof`, and `BadNote` when nobody known has signed it. Cosignatures are left to
    `verify_cosignatures`.
    """
    read = parse_log_proof(text)
    opened = open_checkpoint(read.checkpoint, keys)
    size, root = opened.checkpoint.size, opened.checkpoint.root
    if not verify_inclusion(leaf, read.index, size, root, read.proof):
        raise BadProof(f"leaf {read.index} is not in the tree of {size} leaves")
    return opened


def _hashes(lines: list[str]) -> list[bytes]:
    if len(lines) > _MAX_HASHES:
        raise BadProof(f"more than {_MAX_HASHES} hashes")
    hashes: list[bytes] = []
    for number, line in enumerate(lines, 1):
        one = decode_base64(line)
        if one is None or len(one) != HASH_BYTES:
            raise BadProof(f"hash {number} is malformed")
        hashes.append(one)
    return hashes
