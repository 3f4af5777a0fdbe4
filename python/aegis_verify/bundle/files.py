"""The files of a bundle, each read once and held against its hash on the way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import sha256

from .finding import Finding, Findings
from .folder import list_folder, read_bounded
from .line_file import LineFile
from .manifest import UNLISTED_FILES, Manifest

_MAX_SCHEMA_BYTES = 1024 * 1024


class BundleFiles:
    """What `bundle.json` names, as far as the folder has it.

    SECURITY: a path is opened only when the format knows it and the folder has it as a regular file.
    """

    def __init__(self, folder: str, manifest: Manifest, found: Findings) -> None:
        self._folder = folder
        self._named = manifest.files
        self._found = found
        self._listing = list_folder(folder)
        self._compare()

    @property
    def count(self) -> int:
        return len(self._listing.files)

    def paths(self) -> Iterator[str]:
        """The paths that `bundle.json` names and the folder has."""
        return (path for path in self._named if path in self._listing.files)

    def is_named(self, path: str) -> bool:
        return path in self._named

    def read(self, path: str, max_bytes: int) -> bytes | None:
        """The bytes of a file, also of a changed one; None when it is not there or too large."""
        if path not in self._listing.files:
            return None
        data = read_bounded(self._place(path), max_bytes)
        if data is None:
            self._report("bad-file", path, f"it is larger than {max_bytes} bytes")
        else:
            self.compare_hash(path, sha256(data).hexdigest())
        return data

    def lines(self, path: str, max_line_bytes: int) -> LineFile | None:
        """Opens a file to be read line by line; None when it is not there."""
        if path not in self._listing.files:
            return None
        return LineFile(self._place(path), max_line_bytes)

    def compare_hash(self, path: str, file_hash: str) -> None:
        if self._named.get(path, file_hash) != file_hash:
            self._report("changed-file", path, "it does not have the hash that bundle.json names")

    def verify_schemas(self) -> None:
        """Reads what no proof needs."""
        for path in self.paths():
            if path.startswith("schema/"):
                self.read(path, _MAX_SCHEMA_BYTES)

    def _compare(self) -> None:
        files, folders, others = self._listing.files, self._listing.folders, self._listing.others
        expected = {*self._named, *UNLISTED_FILES}
        for path in sorted(expected - files - others):
            self._report("missing-file", path, "it is not there")
        for path in sorted(files - expected):
            self._report("unexpected-file", path, "it does not belong to the bundle")
        for path in sorted(others):
            self._report("bad-file", path, "it is not a regular file")
        parents = {parent for path in expected for parent in _parents(path)}
        for path in sorted(folders - parents):
            self._report("unexpected-file", f"{path}/", "it does not belong to the bundle")

    def _report(self, kind: str, path: str, message: str) -> None:
        self._found.add(Finding("hashes", kind, message, file=path))

    def _place(self, path: str) -> str:
        return os.path.join(self._folder, *path.split("/"))


def _parents(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]
