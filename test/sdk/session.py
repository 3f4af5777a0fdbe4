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
ACTIONS = [
    (Action("read", "database", {"table": "users"}), read),
    (Action("delete", "database"), nothing),
    (Action("write", "database"), fail),
]


def shown(result):
    return {"status": result.status, "value": result.value, "error": result.error, "code": result.denial and result.denial.code}


def play(url, token):
    with SyncRuntime(url, token) as runtime:
        results = [shown(runtime.run_one(action, execute)) for action, execute in ACTIONS]
        runtime.note("MODEL_CALL_STARTED", {"model_call_id": "m1", "model": "a-model"})
        plan = runtime.execute(PLAN)
        session = runtime.session()
    return results, plan, session


async def play_async(url, token):
    async with AegisRuntime(url, token) as runtime:
        results = [shown(await runtime.run_one(action, execute)) for action, execute in ACTIONS]
        await runtime.note("MODEL_CALL_STARTED", {"model_call_id": "m1", "model": "a-model"})
        plan = await runtime.execute(PLAN)
        session = await runtime.session()
    return results, plan, session


def main():
    url, way, token, reader = sys.argv[1:]
    results, plan, session = play(url, token) if way == "sync" else asyncio.run(play_async(url, token))
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
                "plan": {
                    "status": plan.status,
                    "results": [result.status for result in plan.results],
                    "rollbacks": [result.status for result in plan.rollbacks],
                },
                "problems": verify_events(events),
                "damage": verify_events(damaged),
                "streamed": first["position"],
                "refused": refused,
            }
        )
    )


main()
