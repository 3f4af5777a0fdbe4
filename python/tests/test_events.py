"""Envelopes, payloads against schema/events, chains against the shared vectors, and the order of events."""

from __future__ import annotations

import json
import unittest
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from aegis_verify.encoding.canonical import canonical_json
from aegis_verify.event.body import Body, read_body
from aegis_verify.event.envelope import Envelope, commitments_of, envelope_fault, envelope_of
from aegis_verify.event.payloads import PAYLOADS
from aegis_verify.event.schema import shape_of
from aegis_verify.event.session_chain import SessionChain
from aegis_verify.event.session_order import MAX_OPEN_CALLS, SessionOrder

from . import ledger
from .ledger import ENDED, STARTED, Ledger, allowed, decided, executed, note, proposed, result
from .make_payloads import described, payloads_file
from .shared_vectors import shared_vectors


def envelope(text: str) -> Envelope:
    body = read_body(text)
    assert isinstance(body, Body)
    read = envelope_of(body.value)
    assert read is not None
    return read


class EventTypes(unittest.TestCase):
    def test_the_payloads_are_those_of_the_schemas(self) -> None:
        with open(payloads_file(), encoding="utf-8") as file:
            copy = json.load(file)
        self.assertEqual(copy, described(), "`python3 -m tests.make_payloads` makes a new copy")

    def test_a_schema_that_says_more_is_not_taken_for_one_that_says_less(self) -> None:
        for schema in (
            {},
            {"type": "null"},
            {"type": ["string", "null"]},
            {"type": "string", "minLength": 1},
            {"type": "string", "pattern": "a"},
            {"type": "integer", "exclusiveMinimum": 0},
            {"type": "object", "properties": {}},
            {"type": "object", "properties": {}, "additionalProperties": {"type": "string"}},
            {"type": "array", "items": {"anyOf": []}},
        ):
            with self.subTest(str(schema)), self.assertRaises(ValueError):
                shape_of(schema)

    def test_bounds(self) -> None:
        cases: Sequence[tuple[dict[str, Any], Sequence[Any], Sequence[Any]]] = (
            ({"type": "number", "minimum": 0, "maximum": 1}, (0, 0.5, 1), (-0.1, 1.1, True, "1", None)),
            ({"type": "integer", "minimum": 1, "maximum": 5}, (1, 5), (0, 6, 1.5, True, "1")),
            ({"type": "string", "pattern": "^a$"}, ("a",), ("", "aa", "a\n", "\na", 1)),
            ({"type": "string", "pattern": "^\\/"}, ("/", "/a\n"), ("", "a/", 1)),
            ({"type": "string", "enum": ["a"]}, ("a",), ("b", ["a"], None)),
            (
                {"type": "array", "items": {"type": "boolean"}, "minItems": 1, "maxItems": 2},
                ([True],),
                ([], [1], [True] * 3, {}),
            ),
        )
        for schema, good, bad in cases:
            shape = shape_of(schema)
            for value in good:
                self.assertIsNone(shape.fault(value), value)
            for value in bad:
                self.assertIsNotNone(shape.fault(value), value)

    def test_an_envelope_is_what_the_schemas_say(self) -> None:
        book = Ledger()
        book.append("s", *STARTED)
        good = json.loads(book.append("s", *note("n")).body)
        self.assertIsNone(envelope_fault(envelope(canonical_json(good))))
        for change, is_envelope in (
            ({"extra": 1}, False),
            ({"seq": "1"}, False),
            ({"tenant_id": []}, False),
            ({"seq": True}, False),
            ({"seq": 1.5}, False),
            ({"payload": []}, False),
            ({"event_type": "NOTHING"}, False),
            ({"prev_hash": None}, False),
            ({"user_id": 1}, False),
            ({"user_id": ""}, True),
            ({"user_id": "a b"}, True),
            ({"user_id": "a\n"}, True),
            ({"session_id": "x" * 129}, True),
            ({"seq": -1}, True),
            ({"ts_unix_ms": -1}, True),
        ):
            with self.subTest(str(change)):
                read = envelope_of({**good, **change})
                self.assertEqual(read is not None, is_envelope)
                if read is not None:
                    self.assertIsNotNone(envelope_fault(read))
        for name in good:
            if name != "prev_hash":
                self.assertIsNone(envelope_of({key: value for key, value in good.items() if key != name}))

    def test_a_payload_says_nothing_else(self) -> None:
        record = PAYLOADS["TOOL_CALL_EXECUTED"]
        good = {"call_id": "c", "duration_ms": 1.5, "upstream": "result"}
        self.assertIsNone(record.fault(good))
        commitment = {"h": "ab" * 32, "n": 40}
        self.assertIsNone(record.fault({**good, "$sealed": {"/a": commitment, "/": commitment}}))
        for change, place in (
            ({"call_id": "c\n"}, "call_id"),
            ({"duration_ms": -1}, "duration_ms"),
            ({"duration_ms": True}, "duration_ms"),
            ({"upstream": "gone"}, "upstream"),
            ({"result_hash": "AB" * 32}, "result_hash"),
            ({"more": 1}, "more"),
            ({"__proto__": {}}, "__proto__"),
            ({"$sealed": []}, "$sealed"),
            ({"$sealed": {"a": commitment}}, "$sealed.a"),
            ({"$sealed": {"/a": {**commitment, "n": 31}}}, "$sealed./a.n"),
            ({"$sealed": {"/a": {**commitment, "m": 1}}}, "$sealed./a.m"),
            ({"$sealed": {"/a": {"h": "ab" * 32}}}, "$sealed./a.n"),
        ):
            with self.subTest(str(change)):
                self.assertEqual(record.fault({**good, **change}), place)


