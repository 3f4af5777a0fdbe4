"""Base64 of RFC 4648, section 4, in its one canonical spelling."""

from __future__ import annotations

import binascii


def encode_base64(data: bytes) -> str:
    """Base64 of bytes, padded."""
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def decode_base64(text: str) -> bytes | None:
    """The bytes of a base64 text; None when it is not exactly what `encode_base64` gives for them.

    SECURITY: one text for the same bytes, so that nobody can respell a signed text and keep its meaning.
    """
    try:
        data = binascii.a2b_base64(text)
    except ValueError:
        return None
    return data if encode_base64(data) == text else None
