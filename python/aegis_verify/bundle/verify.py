"""Verification of a bundle from its folder alone: no ledger, no configuration, no network."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from hashlib import sha256
from typing import Callable

from ..event.envelope import Envelope
from ..log.checkpoint import Checkpoint
from ..log.merkle import HASH_BYTES, leaf_hash
from ..log.tile import TILE_BYTES, TILE_HASHES, Tile, all_tiles
from .anchors import Anchors
from .event_check import EventCheck
from .files import BundleFiles
from .finding import Finding, Findings
from .folder import Unreadable, read_bounded
from .leaf_tiles import LeafTiles, is_leaf_tile, tiles_in
from .line_file import LineFile
from .manifest import BLOBS, EVENTS, LEAVES, MANIFEST, BadManifest, Manifest, parse_manifest
from .note_check import check_notes
from .placed_event import MAX_EVENT_BYTES, MAX_LEAF_BYTES, PlacedEvent, placed_events
from .report import Report
from .scope import Everything
from .tile_proof import TileProof
from .trust import Trust
from .value_check import MAX_VALUE_BYTES, ValueCheck

_MAX_MANIFEST_BYTES = 64 * 1024 * 1024

# Events between two reports of progress.
_PROGRESS_EVENTS = 4096

Progress = Callable[[int, int], None]


def verify_bundle(folder: str, anchors: Anchors = Anchors(), on_progress: Progress | None = None) -> Report:
    """Verifies a bundle. Whatever is wrong is a finding; raises `Unreadable` when there is no bundle, or the
    disk does not give it. `on_progress` hears of events that were read, and how many there should be.
    """
    return verify_folder(folder, anchors, on_progress, Watch())


class Watch:
    """Looks on while a bundle is verified."""

    # Sizes at which it will ask for the root of the tree.
    sizes: tuple[int, ...] = ()

    def event(self, leaf: int, envelope: Envelope | None, manifest: Manifest) -> None:
        """Takes an event; None for a line that is none."""

    def end(self, manifest: Manifest, trust: Trust | None, proof: TileProof, found: Findings) -> None:
        """After everything else."""


def verify_folder(folder: str, anchors: Anchors, on_progress: Progress | None, watch: Watch) -> Report:
    """`verify_bundle`, with somebody who looks on."""
    began = time.perf_counter()
    found = Findings()
    data = _read_manifest(folder)
    manifest = _parse_manifest(data, found)
    trust: Trust | None = None
    events = sessions = 0
    if manifest is not None:
        files = BundleFiles(folder, manifest, found)
        notes = check_notes(files, manifest, anchors, found)
        trust, older = (notes.trust, notes.older) if notes else (None, None)
        files.verify_schemas()
        proof = _prove_held_tiles(files, manifest, older, watch.sizes, found)
        events, sessions = _verify_events(files, manifest, proof, found, watch, on_progress)
        if older is not None:
            _compare(older, manifest.size, proof, found)
        found.proved("hashes", f"{files.count} files, and no others")
        found.proved("inclusion", f"{events} events are leaves of the signed tree")
        watch.end(manifest, trust, proof, found)
    seconds = time.perf_counter() - began
    return Report(
        folder,
        sha256(data).hexdigest(),
        manifest,
        found.levels(),
        found.list,
        found.count,
        events,
        sessions,
        trust,
        seconds,
    )


def read_manifest(folder: str) -> Manifest | None:
    """What a bundle claims to be; None when that cannot be read. Raises `Unreadable`."""
    return _parse_manifest(_read_manifest(folder), Findings())


def _read_manifest(folder: str) -> bytes:
    path = os.path.join(folder, MANIFEST)
    if not os.path.exists(path):
        raise Unreadable(f"there is no bundle in `{folder}`: it would have a {MANIFEST}")
    data = read_bounded(path, _MAX_MANIFEST_BYTES)
    if data is None:
        raise Unreadable(f"`{path}` is larger than {_MAX_MANIFEST_BYTES} bytes")
    return data


def _parse_manifest(data: bytes, found: Findings) -> Manifest | None:
    try:
        return parse_manifest(data.decode())
    except UnicodeDecodeError:
        message = "it is not UTF-8"
    except BadManifest as error:
        message = str(error)
    found.add(Finding("hashes", "bad-manifest", message, file=MANIFEST))
    return None


def _prove_held_tiles(
    files: BundleFiles,
    manifest: Manifest,
    older: Checkpoint | None,
    sizes: Sequence[int],
    found: Findings,
) -> TileProof:
    asked = [*sizes, older.size if older is not None else 0]
    proof = TileProof(manifest.size, found, [size for size in asked if 0 < size <= manifest.size])
    for tile in tiles_in(files, manifest.size):
        data = None if is_leaf_tile(tile) else files.read(tile.path, TILE_BYTES)
        if data is not None:
            proof.hold(tile, data)
    if isinstance(manifest.scope, Everything):
        _require_all(files, manifest.size, found)
    proof.prove_held(manifest.root)
    return proof


def _require_all(files: BundleFiles, size: int, found: Findings) -> None:
    # The first one that is missing is enough: a bundle may claim any size.
    missing = next((tile.path for tile in all_tiles(size) if not files.is_named(tile.path)), None)
    if missing is not None:
        message = "a bundle of a whole log has all tiles, and bundle.json does not name it"
        found.add(Finding("inclusion", "missing-tile", message, file=missing))


def _verify_events(
    files: BundleFiles,
    manifest: Manifest,
    proof: TileProof,
    found: Findings,
    watch: Watch,
    on_progress: Progress | None,
) -> tuple[int, int]:
    """Reads events, leaves, tiles and values side by side, once, and judges each event in its place."""
    check = EventCheck(manifest, found)
    tiles = LeafTiles(files, manifest.size, proof, found)
    lines = {
        EVENTS: files.lines(EVENTS, MAX_EVENT_BYTES),
        LEAVES: files.lines(LEAVES, MAX_LEAF_BYTES),
        BLOBS: files.lines(BLOBS, MAX_VALUE_BYTES) if files.is_named(BLOBS) else None,
    }
    events, leaves, blobs = lines.values()
    count = 0
    try:
        values = ValueCheck(blobs, found) if blobs is not None else None
        if events is not None and leaves is not None:
            for event in placed_events(events, leaves, manifest.size, found):
                count += 1
                envelope = check.next(event)
                watch.event(event.leaf, envelope, manifest)
                _include(event, tiles, found)
                if envelope is not None and values is not None:
                    values.next(event, envelope)
                if on_progress is not None and count % _PROGRESS_EVENTS == 0:
                    on_progress(count, manifest.events)
        tiles.finish()
        if values is not None:
            values.end(check.was_erased)
        _compare_hashes(files, lines)
    finally:
        for file in lines.values():
            if file is not None:
                file.close()
    if count != manifest.events:
        message = f"there are {count} events, and bundle.json says {manifest.events}"
        found.add(Finding("events", "count-mismatch", message, file=EVENTS))
    found.proved("events", f"{count} events")
    if not files.is_named(BLOBS):
        found.unproved("values", "the bundle was exported without them")
    check.conclude()
    return count, check.sessions


def _compare_hashes(files: BundleFiles, lines: dict[str, LineFile | None]) -> None:
    for path, file in lines.items():
        if file is not None:
            files.compare_hash(path, file.finish())


def _include(event: PlacedEvent, tiles: LeafTiles, found: Findings) -> None:
    number, index = divmod(event.leaf, TILE_HASHES)
    tile = tiles.at(number)
    if tile is None:
        return
    at = index * HASH_BYTES
    if leaf_hash(event.hash) != tile[at : at + HASH_BYTES]:
        message = f"it is not leaf {event.leaf} of the log"
        found.add(Finding("inclusion", "leaf-mismatch", message, EVENTS, event.line, event.leaf))


def _compare(older: Checkpoint, size: int, proof: TileProof, found: Findings) -> None:
    """Holds an older checkpoint against the root that the log had then."""

    def report(kind: str, message: str) -> None:
        found.add(Finding("consistency", kind, message, file="the older checkpoint"))

    if older.size > size:
        report("rolled-back", f"the log has {size} leaves, and had {older.size} already")
        return
    root = proof.root_at(older.size)
    if isinstance(root, Tile):
        report(
            "missing-tile",
            f"the bundle cannot show it: there is no sound `{root.path}`; export it with --since",
        )
    elif root != older.root:
        report("forked", f"the first {older.size} leaves of the log are not those that were signed then")
    else:
        found.proved("consistency", f"the log extends the checkpoint of {older.size} leaves")
