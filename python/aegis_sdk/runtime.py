"""The runtime for programs without an event loop."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Optional, Union
from urllib.parse import quote

from .action import Action
from .errors import AegisRequestError
from .http import Daemon
from .plan import PlanResult, Step, carry_out
from .result import Result, Status, refused

Executor = Callable[[dict[str, Any]], Any]
"""Carries an action out with the params that were approved; what it gives is what JSON can hold."""


_MAX_ERROR_CHARS = 2048
"""Longest text of an error that is recorded: Aegis takes 4,096 UTF-16 units, and a character can be two."""


class SyncRuntime:
    """Governs the actions of an agent's own code: each is proposed, carried out only when it is allowed, and
    its outcome recorded. One runtime is one session; the state is kept by Aegis.

    Every method raises `AegisRequestError` when Aegis cannot be asked: then nothing ran, but where it says `ran`.
    Threads may share a runtime.
    """

    def __init__(
        self,
        daemon: Union[Daemon, str],
        token: Optional[str] = None,
        executors: Optional[Mapping[str, Executor]] = None,
        client: Optional[str] = None,
        run: Optional[str] = None,
        handoff: Optional[str] = None,
    ) -> None:
        """`daemon` is one, or its address, then with the token of an agent. `executors` say by type how
        actions are carried out. `client` and `run` are recorded, never believed. `handoff` is a token of another
        agent, on whose behalf the session acts.
        """
        if isinstance(daemon, str):
            if token is None:
                raise ValueError("a token is needed")
            daemon = Daemon(daemon, token)
        self._daemon = daemon
        self._executors = dict(executors or {})
        told = (("client", client), ("run", run), ("handoff", handoff))
        self._told = {name: value for name, value in told if value is not None}
        self._session: Optional[str] = None
        self._opening = threading.Lock()

    def session(self) -> str:
        """The id of the session, which is opened when it is first needed."""
        with self._opening:
            if self._session is None:
                self._session = self._daemon.send("POST", "/v1/sessions", self._told)["session"]
            return self._session

    def run_one(
        self, action: Action, execute: Optional[Executor] = None, *, wait: bool = True, dry_run: bool = False
    ) -> Result:
        """Takes one action through Aegis. `wait`: for a person, where one must be asked."""
        if dry_run:
            return self._foresee(action)
        executor = self.executor_of(action, execute)
        started = self.propose(action, wait=wait)
        if started["status"] == "denied":
            return refused(action, started["denial"])
        try:
            value = executor(started["params"])
        except Exception as error:  # noqa: BLE001: whatever it is, the action failed
            return self.failed(action, started["action"], error)
        except BaseException as error:
            # Ctrl-C ends the program, and what it was doing is on record all the same.
            with contextlib.suppress(AegisRequestError):
                self.failed(action, started["action"], error)
            raise
        return self.succeeded(action, started["action"], value)

    def execute(
        self, plan: Sequence[Step], *, dry_run: bool = False, wait: bool = True, back_off_ms: int = 200
    ) -> PlanResult:
        """Takes the steps of a plan through Aegis: see `Step`. `back_off_ms` is the wait before the second try of a step,
        doubled for each further one.
        """
        return carry_out(self, plan, dry_run=dry_run, wait=wait, back_off_ms=back_off_ms)

    def executor_of(self, action: Action, given: Optional[Executor] = None) -> Executor:
        """How an action is carried out. Raises `TypeError` when nothing says it."""
        executor = given or self._executors.get(action.type)
        if executor is None:
            raise TypeError(f"nothing says how an action `{action.type}` is carried out: give an executor")
        return executor

    def note(self, event_type: str, payload: Mapping[str, Any]) -> None:
        """Puts on record what the agent says of itself: model calls, memory, handoffs."""
        body = {"session": self.session(), "event_type": event_type, "payload": dict(payload)}
        self._daemon.send("POST", "/v1/events", body)

    def hand_off(
        self, to: str, *, ttl_ms: Optional[int] = None, message: Optional[str] = None
    ) -> dict[str, Any]:
        """Lets another agent act on behalf of this session, within what both may: `handoff`, `token`, `expires_at_ms`."""
        body: dict[str, Any] = {"session": self.session(), "to": to}
        if ttl_ms is not None:
            body["ttl_ms"] = ttl_ms
        if message is not None:
            body["message"] = message
        return self._daemon.send("POST", "/v1/handoffs", body)

    def propose(self, action: Action, *, wait: bool) -> dict[str, Any]:
        """Proposes an action; it may be carried out only when the answer's `status` is `allowed`."""
        return self._daemon.send(
            "POST",
            "/v1/actions",
            {
                "session": self.session(),
                "type": action.type,
                "target": action.target,
                "params": action.params,
                "wait": wait,
            },
        )

    def succeeded(self, action: Action, action_id: str, value: Any) -> Result:
        """Reports what an action gave."""
        result = {} if value is None else value if isinstance(value, dict) else {"value": value}
        try:
            json.dumps(result, allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            return self.failed(action, action_id, TypeError(f"it gave what JSON cannot hold: {error}"))
        try:
            return self._report(action, action_id, {"outcome": "success", "result": result})
        except AegisRequestError as error:
            if error.code not in ("INPUT_INVALID", "INPUT_TOO_LARGE"):
                raise
            return self.failed(action, action_id, ValueError(f"what it gave cannot be recorded: {error.__cause__}"))

    def failed(self, action: Action, action_id: str, error: BaseException) -> Result:
        """Reports that an action failed."""
        text = (str(error) or type(error).__name__)[:_MAX_ERROR_CHARS]
        # Half of a surrogate pair is no text that can be sent.
        told = text.encode("utf-8", "replace").decode("utf-8")
        return self._report(action, action_id, {"outcome": "failed", "error": told})

    def close(self) -> None:
        """Ends the session."""
        session, self._session = self._session, None
        if session is not None:
            self._daemon.send("DELETE", f"/v1/sessions/{quote(session, safe='')}")

    def __enter__(self) -> SyncRuntime:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _foresee(self, action: Action) -> Result:
        call = {"server": action.target, "name": action.type, "arguments": action.params}
        decision = self._daemon.send("POST", "/v1/policy/decide", call)
        return Result(Status.SKIPPED, action, error="this is a dry run", decision=decision)

    def _report(self, action: Action, action_id: str, outcome: dict[str, Any]) -> Result:
        try:
            path = f"/v1/actions/{quote(action_id, safe='')}/result"
            receipt = self._daemon.send("POST", path, outcome)
        except AegisRequestError as error:
            if error.code == "NOT_FOUND":
                late = "it was reported too late, and is on record as not reported"
                return Result(Status.FAILED, action, error=late, ran=True, id=action_id)
            raise AegisRequestError(
                "the action ran, and Aegis could not be told what came of it",
                error.status,
                error.code,
                error.request_id,
                ran=True,
            ) from error
        if receipt["status"] == "recorded":
            return Result(Status.SUCCESS, action, value=receipt["result"], ran=True, id=action_id)
        if receipt["status"] == "failed":
            return Result(Status.FAILED, action, error=receipt["error"], ran=True, id=action_id)
        return refused(action, receipt["denial"], ran=True)
