"""Text from outside, made fit for a terminal."""

from __future__ import annotations

import unicodedata

# Control, format, surrogate, private and unassigned characters, and the two line separators.
_ESCAPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def printable(text: str) -> str:
    """The text on one line, with every character escaped that is more than ink.

    SECURITY: such characters move the cursor, rename the window, turn the reading direction, or begin a line
    that nobody wrote.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escape(char) if unicodedata.category(char) in _ESCAPED else char for char in text)


def _escape(char: str) -> str:
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
