"""An Ed25519 signer for tests (RFC 8032, section 5.1.6). It leaks its key to whoever watches the clock."""

from __future__ import annotations

from hashlib import sha512

from aegis_verify.encoding.base64 import encode_base64
from aegis_verify.log.ed25519 import _BASE, _NEUTRAL, L, P, _add, _double, _Point
from aegis_verify.log.key import Algorithm, VerifierKey


def times(scalar: int, point: _Point = _BASE) -> _Point:
    """A multiple of a point, by doubling and adding."""
    total = _NEUTRAL
    for bit in bin(scalar)[2:]:
        total = _double(total)
        if bit == "1":
            total = _add(total, point)
    return total


def encode_point(point: _Point) -> bytes:
    """The canonical encoding of a point."""
    x, y, z, _ = point
    inverse = pow(z, P - 2, P)
    return (y * inverse % P | (x * inverse % P & 1) << 255).to_bytes(32, "little")


class Signer:
    """A key with a name."""

    def __init__(self, name: str, seed: bytes, algorithm: Algorithm = Algorithm.ED25519) -> None:
        self._secret, self._prefix = _expand(seed)
        self.key = VerifierKey(name, algorithm, encode_point(times(self._secret)))

    def sign(self, message: bytes) -> bytes:
        r = int.from_bytes(sha512(self._prefix + message).digest(), "little") % L
        encoded = encode_point(times(r))
        k = int.from_bytes(sha512(encoded + self.key.public_key + message).digest(), "little") % L
        return encoded + ((r + k * self._secret) % L).to_bytes(32, "little")

    def note_line(self, text: str) -> str:
        """The line under a note."""
        return self._line(self.sign(text.encode()))

    def cosignature_line(self, text: str, time: int) -> str:
        """The line of a witness under a note."""
        signature = self.sign(f"cosignature/v1\ntime {time}\n{text}".encode())
        return self._line(time.to_bytes(8, "big") + signature)

    def _line(self, signature: bytes) -> str:
        return f"\u2014 {self.key.name} {encode_base64(bytes.fromhex(self.key.key_id) + signature)}\n"


def _expand(seed: bytes) -> tuple[int, bytes]:
    digest = sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], "little")
    scalar &= (1 << 254) - 8
    return scalar | 1 << 254, digest[32:]
