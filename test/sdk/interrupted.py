"""Interrupts actions against a daemon in every way that a program is, and prints what came of each. Arguments: its
address and the token of an agent.
"""

import asyncio
import itertools
import json
import sys
import threading

from aegis_sdk import Action, AegisRuntime, Rollback, Step, SyncRuntime

_NUMBERS = itertools.count()
CYCLE = []
CYCLE.append(CYCLE)
DEEP = []
for _ in range(100_000):
    DEEP = [DEEP]
VALUES = [b"bytes", {1, 2}, object(), float("nan"), CYCLE, DEEP, {"n": 2**63 + 1}, "\ud800", {1: "a", "1": "b"}]


class Silent(Exception):
    pass


def read():
    """An action like no other: the same one again and again is a loop."""
    return Action("read", "database", {"number": next(_NUMBERS)})


def raising(error):
    def execute(_params):
        raise error

    return execute


def sync(url, token, came):
    with SyncRuntime(url, token) as runtime:
        came["values"] = [runtime.run_one(read(), lambda _, value=value: value).status for value in VALUES]
        came["silent"] = str(runtime.run_one(read(), raising(Silent())))
        came["long"] = runtime.run_one(read(), raising(Silent("\U0001f600" * 5000))).status
        came["halves"] = runtime.run_one(read(), raising(Silent("\udc80"))).status
        came["masked"] = runtime.run_one(read(), raising(Silent("no ada@example.org"))).error
        try:
            runtime.run_one(read(), raising(KeyboardInterrupt()))
        except KeyboardInterrupt:
            came["interrupted"] = True
        came["late"] = runtime.run_one(read(), lambda _: threading.Event().wait(1.5)).error
        came["plan"] = plan_of(runtime.execute(PLAN))
        came["session"] = runtime.session()


TICKET = {}
PLAN = [
    Step(
        Action("create", "ticket"),
        lambda _: TICKET.update(what=object()),
        rollback=Rollback(Action("remove", "ticket"), lambda _: 1),
    ),
    # What the step before put there cannot be sent.
    Step(Action("write", "ticket", TICKET), lambda _: 1),
]


def plan_of(plan):
    return [plan.status, [result.status for result in plan.results], [result.status for result in plan.rollbacks]]


async def cancelled(url, token, came):
    runtime = AegisRuntime(url, token)
    begun = asyncio.Event()

    async def never(_params):
        begun.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(runtime.run_one(read(), never))
    await begun.wait()
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        came["cancelled"] = True
    came["slow"] = (await runtime.run_one(read(), never)).status
    many = [runtime.run_one(read(), lambda _: 1) for _ in range(40)]
    came["many"] = sorted({result.status for result in await asyncio.gather(*many)})
    came["async session"] = await runtime.session()


def main():
    url, token = sys.argv[1:]
    came = {}
    sync(url, token, came)
    # Outside of any loop: it belongs to the one in which it is used.
    asyncio.run(cancelled(url, token, came))
    shared = SyncRuntime(url, token)
    sessions = set()
    threads = [threading.Thread(target=lambda: sessions.add(shared.session())) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    came["sessions"] = len(sessions)
    print(json.dumps(came))


main()
