"""The runtime for programs with an event loop."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Optional, TypeVar, Union

from .action import Action
from .http import Daemon
from .plan import PlanResult, Step, carry_out_async
from .result import Result, refused
from .runtime import SyncRuntime

AsyncExecutor = Callable[[dict[str, Any]], Union[Any, Awaitable[Any]]]
"""Carries an action out with the params that were approved, at once or as a coroutine."""

_T = TypeVar("_T")

_MAX_REQUESTS = 256
"""Requests at once. Each that waits for a person has a thread, and reports must find one beside them."""


class AegisRuntime:
    """The same as `SyncRuntime`, for `await`: requests wait in threads and block no event loop."""

    def __init__(
        self,
        daemon: Union[Daemon, str],
        token: Optional[str] = None,
        executors: Optional[Mapping[str, AsyncExecutor]] = None,
        client: Optional[str] = None,
        run: Optional[str] = None,
        handoff: Optional[str] = None,
    ) -> None:
        self._sync = SyncRuntime(
            daemon, token, executors=executors, client=client, run=run, handoff=handoff
        )
        self._threads = ThreadPoolExecutor(_MAX_REQUESTS, thread_name_prefix="aegis")

    async def session(self) -> str:
        """The id of the session, which is opened when it is first needed."""
        return await self._ask(self._sync.session)

    async def run_one(
        self,
        action: Action,
        execute: Optional[AsyncExecutor] = None,
        *,
        wait: bool = True,
        dry_run: bool = False,
    ) -> Result:
        """Takes one action through Aegis. Raises `AegisRequestError` when Aegis cannot be asked: then nothing ran,
        but where it says `ran`.
        """
        if dry_run:
            return await self._ask(self._sync.run_one, action, dry_run=True)
        executor = self.executor_of(action, execute)
        started = await self._propose(action, wait)
        if started["status"] == "denied":
            return refused(action, started["denial"])
        try:
            value = executor(started["params"])
            if inspect.isawaitable(value):
                value = await asyncio.wait_for(value, started["timeout_ms"] / 1000)
        except Exception as error:  # noqa: BLE001: whatever it is, the action failed
            return await self._ask(self._sync.failed, action, started["action"], error)
        except BaseException as error:
            # A task that is cancelled waits for nothing more; what it began is on record all the same.
            self._threads.submit(self._sync.failed, action, started["action"], error)
            raise
        return await asyncio.shield(self._ask(self._sync.succeeded, action, started["action"], value))

    async def execute(
        self, plan: Sequence[Step], *, dry_run: bool = False, wait: bool = True, back_off_ms: int = 200
    ) -> PlanResult:
        """Takes the steps of a plan through Aegis: see `Step`. `back_off_ms` is the wait before the second try of a step,
        doubled for each further one.
        """
        return await carry_out_async(self, plan, dry_run=dry_run, wait=wait, back_off_ms=back_off_ms)

    def executor_of(self, action: Action, given: Optional[AsyncExecutor] = None) -> AsyncExecutor:
        """How an action is carried out. Raises `TypeError` when nothing says it."""
        return self._sync.executor_of(action, given)

    async def hand_off(
        self, to: str, *, ttl_ms: Optional[int] = None, message: Optional[str] = None
    ) -> dict[str, Any]:
        """Lets another agent act on behalf of this session, within what both may."""
        return await self._ask(self._sync.hand_off, to, ttl_ms=ttl_ms, message=message)

    async def note(self, event_type: str, payload: Mapping[str, Any]) -> None:
        """Puts on record what the agent says of itself: model calls, memory, handoffs."""
        await self._ask(self._sync.note, event_type, payload)

    async def close(self) -> None:
        """Ends the session."""
        await self._ask(self._sync.close)

    async def __aenter__(self) -> AegisRuntime:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _ask(self, ask: Callable[..., _T], *args: Any, **more: Any) -> asyncio.Future[_T]:
        return asyncio.wrap_future(self._threads.submit(ask, *args, **more))

    async def _propose(self, action: Action, wait: bool) -> dict[str, Any]:
        proposing = self._threads.submit(self._sync.propose, action, wait=wait)
        try:
            return await asyncio.shield(asyncio.wrap_future(proposing))
        except asyncio.CancelledError:
            # What is allowed when nobody waits any more is not carried out, and says so.
            proposing.add_done_callback(lambda proposed: self._give_up(action, proposed))
            raise

    def _give_up(self, action: Action, proposed: Future[dict[str, Any]]) -> None:
        if proposed.cancelled() or proposed.exception() is not None:
            return
        started = proposed.result()
        if started["status"] == "allowed":
            self._threads.submit(self._sync.failed, action, started["action"], asyncio.CancelledError())
