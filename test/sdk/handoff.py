"""An agent lets another one act on its behalf. Arguments: the address of a daemon, the tokens of both."""

import asyncio
import json
import sys

from aegis_sdk import Action, AegisRequestError, AegisRuntime, SyncRuntime

url, planner_token, worker_token = sys.argv[1:]


def done(_params):
    return {"done": True}


def told(result):
    return "done" if result.status.value == "success" else result.denial.message


planner = SyncRuntime(url, planner_token)
token = planner.hand_off("worker", ttl_ms=60_000, message="please")["token"]
worker = SyncRuntime(url, worker_token, handoff=token)
said = [told(worker.run_one(Action(kind, "desk"), done)) for kind in ("write", "send")]
try:
    SyncRuntime(url, planner_token, handoff=token).session()
except AegisRequestError as error:
    said.append(error.code)


async def again():
    runtime = AegisRuntime(url, worker_token, handoff=token)
    try:
        await runtime.hand_off("planner")
    except AegisRequestError as error:
        return error.code
    finally:
        await runtime.close()


said.append(asyncio.run(again()))
worker.close()
planner.close()
print(json.dumps(said))
