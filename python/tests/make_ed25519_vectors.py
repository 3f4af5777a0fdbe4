"""Writes vectors/ed25519.json: signatures at the edges of what RFC 8032 leaves open. None of the keys is to
be trusted.

    python3 -m tests.make_ed25519_vectors
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha512
from pathlib import Path

from aegis_verify.log.ed25519 import _NEUTRAL, L, P, _add, _decode, _is_same, _negative, _Point

from .signer import Signer, encode_point, times

FILE = Path(__file__).parent / "vectors" / "ed25519.json"

DESCRIPTION = (
    "Ed25519 signatures at the edges. valid: what every verifier of Aegis says. plain: what the equation of "
    "RFC 8032 says without cofactor and without a look at the encodings of the key and at small orders, as "
    "OpenSSL 3.0 does. All bytes in hex."
)
MESSAGE = b"a checkpoint"
SECRET = 0x1234567


def challenge(r: bytes, key: bytes) -> int:
    return int.from_bytes(sha512(r + key + MESSAGE).digest(), "little") % L


def vector(name: str, key: bytes, r: bytes, s: int, valid: bool, plain: bool) -> dict[str, object]:
    return {
        "name": name,
        "public_key": key.hex(),
        "message": MESSAGE.hex(),
        "signature": (r + s.to_bytes(32, "little")).hex(),
        "valid": valid,
        "plain": plain,
    }


def signed(key: bytes, r: int, r_bytes: bytes | None = None) -> tuple[bytes, int]:
    encoded = encode_point(times(r)) if r_bytes is None else r_bytes
    return encoded, (r + challenge(encoded, key) * SECRET) % L


def small_points() -> list[_Point]:
    """The eight points of small order."""
    y = 2
    while True:
        point = _decode(y.to_bytes(32, "little"))
        y += 1
        torsion = times(L, point) if point is not None else _NEUTRAL
        if not _is_same(times(4, torsion), _NEUTRAL):
            return [times(count, torsion) if count else _NEUTRAL for count in range(8)]


def spellings(point: _Point) -> Iterator[tuple[str, bytes]]:
    """Every encoding that a careless decoder takes for a point."""
    canonical = encode_point(point)
    number = int.from_bytes(canonical, "little")
    y, sign = number & (2**255 - 1), number >> 255
    yield "canonical", canonical
    x_is_zero = point[0] % P == 0
    if x_is_zero:
        yield "with the sign of a zero", (y | (1 - sign) << 255).to_bytes(32, "little")
    if y < 19:
        yield "with y beyond the field", (y + P | sign << 255).to_bytes(32, "little")
        if x_is_zero:
            spelled = (y + P | (1 - sign) << 255).to_bytes(32, "little")
            yield "with y beyond the field and the sign of a zero", spelled


def small_keys() -> Iterator[dict[str, object]]:
    """Keys of small order, under which the same S is a signature of nearly anything."""
    for order, point in enumerate(small_points()):
        for spelling, key in spellings(point):
            r, s = forged(point, key)
            yield vector(f"a key of small order, {order} times the first, {spelling}", key, r, s, False, True)


def forged(point: _Point, key: bytes) -> tuple[bytes, int]:
    s = 0
    while True:
        s += 1
        for count in range(8):
            offset = times(count, point) if count else _NEUTRAL
            r = encode_point(_add(times(s), offset))
            k = challenge(r, key)
            if _is_same(_add(offset, times(k, point) if k else _NEUTRAL), _NEUTRAL):
                return r, s


def mixed_keys() -> Iterator[dict[str, object]]:
    """A key with a part of small order: with a cofactor its signatures all hold, without one an eighth of
    them.
    """
    torsion = small_points()[1]
    key = encode_point(_add(times(SECRET), torsion))
    seen: set[bool] = set()
    r = 0
    while len(seen) < 2:
        r += 1
        encoded, s = signed(key, r)
        holds = challenge(encoded, key) % 8 == 0
        if holds not in seen:
            seen.add(holds)
            yield vector(
                f"a key with a part of small order, k {'is' if holds else 'is no'} multiple of 8",
                key,
                encoded,
                s,
                holds,
                holds,
            )


def vectors() -> Iterator[dict[str, object]]:
    key = encode_point(times(SECRET))
    r, s = signed(key, 99)
    yield vector("a good one", key, r, s, True, True)
    yield vector("S and the order of the group", key, r, s + L, False, False)
    yield vector("S and twice the order", key, r, s + 2 * L, False, False)
    yield vector("S with its highest bit", key, r, s | 1 << 255, False, False)
    yield vector("S is zero", key, r, 0, False, False)
    yield vector("the other sign of R", key, bytes([*r[:31], r[31] ^ 128]), s, False, False)
    yield vector("the other sign of the key", bytes([*key[:31], key[31] ^ 128]), r, s, False, False)
    negative = encode_point(_negative(times(SECRET)))
    yield vector("the negative of the key", negative, r, s, False, False)
    yield vector("a key that is no point", (2).to_bytes(32, "little"), r, s, False, False)
    yield vector("an R that is no point", key, (2).to_bytes(32, "little"), s, False, False)
    yield vector("nothing but zeros", bytes(32), bytes(32), 0, False, False)
    for spelling, encoded in spellings(_NEUTRAL):
        r_bytes, s = signed(key, 0, encoded)
        yield vector(f"R is the neutral element, {spelling}", key, r_bytes, s, False, spelling == "canonical")
    yield from mixed_keys()
    yield from small_keys()
    yield from own()


def own() -> Iterator[dict[str, object]]:
    signer = Signer("test", b"\x01" * 32)
    for size in (0, 1, 63, 64, 127, 128, 1023):
        message = bytes(index % 251 for index in range(size))
        signature = signer.sign(message)
        yield {
            "name": f"a message of {size} bytes",
            "public_key": signer.key.public_key.hex(),
            "message": message.hex(),
            "signature": signature.hex(),
            "valid": True,
            "plain": True,
        }


if __name__ == "__main__":
    FILE.write_text(json.dumps({"description": DESCRIPTION, "vectors": list(vectors())}, indent=2) + "\n")
