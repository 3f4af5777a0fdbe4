"""Plays the scripted session against a daemon and prints what came of it. Arguments: its address, `sync` or
`async`, the token of an agent and that of a person.
"""

import asyncio
import json
import sys

from aegis_sdk import Action, AegisClient, AegisRequestError, AegisRuntime, Rollback, Step, SyncRuntime, verify_events


def read(params):
    return {"table": params["table"], "mail": "ada@example.org"}


def fail(_params):
    raise RuntimeError("the disk is full")


def nothing(_params):
    return None


PLAN = [
    Step(Action("create", "ticket"), nothing, rollback=Rollback(Action("remove", "ticket"), nothing)),
    Step(Action("write", "ticket"), fail),
    Step(Action("mail", "ticket"), nothing),
]


class Flaky:
    """Fails twice, then works."""

    def __init__(self):
        self.tries = 0

    def __call__(self, _params):
        self.tries += 1
        if self.tries < 3:
            raise RuntimeError("not yet")
        return {"tries": self.tries}


def retried(verify):
    return [
        Step(Action("fetch", "ticket"), Flaky(), retries=3),
        Step(
            Action("close", "ticket"),
            nothing,
            verify=verify,
            rollback=Rollback(Action("open", "ticket"), nothing),
        ),
    ]


def never(_value):
    return False


async def never_async(_value):
    return False


FORBIDDEN = [Step(Action("create", "ticket"), nothing), Step(Action("delete", "database"), nothing)]

ACTIONS = [
    (Action("read", "database", {"table": "users"}), read),
    (Action("delete", "database"), nothing),
    (Action("write", "database"), fail),
]


def shown(result):
    return {"status": result.status, "value": result.value, "error": result.error, "code": result.denial and result.denial.code}


def told(result):
    return {**shown(result), "decision": result.denial and result.denial.decision_id}


def play(url, token):
    with SyncRuntime(url, token) as runtime:
        results = [shown(runtime.run_one(action, execute)) for action, execute in ACTIONS]
        runtime.note("MODEL_CALL_STARTED", {"model_call_id": "m1", "model": "a-model"})
        plans = [
            runtime.execute(PLAN),
            runtime.execute(retried(never), back_off_ms=1),
            runtime.execute(FORBIDDEN),
        ]
        session = runtime.session()
    return results, plans, session


async def play_async(url, token):
    async with AegisRuntime(url, token) as runtime:
        results = [shown(await runtime.run_one(action, execute)) for action, execute in ACTIONS]
        await runtime.note("MODEL_CALL_STARTED", {"model_call_id": "m1", "model": "a-model"})
        plans = [
            await runtime.execute(PLAN),
            await runtime.execute(retried(never_async), back_off_ms=1),
            await runtime.execute(FORBIDDEN),
        ]
        session = await runtime.session()
    return results, plans, session


def main():
    url, way, token, reader = sys.argv[1:]
    results, plans, session = play(url, token) if way == "sync" else asyncio.run(play_async(url, token))
    client = AegisClient(url, reader)
    events = list(client.session_events(session))
    damaged = json.loads(json.dumps(events))
    damaged[2]["envelope"]["payload"]["effect"] = "allow!"
    first = next(iter(client.stream(0)))
    try:
        SyncRuntime(url, "wrong").session()
        refused = None
    except AegisRequestError as error:
        refused = [error.status, error.code]
    print(
        json.dumps(
            {
                "session": session,
                "results": results,
                "plans": [
                    {
                        "status": plan.status,
                        "results": [told(result) for result in plan.results],
                        "rollbacks": [told(result) for result in plan.rollbacks],
                    }
                    for plan in plans
                ],
                "problems": verify_events(events),
                "damage": verify_events(damaged),
                "streamed": first["position"],
                "refused": refused,
            }
        )
    )


main()
