"""What a bundle claims to be: `bundle.json`. Nobody signs it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..encoding.canonical import canonical_json
from ..encoding.json_reader import JsonProblem, read_json
from ..encoding.json_value import Json, JsonObject
from ..event.shape import DIGEST, IDENTIFIER, MapOf, Shape, Text, Whole, choice, record
from ..log.tile import parse_tile_path
from .origin import LogNames, log_names
from .scope import Range, Scope, scope_of

FORMAT = "aegis-bundle/1"

EVENTS, LEAVES, KEYS, INSTALLATION, BLOBS = (
    "events.jsonl",
    "leaves",
    "keys",
    "installation.json",
    "blobs.jsonl",
)
CHECKPOINT, INSTALLATION_CHECKPOINT, MANIFEST = "checkpoint", "checkpoint.installation", "bundle.json"

# Named in every bundle; what is not named, because cosignatures may be added to the notes later.
REQUIRED_FILES = (EVENTS, INSTALLATION, KEYS, LEAVES)
UNLISTED_FILES = (MANIFEST, CHECKPOINT, INSTALLATION_CHECKPOINT)

_SCHEMA = re.compile(r"schema/[A-Z][A-Z_]{0,63}\.json")


class BadManifest(ValueError):
    """A text that is no `bundle.json`; the message says why."""


@dataclass(frozen=True)
class Manifest:
    """The members of `bundle.json` that something follows from."""

    tenant: str
    names: LogNames
    size: int
    root: bytes
    # Lines of `events.jsonl`.
    events: int
    scope: Scope
    # Path to SHA-256 in hex, of every file but the three of `UNLISTED_FILES`.
    files: Mapping[str, str]
    # All of it but `files`, in its wire names, for those who want to see it.
    claims: JsonObject


@dataclass(frozen=True)
class _AnyScope:
    def fault(self, value: Json) -> str | None:
        return "" if scope_of(value) is None else None


_SHAPE: Shape = record(
    {
        "created_ms": Whole(),
        "events": Whole(),
        "files": MapOf(re.compile(".*", re.DOTALL), Text(DIGEST)),
        "format": choice(FORMAT),
        "origin": Text(),
        "root": Text(DIGEST),
        "scope": _AnyScope(),
        "size": Whole(1),
        "tenant": Text(IDENTIFIER),
    }
)


def parse_manifest(text: str) -> Manifest:
    """Reads `bundle.json`. Raises `BadManifest`, naming members and paths as they stand there."""
    reading = read_json(text)
    problem = reading if isinstance(reading, JsonProblem) else reading.problem
    if isinstance(reading, JsonProblem) or problem is not None:
        raise BadManifest(f"{problem.message}, at character {problem.at}" if problem else "not valid JSON")
    value = reading.value
    fault = _SHAPE.fault(value)
    if fault is not None or not isinstance(value, dict):
        raise BadManifest(f"`{fault}` is not as it must be")
    if f"{canonical_json(value)}\n" != text:
        raise BadManifest("it is not canonical JSON on one line")
    return _checked(value)


def _checked(value: JsonObject) -> Manifest:
    names = log_names(value["origin"], value["tenant"])
    scope = scope_of(value["scope"])
    if names is None or scope is None:
        raise BadManifest(f"`origin` is not the name of a log of tenant `{value['tenant']}`")
    size, files = value["size"], value["files"]
    if value["events"] > size:
        raise BadManifest("`events` is more than `size`")
    if isinstance(scope, Range) and not scope.first < scope.end <= size:
        raise BadManifest("`scope` names no leaves of the log")
    strange = next((path for path in files if not _may_be_named(path, size)), None)
    if strange is not None:
        raise BadManifest(f"`files` names `{strange}`, which no bundle of this size has")
    missing = next((path for path in REQUIRED_FILES if path not in files), None)
    if missing is not None:
        raise BadManifest(f"`files` does not name `{missing}`")
    claims = {name: member for name, member in value.items() if name != "files"}
    root = bytes.fromhex(value["root"])
    return Manifest(value["tenant"], names, size, root, value["events"], scope, files, claims)


def _may_be_named(path: str, size: int) -> bool:
    """Whether a path is one of the format.

    SECURITY: no other path is ever opened, so none leads out of the bundle.
    """
    if path in REQUIRED_FILES or path == BLOBS or _SCHEMA.fullmatch(path):
        return True
    return parse_tile_path(path, size) is not None
