"""The order in which the rules of a session allow its events."""

from __future__ import annotations

from .call import CLOSED, FAMILIES, MOVING, Call
from .envelope import Envelope

# How many calls of one session may be without an outcome at a time.
MAX_OPEN_CALLS = 1024


class SessionOrder:
    """What the events of one session came to so far."""

    def __init__(self) -> None:
        self._started = False
        self._terminated = False
        self._calls: dict[str, Call] = {}

    def follow(self, envelope: Envelope) -> str | None:
        """Takes the next event, of which the payload is sound, or says which rule it breaks."""
        event_type = envelope.event_type
        if self._terminated:
            return f"nothing may follow `TERMINATION`, not `{event_type}`"
        if (event_type == "SESSION_STARTED") == self._started:
            if self._started:
                return "`SESSION_STARTED` comes once, at seq 0"
            return f"a session begins with `SESSION_STARTED`, not `{event_type}`"
        self._started = True
        self._terminated = event_type == "TERMINATION"
        if event_type in FAMILIES:
            return self._open(envelope)
        return self._move(envelope) if event_type in MOVING else None

    def _open(self, envelope: Envelope) -> str | None:
        call_id = envelope.payload["call_id"]
        if call_id in self._calls:
            return f"call `{call_id}` was proposed before"
        if len(self._calls) >= MAX_OPEN_CALLS:
            return f"a session has at most {MAX_OPEN_CALLS} calls without an outcome"
        self._calls[call_id] = Call(FAMILIES[envelope.event_type])
        return None

    def _move(self, envelope: Envelope) -> str | None:
        call_id = envelope.payload["call_id"]
        call = self._calls.get(call_id)
        problem = "is not open" if call is None else call.move(envelope.event_type, envelope.payload)
        if problem is not None:
            return f"`{envelope.event_type}` of call `{call_id}`: it {problem}"
        if call is not None and call.stage == CLOSED:
            del self._calls[call_id]
        return None
