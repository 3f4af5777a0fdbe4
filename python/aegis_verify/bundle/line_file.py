"""A file read line by line, and hashed on the way, in bounded memory."""

from __future__ import annotations

from enum import Enum
from hashlib import sha256
from typing import Union

from .folder import open_file, unreadable

_CHUNK_BYTES = 256 * 1024


class LineFault(Enum):
    """Why there is no line to read."""

    TOO_LONG = "it is too long"
    UNENDED = "it does not end in a line feed"
    END = "the file has ended"


# A line without its line feed, or why there is none.
Line = Union[bytes, LineFault]


class LineFile:
    """Opened when it is made. Raises `Unreadable` from every method."""

    def __init__(self, path: str, max_bytes: int) -> None:
        """`max_bytes`: of the longest line, without its line feed."""
        self._path = path
        self._max_bytes = max_bytes
        self._file = open_file(path)
        self._hash = sha256()

    def next(self) -> Line:
        """The next line. After `UNENDED` comes `END`."""
        line = self._read(self._max_bytes + 1)
        if line.endswith(b"\n"):
            return line[:-1]
        if not line:
            return LineFault.END
        if len(line) <= self._max_bytes:
            return LineFault.UNENDED
        # What is too long is not kept, only passed.
        while True:
            line = self._read(_CHUNK_BYTES)
            if line.endswith(b"\n"):
                return LineFault.TOO_LONG
            if not line:
                return LineFault.UNENDED

    def finish(self) -> str:
        """SHA-256 of the file in hex, after reading what is left of it."""
        while self._read(_CHUNK_BYTES):
            pass
        self.close()
        return self._hash.hexdigest()

    def close(self) -> None:
        """Gives the file back without a hash."""
        self._file.close()

    def _read(self, most: int) -> bytes:
        try:
            line = self._file.readline(most)
        except OSError as error:
            raise unreadable(self._path, error) from error
        self._hash.update(line)
        return line
