"""The chain of one session, read event by event."""

from __future__ import annotations

from typing import NamedTuple

from .envelope import Envelope, payload_fault
from .session_order import SessionOrder
from .shape import DIGEST


class EventProblem(NamedTuple):
    """Why an event does not continue its session."""

    level: str
    kind: str
    message: str


class SessionChain:
    """Where a session's events end so far, and what they came to."""

    __slots__ = ("_hash", "_next_seq", "_order", "begins_later", "ended", "is_own", "is_whole")

    def __init__(self, first: Envelope, may_begin_later: bool) -> None:
        """`may_begin_later`: the session may have begun before its first event here."""
        self.begins_later = may_begin_later and first.seq > 0
        # Whether its start is here.
        self.is_whole = first.seq == 0
        # Whether it is a session of Aegis itself, as its first event says.
        starts = first.event_type == "SESSION_STARTED" and not self.begins_later
        self.is_own = starts and first.payload.get("door") == "aegis"
        # Whether its last event was reached.
        self.ended = False
        self._next_seq = first.seq if self.begins_later else 0
        self._hash: str | None = first.prev_hash if self.begins_later else None
        # None when what came before is not known, or cannot be judged by.
        self._order: SessionOrder | None = None if self.begins_later else SessionOrder()

    def follow(self, envelope: Envelope, event_hash: str, damaged: bool) -> EventProblem | None:
        """Takes the next event, or says what is wrong with it. `damaged`: it was already found wrong by
        itself.
        """
        if self.ended:
            return EventProblem("chain", "out-of-order", "it stands after `TERMINATION`")
        problem = self._place(envelope)
        if problem is None and not damaged:
            problem = self._judge(envelope)
        if problem is not None or damaged:
            self._order = None
        # An event out of order does not move the chain back: those after it are judged by the furthest place
        # reached.
        if envelope.seq >= self._next_seq:
            self._next_seq = envelope.seq + 1
            self._hash = event_hash
        if problem is None and envelope.event_type == "TERMINATION":
            self.ended = True
            # Nothing more is asked of it, and there may be very many.
            self._order = self._hash = None
        return problem

    def _place(self, envelope: Envelope) -> EventProblem | None:
        seq, expected = envelope.seq, self._next_seq
        if seq < expected:
            return EventProblem("chain", "out-of-order", f"seq {seq} stands after seq {expected - 1}")
        if seq > expected:
            kind = "chain-gap" if expected else "missing-start"
            missing = f"seq {expected} is" if seq == expected + 1 else f"seq {expected} to {seq - 1} are"
            return EventProblem("chain", kind, f"{missing} missing")
        names_one = envelope.prev_hash is not None and DIGEST.fullmatch(envelope.prev_hash) is not None
        if envelope.prev_hash != self._hash or names_one != (seq > 0):
            message = "it was not sealed on the event that stands before it"
            return EventProblem("chain", "prev-mismatch", message)
        return None

    def _judge(self, envelope: Envelope) -> EventProblem | None:
        fault = payload_fault(envelope)
        if fault is not None:
            return EventProblem("events", "bad-payload", fault)
        broken = self._order and self._order.follow(envelope)
        return EventProblem("events", "illegal-transition", broken) if broken else None
