"""Judgement of the events of a bundle, one after the other."""

from __future__ import annotations

from ..encoding.json_reader import JsonProblem
from ..event.body import read_body
from ..event.envelope import Envelope, envelope_fault, envelope_of
from ..event.session_chain import SessionChain
from .coverage import Archived, coverage_of
from .finding import Findings
from .manifest import Manifest
from .placed_event import PlacedEvent
from .scope import Range


class EventCheck:
    """What the events are, their order, and that they are of the scope."""

    def __init__(self, manifest: Manifest, found: Findings) -> None:
        self._tenant = manifest.tenant
        self._found = found
        self._coverage = coverage_of(manifest)
        self._may_begin_later = isinstance(manifest.scope, Range)
        self._chains: dict[str, SessionChain] = {}
        self._erased: set[str] = set()
        self._archived_events = 0
        self._segments: list[str] = []

    @property
    def sessions(self) -> int:
        return len(self._chains)

    def was_erased(self, blob_hash: str) -> bool:
        """Whether an event says that the value with this hash was erased."""
        return blob_hash in self._erased

    def next(self, event: PlacedEvent) -> Envelope | None:
        """Judges the next event; None when the line is no event."""
        body = read_body(event.body)
        envelope = None if isinstance(body, JsonProblem) else envelope_of(body.value)
        damaged = isinstance(body, JsonProblem) or not body.is_canonical
        if damaged:
            self._report(event, "not-canonical", "the body is not canonical JSON", envelope)
        if envelope is None:
            if not isinstance(body, JsonProblem):
                self._report(event, "not-an-envelope", "the body is not an event envelope", None)
            self._coverage.count_unread(event.leaf)
            return None
        fault = envelope_fault(envelope)
        if fault is not None:
            self._report(event, "not-an-envelope", fault, envelope)
        self._place(event, envelope, damaged or fault is not None)
        return envelope

    def _place(self, event: PlacedEvent, envelope: Envelope, damaged: bool) -> None:
        chain = self._chains.get(envelope.session_id)
        if chain is None:
            chain = SessionChain(envelope, self._may_begin_later)
            self._chains[envelope.session_id] = chain
        problem = chain.follow(envelope, event.hash.hex(), damaged)
        if problem is not None:
            self._found.add(event.finding(problem.level, problem.kind, problem.message, envelope))
        strayed = self._coverage.stray(event, envelope, chain)
        if strayed is not None:
            self._report(event, "out-of-scope", strayed, envelope)
        if envelope.tenant_id != self._tenant:
            self._report(event, "wrong-tenant", "it is of another tenant than the bundle", envelope)
        self._remember(envelope)

    def _remember(self, envelope: Envelope) -> None:
        """Keeps what explains absence. An event that was found wrong counts, too: one damage is told once."""
        payload = envelope.payload
        if envelope.event_type == "DATA_ERASED" and isinstance(payload.get("hashes"), list):
            self._erased.update(one for one in payload["hashes"] if isinstance(one, str))
        elif envelope.event_type == "SEGMENT_ARCHIVED" and type(payload.get("events")) is int:
            self._archived_events += payload["events"]
            self._segments.append(str(payload.get("segment")))

    def conclude(self) -> None:
        """After the last event: what is absent, and what was proved unless something was found."""
        self._coverage.conclude(self._chains, Archived(self._archived_events, self._segments), self._found)
        later = sum(chain.begins_later for chain in self._chains.values())
        begun = f", {later} of them from where the range begins" if later else ""
        self._found.proved("chain", f"{self.sessions} sessions{begun}")

    def _report(self, event: PlacedEvent, kind: str, message: str, envelope: Envelope | None) -> None:
        self._found.add(event.finding("events", kind, message, envelope))
