"""What whoever verifies a bundle brings along."""

from __future__ import annotations

from dataclasses import dataclass

from ..log.key import VerifierKey


@dataclass(frozen=True)
class Anchors:
    """What is believed before the bundle is looked at."""

    # Keys of the log.
    keys: tuple[VerifierKey, ...] = ()
    # The note of an older checkpoint of the same log.
    older: str | None = None
    # Keys of witnesses that must have cosigned.
    witnesses: tuple[VerifierKey, ...] = ()
