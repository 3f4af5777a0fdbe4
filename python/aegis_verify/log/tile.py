"""Where the hashes of a tree stand: tiles of 256 hashes (C2SP tlog-tiles)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .merkle import HASH_BYTES

# Hashes of a full tile, and its length in bytes.
TILE_HASHES = 256
TILE_BYTES = TILE_HASHES * HASH_BYTES

_PATH = re.compile(r"tile/(0|[1-9])/((?:x[0-9]{3}/){0,4}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


@dataclass(frozen=True)
class Tile:
    """A tile's place. At level 0 stand leaf hashes, at level L roots over 256^L leaves each."""

    level: int
    number: int
    # TILE_HASHES, or fewer at the right edge of the tree.
    width: int

    @property
    def is_full(self) -> bool:
        return self.width == TILE_HASHES

    @property
    def path(self) -> str:
        groups: list[str] = []
        rest = self.number
        while rest or not groups:
            rest, group = divmod(rest, 1000)
            groups.insert(0, f"x{group:03d}" if groups else f"{group:03d}")
        partial = "" if self.is_full else f".p/{self.width}"
        return f"tile/{self.level}/{'/'.join(groups)}{partial}"

    @property
    def parent(self) -> tuple[int, int]:
        """Level and number of the tile that holds the hash of this one."""
        return self.level + 1, self.number // TILE_HASHES


def hashes_at(level: int, size: int) -> int:
    """How many complete subtrees of 256^level leaves a tree of `size` leaves has."""
    return size >> (8 * level)


def tile_at(level: int, number: int, size: int) -> Tile | None:
    """The tile with this number in a tree of `size` leaves; None when the tree does not reach it."""
    width = min(TILE_HASHES, hashes_at(level, size) - number * TILE_HASHES)
    return Tile(level, number, width) if width > 0 else None


def all_tiles(size: int) -> Iterator[Tile]:
    """The tiles of a tree of `size` leaves, level by level and from left to right."""
    level = 0
    while hashes_at(level, size) > 0:
        number = 0
        tile = tile_at(level, number, size)
        while tile is not None:
            yield tile
            number += 1
            tile = tile_at(level, number, size)
        level += 1


def right_edge(size: int) -> list[Tile]:
    """The partial tiles of a tree of `size` leaves, by rising level."""
    edge: list[Tile] = []
    level = 0
    while hashes_at(level, size) > 0:
        number, width = divmod(hashes_at(level, size), TILE_HASHES)
        if width > 0:
            edge.append(Tile(level, number, width))
        level += 1
    return edge


def parse_tile_path(path: str, size: int) -> Tile | None:
    """The tile of a tree of exactly `size` leaves that a path names; None when it names none."""
    match = _PATH.fullmatch(path)
    if match is None:
        return None
    level, number = int(match.group(1)), int(match.group(2).replace("x", "").replace("/", ""))
    tile = tile_at(level, number, size)
    return tile if tile is not None and tile.path == path else None


def split_hashes(data: bytes) -> list[bytes]:
    """The hashes that stand one after the other in a tile."""
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]
