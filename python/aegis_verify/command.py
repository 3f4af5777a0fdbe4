"""The command line."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from typing import NoReturn

from .bundle.anchors import Anchors
from .bundle.folder import Unreadable, unreadable
from .bundle.join import verify_joined
from .bundle.verify import verify_bundle
from .encoding.printable import printable
from .log.key import Algorithm, BadKey, VerifierKey, parse_key
from .report_json import report_json
from .report_text import report_text

EXIT_SOUND = 0
EXIT_UNREADABLE = 5
EXIT_DAMAGED = 6

_MAX_NOTE_FILE_BYTES = 4 * 1024 * 1024

# Seconds between two lines of progress.
_INTERVAL = 0.2

_EPILOG = """Exits with 0 when nothing is wrong, with 6 when anything is, with 2 when it was called in a wrong
way, and with 5 when there is nothing that can be read."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and answers its exit code."""
    # What a terminal cannot show is escaped, not an error.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    parser = _parser()
    given = parser.parse_args(arguments)
    keys = _keys(parser, "--key", given.key, Algorithm.ED25519)
    witnesses = _keys(parser, "--witness", given.witness, Algorithm.ED25519_COSIGNATURE)
    progress = _Progress()
    try:
        older = None if given.since is None else _read_note(given.since)
        anchors = Anchors(tuple(keys), older, tuple(witnesses))
        if given.segment:
            report = verify_joined(given.bundle, given.segment, anchors, progress.show)
        else:
            report = verify_bundle(given.bundle, anchors, progress.show)
    except Unreadable as error:
        sys.stderr.write(f"error: {printable(str(error))}\n")
        return EXIT_UNREADABLE
    finally:
        progress.end()
    sys.stdout.write(f"{report_json(report)}\n" if given.json else report_text(report))
    return EXIT_SOUND if report.is_sound else EXIT_DAMAGED


def run() -> NoReturn:
    """Runs the command and ends the program: the door of a single file made with `zipapp`."""
    sys.exit(main())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="aegis_verify",
        description="Verifies a bundle that `aegis ledger export` has written, from its folder alone.",
        epilog=_EPILOG,
        allow_abbrev=False,
    )
    parser.add_argument("bundle", metavar="BUNDLE", help="the folder of the bundle")
    parser.add_argument(
        "--segment",
        metavar="FOLDER",
        action="append",
        default=[],
        help="an archived segment of the same log, to be verified with the bundle as one; can be given several"
        " times",
    )
    parser.add_argument(
        "--key",
        metavar="VKEY",
        action="append",
        default=[],
        help="a key of the log that is believed, and no other; can be given several times",
    )
    parser.add_argument(
        "--witness",
        metavar="VKEY",
        action="append",
        default=[],
        help="a witness that must have cosigned; can be given several times",
    )
    parser.add_argument(
        "--since",
        metavar="NOTE",
        help="file with an older checkpoint of the same log, kept elsewhere: the log must extend it",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    return parser


def _keys(
    parser: argparse.ArgumentParser, option: str, texts: Sequence[str], algorithm: Algorithm
) -> list[VerifierKey]:
    keys: list[VerifierKey] = []
    for text in texts:
        try:
            key = parse_key(text.strip())
        except BadKey as error:
            parser.error(f"{option}: {error}")
        if key.algorithm is not algorithm:
            of_log = key.algorithm is Algorithm.ED25519
            parser.error(f"{option}: the key is one of {'a log' if of_log else 'a witness'}")
        keys.append(key)
    return keys


def _read_note(path: str) -> str:
    try:
        with open(path, "rb") as file:
            data = file.read(_MAX_NOTE_FILE_BYTES + 1)
        if len(data) > _MAX_NOTE_FILE_BYTES:
            raise Unreadable(f"`{path}` is too large")
        return data.decode()
    except OSError as error:
        raise unreadable(path, error) from error
    except UnicodeDecodeError:
        raise Unreadable(f"`{path}` is not UTF-8") from None


class _Progress:
    """How far a long work has come: one line on standard error, where that is a terminal."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty()
        self._began = self._last = time.monotonic()

    def show(self, count: int, of: int) -> None:
        now = time.monotonic()
        if not self._is_shown or now - self._last < _INTERVAL:
            return
        self._last = now
        rate = round(count / max(now - self._began, 0.001))
        sys.stderr.write(f"\r\x1b[K{count} of {of} events checked, {rate} per second")
        sys.stderr.flush()

    def end(self) -> None:
        if self._is_shown:
            sys.stderr.write("\r\x1b[K")
