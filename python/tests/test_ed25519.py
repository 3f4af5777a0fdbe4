"""Ed25519 against RFC 8032, against the vectors at its edges, and against every bit flipped."""

from __future__ import annotations

import json
import random
import time
import unittest

from aegis_verify.log.ed25519 import L, verify_ed25519

from .make_ed25519_vectors import FILE, vectors
from .signer import Signer

# RFC 8032, section 7.1: secret key, public key, message, signature.
RFC_8032 = (
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
)


class Ed25519(unittest.TestCase):
    def test_rfc_8032(self) -> None:
        for seed, public_key, message, signature in RFC_8032:
            signer = Signer("test", bytes.fromhex(seed))
            self.assertEqual(signer.key.public_key.hex(), public_key)
            self.assertEqual(signer.sign(bytes.fromhex(message)).hex(), signature)
            self.assertTrue(
                verify_ed25519(bytes.fromhex(public_key), bytes.fromhex(message), bytes.fromhex(signature))
            )

    def test_edges(self) -> None:
        told = json.loads(FILE.read_text())["vectors"]
        for vector in told:
            with self.subTest(vector["name"]):
                given = (bytes.fromhex(vector[name]) for name in ("public_key", "message", "signature"))
                self.assertIs(verify_ed25519(*given), vector["valid"])
        self.assertEqual(told, list(vectors()))

    def test_no_flipped_bit_verifies(self) -> None:
        signer = Signer("test", b"\x02" * 32)
        message = b"twelve bytes"
        signature = signer.sign(message)
        whole = signer.key.public_key + message + signature
        chance = random.Random(5)
        for bit in chance.sample(range(len(whole) * 8), 120):
            flipped = bytearray(whole)
            flipped[bit // 8] ^= 1 << bit % 8
            self.assertFalse(verify_ed25519(bytes(flipped[:32]), bytes(flipped[32:44]), bytes(flipped[44:])))

    def test_any_bytes_are_no_error(self) -> None:
        chance = random.Random(6)
        for _ in range(60):
            lengths = chance.choice(((32, 64), (31, 64), (32, 63), (33, 65), (0, 0)))
            key, signature = (chance.randbytes(length) for length in lengths)
            self.assertFalse(verify_ed25519(key, b"m", signature))
        self.assertFalse(verify_ed25519(b"\xff" * 32, b"m", b"\xff" * 64))
        self.assertFalse(verify_ed25519(bytes(32), b"m", bytes(32) + L.to_bytes(32, "little")))

    def test_takes_milliseconds(self) -> None:
        signer = Signer("test", b"\x03" * 32)
        signature = signer.sign(b"m")
        began = time.process_time()
        for _ in range(20):
            verify_ed25519(signer.key.public_key, b"m", signature)
        self.assertLess((time.process_time() - began) / 20, 0.02)


if __name__ == "__main__":
    unittest.main()
