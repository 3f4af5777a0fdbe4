"""A ledger of a tenant in memory, and bundles of it that a test can damage."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Callable

from aegis_verify import Anchors, Report, verify_bundle
from aegis_verify.bundle.manifest import FORMAT, UNLISTED_FILES
from aegis_verify.encoding.base64 import encode_base64
from aegis_verify.encoding.canonical import canonical_json
from aegis_verify.log.merkle import leaf_hash, root_of
from aegis_verify.log.tile import TILE_HASHES, Tile

from .signer import Signer

INSTALLATION = "aegis-0123456789ab"
TENANT = "acme"
ORIGIN = f"{INSTALLATION}/{TENANT}"
SEED = b"a key for tests: never trust it!"
TIME = 1_763_683_200_000
DIGEST = "ab" * 32

STARTED = ("SESSION_STARTED", {"agent": "a", "door": "mcp-stdio", "policy_digest": DIGEST})
OWN = ("SESSION_STARTED", {"agent": "a", "door": "aegis", "policy_digest": DIGEST})
ENDED = ("TERMINATION", {"cause": "closed"})


def note(text: str) -> tuple[str, dict[str, Any]]:
    """An event that may stand anywhere."""
    return "ERROR_RAISED", {"code": "INTERNAL", "message": text}


def proposed(call_id: str) -> tuple[str, dict[str, Any]]:
    """A tool call that an agent asks for."""
    return "TOOL_CALL_PROPOSED", {
        "call_id": call_id,
        "server": "files",
        "tool_name": "read_file",
        "method": "tools/call",
        "fingerprint": "print",
        "capabilities": ["fs.read"],
        "finding_ids": [],
    }


def decided(call_id: str, effect: str = "allow", mode: str = "enforce") -> tuple[str, dict[str, Any]]:
    """What policy says of it."""
    return "POLICY_DECISION", {
        "call_id": call_id,
        "effect": effect,
        "mode": mode,
        "audit": False,
        "policy_digest": DIGEST,
        "reasons": [{"code": "POLICY_ALLOW", "phase": "rules", "message": "it may"}],
        "obligations": {"mask": [], "timeout_ms": 1000, "max_output_bytes": 1000},
    }


def allowed(call_id: str, decision: str = "allow") -> tuple[str, dict[str, Any]]:
    """It goes on."""
    return "TOOL_CALL_ALLOWED", {"call_id": call_id, "fingerprint": "print", "decision": decision}


def executed(call_id: str) -> tuple[str, dict[str, Any]]:
    """It ran."""
    return "TOOL_CALL_EXECUTED", {"call_id": call_id, "duration_ms": 1.5, "upstream": "result"}


def result(call_id: str, outcome: str = "executed") -> tuple[str, dict[str, Any]]:
    """How it ended."""
    return "TOOL_RESULT", {"call_id": call_id, "outcome": outcome, "masked": 0}


def erased(*hashes: str) -> tuple[str, dict[str, Any]]:
    """Sealed values were removed."""
    return "DATA_ERASED", {
        "scope": "session",
        "values": len(hashes),
        "hashes": list(hashes),
        "because": "asked",
        "by": "ada",
    }


def archived(events: int) -> tuple[str, dict[str, Any]]:
    """Sessions were moved out of the store."""
    return "SEGMENT_ARCHIVED", {
        "segment": "seg_1",
        "sessions": 1,
        "events": events,
        "bundle_sha256": DIGEST,
        "before_ms": TIME,
        "by": "ada",
    }


@dataclass(frozen=True)
class Stored:
    """An event and the sealed values beside it, by their hashes."""

    session: str
    body: str
    values: dict[str, bytes]

    @property
    def hash(self) -> str:
        return sha256(self.body.encode()).hexdigest()


class Ledger:
    """Events in the order in which they were committed."""

    def __init__(self) -> None:
        self.events: list[Stored] = []
        self._heads: dict[str, tuple[int, str | None]] = {}
        self._signer = Signer(ORIGIN, SEED)
        self._whole = Signer(INSTALLATION, SEED)

    @property
    def key(self) -> str:
        return str(self._signer.key)

    def append(self, session: str, event_type: str, payload: dict[str, Any], **sealed: Any) -> Stored:
        """Seals an event into its session; `sealed` are its values."""
        seq, prev = self._heads.get(session, (0, None))
        values: dict[str, bytes] = {}
        commitments: dict[str, Any] = {}
        for name, value in sealed.items():
            salt = sha256(f"{session} {seq} {name}".encode()).digest()
            blob = salt + canonical_json(value).encode()
            values[sha256(blob).hexdigest()] = blob
            commitments[f"/{name}"] = {"h": sha256(blob).hexdigest(), "n": len(blob)}
        event: dict[str, Any] = {
            "event_type": event_type,
            "payload": {**payload, **({"$sealed": commitments} if commitments else {})},
            "seq": seq,
            "session_id": session,
            "tenant_id": TENANT,
            "ts_unix_ms": TIME + len(self.events),
            "user_id": "ada",
        }
        if prev is not None:
            event["prev_hash"] = prev
        return self._store(session, seq, canonical_json(event), values)

    def append_text(self, session: str, text: str) -> Stored:
        """Seals any text as the next event of a session: what only whoever has the key can do."""
        seq, _ = self._heads.get(session, (0, None))
        return self._store(session, seq, text, {})

    def _store(self, session: str, seq: int, body: str, values: dict[str, bytes]) -> Stored:
        stored = Stored(session, body, values)
        self.events.append(stored)
        self._heads[session] = seq + 1, stored.hash
        return stored

    def head(self, session: str) -> tuple[int, str | None]:
        """The next seq of a session, and the hash of its last event."""
        return self._heads.get(session, (0, None))

    def session(self, session: str, notes: int = 3, ends: bool = True) -> None:
        """A session with one tool call whose arguments are sealed."""
        self.append(session, *STARTED)
        self.append(session, *proposed("call_1"), args={"path": f"/{session}"})
        for draft in (decided("call_1"), allowed("call_1"), executed("call_1")):
            self.append(session, *draft)
        self.append(session, *result("call_1"), result="text")
        for number in range(notes):
            self.append(session, *note(f"note {number}"))
        if ends:
            self.append(session, *ENDED)

    def checkpoint(self, size: int | None = None) -> str:
        """A signed note over the first events."""
        text = self._checkpoint_text(len(self.events) if size is None else size)
        return f"{text}\n{self._signer.note_line(text)}"

    def bundle(
        self,
        scope: dict[str, Any] | None = None,
        chosen: Callable[[int, Stored], bool] = lambda leaf, event: True,
        without: Sequence[str] = (),
    ) -> Bundle:
        """A bundle with all tiles; `without`: hashes of values that are left out."""
        leaves = [leaf for leaf, event in enumerate(self.events) if chosen(leaf, event)]
        events = [self.events[leaf] for leaf in leaves]
        text = self._checkpoint_text(len(self.events))
        only = leaf_hash(sha256(text.encode()).digest())
        whole = f"{INSTALLATION}\n1\n{encode_base64(only)}\n"
        values = [pair for event in events for pair in event.values.items() if pair[0] not in without]
        bundle = Bundle(
            {
                "checkpoint": f"{text}\n{self._signer.note_line(text)}".encode(),
                "checkpoint.installation": f"{whole}\n{self._whole.note_line(whole)}".encode(),
                "installation.json": b'{"leaf":0,"proof":[],"size":1}\n',
                "keys": f"{self.key}\n".encode(),
                "events.jsonl": "".join(f"{event.body}\n" for event in events).encode(),
                "leaves": "".join(f"{leaf}\n" for leaf in leaves).encode(),
                "blobs.jsonl": "".join(
                    f'{{"b":"{encode_base64(blob)}","h":"{blob_hash}"}}\n' for blob_hash, blob in values
                ).encode(),
                "schema/TERMINATION.json": b"{}\n",
                **self._tiles(),
            }
        )
        size = len(self.events)
        return bundle.agree(
            created_ms=TIME,
            events=len(events),
            format=FORMAT,
            origin=ORIGIN,
            root=self.root(size).hex(),
            scope=scope or {"kind": "all"},
            size=size,
            tenant=TENANT,
        )

    def root(self, size: int) -> bytes:
        """Root of the tree over the first events."""
        return root_of(self._leaf_hashes()[:size])

    def _leaf_hashes(self) -> list[bytes]:
        return [leaf_hash(bytes.fromhex(event.hash)) for event in self.events]

    def _checkpoint_text(self, size: int) -> str:
        return f"{ORIGIN}\n{size}\n{encode_base64(self.root(size))}\n"

    def _tiles(self) -> dict[str, bytes]:
        tiles: dict[str, bytes] = {}
        level, hashes = 0, self._leaf_hashes()
        while hashes:
            groups = [hashes[at : at + TILE_HASHES] for at in range(0, len(hashes), TILE_HASHES)]
            for number, group in enumerate(groups):
                tiles[Tile(level, number, len(group)).path] = b"".join(group)
            level += 1
            hashes = [root_of(group) for group in groups if len(group) == TILE_HASHES]
        return tiles


@dataclass
class Bundle:
    """The files of a bundle, to be damaged."""

    files: dict[str, bytes]
    claims: dict[str, Any] = field(default_factory=dict)

    def copy(self) -> Bundle:
        """Another one with the same files."""
        return Bundle(dict(self.files), dict(self.claims))

    def agree(self, **claims: Any) -> Bundle:
        """Makes bundle.json name the files as they are, with other claims where they are given."""
        self.claims.update(claims)
        files = {
            path: sha256(data).hexdigest() for path, data in self.files.items() if path not in UNLISTED_FILES
        }
        self.files["bundle.json"] = f"{canonical_json({**self.claims, 'files': files})}\n".encode()
        return self

    def lines(self, path: str) -> list[str]:
        """The lines of a file, without their line feeds."""
        return self.files[path].decode().split("\n")[:-1]

    def edit(self, path: str, change: Callable[[list[str]], Sequence[str]]) -> Bundle:
        """Changes the lines of a file, and makes bundle.json agree with it."""
        self.files[path] = "".join(f"{line}\n" for line in change(self.lines(path))).encode()
        return self.agree()

    def edit_event(self, line: int, change: Callable[[dict[str, Any]], object]) -> Bundle:
        """Changes one event."""

        def changed(lines: list[str]) -> Sequence[str]:
            event = json.loads(lines[line])
            change(event)
            return [*lines[:line], canonical_json(event), *lines[line + 1 :]]

        return self.edit("events.jsonl", changed)

    def write(self, folder: Path) -> Path:
        """Writes the files into a folder."""
        for path, data in self.files.items():
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        return folder

    def verify(self, anchors: Anchors = Anchors()) -> Report:
        """What the verifier says of it."""
        with tempfile.TemporaryDirectory() as folder:
            return verify_bundle(str(self.write(Path(folder))), anchors)


def kinds(report: Report) -> set[tuple[str, str]]:
    """Level and kind of everything that was found."""
    return {(finding.level, finding.kind) for finding in report.findings}
