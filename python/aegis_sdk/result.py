"""What came of an action."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, Optional

from .action import Action


class Status(str, Enum):
    """How an action ended.

    `SUCCESS`: it was carried out. `FAILED`: it was allowed, and failed. `BLOCKED`: policy does not allow it,
    or not yet, or what came of it is withheld. `DENIED`: a person did not approve. `SKIPPED`: not tried.
    """

    SUCCESS = "success"
    FAILED = "failed"
    BLOCKED = "blocked"
    DENIED = "denied"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Denial:
    """Why an action does not happen, as Aegis answers it."""

    code: str
    message: str
    decision_id: str
    rule: Optional[str] = None
    remedy: Optional[str] = None
    retry_after_ms: Optional[int] = None
    """After how many milliseconds the same could be allowed."""
    approval: Optional[dict[str, Any]] = None
    """Set while a person is asked: the same action, proposed again, rests on the answer."""


@dataclass(frozen=True)
class Result:
    """What came of an action."""

    status: Status
    action: Action
    value: Optional[dict[str, Any]] = None
    """What may be gone on with: masked as policy says."""
    error: Optional[str] = None
    denial: Optional[Denial] = None
    ran: bool = False
    """Whether it was carried out, also where nothing of it may be gone on with."""
    id: Optional[str] = None
    """The id under which it is recorded."""
    decision: Optional[dict[str, Any]] = None
    """In a dry run: what would be decided."""

    def __str__(self) -> str:
        what = f"{self.action.type} {self.action.target}: {self.status.value.upper()}"
        if self.denial is not None:
            return f"{what}: {self.denial.message} ({self.denial.code})"
        return what if self.error is None else f"{what}: {self.error}"


_BY_PEOPLE = frozenset({"APPROVAL_DENIED", "APPROVAL_EXPIRED"})


def refused(action: Action, denial: dict[str, Any], ran: bool = False) -> Result:
    """The result of an action that is denied."""
    status = Status.DENIED if denial["code"] in _BY_PEOPLE else Status.BLOCKED
    known = {name: denial.get(name) for name in Denial.__dataclass_fields__}
    return Result(status, action, denial=Denial(**known), ran=ran, id=denial["decision_id"])
