"""What a verification of a bundle found out."""

from __future__ import annotations

from dataclasses import dataclass

from .finding import Finding, LevelResult
from .manifest import Manifest
from .trust import Trust


@dataclass(frozen=True)
class Report:
    """The outcome, level by level. It is sound when `finding_count` is 0."""

    folder: str
    # SHA-256 of `bundle.json` in hex, by which records name a bundle.
    sha256: str
    # What the bundle claims to be; None when that cannot be read.
    manifest: Manifest | None
    levels: dict[str, LevelResult]
    # The first ones; `finding_count` counts them all.
    findings: list[Finding]
    finding_count: int
    events: int
    sessions: int
    # Which keys were believed, and on what ground; None when it did not come to that.
    trust: Trust | None
    seconds: float
    # The archived segments that were given with the bundle; None when it was verified alone.
    segments: list[Report] | None = None

    @property
    def is_sound(self) -> bool:
        return self.finding_count == 0
