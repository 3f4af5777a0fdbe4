"""Bundles damaged in every way."""

from __future__ import annotations

import os
import random
import tempfile
import unittest
from pathlib import Path

from aegis_verify import Unreadable, verify_bundle

from .bundle_case import Case, big_ledger, states
from .forgeries import FORGERIES, MANIFESTS, replace
from .ledger import (
    ENDED,
    STARTED,
    Bundle,
    Ledger,
    kinds,
    note,
)


class DamagedBundles(Case):
    sound: Bundle

    @classmethod
    def setUpClass(cls) -> None:
        cls.sound = big_ledger().bundle()

    def test_every_file_flipped_cut_emptied_and_missing(self) -> None:
        paths = sorted(self.sound.copy().files)
        chance = random.Random(7)
        for path in paths:
            for name, damage in (
                ("flipped", lambda data: self.flipped(data, chance)),
                ("cut", lambda data: data[:-1]),
                ("longer", lambda data: data + b"\n"),
                ("empty", lambda data: b""),
                ("other", lambda data: chance.randbytes(300)),
            ):
                bundle = self.sound.copy()
                bundle.files[path] = damage(bundle.files[path])
                with self.subTest(path, damage=name):
                    self.assertFalse(bundle.verify().is_sound)
            bundle = self.sound.copy()
            del bundle.files[path]
            with self.subTest(path, damage="missing"):
                if path == "bundle.json":
                    self.assertRaises(Unreadable, bundle.verify)
                else:
                    self.assert_found(bundle.verify(), ("hashes", "missing-file"))

    @staticmethod
    def flipped(data: bytes, chance: random.Random) -> bytes:
        at = chance.randrange(len(data))
        return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]

    def test_forgeries(self) -> None:
        self.assertEqual(self.sound.claims["size"], 584)
        for name, damage, expected in FORGERIES:
            bundle = self.sound.copy()
            damage(bundle)
            with self.subTest(name):
                self.assert_found(bundle.verify(), expected)

    def test_what_is_no_manifest(self) -> None:
        for name, old, new in MANIFESTS:
            bundle = self.sound.copy()
            replace("bundle.json", old, new)(bundle)
            with self.subTest(name):
                report = bundle.verify()
                self.assertEqual(kinds(report), {("hashes", "bad-manifest")})
                self.assertEqual(set(states(report).values()), {"fail", "not_checked"})

    def test_what_does_not_belong_into_the_folder(self) -> None:
        for path in ("events.jsonl~", "tile/0/009", "notes/readme.md", "schema/MORE.json", ".DS_Store"):
            with tempfile.TemporaryDirectory() as folder:
                self.sound.copy().write(Path(folder))
                place = Path(folder, path)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(b"x")
                report = verify_bundle(folder)
            self.assertIn(path, [one.file for one in report.findings if one.kind == "unexpected-file"])

    @unittest.skipUnless(hasattr(os, "mkfifo"), "the system has no links and pipes of this kind")
    def test_a_link_or_a_pipe_is_no_file(self) -> None:
        for path in ("keys", "events.jsonl", "tile/0/000", "schema/TERMINATION.json", "checkpoint"):
            for make in (lambda place: os.symlink("/dev/zero", place), os.mkfifo):
                with tempfile.TemporaryDirectory() as folder:
                    self.sound.copy().write(Path(folder))
                    place = os.path.join(folder, path)
                    os.unlink(place)
                    make(place)
                    report = verify_bundle(folder)
                self.assertIn(path, [one.file for one in report.findings if one.kind == "bad-file"])
        for make in (lambda place: os.symlink("/etc/passwd", place), os.mkfifo):
            with tempfile.TemporaryDirectory() as folder:
                make(os.path.join(folder, "bundle.json"))
                self.assertRaises(Unreadable, verify_bundle, folder)

    def test_files_without_end_are_not_read_to_their_end(self) -> None:
        for path, length, expected in (
            ("checkpoint", 1024 * 1024 + 1, ("hashes", "bad-file")),
            ("tile/0/000", 8193, ("hashes", "bad-file")),
            ("schema/TERMINATION.json", 1024 * 1024 + 1, ("hashes", "bad-file")),
            ("events.jsonl", 65_537, ("events", "bad-line")),
            ("leaves", 17, ("events", "bad-line")),
        ):
            bundle = self.sound.copy()
            bundle.files[path] = b"1" * length
            with self.subTest(path):
                self.assert_found(bundle.agree().verify(), expected)

    def test_an_event_as_long_as_it_may_be(self) -> None:
        book = Ledger()
        book.append("s", *STARTED)
        room = 65_536 - len(book.append("s", *note("")).body)
        for more, is_sound in ((0, True), (1, False)):
            other = Ledger()
            other.append("s", *STARTED)
            other.append("s", *note("x" * (room + more)))
            other.append("s", *ENDED)
            self.assertIs(other.bundle().verify().is_sound, is_sound)

    def test_any_bytes_anywhere_are_no_error(self) -> None:
        chance = random.Random(8)
        paths = sorted(self.sound.copy().files)
        for _ in range(120):
            bundle = self.sound.copy()
            path = chance.choice(paths)
            data = bytearray(bundle.files[path])
            at = chance.randrange(len(data) + 1)
            data[at : at + chance.randrange(9)] = chance.randbytes(chance.randrange(9))
            is_changed = bytes(data) != bundle.files[path]
            bundle.files[path] = bytes(data)
            # Whoever may write bundle.json may write another schema: it is no part of any proof.
            if path != "bundle.json" and chance.random() < 0.5:
                bundle.agree()
                is_changed = is_changed and not path.startswith("schema/")
            self.assertIs(bundle.verify().is_sound, not is_changed, path)


if __name__ == "__main__":
    unittest.main()
