"""Signed texts (C2SP signed-note)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..encoding.base64 import decode_base64

MAX_NOTE_BYTES = 1024 * 1024
MAX_SIGNATURES = 64

KEY_ID_BYTES = 4

_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")
# Unicode's White_Space, and the plus that parts a key's name from its id.
_NO_NAME = re.compile("[+\x00-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ud800-\udfff]")
_LINE = re.compile("\u2014 ([^ ]+) ([^ ]+)")


class BadNote(ValueError):
    """A text that is no note, or not one that its log has signed; the message says why."""


@dataclass(frozen=True)
class Signature:
    """A signature as it stands under a note, of a key that need not be known."""

    name: str
    # In hex.
    key_id: str
    signature: bytes


@dataclass(frozen=True)
class Note:
    """A text with signatures. Nothing in it is verified."""

    # What is signed, with its final newline.
    text: str
    signatures: tuple[Signature, ...]


def is_key_name(text: str) -> bool:
    """Whether a text may name a key: not empty, without a Unicode space, a plus or a control character."""
    return text != "" and _NO_NAME.search(text) is None


def parse_note(note: str) -> Note:
    """Reads a note. Raises `BadNote`."""
    if len(note.encode()) > MAX_NOTE_BYTES:
        raise BadNote("the note is too long")
    if _CONTROL.search(note):
        raise BadNote("the note has a control character")
    text, blank, lines = note.rpartition("\n\n")
    if not blank:
        raise BadNote("no blank line stands between the text and the signatures")
    return Note(f"{text}\n", tuple(_signatures(lines)))


def _signatures(lines: str) -> list[Signature]:
    if not lines.endswith("\n"):
        raise BadNote("the signatures do not end in a newline")
    parts = lines[:-1].split("\n")
    if len(parts) > MAX_SIGNATURES:
        raise BadNote(f"more than {MAX_SIGNATURES} signatures")
    return [_signature(line, number) for number, line in enumerate(parts, 1)]


def _signature(line: str, number: int) -> Signature:
    match = _LINE.fullmatch(line)
    blob = decode_base64(match.group(2)) if match else None
    if match is None or blob is None or len(blob) <= KEY_ID_BYTES or not is_key_name(match.group(1)):
        raise BadNote(f"signature line {number} is malformed")
    return Signature(match.group(1), blob[:KEY_ID_BYTES].hex(), blob[KEY_ID_BYTES:])
