"""Sound bundles of every scope, and what may be absent from them."""

from __future__ import annotations

import unittest
from typing import Any

from aegis_verify import Anchors, parse_key
from aegis_verify.log.key import Algorithm
from aegis_verify.log.tile import TILE_HASHES

from .bundle_case import Case, big_ledger
from .ledger import (
    INSTALLATION,
    OWN,
    SEED,
    TIME,
    Ledger,
    archived,
    erased,
)
from .signer import Signer


class SoundBundles(Case):
    book: Ledger

    @classmethod
    def setUpClass(cls) -> None:
        cls.book = big_ledger()

    def test_everything_with_a_key_and_an_older_checkpoint(self) -> None:
        size = len(self.book.events)
        self.assertGreater(size, 2 * TILE_HASHES)
        for older in (1, 255, 256, 257, 300, 512, size - 1, size):
            anchors = Anchors(keys=(parse_key(self.book.key),), older=self.book.checkpoint(older))
            report = self.book.bundle().verify(anchors)
            self.assert_sound(report, consistency="pass")
            self.assertEqual((report.events, report.sessions), (size, 45))
            self.assertEqual(report.trust and report.trust.ground, "given")

    def test_without_a_key_it_is_said_that_nobody_vouches_for_it(self) -> None:
        report = self.book.bundle().verify()
        self.assert_sound(report)
        self.assertEqual(report.trust and report.trust.ground, "first_use")

    def test_the_key_of_the_installation_counts_for_its_tenants(self) -> None:
        whole = Signer(INSTALLATION, SEED).key
        self.assert_sound(self.book.bundle().verify(Anchors(keys=(whole,))))

    def test_one_session(self) -> None:
        scope = {"kind": "session", "session": "ses_4"}
        bundle = self.book.bundle(scope, lambda _, event: event.session == "ses_4")
        self.assert_sound(bundle.verify())

    def test_an_open_session_is_not_said_to_be_complete(self) -> None:
        scope = {"kind": "session", "session": "ses_44"}
        bundle = self.book.bundle(scope, lambda _, event: event.session == "ses_44")
        self.assert_sound(bundle.verify(), completeness="not_checked")

    def test_a_range_begins_in_the_middle_of_a_session(self) -> None:
        scope = {"kind": "range", "first": 5, "end": 300, "from_ms": TIME + 5, "to_ms": TIME + 300}
        bundle = self.book.bundle(scope, lambda leaf, _: 5 <= leaf < 300)
        report = bundle.verify()
        self.assert_sound(report)
        self.assertIn("1 of them from where the range begins", report.levels["chain"].detail)

    def test_a_segment(self) -> None:
        scope = {"kind": "segment", "segment": "seg_1", "before_ms": TIME + 10_000}
        bundle = self.book.bundle(scope, lambda _, event: event.session in ("ses_1", "ses_7"))
        self.assert_sound(bundle.verify())

    def test_no_more_tiles_than_are_needed(self) -> None:
        scope = {"kind": "session", "session": "ses_44"}
        bundle = self.book.bundle(scope, lambda _, event: event.session == "ses_44")
        for path in ("tile/0/000", "tile/0/001"):
            del bundle.files[path]
        self.assert_sound(bundle.agree().verify(), completeness="not_checked")

    def test_without_values(self) -> None:
        bundle = self.book.bundle()
        del bundle.files["blobs.jsonl"]
        self.assert_sound(bundle.agree().verify(), values="not_checked")

    def test_witnesses(self) -> None:
        witness = Signer("witness.example/w1", b"\x07" * 32, Algorithm.ED25519_COSIGNATURE)
        bundle = self.book.bundle()
        self.assert_found(
            bundle.verify(Anchors(witnesses=(witness.key,))), ("witnesses", "missing-cosignature")
        )
        note_text = bundle.files["checkpoint"].decode()
        text = note_text.partition("\n\n")[0] + "\n"
        bundle.files["checkpoint"] = (note_text + witness.cosignature_line(text, 1)).encode()
        self.assert_sound(bundle.verify(Anchors(witnesses=(witness.key,))), witnesses="pass")
        bad = witness.cosignature_line(text.replace("acme", "acmf"), 1)
        bundle.files["checkpoint"] = (note_text + bad).encode()
        self.assert_found(bundle.verify(Anchors(witnesses=(witness.key,))), ("witnesses", "bad-signature"))


