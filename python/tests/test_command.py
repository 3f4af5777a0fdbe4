"""The command line, as a person and a program meet it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipapp
from collections.abc import Sequence
from pathlib import Path

import aegis_verify
from aegis_verify.bundle.finding import LEVELS
from aegis_verify.encoding.printable import printable
from aegis_verify.log.key import Algorithm

from .ledger import STARTED, Ledger, note
from .signer import Signer

PACKAGE = Path(aegis_verify.__file__).parent


def run(*command: str, cwd: str = str(PACKAGE.parent)) -> subprocess.CompletedProcess[str]:
    """Runs Python to its end."""
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def verify(*arguments: str) -> subprocess.CompletedProcess[str]:
    return run("-W", "error", "-m", "aegis_verify", *arguments)


class Command(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.book = Ledger()
        self.book.session("s")
        self.bundle = str(self.book.bundle().write(self.folder / "bundle"))

    def file(self, name: str, text: str) -> str:
        place = self.folder / name
        place.write_text(text, "utf-8")
        return str(place)

    def test_a_sound_bundle_ends_with_0(self) -> None:
        done = verify(
            self.bundle, "--key", self.book.key, "--since", self.file("older", self.book.checkpoint(2))
        )
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("bundle: INTACT", done.stdout)
        self.assertIn("the log extends the checkpoint of 2 leaves", done.stdout)

    def test_without_a_key_a_person_is_told(self) -> None:
        done = verify(self.bundle)
        self.assertEqual(done.returncode, 0)
        self.assertIn(self.book.key, done.stdout)

    def test_damage_ends_with_6(self) -> None:
        os.unlink(Path(self.bundle, "keys"))
        done = verify(self.bundle)
        self.assertEqual(done.returncode, 6)
        self.assertIn("missing-file, keys: it is not there", done.stdout)

    def test_a_wrong_call_ends_with_2(self) -> None:
        witness = Signer("w", b"\x01" * 32, Algorithm.ED25519_COSIGNATURE).key
        calls: Sequence[Sequence[str]] = (
            [],
            [self.bundle, "more"],
            [self.bundle, "--nothing"],
            [self.bundle, "--js"],
            [self.bundle, "--key", "x"],
            [self.bundle, "--key", str(witness)],
            [self.bundle, "--witness", self.book.key],
            [self.bundle, "--since"],
        )
        for arguments in calls:
            with self.subTest(arguments):
                self.assertEqual(verify(*arguments).returncode, 2)

    def test_what_cannot_be_read_ends_with_5(self) -> None:
        binary = self.folder / "binary"
        binary.write_bytes(b"\xff")
        calls: Sequence[Sequence[str]] = (
            [str(self.folder / "nothing")],
            [str(self.folder)],
            [str(Path(self.bundle, "keys"))],
            [self.bundle, "--since", str(self.folder / "nothing")],
            [self.bundle, "--since", str(self.folder)],
            [self.bundle, "--since", str(binary)],
        )
        for arguments in calls:
            with self.subTest(arguments):
                done = verify(*arguments)
                self.assertEqual((done.returncode, done.stdout), (5, ""))
                self.assertRegex(done.stderr, "^error: ")

    def test_json_has_one_line_and_every_level(self) -> None:
        done = verify(self.bundle, "--json")
        report = json.loads(done.stdout)
        self.assertEqual(done.stdout.count("\n"), 1)
        self.assertEqual(tuple(report["levels"]), LEVELS)
        self.assertEqual(
            (report["intact"], report["bundle"], report["tenant"], report["size"], report["scope"]),
            (True, self.bundle, "acme", len(self.book.events), {"kind": "all"}),
        )
        self.assertEqual((report["events"], report["sessions"]), (len(self.book.events), 1))
        self.assertEqual((report["findings"], report["findingCount"]), ([], 0))
        self.assertEqual(report["trust"]["ground"], "first_use")
        self.assertIn(self.book.key, report["trust"]["keys"])

    def test_json_names_places(self) -> None:
        bundle = self.book.bundle()
        bundle.edit_event(6, lambda event: event["payload"].update(more=1))
        report = json.loads(verify(str(bundle.write(self.folder / "damaged")), "--json").stdout)
        self.assertFalse(report["intact"])
        place = {"file": "events.jsonl", "line": 7, "leaf": 6, "session": "s", "seq": 6}
        self.assertIn({**place, "level": "events", "kind": "bad-payload"}.items(), Subset(report["findings"]))

    def test_names_of_the_bundle_are_never_printed_as_they_are(self) -> None:
        evil = "a\x1b]0;owned\x07\x9b31m\u202e\u2028\x7f\nlast line"
        bundle = self.book.bundle()
        bundle.edit_event(5, lambda event: event.update(session_id=evil))
        folder = bundle.write(self.folder / "evil")
        (folder / "\x1b[2Jx\u202e").write_bytes(b"")
        for options in ([], ["--json"]):
            done = verify(str(folder), *options)
            self.assertEqual(done.returncode, 6)
            for char in done.stdout:
                self.assertTrue(
                    char == "\n" or (char.isprintable() and char not in "\u202e\u2028"), repr(char)
                )
        self.assertIn(
            "\\x1b]0;owned\\x07\\x9b31m\\u202e\\u2028\\x7f\\x0alast line", verify(str(folder)).stdout
        )

    def test_runs_where_the_folder_lies_alone_and_as_one_file(self) -> None:
        alone = self.folder / "alone"
        skip = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PACKAGE, alone / "aegis_verify", ignore=skip)
        one = self.folder / "aegis-verify.pyz"
        zipapp.create_archive(alone, one, main="aegis_verify.command:run")
        for place in (str(alone / "aegis_verify"), str(one)):
            for options in ([], ["-I"]):
                with self.subTest(place, options=options):
                    done = run(*options, place, self.bundle, cwd="/")
                    self.assertEqual((done.returncode, done.stderr), (0, ""))
                    self.assertEqual(run(*options, place, str(self.folder), cwd="/").returncode, 5)


class Printable(unittest.TestCase):
    def test_ink_stays_and_everything_else_is_escaped(self) -> None:
        self.assertEqual(printable("Grüße, 世界 😀"), "Grüße, 世界 😀")
        self.assertEqual(
            printable("\x00\t\x7f\x85\u200f\ud800\U000e0001"), "\\x00\\x09\\x7f\\x85\\u200f\\ud800\\U000e0001"
        )


class Memory(unittest.TestCase):
    @unittest.skipUnless(sys.platform == "linux", "memory is measured in /proc")
    def test_does_not_grow_with_the_events(self) -> None:
        peaks = [self.peak(count) for count in (2_000, 24_000)]
        # All these events have 5 MB.
        self.assertLess(peaks[1] - peaks[0], 2_000_000)

    @staticmethod
    def peak(count: int) -> int:
        book = Ledger()
        book.append("s", *STARTED)
        for number in range(count):
            book.append("s", *note(f"note {number}"))
        code = (
            "import re, sys; from aegis_verify import verify_bundle;"
            "assert verify_bundle(sys.argv[1]).is_sound;"
            "print(re.search('VmHWM:\\s+([0-9]+) kB', open('/proc/self/status').read()).group(1))"
        )
        with tempfile.TemporaryDirectory() as folder:
            book.bundle().write(Path(folder))
            return int(run("-c", code, folder).stdout) * 1024


class Subset:
    """A list of objects, one of which has given members."""

    def __init__(self, objects: Sequence[dict[str, object]]) -> None:
        self._objects = objects

    def __contains__(self, members: object) -> bool:
        return any(members <= one.items() for one in self._objects)  # type: ignore[operator]


if __name__ == "__main__":
    unittest.main()
