"""Trees, tiles and proofs against the shared vectors."""

from __future__ import annotations

import unittest
from hashlib import sha256
from typing import Any

from aegis_verify.log.merkle import leaf_hash, root_of, verify_consistency, verify_inclusion
from aegis_verify.log.tile import TILE_HASHES, Tile, all_tiles, parse_tile_path, right_edge, tile_at

from .shared_vectors import shared_vectors

VECTORS = shared_vectors("merkle")


def unhex(texts: list[str]) -> list[bytes]:
    return [bytes.fromhex(text) for text in texts]


class Trees(unittest.TestCase):
    leaves: list[bytes]

    @classmethod
    def setUpClass(cls) -> None:
        sizes = [vector["size"] for vector in VECTORS["roots"]]
        cls.leaves = [leaf_hash(sha256(str(leaf).encode()).digest()) for leaf in range(max(sizes))]

    def test_known_tree(self) -> None:
        leaves = [leaf_hash(data) for data in unhex(VECTORS["known"]["leaves"])]
        for size, root in enumerate(VECTORS["known"]["roots"]):
            self.assertEqual(root_of(leaves[:size]).hex(), root)

    def test_leaf_hashes_and_roots(self) -> None:
        for leaf, expected in enumerate(VECTORS["leaf_hashes"]):
            self.assertEqual(self.leaves[leaf].hex(), expected)
        for vector in VECTORS["roots"]:
            self.assertEqual(root_of(self.leaves[: vector["size"]]).hex(), vector["root"], vector["size"])

    def test_tiles(self) -> None:
        for vector in VECTORS["tiles"]:
            size = vector["size"]
            found: dict[str, str] = {}
            level, hashes = 0, self.leaves[:size]
            while hashes:
                groups = [hashes[at : at + TILE_HASHES] for at in range(0, len(hashes), TILE_HASHES)]
                for number, group in enumerate(groups):
                    tile = tile_at(level, number, size)
                    assert tile is not None
                    self.assertEqual(tile.width, len(group))
                    self.assertEqual(parse_tile_path(tile.path, size), tile)
                    found[tile.path] = sha256(b"".join(group)).hexdigest()
                self.assertIsNone(tile_at(level, len(groups), size))
                level += 1
                hashes = [root_of(group) for group in groups if len(group) == TILE_HASHES]
            self.assertEqual(found, {tile["path"]: tile["sha256"] for tile in vector["tiles"]})
            self.assertEqual([tile.path for tile in all_tiles(size)], list(found))
            partial = {path for path in found if ".p/" in path}
            self.assertEqual({tile.path for tile in right_edge(size)}, partial)

    def test_paths(self) -> None:
        for vector in VECTORS["paths"]:
            self.assertEqual(Tile(vector["level"], vector["n"], vector["width"]).path, vector["path"])

    def test_a_path_that_is_no_tile_of_the_tree_is_refused(self) -> None:
        size = 256 * 256 + 300
        for path in ("tile/0/000", "tile/0/257.p/44", "tile/1/000", "tile/1/001.p/1", "tile/2/000.p/1"):
            self.assertIsNotNone(parse_tile_path(path, size), path)
        for path in (
            "tile/0/257",
            "tile/0/257.p/43",
            "tile/0/257.p/044",
            "tile/0/258",
            "tile/0/0",
            "tile/0/x000/000",
            "tile/00/000",
            "tile/1/001.p/2",
            "tile/2/000",
            "tile/2/000.p/256",
            "tile/3/000.p/1",
            "tile/0/000/",
            "tile/0/000\n",
            "tile/0/../../etc",
            "tile/0/٠٠٠",
        ):
            self.assertIsNone(parse_tile_path(path, size), path)


class Proofs(unittest.TestCase):
    def test_inclusion(self) -> None:
        for name, expected in (("inclusion", True), ("inclusion_invalid", False)):
            for vector in VECTORS[name]:
                with self.subTest(vector.get("why", ""), leaf=vector["leaf"], size=vector["size"]):
                    self.assertIs(self.includes(vector), expected)

    def test_consistency(self) -> None:
        for name, expected in (("consistency", True), ("consistency_invalid", False)):
            for vector in VECTORS[name]:
                with self.subTest(vector.get("why", ""), first=vector["from"], second=vector["to"]):
                    self.assertIs(self.is_consistent(vector), expected)

    def test_no_mutation_of_a_proof_verifies(self) -> None:
        for vector in VECTORS["inclusion"]:
            for at, one in enumerate(vector["proof"]):
                flipped = f"{int(one, 16) ^ 1 << 7:064x}"
                proof = vector["proof"]
                for mutated in (
                    [*proof[:at], flipped, *proof[at + 1 :]],
                    proof[:at] + proof[at + 1 :],
                    [*proof[:at], one, *proof[at:]],
                ):
                    self.assertFalse(self.includes({**vector, "proof": mutated}))

    @staticmethod
    def includes(vector: dict[str, Any]) -> bool:
        leaf, root = bytes.fromhex(vector["leaf_hash"]), bytes.fromhex(vector["root"])
        return verify_inclusion(leaf, vector["leaf"], vector["size"], root, unhex(vector["proof"]))

    @staticmethod
    def is_consistent(vector: dict[str, Any]) -> bool:
        first_root, second_root = bytes.fromhex(vector["from_root"]), bytes.fromhex(vector["to_root"])
        return verify_consistency(
            vector["from"], first_root, vector["to"], second_root, unhex(vector["proof"])
        )


if __name__ == "__main__":
    unittest.main()
