"""A governed action of a session, from its proposal to its outcome."""

from __future__ import annotations

from dataclasses import dataclass

from ..encoding.json_value import JsonObject

# How far a call has come.
PROPOSED, DECIDED, ALLOWED, EXECUTED, CLOSED = "proposed", "decided", "allowed", "executed", "closed"

FAMILIES = {"TOOL_CALL_PROPOSED": "tool", "ACCESS_PROPOSED": "access"}

_FAMILY_OF = {
    "TOOL_CALL_ALLOWED": "tool",
    "TOOL_CALL_DENIED": "tool",
    "TOOL_CALL_EXECUTED": "tool",
    "TOOL_RESULT": "tool",
    "ACCESS_ALLOWED": "access",
    "ACCESS_DENIED": "access",
    "ACCESS_RESULT": "access",
}

# The events that move a call on: from which stage, and to which.
_MOVES = {
    "POLICY_DECISION": (PROPOSED, DECIDED),
    "APPROVAL_REQUESTED": (DECIDED, DECIDED),
    "APPROVAL_DECIDED": (DECIDED, DECIDED),
    "TOOL_CALL_ALLOWED": (DECIDED, ALLOWED),
    "ACCESS_ALLOWED": (DECIDED, ALLOWED),
    "TOOL_CALL_DENIED": (DECIDED, CLOSED),
    "ACCESS_DENIED": (DECIDED, CLOSED),
    "TOOL_CALL_EXECUTED": (ALLOWED, EXECUTED),
    "TOOL_RESULT": (EXECUTED, CLOSED),
    "ACCESS_RESULT": (ALLOWED, CLOSED),
}

MOVING = frozenset(_MOVES)


@dataclass
class Call:
    """A call without an outcome."""

    family: str
    stage: str = PROPOSED
    # On what ground it may be allowed now: the word that its `*_ALLOWED` event must carry. `ask`: only after
    # a person was asked. `asked`: a person has not answered yet. `none`: it may only be denied.
    ground: str = "none"

    def move(self, event_type: str, payload: JsonObject) -> str | None:
        """Takes the call to where an event brings it, or says which rule that would break."""
        before, after = _MOVES[event_type]
        if _FAMILY_OF.get(event_type, self.family) != self.family:
            return f"is of the {self.family} family"
        if (
            event_type == "TOOL_RESULT"
            and self.stage == ALLOWED
            and payload["outcome"] in ("failed", "unknown")
        ):
            # A call that never ran has no execution to report: it failed, or nobody knows.
            before = ALLOWED
        if self.stage != before:
            return f"is {self.stage}, not {before}"
        asked = _ground_asked(event_type, payload)
        # INVARIANT: an action is allowed only on the ground that its decision gave.
        if asked is not None and asked != self.ground:
            return f"may be allowed on the ground `{self.ground}`, not `{asked}`"
        self.stage = after
        self.ground = _ground_given(event_type, payload) or self.ground
        return None


def _ground_asked(event_type: str, payload: JsonObject) -> str | None:
    if event_type == "APPROVAL_REQUESTED":
        return "ask"
    if event_type == "APPROVAL_DECIDED":
        return "asked"
    if event_type in ("TOOL_CALL_ALLOWED", "ACCESS_ALLOWED"):
        return str(payload["decision"])
    return None


def _ground_given(event_type: str, payload: JsonObject) -> str | None:
    if event_type == "POLICY_DECISION":
        if payload["effect"] == "allow":
            return "allow"
        if payload["mode"] == "shadow":
            return "shadow"
        return "ask" if payload["effect"] == "require_approval" else "none"
    if event_type == "APPROVAL_REQUESTED":
        return "asked"
    if event_type == "APPROVAL_DECIDED":
        return "approved" if payload["approved"] else "none"
    return None
