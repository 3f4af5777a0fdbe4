"""Proof of the tiles of a bundle from the root downwards, so that an event is proved by one look into its
tile.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..log.merkle import HASH_BYTES, root_of
from ..log.tile import TILE_HASHES, Tile, right_edge, split_hashes, tile_at
from .finding import Finding, Findings


class TileProof:
    """Holds the tiles above the leaves and those of the right edge: 1/256 of all hashes.

    The full tiles of leaves pass by once, in rising order.
    """

    def __init__(self, size: int, found: Findings, older: Iterable[int] = ()) -> None:
        """`older`: sizes of older trees that `root_at` will be asked about."""
        self._size = size
        self._found = found
        self._held: dict[tuple[int, int], bytes] = {}
        self._full: list[Tile] = []
        self._kept = {tile.number for leaves in older for tile in right_edge(leaves) if tile.level == 0}

    def hold(self, tile: Tile, data: bytes) -> None:
        """Takes a tile that is not a full tile of leaves."""
        if not self._fits(tile, data):
            return
        self._held[tile.level, tile.number] = data
        if tile.is_full:
            self._full.append(tile)

    def prove_held(self, root: bytes) -> None:
        """Proves everything that is held, and lets go of what cannot be proved."""
        computed = self.root_at(self._size)
        if isinstance(computed, Tile):
            self._report("missing-tile", computed.path, "a tile that is needed is not there")
        elif computed != root:
            message = "the tiles of the right edge do not give the root of the log"
            self._found.add(Finding("inclusion", "root-mismatch", message))
        if computed != root:
            self._held.clear()
            return
        for tile in sorted(self._full, key=lambda one: -one.level):
            if not self._stands_in_parent(tile, self._held[tile.level, tile.number]):
                del self._held[tile.level, tile.number]

    def prove_leaves(self, number: int, data: bytes) -> bool:
        """Proves a full tile of leaves."""
        tile = Tile(0, number, TILE_HASHES)
        if not self._fits(tile, data) or not self._stands_in_parent(tile, data):
            return False
        if number in self._kept:
            self._held[0, number] = data
        return True

    @property
    def last_leaves(self) -> bytes | None:
        """The proved partial tile of leaves at the right edge."""
        return self._held.get((0, self._size // TILE_HASHES))

    def root_at(self, size: int) -> bytes | Tile:
        """Root of the tree when it had so many leaves; otherwise a tile that it takes and is not here."""
        hashes: list[bytes] = []
        for tile in right_edge(size):
            data = self._held.get((tile.level, tile.number))
            if data is None:
                return tile_at(tile.level, tile.number, self._size) or tile
            # What the levels below hold beyond this tile is its last and incomplete entry.
            entries = split_hashes(data[: tile.width * HASH_BYTES])
            hashes = [root_of(entries + hashes)]
        return root_of(hashes)

    def _fits(self, tile: Tile, data: bytes) -> bool:
        if len(data) == tile.width * HASH_BYTES:
            return True
        message = f"it has {len(data)} bytes and should have {tile.width * HASH_BYTES}"
        self._report("bad-tile", tile.path, message)
        return False

    def _stands_in_parent(self, tile: Tile, data: bytes) -> bool:
        parent = self._held.get(tile.parent)
        if parent is None:
            above = tile_at(*tile.parent, self._size)
            message = f"nothing proves it: there is no sound `{above.path if above else ''}`"
            self._report("missing-tile", tile.path, message)
            return False
        at = tile.number % TILE_HASHES * HASH_BYTES
        if root_of(split_hashes(data)) == parent[at : at + HASH_BYTES]:
            return True
        self._report("tile-mismatch", tile.path, "its hashes are not those of the log")
        return False

    def _report(self, kind: str, path: str, message: str) -> None:
        self._found.add(Finding("inclusion", kind, message, file=path))
