"""Whether a bundle has what its scope asks for, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from ..event.envelope import Envelope
from ..event.session_chain import SessionChain
from .finding import Finding, Findings
from .manifest import Manifest
from .placed_event import PlacedEvent
from .scope import Everything, OneSession, Range, Segment


class Archived(NamedTuple):
    """What `SEGMENT_ARCHIVED` events say of events that are elsewhere."""

    events: int
    segments: list[str]


class Coverage(Protocol):
    """Counts what a scope asks for."""

    def count_unread(self, leaf: int) -> None:
        """Takes a line that is no event."""

    def stray(self, event: PlacedEvent, envelope: Envelope, chain: SessionChain) -> str | None:
        """Takes an event; says why it is not of the scope, unless it is, or explains what is absent."""

    def conclude(self, chains: Sessions, archived: Archived, found: Findings) -> None:
        """After the last event: what is absent."""


class Sessions(Protocol):
    """The sessions of a bundle, by their ids."""

    def get(self, session: str) -> SessionChain | None: ...

    def items(self) -> Iterable[tuple[str, SessionChain]]: ...


def coverage_of(manifest: Manifest) -> Coverage:
    """What counts for the scope of a bundle."""
    scope = manifest.scope
    if isinstance(scope, Everything):
        return _Leaves(0, manifest.size, f"all {manifest.size} leaves of the log")
    if isinstance(scope, Range):
        return _RangeLeaves(scope)
    return _Session(scope) if isinstance(scope, OneSession) else _Segment(scope)


class _Leaves:
    """Every leaf from `first` to `end`, exclusive."""

    def __init__(self, first: int, end: int, what: str) -> None:
        self._first = first
        self._end = end
        self._what = what
        self._count = 0

    def covers(self, leaf: int) -> bool:
        return self._first <= leaf < self._end

    def count_unread(self, leaf: int) -> None:
        self._count += self.covers(leaf)

    def stray(self, event: PlacedEvent, envelope: Envelope, chain: SessionChain) -> str | None:
        self._count += self.covers(event.leaf)
        return None

    def conclude(self, chains: Sessions, archived: Archived, found: Findings) -> None:
        wanted = self._end - self._first
        absent = wanted - self._count
        if absent <= 0:
            found.proved("completeness", self._what)
        elif absent <= archived.events:
            segments = ", ".join(archived.segments[:8])
            found.unproved("completeness", f"{absent} events are in archived segments: {segments}")
        else:
            accounted = f"archived segments account for {archived.events}"
            _report(found, f"{absent} of {wanted} events are absent, and {accounted}")


class _RangeLeaves(_Leaves):
    def __init__(self, scope: Range) -> None:
        what = f"the leaves {scope.first} to {scope.end - 1}; nothing is said of others"
        super().__init__(scope.first, scope.end, what)
        self._scope = scope
        self._newest: tuple[PlacedEvent, Envelope] | None = None

    def stray(self, event: PlacedEvent, envelope: Envelope, chain: SessionChain) -> str | None:
        if not self.covers(event.leaf):
            return None if chain.is_own else "its leaf is outside of the range"
        super().stray(event, envelope, chain)
        begins = self._newest is None
        self._newest = event, envelope
        return (
            None
            if self._is_timely(envelope) or not begins
            else "the range begins with it, and it is of another time"
        )

    def conclude(self, chains: Sessions, archived: Archived, found: Findings) -> None:
        super().conclude(chains, archived, found)
        if self._newest is None:
            return
        event, envelope = self._newest
        if not self._is_timely(envelope):
            message = "the range ends with it, and it is of another time"
            found.add(event.finding("events", "out-of-scope", message, envelope))

    def _is_timely(self, envelope: Envelope) -> bool:
        return self._scope.from_ms <= envelope.ts_unix_ms < self._scope.to_ms


class _Session:
    def __init__(self, scope: OneSession) -> None:
        self._session = scope.session

    def count_unread(self, leaf: int) -> None:
        pass

    def stray(self, event: PlacedEvent, envelope: Envelope, chain: SessionChain) -> str | None:
        return None if envelope.session_id == self._session or chain.is_own else "it is of another session"

    def conclude(self, chains: Sessions, archived: Archived, found: Findings) -> None:
        chain = chains.get(self._session)
        if chain is None:
            _report(found, f"there is no event of session {self._session}")
        elif chain.ended:
            found.proved("completeness", "the session, from its start to its end")
        else:
            found.unproved("completeness", "the session was open: its newest events may be missing")


class _Segment:
    def __init__(self, scope: Segment) -> None:
        self._before_ms = scope.before_ms

    def count_unread(self, leaf: int) -> None:
        pass

    def stray(self, event: PlacedEvent, envelope: Envelope, chain: SessionChain) -> str | None:
        is_old = chain.is_own or envelope.ts_unix_ms < self._before_ms
        return None if is_old else "it is not older than the segment"

    def conclude(self, chains: Sessions, archived: Archived, found: Findings) -> None:
        archived_sessions = [(session, chain) for session, chain in chains.items() if not chain.is_own]
        for session, chain in archived_sessions:
            if not (chain.is_whole and chain.ended):
                message = "it does not begin at seq 0 and end in `TERMINATION`"
                found.add(Finding("completeness", "missing-events", message, session=session))
        if not archived_sessions:
            _report(found, "there is no event in the segment")
        detail = (
            "each session, from its start to its end; that these are all, its `SEGMENT_ARCHIVED` event says"
        )
        found.proved("completeness", detail)


def _report(found: Findings, message: str) -> None:
    found.add(Finding("completeness", "missing-events", message))
