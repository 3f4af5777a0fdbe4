"""Keys, notes, checkpoints, cosignatures and proofs against the shared vectors."""

from __future__ import annotations

import unittest
from hashlib import sha256

from aegis_verify.log.checkpoint import open_checkpoint
from aegis_verify.log.cosignature import verify_cosignatures
from aegis_verify.log.ed25519 import verify_ed25519
from aegis_verify.log.key import BadKey, parse_key
from aegis_verify.log.merkle import leaf_hash, verify_inclusion
from aegis_verify.log.note import BadNote, parse_note
from aegis_verify.log.tlog_proof import BadProof, open_log_proof, parse_log_proof

from .shared_vectors import shared_vectors
from .signer import Signer

VECTORS = shared_vectors("checkpoint")


class Keys(unittest.TestCase):
    def test_keys(self) -> None:
        for vector in VECTORS["keys"]:
            key = parse_key(vector["vkey"])
            self.assertEqual(str(key), vector["vkey"])
            self.assertEqual((key.name, key.key_id), (vector["name"], vector["key_id"]))
            self.assertEqual(key.public_key.hex(), vector["public_key"])
            signer = Signer(key.name, bytes.fromhex(vector["seed"]), key.algorithm)
            self.assertEqual(signer.key, key)

    def test_what_is_no_key(self) -> None:
        for vector in VECTORS["keys_invalid"]:
            with self.subTest(vector["why"]), self.assertRaises(BadKey):
                parse_key(vector["vkey"])

    def test_a_name_has_no_space_and_no_plus(self) -> None:
        vkey = VECTORS["keys"][0]["vkey"]
        name = VECTORS["keys"][0]["name"]
        for other in ("a b", "a\u3000b", "a\tb", "a\u2028b", "\udc80", ""):
            with self.subTest(repr(other)), self.assertRaises(BadKey):
                parse_key(vkey.replace(name, other))


class Checkpoints(unittest.TestCase):
    def test_the_example_of_the_specification(self) -> None:
        key = parse_key(VECTORS["example"]["vkey"])
        note = parse_note(VECTORS["example"]["note"])
        (signature,) = note.signatures
        self.assertEqual((signature.name, signature.key_id), (key.name, key.key_id))
        self.assertTrue(verify_ed25519(key.public_key, note.text.encode(), signature.signature))

    def test_checkpoints(self) -> None:
        for vector in VECTORS["checkpoints"]:
            with self.subTest(vector["description"]):
                opened = open_checkpoint(vector["note"], [parse_key(key) for key in vector["keys"]])
                checkpoint = opened.checkpoint
                self.assertEqual(opened.note.text, vector["text"])
                self.assertEqual((checkpoint.origin, checkpoint.size), (vector["origin"], vector["size"]))
                self.assertEqual(checkpoint.root.hex(), vector["root"])
                self.assertEqual([str(key) for key in opened.by], vector["by"])

    def test_what_is_no_checkpoint(self) -> None:
        for vector in VECTORS["checkpoints_invalid"]:
            with self.subTest(vector["why"]), self.assertRaises(BadNote):
                open_checkpoint(vector["note"], [parse_key(key) for key in vector["keys"]])

    def test_no_changed_character_of_a_note_verifies(self) -> None:
        vector = VECTORS["checkpoints"][0]
        keys = [parse_key(key) for key in vector["keys"]]
        note = vector["note"]
        for at, char in enumerate(note):
            for other in ("A", "=", "\n", " ", "\x00", "é"):
                if other != char:
                    with self.assertRaises(BadNote):
                        open_checkpoint(note[:at] + other + note[at + 1 :], keys)

    def test_the_log_of_the_installation_has_the_checkpoints(self) -> None:
        vector = VECTORS["installation_log"]
        opened = open_checkpoint(vector["note"], [parse_key(vector["key"])])
        size, root = opened.checkpoint.size, opened.checkpoint.root
        for leaf in vector["leaves"]:
            hashed = leaf_hash(sha256(leaf["text"].encode()).digest())
            self.assertEqual(hashed.hex(), leaf["leaf_hash"])
            proof = [bytes.fromhex(one) for one in leaf["proof"]]
            self.assertTrue(verify_inclusion(hashed, leaf["leaf"], size, root, proof))


class Cosignatures(unittest.TestCase):
    def test_cosignatures(self) -> None:
        for vector in VECTORS["cosignatures"]:
            found = verify_cosignatures(
                parse_note(vector["note"]), [parse_key(key) for key in vector["witnesses"]]
            )
            told = [{"key": str(cosignature.by), "time": cosignature.time} for cosignature in found]
            self.assertEqual(told, vector["verified"])

    def test_what_is_no_cosignature(self) -> None:
        for vector in VECTORS["cosignatures_invalid"]:
            with self.subTest(vector["why"]), self.assertRaises(BadNote):
                verify_cosignatures(
                    parse_note(vector["note"]), [parse_key(key) for key in vector["witnesses"]]
                )


class LogProofs(unittest.TestCase):
    def test_proofs(self) -> None:
        for vector in VECTORS["proofs"]:
            keys = [parse_key(key) for key in vector["keys"]]
            open_log_proof(vector["proof"], bytes.fromhex(vector["leaf_hash"]), keys)
            self.assertEqual(parse_log_proof(vector["proof"]).index, vector["index"])

    def test_what_proves_nothing(self) -> None:
        for vector in VECTORS["proofs_invalid"]:
            keys = [parse_key(key) for key in vector["keys"]]
            with self.subTest(vector["why"]), self.assertRaises((BadProof, BadNote)):
                open_log_proof(vector["proof"], bytes.fromhex(vector["leaf_hash"]), keys)


if __name__ == "__main__":
    unittest.main()
