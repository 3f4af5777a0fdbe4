"""Proof that the log of the installation has a tenant's checkpoint as a leaf: `installation.json`."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from ..encoding.canonical import canonical_json
from ..encoding.json_reader import JsonProblem, read_json
from ..event.shape import DIGEST, ListOf, Text, Whole, record
from ..log.merkle import leaf_hash, verify_inclusion

_SHAPE = record({"leaf": Whole(), "proof": ListOf(Text(DIGEST), most=63), "size": Whole(1)})


@dataclass(frozen=True)
class InstallationProof:
    """An inclusion proof, from the leaf up, and the leaves of the installation's log."""

    leaf: int
    size: int
    proof: tuple[bytes, ...]

    def covers(self, signed_text: str, root: bytes) -> bool:
        """Whether the tree with this root has the signed text of a checkpoint as this leaf."""
        leaf = leaf_hash(sha256(signed_text.encode()).digest())
        return verify_inclusion(leaf, self.leaf, self.size, root, self.proof)


def parse_installation_proof(text: str) -> InstallationProof | None:
    """Reads `installation.json`; None when it is none."""
    reading = read_json(text)
    if isinstance(reading, JsonProblem) or reading.problem is not None:
        return None
    value = reading.value
    if _SHAPE.fault(value) is not None or not isinstance(value, dict):
        return None
    if f"{canonical_json(value)}\n" != text:
        return None
    return InstallationProof(
        value["leaf"], value["size"], tuple(bytes.fromhex(one) for one in value["proof"])
    )
