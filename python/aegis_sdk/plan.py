"""Steps that belong together.

Before the first is carried out, Aegis is asked about all of them: where one would be denied, nothing is done.
They are carried out in order; when one does not succeed, those before it are taken back in reverse, and those
behind it are skipped.
"""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable, Generator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Optional, Protocol, Union

from .action import Action
from .errors import AegisRequestError
from .result import Result, Status, refused


@dataclass(frozen=True)
class Rollback:
    """What takes a step back. It is an action like any other, and needs to be allowed."""

    action: Action
    execute: Optional[Callable[[dict[str, Any]], Any]] = None


@dataclass(frozen=True)
class Step:
    """One step of a plan. `verify` says whether what came of it is right; `retries` is how often it is tried
    again when it fails, with longer and longer waits, each try an action of its own. With `AegisRuntime` what is called
    may be a coroutine.
    """

    action: Action
    execute: Optional[Callable[[dict[str, Any]], Any]] = None
    verify: Optional[Callable[[dict[str, Any]], Union[bool, Awaitable[bool]]]] = None
    rollback: Optional[Rollback] = None
    retries: int = 0


@dataclass(frozen=True)
class PlanResult:
    """What came of a plan: of each step, and of taking steps back, the last step first."""

    status: Status
    results: list[Result]
    rollbacks: list[Result]
    session: str


@dataclass(frozen=True)
class _Run:
    """Asks for an action to be taken through Aegis."""

    action: Action
    execute: Optional[Callable[[dict[str, Any]], Any]]
    dry_run: bool = False


@dataclass(frozen=True)
class _Pause:
    """Asks for a wait before the next try."""

    seconds: float


@dataclass(frozen=True)
class _Check:
    """Asks whether what came of an action is right; the answer is why it is not."""

    verify: Callable[[dict[str, Any]], Union[bool, Awaitable[bool]]]
    value: dict[str, Any]


_Wish = Union[_Run, _Pause, _Check]

_MAX_BACK_OFF_MS = 60_000
"""Longest wait between two tries."""


class _Runner(Protocol):
    def session(self) -> Any: ...
    def executor_of(self, action: Action, given: Any = None) -> Any: ...
    def run_one(self, action: Action, execute: Any = None, *, wait: bool = True, dry_run: bool = False) -> Any: ...


_Course = Generator[_Wish, Any, "tuple[Status, list[Result], list[Result]]"]


def carry_out(
    runner: _Runner, plan: Sequence[Step], *, dry_run: bool, wait: bool, back_off_ms: int
) -> PlanResult:
    """Carries a plan out."""
    session = runner.session()
    course = _course(runner, plan, dry_run, back_off_ms)
    answer: Any = None
    while True:
        try:
            wish = course.send(answer)
        except StopIteration as end:
            return PlanResult(*end.value, session)
        if isinstance(wish, _Pause):
            answer = time.sleep(wish.seconds)
        elif isinstance(wish, _Check):
            try:
                answer = None if wish.verify(wish.value) else _NOT_RIGHT
            except Exception as error:  # noqa: BLE001: what cannot be verified is not right
                answer = _text_of(error)
        else:
            try:
                answer = runner.run_one(wish.action, wish.execute, wait=wait, dry_run=wish.dry_run)
            except Exception as error:  # noqa: BLE001: what ran before is taken back, and told
                if wish.dry_run:
                    raise
                answer = _broken_off(wish, error)


