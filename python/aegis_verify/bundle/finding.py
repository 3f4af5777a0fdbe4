"""What a verification finds wrong, and what it proves."""

from __future__ import annotations

from dataclasses import dataclass

# What can be proved of a bundle, in the order in which it is told.
LEVELS = (
    "hashes",
    "events",
    "chain",
    "inclusion",
    "completeness",
    "checkpoint",
    "consistency",
    "witnesses",
    "values",
)

# The most findings that are held; the others are only counted.
MAX_FINDINGS = 1000


@dataclass(frozen=True)
class Finding:
    """One thing wrong with a bundle, and where. What is unknown or does not apply is None."""

    level: str
    kind: str
    # In words: lower case, without a final period. May hold names from the bundle: it is printed with care.
    message: str
    # Path within the bundle, or what was given beside it.
    file: str | None = None
    # From 1.
    line: int | None = None
    leaf: int | None = None
    session: str | None = None
    seq: int | None = None


@dataclass(frozen=True)
class LevelResult:
    """How a level ended: `pass`, `fail`, or `not_checked` when nothing was found and nothing is proved."""

    state: str
    detail: str


class Findings:
    """Gathers what is found, and what was proved."""

    def __init__(self) -> None:
        self.list: list[Finding] = []
        self.count = 0
        self._first: dict[str, str] = {}
        self._results: dict[str, LevelResult] = {}

    def add(self, finding: Finding) -> None:
        self.count += 1
        self._first.setdefault(finding.level, finding.message)
        if len(self.list) < MAX_FINDINGS:
            self.list.append(finding)

    def proved(self, level: str, detail: str) -> None:
        """A level was looked at to its end: unless something was found it holds."""
        self._results[level] = LevelResult("pass", detail)

    def unproved(self, level: str, detail: str) -> None:
        """A level was not looked at, or says nothing."""
        self._results[level] = LevelResult("not_checked", detail)

    def levels(self) -> dict[str, LevelResult]:
        """How every level ended, in order."""
        return {level: self._result(level) for level in LEVELS}

    def _result(self, level: str) -> LevelResult:
        if level in self._first:
            return LevelResult("fail", self._first[level])
        return self._results.get(level) or LevelResult("not_checked", "not reached")
