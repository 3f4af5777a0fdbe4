"""The reader of JSON, on its own and against the one of the standard library."""

from __future__ import annotations

import json
import random
import unittest
from typing import Any

from aegis_verify.encoding.canonical import canonical_json
from aegis_verify.encoding.json_reader import JsonProblem, JsonReading, read_json

from .test_canonical import any_value


def problem_in(text: str) -> str | None:
    reading = read_json(text)
    problem = reading if isinstance(reading, JsonProblem) else reading.problem
    return None if problem is None else f"{problem.message} at {problem.at}"


class JsonReader(unittest.TestCase):
    def test_names_what_is_wrong_and_where(self) -> None:
        for text, problem in (
            ('{"a":1,"a":2}', "an object has the same key twice at 7"),
            ('{"a":1,"\\u0061":2}', "an object has the same key twice at 7"),
            ('[{"b":{"c":1,"c":1}}]', "an object has the same key twice at 13"),
            ('["\\ud800"]', "a string has half of a surrogate pair at 1"),
            ('{"\\udc00":1}', "a string has half of a surrogate pair at 1"),
            ("[" * 65 + "]" * 65, "nested too deeply at 64"),
            ("", "not valid JSON at 0"),
            ("[1,]", "not valid JSON at 3"),
            ("[1 2]", "not valid JSON at 3"),
            ("[1]]", "not valid JSON at 3"),
            ('{"a"}', "not valid JSON at 4"),
            ('{"a":}', "not valid JSON at 5"),
            ("{,}", "not valid JSON at 1"),
            ('{"a":1,}', "not valid JSON at 7"),
            ('["\t"]', "not valid JSON at 1"),
            ('["\\x"]', "not valid JSON at 1"),
            ('["\\u12"]', "not valid JSON at 1"),
            ("[.5]", "not valid JSON at 1"),
            ("[+1]", "not valid JSON at 1"),
            ("[\u00a01]", "not valid JSON at 1"),
            ("[\u0661]", "not valid JSON at 1"),
            ("[NaN]", "not valid JSON at 1"),
            ("[", "not valid JSON at 1"),
            ("nul", "not valid JSON at 0"),
        ):
            with self.subTest(text):
                self.assertEqual(problem_in(text), problem)

    def test_takes_everything_that_is_json(self) -> None:
        for text in (
            "0",
            " null ",
            "[]",
            "{}",
            "[ ]",
            '{ "a" : [ 1 , { } ] }',
            '"\\ud83d\\ude00"',
            "[" * 64 + "]" * 64,
        ):
            with self.subTest(text):
                self.assertIsNone(problem_in(text))

    def test_is_not_exhausted_by_length_or_depth(self) -> None:
        self.assertIsNone(problem_in(f'["{"x" * 1_000_000}"]'))
        self.assertIsNone(problem_in('["' + "\\n" * 200_000 + '"]'))
        self.assertEqual(problem_in("[" * 60_000 + "]" * 60_000), "nested too deeply at 64")
        self.assertEqual(problem_in("[" * 100_000 + "]" * 100_000), "not valid JSON at 65537")

    def test_agrees_with_the_standard_library_on_any_text(self) -> None:
        chance = random.Random(4)
        valid = 0
        for _ in range(6000):
            text = canonical_json(any_value(chance))
            if chance.random() < 0.7:
                at = chance.randrange(len(text))
                text = (
                    text[:at] + chance.choice('{}[],:" \t\\0.eE-+1a\x01') + text[at + chance.randrange(2) :]
                )
            expected = self.read(text)
            reading = read_json(text)
            self.assertEqual(isinstance(reading, JsonReading), expected is not None, text)
            if isinstance(reading, JsonReading) and expected is not None:
                valid += 1
                self.assertEqual(reading.value, expected[0], text)
        self.assertGreater(valid, 1500)

    @staticmethod
    def read(text: str) -> tuple[Any] | None:
        def refuse(literal: str) -> Any:
            raise ValueError(literal)

        try:
            return (json.loads(text, parse_constant=refuse, parse_int=float),)
        except ValueError:
            return None


if __name__ == "__main__":
    unittest.main()
