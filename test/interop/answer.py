"""Answers requests on standard input, one JSON object a line, so that many bundles need one process only."""

from __future__ import annotations

import json
import sys
from typing import Any

from aegis_verify import Anchors, Unreadable, parse_key, verify_bundle
from aegis_verify.bundle.join import verify_joined
from aegis_verify.encoding.canonical import NoCanonicalForm, canonical_json
from aegis_verify.encoding.json_reader import JsonProblem, read_json
from aegis_verify.report_json import report_json


def answer(request: dict[str, Any]) -> str:
    if "json" in request:
        return json.dumps({"canonical": canonical_of(request["json"])})
    keys = tuple(parse_key(key) for key in request["keys"])
    witnesses = tuple(parse_key(key) for key in request["witnesses"])
    try:
        anchors = Anchors(keys, request.get("older"), witnesses)
        if request.get("segments"):
            return report_json(verify_joined(request["bundle"], request["segments"], anchors))
        return report_json(verify_bundle(request["bundle"], anchors))
    except Unreadable as error:
        return json.dumps({"unreadable": str(error)})


def canonical_of(text: str) -> str | None:
    reading = read_json(text)
    try:
        return None if isinstance(reading, JsonProblem) else canonical_json(reading.value)
    except NoCanonicalForm:
        return None


for line in sys.stdin:
    print(answer(json.loads(line)), flush=True)
