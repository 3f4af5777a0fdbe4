"""The report for a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

from .bundle.finding import Finding
from .bundle.manifest import Manifest
from .bundle.report import Report
from .bundle.scope import OneSession, Range, Segment
from .encoding.printable import printable


def report_text(report: Report) -> str:
    """The report in lines. SECURITY: text of the bundle is printed with its control characters escaped."""
    return "".join(f"{printable(line)}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    if report.manifest is not None:
        yield f"bundle of {_scope(report.manifest)}"
    rate = f", {round(report.events / report.seconds)} per second" if report.seconds > 0 else ""
    yield f"{report.events} events in {report.sessions} sessions checked{rate}"
    for level, result in report.levels.items():
        yield f"  {level:<13}{result.state.replace('_', ' '):<13}{result.detail}"
    if report.is_sound:
        yield "bundle: INTACT"
        yield from _segments(report)
        yield from _trust(report)
        return
    yield f"bundle: DAMAGED, {report.finding_count} findings"
    for finding in report.findings:
        yield f"  {finding.kind}, {_place(finding)}: {finding.message}"
    if len(report.findings) < report.finding_count:
        yield f"  and {report.finding_count - len(report.findings)} more"
    yield from _segments(report)


def _segments(report: Report) -> Iterator[str]:
    for one in report.segments or []:
        state = "INTACT" if one.is_sound else f"DAMAGED, {one.finding_count} findings"
        yield f"segment {one.folder}: {state}, {one.events} events in {one.sessions} sessions"


def _trust(report: Report) -> Iterator[str]:
    """SECURITY: a bundle that brings its own keys proves nothing about who wrote it, and a person has to be
    told.
    """
    trust, manifest = report.trust, report.manifest
    if trust is None or manifest is None or trust.ground != "first_use":
        return
    yield "the key is the one in the bundle; it proves the rest when it is the right one."
    yield "Compare it, or give it with --key:"
    for key in trust.keys:
        if key.name == manifest.names.origin:
            yield f"  {key}"


def _scope(manifest: Manifest) -> str:
    log = f"of tenant {manifest.tenant}, the log {manifest.names.origin} with {manifest.size} leaves"
    scope = manifest.scope
    if isinstance(scope, OneSession):
        return f"session {scope.session} {log}"
    if isinstance(scope, Range):
        return f"{_time(scope.from_ms)} to {_time(scope.to_ms)} {log}"
    if isinstance(scope, Segment):
        return f"archived segment {scope.segment}, before {_time(scope.before_ms)}, {log}"
    return f"everything {log}"


def _time(milliseconds: int) -> str:
    try:
        moment = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return f"{milliseconds} ms"
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _place(finding: Finding) -> str:
    parts: list[str] = [] if finding.file is None else [finding.file]
    for name, number in (("line", finding.line), ("leaf", finding.leaf)):
        if number is not None:
            parts.append(f"{name} {number}")
    if finding.session is not None:
        parts.append(f"session {finding.session}")
    if finding.seq is not None:
        parts.append(f"seq {finding.seq}")
    return " ".join(parts) or "the whole bundle"
