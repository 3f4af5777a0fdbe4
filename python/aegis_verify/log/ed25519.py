"""Verification of Ed25519 signatures (RFC 8032, section 5.1.7), strict and without cofactor.

SECURITY: nothing here is secret, so nothing is done in constant time. Do not sign with this code.

What RFC 8032 leaves open is decided so that one signature is one text and means one thing: S is below the
order of the group, the key and R are canonical encodings, and neither is a point of small order. Node.js
24.21 and 26.10 with OpenSSL 3.5 decide the same; OpenSSL 3.0 alone, and Node.js 20 with it, takes points of
small order, and a key of small order in any encoding.
"""

from __future__ import annotations

from hashlib import sha512

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493

_D = -121665 * pow(121666, P - 2, P) % P
_D2 = 2 * _D % P
_SQRT_MINUS_1 = pow(2, (P - 1) // 4, P)

# Extended coordinates (X, Y, Z, T): x = X/Z, y = Y/Z, xy = T/Z.
_Point = tuple[int, int, int, int]

_NEUTRAL: _Point = (0, 1, 1, 0)


def verify_ed25519(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature over a message is good. Bytes that are no key or no signature are no error, but
    false.
    """
    if len(public_key) != 32 or len(signature) != 64:
        return False
    s = int.from_bytes(signature[32:], "little")
    key = _decode(public_key)
    r = _decode(signature[:32])
    if s >= L or key is None or r is None or _is_small(key) or _is_small(r):
        return False
    k = int.from_bytes(sha512(signature[:32] + public_key + message).digest(), "little") % L
    return _is_same(_double_product(s, k, _negative(key)), r)


def _decode(encoded: bytes) -> _Point | None:
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (_D * y * y + 1) % P
    # A square root of u/v, when there is one (RFC 8032, section 5.1.3).
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if (v * x * x - u) % P != 0:
        x = x * _SQRT_MINUS_1 % P
        if (v * x * x - u) % P != 0:
            return None
    if x == 0 and sign == 1:
        return None
    if x % 2 != sign:
        x = P - x
    return x, y, 1, x * y % P


def _add(one: _Point, other: _Point) -> _Point:
    x1, y1, z1, t1 = one
    x2, y2, z2, t2 = other
    a = (y1 - x1) * (y2 - x2) % P
    b = (y1 + x1) * (y2 + x2) % P
    c = t1 * t2 % P * _D2 % P
    d = 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _double(point: _Point) -> _Point:
    x, y, z, _ = point
    a, b = x * x % P, y * y % P
    h = a + b
    e = h - (x + y) * (x + y) % P
    g = a - b
    f = 2 * z * z + g
    return e * f % P, g * h % P, f * g % P, e * h % P


def _negative(point: _Point) -> _Point:
    x, y, z, t = point
    return P - x, y, z, P - t


def _is_same(one: _Point, other: _Point) -> bool:
    x1, y1, z1, _ = one
    x2, y2, z2, _ = other
    return (x1 * z2 - x2 * z1) % P == 0 and (y1 * z2 - y2 * z1) % P == 0


def _is_small(point: _Point) -> bool:
    """Whether eight times the point is the neutral element."""
    return _is_same(_double(_double(_double(point))), _NEUTRAL)


# The base point has y = 4/5 and the even x.
_BASE_Y = 4 * pow(5, P - 2, P) % P
_BASE = _decode(_BASE_Y.to_bytes(32, "little")) or _NEUTRAL


def _odd_multiples(point: _Point) -> list[_Point]:
    """The point times 1, 3, 5, ... 15."""
    twice = _double(point)
    multiples = [point]
    for _ in range(7):
        multiples.append(_add(multiples[-1], twice))
    return multiples


_BASE_MULTIPLES = _odd_multiples(_BASE)


def _double_product(s: int, k: int, point: _Point) -> _Point:
    """The base point times s, plus the point times k: both at once, over signed odd digits."""
    multiples = _odd_multiples(point)
    s_digits, k_digits = _signed_digits(s), _signed_digits(k)
    total = _NEUTRAL
    for s_digit, k_digit in zip(reversed(s_digits), reversed(k_digits)):
        total = _double(total)
        if s_digit:
            total = _add_multiple(total, _BASE_MULTIPLES, s_digit)
        if k_digit:
            total = _add_multiple(total, multiples, k_digit)
    return total


def _add_multiple(total: _Point, multiples: list[_Point], digit: int) -> _Point:
    multiple = multiples[abs(digit) >> 1]
    return _add(total, multiple if digit > 0 else _negative(multiple))


def _signed_digits(number: int) -> list[int]:
    """A number below 2^253 as 256 binary digits that are 0 or odd, from -15 to 15, few of them not 0."""
    digits = [0] * 256
    at = 0
    while number:
        zeros = (number & -number).bit_length() - 1
        number >>= zeros
        at += zeros
        digit = number & 31
        if digit > 16:
            digit -= 32
        digits[at] = digit
        number -= digit
    return digits