class Chain(unittest.TestCase):
    def test_the_chain_of_the_vectors(self) -> None:
        vectors = shared_vectors("chain")
        chain: SessionChain | None = None
        prev_hash: str | None = None
        for seq, entry in enumerate(vectors["entries"]):
            body = read_body(entry["body"])
            self.assertTrue(isinstance(body, Body) and body.is_canonical)
            read = envelope(entry["body"])
            self.assertIsNone(envelope_fault(read))
            self.assertEqual((read.seq, read.prev_hash, read.event_type), (seq, prev_hash, entry["type"]))
            prev_hash = sha256(entry["body"].encode()).hexdigest()
            self.assertEqual(prev_hash, entry["hash"])
            blobs = [bytes.fromhex(blob["bytes"]) for blob in entry["blobs"]]
            committed = {(sha256(blob).hexdigest(), len(blob)) for blob in blobs}
            self.assertEqual(set(commitments_of(read)), committed)
            chain = chain or SessionChain(read, may_begin_later=False)
            self.assertIsNone(chain.follow(read, entry["hash"], damaged=False))

    def test_an_event_that_does_not_continue_its_session_is_found(self) -> None:
        book = Ledger()
        book.session("s", notes=4)
        events = [envelope(event.body) for event in book.events]
        hashes = [event.hash for event in book.events]
        count = len(events)
        for order, kinds in (
            (range(count), []),
            ([0, 1, 3], ["chain-gap"]),
            ([1, 2], ["missing-start"]),
            ([0, 2, 1], ["chain-gap", "out-of-order"]),
            ([0, 1, 1], ["out-of-order"]),
            ([*range(count), count - 1], ["out-of-order"]),
        ):
            chain = SessionChain(events[list(order)[0]], may_begin_later=False)
            found = [chain.follow(events[at], hashes[at], damaged=False) for at in order]
            self.assertEqual([problem.kind for problem in found if problem], kinds)

    def test_a_session_that_began_earlier_is_judged_from_there(self) -> None:
        book = Ledger()
        book.session("s")
        chain = SessionChain(envelope(book.events[2].body), may_begin_later=True)
        for event in book.events[2:]:
            self.assertIsNone(chain.follow(envelope(event.body), event.hash, damaged=False))
        self.assertTrue(chain.begins_later and chain.ended and not chain.is_whole)

    def test_a_session_that_began_earlier_names_the_event_before(self) -> None:
        book = Ledger()
        book.session("s")
        first = envelope(book.events[2].body)
        for prev_hash, is_named in (
            (first.prev_hash, True),
            (None, False),
            ("zz", False),
            ("AB" * 32, False),
        ):
            changed = first._replace(prev_hash=prev_hash)
            problem = SessionChain(changed, may_begin_later=True).follow(changed, "ab" * 32, damaged=False)
            self.assertEqual(problem is None, is_named)

    def test_another_event_before_it_is_found(self) -> None:
        book = Ledger()
        book.session("s")
        chain = SessionChain(envelope(book.events[0].body), may_begin_later=False)
        chain.follow(envelope(book.events[0].body), "00" * 32, damaged=False)
        problem = chain.follow(envelope(book.events[1].body), book.events[1].hash, damaged=False)
        self.assertEqual(problem and problem.kind, "prev-mismatch")


Draft = tuple[str, dict[str, Any]]
ASKED: Draft = ("APPROVAL_REQUESTED", {"call_id": "c"})
APPROVED: Draft = ("APPROVAL_DECIDED", {"call_id": "c", "approved": True, "by": "ada"})
REFUSED: Draft = ("APPROVAL_DECIDED", {"call_id": "c", "approved": False, "by": "ada"})
DENIED: Draft = ("TOOL_CALL_DENIED", {"call_id": "c", "code": "POLICY_DENY", "message": "no"})
ACCESS: Draft = ("ACCESS_PROPOSED", {"call_id": "c"})
ACCESS_ALLOWED: Draft = ("ACCESS_ALLOWED", {"call_id": "c", "decision": "allow"})
ACCESS_RESULT: Draft = ("ACCESS_RESULT", {"call_id": "c", "outcome": "executed"})

