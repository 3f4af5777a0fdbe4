"""The folder of a bundle, and its files as the disk has them."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from typing import BinaryIO

_BUFFER_BYTES = 256 * 1024


class Unreadable(Exception):
    """The disk does not give what is to be verified; the message says what and why."""


@dataclass(frozen=True)
class Listing:
    """What lies in a folder: paths with `/`, relative to it."""

    files: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)
    # Links, devices and whatever else is neither file nor folder.
    others: set[str] = field(default_factory=set)


def list_folder(folder: str) -> Listing:
    """Lists a folder and those below it, following no link. Raises `Unreadable`."""
    listing = Listing()
    pending = [""]
    while pending:
        below = pending.pop()
        try:
            with os.scandir(os.path.join(folder, below) if below else folder) as entries:
                for entry in entries:
                    path = f"{below}/{entry.name}" if below else entry.name
                    if entry.is_dir(follow_symlinks=False):
                        listing.folders.add(path)
                        pending.append(path)
                    elif entry.is_file(follow_symlinks=False):
                        listing.files.add(path)
                    else:
                        listing.others.add(path)
        except OSError as error:
            raise unreadable(os.path.join(folder, below), error) from error
    return listing


def open_file(path: str) -> BinaryIO:
    """Opens a regular file for reading; a link is none. Raises `Unreadable`."""
    # Not waiting: a named pipe in the place of a file would never answer.
    flags = os.O_RDONLY
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY", "O_CLOEXEC"):
        flags |= getattr(os, name, 0)
    try:
        descriptor = os.open(path, flags)
        try:
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                return os.fdopen(descriptor, "rb", _BUFFER_BYTES)
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
    except OSError as error:
        raise unreadable(path, error) from error
    raise Unreadable(f"`{path}` is not a file")


def read_bounded(path: str, max_bytes: int) -> bytes | None:
    """The bytes of a file; None when it has more than `max_bytes`. Raises `Unreadable`."""
    with open_file(path) as file:
        try:
            data = file.read(max_bytes + 1)
        except OSError as error:
            raise unreadable(path, error) from error
    return data if len(data) <= max_bytes else None


def unreadable(path: str, error: OSError) -> Unreadable:
    """The reason in words for what the disk refused."""
    return Unreadable(f"cannot read `{path}`: {error.strerror or 'unknown error'}")
