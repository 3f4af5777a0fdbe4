"""What the tests of bundles have in common."""

from __future__ import annotations

import unittest

from aegis_verify import Report

from .ledger import (
    Ledger,
    kinds,
)

PROVED = {
    "hashes": "pass",
    "events": "pass",
    "chain": "pass",
    "inclusion": "pass",
    "completeness": "pass",
    "checkpoint": "pass",
    "consistency": "not_checked",
    "witnesses": "not_checked",
    "values": "pass",
}


def states(report: Report) -> dict[str, str]:
    return {level: result.state for level, result in report.levels.items()}


def big_ledger() -> Ledger:
    """Two full tiles of leaves and a partial one."""
    book = Ledger()
    for number in range(45):
        book.session(f"ses_{number}", notes=6, ends=number != 44)
    return book


class Case(unittest.TestCase):
    def assert_sound(self, report: Report, **others: str) -> None:
        self.assertEqual([f"{one.kind}: {one.message}" for one in report.findings], [])
        self.assertEqual(states(report), {**PROVED, **others})

    def assert_found(self, report: Report, *expected: tuple[str, str]) -> None:
        self.assertFalse(report.is_sound)
        for one in expected:
            self.assertIn(one, kinds(report))
