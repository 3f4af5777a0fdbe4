"""Sealed values, held against the commitments of the events, both in the same order."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Callable, NamedTuple

from ..encoding.base64 import decode_base64
from ..event.envelope import Envelope, commitments_of
from .finding import Finding, Findings
from .line_file import LineFault, LineFile
from .manifest import BLOBS, EVENTS
from .placed_event import PlacedEvent

MAX_VALUE_BYTES = 96 * 1024 * 1024

_LINE = re.compile(rb'\{"b":"([A-Za-z0-9+/=]*)","h":"([0-9a-f]{64})"\}')


class _Value(NamedTuple):
    line: int
    hash: str
    data: bytes


class ValueCheck:
    """Reads `blobs.jsonl` beside the events."""

    def __init__(self, file: LineFile, found: Findings) -> None:
        self._file = file
        self._found = found
        self._line = 0
        self._values = 0
        # Where a commitment without a value stands.
        self._absent: dict[str, tuple[int, int, str, int]] = {}
        self._ahead: _Value | None = self._read()

    def next(self, event: PlacedEvent, envelope: Envelope) -> None:
        """Takes the values of an event."""
        for commitment in commitments_of(envelope):
            value = self._ahead
            if value is None or value.hash != commitment.hash:
                place = event.line, event.leaf, envelope.session_id, envelope.seq
                self._absent[commitment.hash] = place
                continue
            self._values += 1
            if len(value.data) != commitment.length or sha256(value.data).hexdigest() != commitment.hash:
                message = f"the value in line {value.line} of {BLOBS} is not the one that was committed to"
                self._found.add(event.finding("values", "value-mismatch", message, envelope))
            self._ahead = self._read()

    def end(self, was_erased: Callable[[str], bool]) -> None:
        """After the last event: what is absent must be erased on record, and nothing may be left over."""
        if self._ahead is not None:
            message = "no event has a commitment to it in this place"
            self._found.add(Finding("values", "value-unexpected", message, file=BLOBS, line=self._ahead.line))
        erased = 0
        for blob_hash, place in self._absent.items():
            if was_erased(blob_hash):
                erased += 1
                continue
            message = f"the sealed value {blob_hash} is not there, and no event says that it was erased"
            self._found.add(Finding("values", "value-missing", message, EVENTS, *place))
        on_record = f", {erased} erased on record" if erased else ""
        self._found.proved("values", f"{self._values} values{on_record}")

    def _read(self) -> _Value | None:
        while True:
            self._line += 1
            line = self._file.next()
            if line is LineFault.END:
                return None
            match = None if isinstance(line, LineFault) else _LINE.fullmatch(line)
            data = decode_base64(match.group(1).decode()) if match else None
            if match is not None and data is not None:
                return _Value(self._line, match.group(2).decode(), data)
            message = "it is not a sealed value in its canonical form"
            self._found.add(Finding("values", "bad-line", message, file=BLOBS, line=self._line))
