"""The report for a program: the members that `aegis ledger verify --bundle --json` has."""

from __future__ import annotations

import json
import os
from typing import Any

from .bundle.finding import Finding
from .bundle.report import Report
from .bundle.scope import Segment

_CLAIMS = ("tenant", "origin", "size", "root", "scope")


def report_json(report: Report) -> str:
    """One line of JSON in ASCII: whatever stands in the bundle, no control character of it is printed."""
    members: dict[str, Any] = {
        "intact": report.is_sound,
        "bundle": os.path.abspath(report.folder),
        "bundle_sha256": report.sha256,
    }
    if report.manifest is not None:
        members.update((name, report.manifest.claims[name]) for name in _CLAIMS)
    members.update(
        events=report.events,
        sessions=report.sessions,
        levels={level: vars(result) for level, result in report.levels.items()},
        findings=[_finding(finding) for finding in report.findings],
        findingCount=report.finding_count,
    )
    if report.segments is not None:
        members["segments"] = [_segment(segment) for segment in report.segments]
    if report.trust is not None:
        members["trust"] = {"ground": report.trust.ground, "keys": [str(key) for key in report.trust.keys]}
    members["seconds"] = report.seconds
    return json.dumps(members).replace("\x7f", "\\u007f")


def _segment(report: Report) -> dict[str, Any]:
    scope = report.manifest.scope if report.manifest is not None else None
    members: dict[str, Any] = {"bundle": os.path.abspath(report.folder), "bundle_sha256": report.sha256}
    if isinstance(scope, Segment):
        members["segment"] = scope.segment
    members.update(
        intact=report.is_sound,
        events=report.events,
        sessions=report.sessions,
        findings=[_finding(finding) for finding in report.findings],
        findingCount=report.finding_count,
    )
    return members


def _finding(finding: Finding) -> dict[str, Any]:
    return {name: value for name, value in vars(finding).items() if value is not None}
