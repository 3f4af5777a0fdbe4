"""Canonical JSON against the shared vectors and against itself."""

from __future__ import annotations

import json
import random
import struct
import unittest
from typing import Any

from aegis_verify.encoding.canonical import NoCanonicalForm, canonical_json
from aegis_verify.encoding.json_reader import JsonProblem, JsonReading, read_json
from aegis_verify.encoding.number import number_of, number_text
from aegis_verify.event.body import Body, read_body

from .shared_vectors import shared_vectors

VECTORS = shared_vectors("canonical-json")

# Characters that something is special about: escaped, half of a pair, at the end of a plane, beyond the first
# one.
CHARACTERS = 'ab\x00\x1f"\\/\n\x7f\x80é\u2028\ud7ff\ue000\uffff\U00010000\U0010ffff'
NUMBERS = (0, -1, 1.5, 1e-7, 1e21, 1e16, 123456789012345680000, -0.0, 5e-324, 2**53, 0.1, 1e300)


def value_of(reading: object) -> Any:
    assert isinstance(reading, JsonReading)
    return reading.value


def any_value(chance: random.Random, depth: int = 4) -> Any:
    kind = chance.randrange(6 if depth else 4)
    if kind == 0:
        return chance.choice((None, True, False))
    if kind == 1:
        return chance.choice(NUMBERS)
    if kind < 4:
        return any_text(chance)
    if kind == 4:
        return [any_value(chance, depth - 1) for _ in range(chance.randrange(4))]
    return {any_text(chance): any_value(chance, depth - 1) for _ in range(chance.randrange(5))}


def any_text(chance: random.Random) -> str:
    return "".join(chance.choices(CHARACTERS, k=chance.randrange(4)))


class CanonicalJson(unittest.TestCase):
    def test_values_of_the_vectors(self) -> None:
        for vector in VECTORS["values"]:
            with self.subTest(vector["name"]):
                self.assertEqual(canonical_json(value_of(read_json(vector["json"]))), vector["want"])

    def test_numbers_of_the_vectors(self) -> None:
        for vector in VECTORS["numbers"]:
            (double,) = struct.unpack(">d", bytes.fromhex(vector["ieee754"]))
            with self.subTest(vector["want"]):
                self.assertEqual(canonical_json([double]), f"[{vector['want']}]")

    def test_what_the_vectors_refuse(self) -> None:
        for vector in VECTORS["refused"]:
            with self.subTest(vector["name"]), self.assertRaises(NoCanonicalForm):
                canonical_json(value_of(read_json(vector["json"])))

    def test_every_double_reads_back_as_itself(self) -> None:
        chance = random.Random(1)
        for _ in range(20_000):
            (double,) = struct.unpack(">d", chance.randbytes(8))
            if double == double and abs(double) != float("inf"):
                self.assertEqual(float(number_text(double)), double)
                self.assertEqual(number_text(number_of(repr(double))), number_text(double))

    def test_is_a_fixed_point(self) -> None:
        chance = random.Random(2)
        for _ in range(2000):
            text = canonical_json(any_value(chance))
            reading = read_json(text)
            self.assertIsNone(reading.problem if isinstance(reading, JsonReading) else "no JSON")
            self.assertEqual(canonical_json(value_of(reading)), text)


class BodyText(unittest.TestCase):
    def test_the_fast_way_agrees_with_the_careful_one(self) -> None:
        chance = random.Random(3)
        canonical = 0
        for _ in range(6000):
            text = self.any_spelling(chance)
            reading = read_json(text)
            body = read_body(text)
            if isinstance(reading, JsonProblem):
                self.assertIsInstance(body, JsonProblem, text)
                continue
            assert isinstance(body, Body)
            self.assertEqual(body.value, reading.value)
            self.assertEqual(body.is_canonical, self.is_canonical(text, reading.value), text)
            canonical += body.is_canonical
        self.assertGreater(canonical, 1000)

    def test_no_other_spelling_is_canonical(self) -> None:
        for text in (
            '{"b":1,"a":2}',
            '{"a":1,"a":1}',
            '{"a": 1}',
            "[1.0]",
            "[1e2]",
            "[-0]",
            "[01]",
            "[12345678901234567890]",
            "[1e16]",
            '["\\u0061"]',
            '["\\u001F"]',
            '["\\/"]',
            '["\\ud83d\\ude00"]',
            '["\\ud800"]',
            "[NaN]",
            "[Infinity]",
            '{"\uffff":1,"\U00010000":2}',
            "[" * 65 + "]" * 65,
            "\ufeff[]",
            "[]\n",
        ):
            body = read_body(text)
            with self.subTest(text):
                self.assertFalse(isinstance(body, Body) and body.is_canonical)

    def test_a_text_that_is_nested_without_end_is_read_and_refused(self) -> None:
        body = read_body("[" * 32_000 + "]" * 32_000)
        self.assertTrue(isinstance(body, Body) and not body.is_canonical)

    @staticmethod
    def is_canonical(text: str, value: Any) -> bool:
        try:
            return canonical_json(value) == text
        except NoCanonicalForm:
            return False

    @staticmethod
    def any_spelling(chance: random.Random) -> str:
        value = any_value(chance)
        way = chance.randrange(4)
        if way == 0:
            return json.dumps(value, ensure_ascii=chance.random() < 0.5)
        text = canonical_json(value)
        if way == 1:
            at = chance.randrange(len(text))
            return text[:at] + chance.choice('{}[],:" \\0e-\x01é') + text[at + chance.randrange(2) :]
        return text


if __name__ == "__main__":
    unittest.main()
