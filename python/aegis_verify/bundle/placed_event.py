"""The events of a bundle with the leaves that are said to be theirs."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

from ..encoding.decimal import parse_decimal
from ..event.envelope import Envelope
from .finding import Finding, Findings
from .line_file import Line, LineFault, LineFile
from .manifest import EVENTS, LEAVES

MAX_EVENT_BYTES = 64 * 1024
MAX_LEAF_BYTES = 16


class PlacedEvent(NamedTuple):
    """A line of `events.jsonl`, and the line of `leaves` beside it."""

    # From 1.
    line: int
    leaf: int
    body: str
    hash: bytes

    def finding(self, level: str, kind: str, message: str, envelope: Envelope | None) -> Finding:
        """A finding about this event, with its place."""
        session = envelope.session_id if envelope else None
        seq = envelope.seq if envelope else None
        return Finding(level, kind, message, EVENTS, self.line, self.leaf, session, seq)


def placed_events(events: LineFile, leaves: LineFile, size: int, found: Findings) -> Iterator[PlacedEvent]:
    """Reads two files side by side; what has no place among the leaves, in rising order, is a finding."""
    newest = -1
    line = 0
    while True:
        line += 1
        event, place = events.next(), leaves.next()
        if event is LineFault.END or place is LineFault.END:
            if event is not place:
                path = LEAVES if event is LineFault.END else EVENTS
                message = f"here ends the other one of `{EVENTS}` and `{LEAVES}`"
                found.add(Finding("events", "bad-line", message, file=path, line=line))
            return
        body = _text(event, EVENTS, line, found)
        decimal = _text(place, LEAVES, line, found)
        if body is None or decimal is None or isinstance(event, LineFault):
            continue
        leaf = parse_decimal(decimal)
        if leaf is None:
            message = "it is not the number of a leaf"
            found.add(Finding("inclusion", "bad-line", message, file=LEAVES, line=line))
        elif not newest < leaf < size:
            message = "it is not a leaf after the one before"
            found.add(Finding("inclusion", "leaf-order", message, file=LEAVES, line=line))
        else:
            newest = leaf
            yield PlacedEvent(line, leaf, body, sha256(event).digest())


def _text(line: Line, path: str, number: int, found: Findings) -> str | None:
    message = "it is empty"
    if isinstance(line, LineFault):
        message = line.value
    elif line:
        try:
            return line.decode()
        except UnicodeDecodeError:
            message = "it is not UTF-8"
    found.add(Finding("events", "bad-line", message, file=path, line=number))
    return None
