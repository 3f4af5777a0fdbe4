"""Govern the actions of an agent's own code through an Aegis daemon. Python 3.9 or newer, nothing else.

    runtime = AegisRuntime("http://127.0.0.1:8080", token)
    result = await runtime.run_one(Action("delete", "database"))
"""

from .action import Action
from .async_runtime import AegisRuntime
from .client import AegisClient
from .errors import AegisRequestError
from .http import Daemon
from .plan import PlanResult, Rollback, Step
from .result import Denial, Result, Status
from .runtime import SyncRuntime
from .verify import verify_events

__all__ = [
    "Action",
    "AegisClient",
    "AegisRequestError",
    "AegisRuntime",
    "Daemon",
    "Denial",
    "PlanResult",
    "Result",
    "Rollback",
    "Status",
    "Step",
    "SyncRuntime",
    "verify_events",
]