LEGAL: Sequence[tuple[str, list[Draft]]] = (
    ("a call that ran", [proposed("c"), decided("c"), allowed("c"), executed("c"), result("c")]),
    ("a call that failed before it ran", [proposed("c"), decided("c"), allowed("c"), result("c", "failed")]),
    ("a call of which nobody knows", [proposed("c"), decided("c"), allowed("c"), result("c", "unknown")]),
    ("a denied call", [proposed("c"), decided("c", "deny"), DENIED]),
    ("an allowed call that is denied all the same", [proposed("c"), decided("c"), DENIED]),
    (
        "an approved call",
        [proposed("c"), decided("c", "require_approval"), ASKED, APPROVED, allowed("c", "approved")],
    ),
    ("a refused call", [proposed("c"), decided("c", "require_approval"), ASKED, REFUSED, DENIED]),
    ("a shadow", [proposed("c"), decided("c", "deny", "shadow"), allowed("c", "shadow")]),
    ("an id that comes again", [proposed("c"), decided("c"), DENIED, proposed("c")]),
    ("two calls at a time", [proposed("c"), proposed("d"), decided("d"), decided("c")]),
    ("an access", [ACCESS, decided("c"), ACCESS_ALLOWED, ACCESS_RESULT]),
    (
        "events that may stand anywhere",
        [proposed("c"), note("n"), ledger.archived(1), ledger.erased("ab" * 32)],
    ),
)
ILLEGAL: Sequence[tuple[str, list[Draft]]] = (
    ("a second start", [STARTED]),
    ("anything after the end", [ENDED, note("n")]),
    ("a call twice", [proposed("c"), proposed("c")]),
    ("a decision about nothing", [decided("c")]),
    ("two decisions", [proposed("c"), decided("c"), decided("c")]),
    ("allowed without a decision", [proposed("c"), allowed("c")]),
    ("denied without a decision", [proposed("c"), DENIED]),
    ("allowed against the decision", [proposed("c"), decided("c", "deny"), allowed("c")]),
    ("allowed while it should be asked", [proposed("c"), decided("c", "require_approval"), allowed("c")]),
    (
        "approved by nobody",
        [proposed("c"), decided("c", "require_approval"), ASKED, allowed("c", "approved")],
    ),
    (
        "approved against the person",
        [proposed("c"), decided("c", "require_approval"), ASKED, REFUSED, allowed("c", "approved")],
    ),
    ("asked without need", [proposed("c"), decided("c"), ASKED]),
    ("an answer to no question", [proposed("c"), decided("c", "require_approval"), APPROVED]),
    ("run without being allowed", [proposed("c"), decided("c"), executed("c")]),
    ("a result of what did not run", [proposed("c"), decided("c"), allowed("c"), result("c")]),
    ("a result of what was not allowed", [proposed("c"), decided("c"), result("c", "failed")]),
    ("two results", [proposed("c"), decided("c"), allowed("c"), executed("c"), result("c"), result("c")]),
    ("the event of another family", [ACCESS, decided("c"), allowed("c")]),
    ("an access with the result of a call", [ACCESS, decided("c"), ACCESS_ALLOWED, result("c", "failed")]),
)


class Order(unittest.TestCase):
    def test_legal(self) -> None:
        for name, drafts in LEGAL:
            with self.subTest(name):
                self.assertIsNone(self.follow([STARTED, *drafts]))

    def test_illegal(self) -> None:
        for name, drafts in ILLEGAL:
            with self.subTest(name):
                self.assertIsNone(self.follow([STARTED, *drafts[:-1]]))
                self.assertIsNotNone(self.follow([STARTED, *drafts]))
        self.assertIsNotNone(self.follow([note("a session begins with its start")]))

    def test_calls_without_an_outcome_are_bounded(self) -> None:
        many = [proposed(f"c{number}") for number in range(MAX_OPEN_CALLS + 1)]
        self.assertIsNone(self.follow([STARTED, *many[:-1]]))
        self.assertIsNotNone(self.follow([STARTED, *many]))

    @staticmethod
    def follow(drafts: Sequence[Draft]) -> str | None:
        order = SessionOrder()
        for event_type, payload in drafts:
            problem = order.follow(Envelope(event_type, payload, None, 0, "s", "t", 0, "u"))
            if problem is not None:
                return problem
        return None


if __name__ == "__main__":
    unittest.main()
