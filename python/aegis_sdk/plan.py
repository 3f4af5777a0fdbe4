"""Steps that belong together.

Before the first is carried out, Aegis is asked about all of them: where one would be denied, nothing is done.
They are carried out in order; when one does not succeed, those before it are taken back in reverse, and those
behind it are skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Optional, Protocol

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
    again when it fails, each try an action of its own.
    """

    action: Action
    execute: Optional[Callable[[dict[str, Any]], Any]] = None
    verify: Optional[Callable[[dict[str, Any]], bool]] = None
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


class _Runner(Protocol):
    def session(self) -> Any: ...
    def executor_of(self, action: Action, given: Any = None) -> Any: ...
    def run_one(self, action: Action, execute: Any = None, *, wait: bool = True, dry_run: bool = False) -> Any: ...


_Course = Generator[_Run, Result, "tuple[Status, list[Result], list[Result]]"]


def carry_out(runner: _Runner, plan: Sequence[Step], *, dry_run: bool, wait: bool) -> PlanResult:
    """Carries a plan out."""
    session = runner.session()
    course = _course(runner, plan, dry_run)
    answer: Optional[Result] = None
    while True:
        try:
            run = next(course) if answer is None else course.send(answer)
        except StopIteration as end:
            return PlanResult(*end.value, session)
        try:
            answer = runner.run_one(run.action, run.execute, wait=wait, dry_run=run.dry_run)
        except Exception as error:  # noqa: BLE001: what ran before is taken back, and told
            if run.dry_run:
                raise
            answer = _broken_off(run, error)


async def carry_out_async(runner: _Runner, plan: Sequence[Step], *, dry_run: bool, wait: bool) -> PlanResult:
    """The same for a runtime that is awaited."""
    session = await runner.session()
    course = _course(runner, plan, dry_run)
    answer: Optional[Result] = None
    while True:
        try:
            run = next(course) if answer is None else course.send(answer)
        except StopIteration as end:
            return PlanResult(*end.value, session)
        try:
            answer = await runner.run_one(run.action, run.execute, wait=wait, dry_run=run.dry_run)
        except Exception as error:  # noqa: BLE001: what ran before is taken back, and told
            if run.dry_run:
                raise
            answer = _broken_off(run, error)


def _broken_off(run: _Run, error: Exception) -> Result:
    text = str(error) or type(error).__name__
    if isinstance(error, AegisRequestError) and error.ran:
        return Result(Status.FAILED, run.action, error=text, ran=True)
    return Result(Status.SKIPPED, run.action, error=f"it was not tried: {text}")


def _course(runner: _Runner, plan: Sequence[Step], dry_run: bool) -> _Course:
    foreseen = []
    for step in plan:
        foreseen.append((yield _Run(step.action, None, dry_run=True)))
    if dry_run:
        return Status.SKIPPED, foreseen, []
    if any(_is_denied(result) for result in foreseen):
        return Status.BLOCKED, [_kept(result) for result in foreseen], []
    # A plan that cannot be carried out to its end, and back, is not begun.
    for step in plan:
        runner.executor_of(step.action, step.execute)
        if step.rollback is not None:
            runner.executor_of(step.rollback.action, step.rollback.execute)
    results: list[Result] = []
    for step in plan:
        result = yield from _step(step)
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


def _step(step: Step) -> Generator[_Run, Result, Result]:
    result = yield _Run(step.action, step.execute)
    for _ in range(step.retries):
        if result.status is not Status.FAILED or result.id is None:
            break
        result = yield _Run(step.action, step.execute)
    if result.status is not Status.SUCCESS or step.verify is None:
        return result
    try:
        if step.verify(result.value or {}):
            return result
        wrong = "what came of it is not right"
    except Exception as error:  # noqa: BLE001: what cannot be verified is not right
        wrong = str(error) or type(error).__name__
    return replace(result, status=Status.FAILED, error=wrong)


def _take_back(plan: Sequence[Step], results: Sequence[Result]) -> Generator[_Run, Result, "list[Result]"]:
    rollbacks = []
    for step, result in reversed(list(zip(plan, results))):
        if step.rollback is not None and result.ran:
            rollbacks.append((yield _Run(step.rollback.action, step.rollback.execute)))
    return rollbacks


def _is_denied(result: Result) -> bool:
    decision = result.decision or {}
    return decision.get("effect") == "deny" and decision.get("mode") == "enforce"


def _kept(result: Result) -> Result:
    """A step of a plan of which one would be denied."""
    if not _is_denied(result):
        return Result(Status.SKIPPED, result.action, error="another step of the plan would be denied")
    decision = result.decision or {}
    reason = decision["reasons"][0]
    denial = {"code": reason["code"], "message": reason["message"], "rule": decision.get("rule"), "decision_id": "none"}
    return refused(result.action, denial)