async def carry_out_async(
    runner: _Runner, plan: Sequence[Step], *, dry_run: bool, wait: bool, back_off_ms: int
) -> PlanResult:
    """The same for a runtime that is awaited."""
    session = await runner.session()
    course = _course(runner, plan, dry_run, back_off_ms)
    answer: Any = None
    while True:
        try:
            wish = course.send(answer)
        except StopIteration as end:
            return PlanResult(*end.value, session)
        if isinstance(wish, _Pause):
            answer = await asyncio.sleep(wish.seconds)
        elif isinstance(wish, _Check):
            try:
                right = wish.verify(wish.value)
                answer = None if (await right if inspect.isawaitable(right) else right) else _NOT_RIGHT
            except Exception as error:  # noqa: BLE001: what cannot be verified is not right
                answer = _text_of(error)
        else:
            try:
                answer = await runner.run_one(wish.action, wish.execute, wait=wait, dry_run=wish.dry_run)
            except Exception as error:  # noqa: BLE001: what ran before is taken back, and told
                if wish.dry_run:
                    raise
                answer = _broken_off(wish, error)


_NOT_RIGHT = "what came of it is not right"


def _text_of(error: Exception) -> str:
    return str(error) or type(error).__name__


def _broken_off(run: _Run, error: Exception) -> Result:
    text = _text_of(error)
    if isinstance(error, AegisRequestError) and error.ran:
        return Result(Status.FAILED, run.action, error=text, ran=True)
    return Result(Status.SKIPPED, run.action, error=f"it was not tried: {text}")


def _course(runner: _Runner, plan: Sequence[Step], dry_run: bool, back_off_ms: int) -> _Course:
    foreseen = []
    for step in plan:
        foreseen.append((yield _Run(step.action, None, dry_run=True)))
    if dry_run:
        return Status.SKIPPED, foreseen, []
    obstacle = next((at for at, result in enumerate(foreseen) if _is_denied(result)), None)
    if obstacle is not None:
        return Status.BLOCKED, [_kept(result, at, obstacle) for at, result in enumerate(foreseen)], []
    # A plan that cannot be carried out to its end, and back, is not begun.
    for step in plan:
        runner.executor_of(step.action, step.execute)
        if step.rollback is not None:
            runner.executor_of(step.rollback.action, step.rollback.execute)
    results: list[Result] = []
    for step in plan:
        result = yield from _step(step, back_off_ms)
        results.append(result)
        if result.status is Status.SUCCESS:
            continue
        rollbacks = yield from _take_back(plan, results)
        skipped = [
            Result(Status.SKIPPED, later.action, error="a step before it did not succeed")
            for later in plan[len(results) :]
        ]
        status = Status.FAILED if result.status is Status.SKIPPED else result.status
        return status, results + skipped, rollbacks
    return Status.SUCCESS, results, []


def _step(step: Step, back_off_ms: int) -> Generator[_Wish, Any, Result]:
    result = yield _Run(step.action, step.execute)
    for tries in range(step.retries):
        if result.status is not Status.FAILED or result.id is None:
            break
        yield _Pause(min(back_off_ms * 2**tries, _MAX_BACK_OFF_MS) / 1000)
        result = yield _Run(step.action, step.execute)
    if result.status is not Status.SUCCESS or step.verify is None:
        return result
    wrong = yield _Check(step.verify, result.value or {})
    return result if wrong is None else replace(result, status=Status.FAILED, value=None, error=wrong)


def _take_back(plan: Sequence[Step], results: Sequence[Result]) -> Generator[_Wish, Any, "list[Result]"]:
    rollbacks = []
    for step, result in reversed(list(zip(plan, results))):
        if step.rollback is not None and result.ran:
            rollbacks.append((yield _Run(step.rollback.action, step.rollback.execute)))
    return rollbacks


def _is_denied(result: Result) -> bool:
    decision = result.decision or {}
    return decision.get("effect") == "deny" and decision.get("mode") == "enforce"


def _kept(result: Result, at: int, obstacle: int) -> Result:
    """The steps of a plan of which one would be denied."""
    if not _is_denied(result):
        return Result(Status.SKIPPED, result.action, error=f"step {obstacle + 1} of the plan would be denied")
    decision = result.decision or {}
    reason = decision["reasons"][0]
    denial = {
        "code": reason["code"],
        "message": reason["message"],
        "rule": decision.get("rule"),
        "decision_id": f"step {at + 1}",
    }
    return refused(result.action, denial)
