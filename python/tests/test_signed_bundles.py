"""Who signed, who is believed, and what only the signer can do wrong."""

from __future__ import annotations

import unittest
from collections.abc import Sequence
from typing import Any

from aegis_verify import Anchors, Report, parse_key
from aegis_verify.encoding.canonical import canonical_json

from .bundle_case import Case, big_ledger
from .ledger import (
    INSTALLATION,
    ORIGIN,
    SEED,
    STARTED,
    TIME,
    Ledger,
    kinds,
    note,
)
from .signer import Signer


class WhatOnlyTheKeyCanDo(Case):
    """Events that are signed and chained, and yet are none."""

    def verify(self, payload: dict[str, Any], **members: Any) -> Report:
        book = Ledger()
        book.append("s", *STARTED)
        seq, prev = book.head("s")
        event: dict[str, Any] = {
            "event_type": note("n")[0],
            "payload": {**note("n")[1], **payload},
            "prev_hash": prev,
            "seq": seq,
            "session_id": "s",
            "tenant_id": "acme",
            "ts_unix_ms": TIME,
            "user_id": "ada",
            **members,
        }
        book.append_text("s", canonical_json(event))
        return book.bundle().verify()

    def test_the_event_itself_is_sound(self) -> None:
        self.assertTrue(self.verify({}).is_sound)

    def test_members_that_say_what_none_may(self) -> None:
        several: Sequence[dict[str, Any]] = (
            {"user_id": "a b"},
            {"user_id": ""},
            {"user_id": "x" * 129},
            {"ts_unix_ms": -1},
        )
        for members in several:
            with self.subTest(str(members)):
                self.assertEqual(kinds(self.verify({}, **members)), {("events", "not-an-envelope")})

    def test_payloads_that_say_what_none_may(self) -> None:
        several: Sequence[dict[str, Any]] = (
            {"more": 1},
            {"__proto__": {}},
            {"call_id": "a b"},
            {"$sealed": {"args": {"h": "ab" * 32, "n": 40}}},
            {"$sealed": {"/args": {"h": "AB" * 32, "n": 40}}},
            {"$sealed": {"/args": {"h": "ab" * 32, "n": 31}}},
            {"$sealed": []},
        )
        for payload in several:
            with self.subTest(str(payload)):
                self.assertIn(("events", "bad-payload"), kinds(self.verify(payload)))

    def test_an_order_that_no_session_has(self) -> None:
        book = Ledger()
        book.append("s", *STARTED)
        book.append("s", *STARTED)
        self.assertEqual(kinds(book.bundle().verify()), {("events", "illegal-transition")})


class Trust(Case):
    def setUp(self) -> None:
        self.book = Ledger()
        self.book.session("s")
        self.older = self.book.checkpoint()
        self.book.session("t")

    def test_a_given_key_is_believed_and_no_other(self) -> None:
        for key in (Signer(ORIGIN, b"\x05" * 32).key, Signer("aegis-0123456789ab/other", SEED).key):
            report = self.book.bundle().verify(Anchors(keys=(key,)))
            self.assertEqual(kinds(report), {("checkpoint", "bad-signature")})

    def test_an_older_checkpoint_says_which_of_the_keys_are_believed(self) -> None:
        bundle = self.book.bundle()
        report = bundle.verify(Anchors(older=self.older))
        self.assert_sound(report, consistency="pass")
        self.assertEqual(report.trust and report.trust.ground, "older_checkpoint")
        text = self.older.partition("\n\n")[0] + "\n"
        stranger = Signer(ORIGIN, b"\x05" * 32)
        report = bundle.verify(Anchors(older=f"{text}\n{stranger.note_line(text)}"))
        self.assertEqual(kinds(report), {("checkpoint", "bad-signature"), ("consistency", "bad-note")})

    def test_while_a_key_is_replaced_both_sign(self) -> None:
        bundle = self.book.bundle()
        fresh = Signer(ORIGIN, b"\x06" * 32)
        text = bundle.files["checkpoint"].decode().partition("\n\n")[0] + "\n"
        bundle.files["checkpoint"] += fresh.note_line(text).encode()
        bundle.files["keys"] += f"{fresh.key}\n".encode()
        self.assert_sound(bundle.agree().verify())
        bundle.files["checkpoint"] += fresh.note_line(text.replace("acme", "acmf")).encode()
        self.assert_found(bundle.verify(), ("checkpoint", "bad-signature"))

    def test_a_log_that_was_cut_or_forked(self) -> None:
        key = parse_key(self.book.key)
        fork = Ledger()
        fork.session("s", notes=4)
        fork.session("t")
        found = fork.bundle().verify(Anchors(keys=(key,), older=self.older))
        self.assertEqual(kinds(found), {("consistency", "forked")})
        short = Ledger()
        short.session("s")
        found = short.bundle().verify(Anchors(keys=(key,), older=self.book.checkpoint()))
        self.assertEqual(kinds(found), {("consistency", "rolled-back")})

    def test_what_cannot_be_compared_is_no_proof(self) -> None:
        book = big_ledger()
        scope = {"kind": "session", "session": "ses_44"}
        bundle = book.bundle(scope, lambda _, event: event.session == "ses_44")
        del bundle.files["tile/0/000"]
        report = bundle.agree().verify(Anchors(older=book.checkpoint(100)))
        self.assertEqual(kinds(report), {("consistency", "missing-tile")})

    def test_the_checkpoint_of_another_log_is_none_of_this(self) -> None:
        whole = Signer(INSTALLATION, SEED)
        text = f"{INSTALLATION}\n1\n{'A' * 43}=\n"
        report = self.book.bundle().verify(
            Anchors(keys=(parse_key(self.book.key),), older=f"{text}\n{whole.note_line(text)}")
        )
        self.assertEqual(kinds(report), {("consistency", "bad-note")})


if __name__ == "__main__":
    unittest.main()
