"""Public keys with a name: the vkey of C2SP signed-note."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from hashlib import sha256

from ..encoding.base64 import decode_base64, encode_base64
from .note import KEY_ID_BYTES, is_key_name

PUBLIC_KEY_BYTES = 32


class BadKey(ValueError):
    """A text that is no key; the message says why."""


class Algorithm(Enum):
    """What a key signs, by the identifier byte of C2SP signed-note."""

    # The text of a note.
    ED25519 = 0x01
    # What a witness says of it.
    ED25519_COSIGNATURE = 0x04


@dataclass(frozen=True)
class VerifierKey:
    """A key that signatures are verified with."""

    # The origin of the log, or the name of the witness.
    name: str
    algorithm: Algorithm
    public_key: bytes

    @property
    def key_id(self) -> str:
        """Eight hex digits: a name for the key, not a hash that binds it."""
        typed = bytes([self.algorithm.value]) + self.public_key
        return sha256(f"{self.name}\n".encode() + typed).digest()[:KEY_ID_BYTES].hex()

    def under(self, name: str) -> VerifierKey:
        """The same public key under another name."""
        return VerifierKey(name, self.algorithm, self.public_key)

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id}+{encode_base64(bytes([self.algorithm.value]) + self.public_key)}"


def parse_key(text: str) -> VerifierKey:
    """Reads `name+id+base64(algorithm || public key)`. Raises `BadKey`."""
    # Base64 may itself have a plus, a name may not.
    name, _, rest = text.partition("+")
    key_id, _, material = rest.partition("+")
    typed = decode_base64(material)
    if not is_key_name(name) or not typed:
        raise BadKey("not a key: it looks like `name+1a2b3c4d+base64`")
    algorithm = _algorithm(typed[0])
    if algorithm is None:
        raise BadKey(f"no known algorithm: {typed[0]}")
    if len(typed) != 1 + PUBLIC_KEY_BYTES:
        raise BadKey(f"an Ed25519 public key has {PUBLIC_KEY_BYTES} bytes")
    key = VerifierKey(name, algorithm, typed[1:])
    if key.key_id != key_id:
        raise BadKey(f"the id of this name and key is `{key.key_id}`")
    return key


def _algorithm(identifier: int) -> Algorithm | None:
    return next((known for known in Algorithm if known.value == identifier), None)