class Absence(Case):
    def test_what_was_erased_on_record_may_be_absent(self) -> None:
        book = Ledger()
        book.session("s")
        gone = [value for event in book.events for value in event.values]
        self.assertEqual(len(gone), 2)
        self.assert_found(book.bundle(without=gone).verify(), ("values", "value-missing"))
        book.append("own", *OWN)
        book.append("own", *erased(*gone))
        report = book.bundle(without=gone).verify()
        self.assert_sound(report)
        self.assertIn("2 erased on record", report.levels["values"].detail)
        scope = {"kind": "session", "session": "s"}
        self.assert_sound(book.bundle(scope, without=gone).verify())

    def test_archived_events_are_told_apart_from_lost_ones(self) -> None:
        book = Ledger()
        book.session("old", notes=1)
        count = len(book.events)
        book.append("own", *OWN)
        book.append("own", *archived(count))
        kept = book.bundle(chosen=lambda _, event: event.session == "own")
        self.assert_sound(kept.verify(), completeness="not_checked")
        book.session("more")
        kept = book.bundle(chosen=lambda _, event: event.session == "own")
        self.assert_found(kept.verify(), ("completeness", "missing-events"))

    def test_another_session_does_not_belong_to_one(self) -> None:
        book = Ledger()
        book.session("s")
        book.session("t")
        self.assert_found(
            book.bundle({"kind": "session", "session": "s"}).verify(), ("events", "out-of-scope")
        )
        self.assert_found(
            book.bundle({"kind": "session", "session": "u"}).verify(), ("completeness", "missing-events")
        )

    def test_a_segment_has_whole_old_sessions(self) -> None:
        book = Ledger()
        book.session("s")
        book.session("open", ends=False)
        scope: dict[str, Any] = {"kind": "segment", "segment": "seg_1", "before_ms": TIME + 1000}
        self.assert_found(book.bundle(scope).verify(), ("completeness", "missing-events"))
        beheaded = book.bundle(scope, lambda leaf, event: event.session == "s" and leaf > 0)
        self.assert_found(beheaded.verify(), ("completeness", "missing-events"), ("chain", "missing-start"))
        young = book.bundle({**scope, "before_ms": TIME + 2}, lambda _, event: event.session == "s")
        self.assert_found(young.verify(), ("events", "out-of-scope"))
        empty = book.bundle(scope, lambda leaf, event: False)
        self.assert_found(empty.verify(), ("completeness", "missing-events"))

    def test_a_range_has_its_leaves_and_its_time(self) -> None:
        book = Ledger()
        book.session("s", notes=20)
        scope: dict[str, Any] = {
            "kind": "range",
            "first": 2,
            "end": 9,
            "from_ms": TIME + 2,
            "to_ms": TIME + 9,
        }
        self.assert_sound(book.bundle(scope, lambda leaf, _: 2 <= leaf < 9).verify())
        hole = book.bundle(scope, lambda leaf, _: 2 <= leaf < 9 and leaf != 5)
        self.assert_found(hole.verify(), ("completeness", "missing-events"), ("chain", "chain-gap"))
        more = book.bundle(scope, lambda leaf, _: 2 <= leaf < 10)
        self.assert_found(more.verify(), ("events", "out-of-scope"))
        for time in ({"from_ms": TIME + 3}, {"to_ms": TIME + 8}):
            late = book.bundle({**scope, **time}, lambda leaf, _: 2 <= leaf < 9)
            self.assert_found(late.verify(), ("events", "out-of-scope"))


if __name__ == "__main__":
    unittest.main()
