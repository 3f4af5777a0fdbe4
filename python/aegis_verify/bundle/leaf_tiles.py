"""The full tiles of leaves, each read once, in rising order, and proved before anybody looks into it."""

from __future__ import annotations

from collections.abc import Iterator

from ..log.tile import TILE_BYTES, TILE_HASHES, Tile, parse_tile_path
from .files import BundleFiles
from .finding import Finding, Findings
from .tile_proof import TileProof


def tiles_in(files: BundleFiles, size: int) -> Iterator[Tile]:
    """The tiles that a bundle has."""
    for path in files.paths():
        tile = parse_tile_path(path, size)
        if tile is not None:
            yield tile


def is_leaf_tile(tile: Tile) -> bool:
    """Whether a tile is a full one of leaves."""
    return tile.level == 0 and tile.is_full


class LeafTiles:
    """Gives the tile that an event stands in."""

    def __init__(self, files: BundleFiles, size: int, proof: TileProof, found: Findings) -> None:
        self._files = files
        self._proof = proof
        self._found = found
        self._last = size // TILE_HASHES
        # By falling number, so that the next one is at the end.
        self._ahead: list[int] = sorted(
            (one.number for one in tiles_in(files, size) if is_leaf_tile(one)), reverse=True
        )
        self._number = -1
        self._current: bytes | None = None

    def at(self, number: int) -> bytes | None:
        """The proved tile with this number, which must not be smaller than the one before; None when there is
        none.
        """
        if number != self._number:
            self._number = number
            self._current = self._move_to(number)
        return self._current

    def finish(self) -> None:
        """Proves those that no event stands in."""
        while self._ahead:
            self._read()

    def _move_to(self, number: int) -> bytes | None:
        while self._ahead and self._ahead[-1] < number:
            self._read()
        if number == self._last:
            return self._proof.last_leaves
        if self._ahead and self._ahead[-1] == number:
            return self._read()
        message = "events stand in it, and nothing proves them without it"
        path = Tile(0, number, TILE_HASHES).path
        self._found.add(Finding("inclusion", "missing-tile", message, file=path))
        return None

    def _read(self) -> bytes | None:
        number = self._ahead.pop()
        data = self._files.read(Tile(0, number, TILE_HASHES).path, TILE_BYTES)
        return data if data is not None and self._proof.prove_leaves(number, data) else None
