"""Verification of a bundle together with segments of its log that were archived before it was exported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from ..event.envelope import Envelope
from ..log.key import Algorithm, VerifierKey
from ..log.tile import Tile
from .anchors import Anchors
from .finding import Finding, Findings
from .manifest import Manifest
from .report import Report
from .scope import Everything, Range, Segment
from .tile_proof import TileProof
from .trust import Trust
from .verify import Progress, Watch, read_manifest, verify_folder


class Archived(NamedTuple):
    """What a `SEGMENT_ARCHIVED` event says."""

    events: int
    sha256: str


def verify_joined(
    folder: str, segments: Sequence[str], anchors: Anchors, on_progress: Progress | None = None
) -> Report:
    """Verifies a bundle and segments as the one log that they are: each segment is the one that an event of the
    bundle names by its hash, stands in the same tree, and every leaf is in one of them. Raises `Unreadable` when
    one of the folders holds no bundle.
    """
    watch = _Joining(segments, on_progress)
    report = verify_folder(folder, anchors, on_progress, watch)
    return replace(report, segments=watch.reports)


class _Leaves(Watch):
    """Gathers the leaves of a bundle."""

    def __init__(self) -> None:
        self.leaves: list[int] = []

    def event(self, leaf: int, envelope: Envelope | None, manifest: Manifest) -> None:
        self.leaves.append(leaf)


class _Joining(Watch):
    def __init__(self, segments: Sequence[str], on_progress: Progress | None) -> None:
        self._segments = {segment: read_manifest(segment) for segment in segments}
        self._on_progress = on_progress
        self.sizes = tuple(claim.size for claim in self._segments.values() if claim is not None)
        self._archived: dict[str, Archived] = {}
        self._cover: set[int] = set()
        self.reports: list[Report] = []

    def event(self, leaf: int, envelope: Envelope | None, manifest: Manifest) -> None:
        if _covers(manifest, leaf):
            self._cover.add(leaf)
        if envelope is not None and envelope.event_type == "SEGMENT_ARCHIVED":
            said = envelope.payload
            events = said.get("events")
            count = events if type(events) is int else 0
            self._archived[str(said.get("segment"))] = Archived(count, str(said.get("bundle_sha256")))

    def end(self, manifest: Manifest, trust: Trust | None, proof: TileProof, found: Findings) -> None:
        here = len(self._cover)
        for segment, claim in self._segments.items():
            leaves = _Leaves()
            report = verify_folder(segment, Anchors(_trusted(trust, claim)), self._on_progress, leaves)
            self.reports.append(report)
            problem = self._problem(report, manifest, proof)
            if problem is None:
                self._cover.update(leaf for leaf in leaves.leaves if _covers(manifest, leaf))
            else:
                found.add(Finding("completeness", "segment-mismatch", problem, file=segment))
        self._conclude(manifest, here, found)

    def _problem(self, report: Report, manifest: Manifest, proof: TileProof) -> str | None:
        claim = report.manifest
        if not report.is_sound:
            return f"it is damaged: {report.findings[0].message}"
        if claim is None or not isinstance(claim.scope, Segment):
            return "it is no archived segment"
        said = self._archived.get(claim.scope.segment) if claim.tenant == manifest.tenant else None
        if said is None:
            return "no event of the bundle says that it was archived"
        if said.sha256 != report.sha256:
            return "it is not the one that was archived under this name: it has another hash"
        if claim.size > manifest.size:
            return "it was archived after the bundle was exported"
        root = proof.root_at(claim.size)
        if isinstance(root, Tile):
            return f"the bundle cannot show it in its log: there is no sound `{root.path}`"
        return None if root == claim.root else "it is of another log: the bundle had another root at its size"

    def _conclude(self, manifest: Manifest, here: int, found: Findings) -> None:
        scope = manifest.scope
        if not isinstance(scope, (Everything, Range)):
            message = "only a bundle of everything, or of a time, is completed by archived segments"
            found.add(Finding("completeness", "segment-mismatch", message))
            return
        wanted = scope.end - scope.first if isinstance(scope, Range) else manifest.size
        absent = wanted - len(self._cover)
        scopes = [report.manifest.scope for report in self.reports if report.manifest is not None]
        given = {one.segment for one in scopes if isinstance(one, Segment)}
        others = [segment for segment in self._archived if segment not in given]
        if absent == 0:
            elsewhere = f"{len(self._cover) - here} in {len(self.reports)} archived segments"
            found.proved("completeness", f"all {wanted} events of the log: {here} here, {elsewhere}")
        elif others:
            names = ", ".join(others[:8])
            found.unproved(
                "completeness", f"{absent} events are in archived segments that were not given: {names}"
            )
        else:
            message = f"{absent} of {wanted} events are neither in the bundle nor in the segments"
            found.add(Finding("completeness", "missing-events", message))


def _covers(manifest: Manifest, leaf: int) -> bool:
    scope = manifest.scope
    return scope.first <= leaf < scope.end if isinstance(scope, Range) else leaf < manifest.size


def _trusted(trust: Trust | None, claim: Manifest | None) -> tuple[VerifierKey, ...]:
    """SECURITY: a segment is signed by who signed the bundle, perhaps in an epoch before; its own keys count for
    nothing.
    """
    keys: tuple[VerifierKey, ...] = ()
    if trust is not None and claim is not None:
        origin = claim.names.origin
        keys = tuple(key.under(origin) for key in trust.keys if _installation(key.name) == _installation(origin))
    return keys or (VerifierKey("nobody", Algorithm.ED25519, bytes(32)),)


def _installation(origin: str) -> str:
    """The installation that a log belongs to, in whatever epoch."""
    return origin.partition("/")[0].partition("@")[0]
