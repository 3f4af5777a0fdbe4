"""Which keys are believed, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..log.checkpoint import open_checkpoint
from ..log.key import Algorithm, BadKey, VerifierKey, parse_key
from ..log.note import BadNote
from .anchors import Anchors
from .origin import LogNames


@dataclass(frozen=True)
class Trust:
    """The keys that may sign the logs of a bundle.

    `ground` is `given`, `older_checkpoint`, or `first_use`: nobody said anything, so what the bundle says is
    believed.
    """

    ground: str
    # Each under the names of both logs.
    keys: tuple[VerifierKey, ...]


def parse_bundle_keys(text: str, origin: str) -> list[VerifierKey]:
    """Reads the `keys` of a bundle. Raises `BadKey`."""
    if not text.endswith("\n"):
        raise BadKey("the last line has no end")
    keys: list[VerifierKey] = []
    for number, line in enumerate(text[:-1].split("\n"), 1):
        try:
            key = parse_key(line)
        except BadKey as error:
            raise BadKey(f"line {number}: {error}") from None
        if key.name != origin or key.algorithm is not Algorithm.ED25519:
            raise BadKey(f"line {number}: a key of another log")
        if key.key_id in {known.key_id for known in keys}:
            raise BadKey(f"line {number}: a key that stands there already")
        keys.append(key)
    return keys


def trust_of(anchors: Anchors, bundled: Iterable[VerifierKey], names: LogNames) -> Trust:
    """Decides which keys are believed.

    SECURITY: given keys are believed and no others. Without them an older checkpoint, kept by whoever asks,
    says which of the bundle's keys are believed: otherwise a new key would let everything pass.
    """
    if anchors.keys:
        of_log = [key for key in anchors.keys if _is_of(key, names)]
        return Trust("given", _under_both(of_log, names))
    if anchors.older is None:
        return Trust("first_use", _under_both(bundled, names))
    try:
        signers = open_checkpoint(anchors.older, list(bundled)).by
    except BadNote:
        signers = ()
    return Trust("older_checkpoint", _under_both(signers, names))


def _is_of(key: VerifierKey, names: LogNames) -> bool:
    return key.algorithm is Algorithm.ED25519 and key.name in (names.origin, names.installation)


def _under_both(keys: Iterable[VerifierKey], names: LogNames) -> tuple[VerifierKey, ...]:
    return tuple(key.under(name) for key in keys for name in (names.origin, names.installation))
