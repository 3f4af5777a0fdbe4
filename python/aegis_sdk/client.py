"""What people read of a daemon, with a token of theirs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Optional
from urllib.parse import quote

from .http import Daemon, query


class AegisClient:
    """Sessions, events and proofs. Every method raises `AegisRequestError`."""

    def __init__(self, url: str, token: str) -> None:
        self._daemon = Daemon(url, token)

    def session(self, session: str, tenant: Optional[str] = None) -> dict[str, Any]:
        """The state of a session, folded from its events."""
        return self._daemon.send("GET", f"/v1/sessions/{_segment(session)}{query(tenant=tenant)}")

    def sessions(self) -> Iterator[dict[str, Any]]:
        """All sessions, the oldest first."""
        after = None
        while True:
            page = self._daemon.send("GET", f"/v1/sessions{query(after=after)}")
            yield from page["sessions"]
            after = page.get("next")
            if after is None:
                return

    def events(self, after: int = 0, event_type: Optional[str] = None) -> Iterator[dict[str, Any]]:
        """The events that are there, in commit order."""
        return self._pages("/v1/events", after, type=event_type)

    def session_events(self, session: str, tenant: Optional[str] = None) -> Iterator[dict[str, Any]]:
        """The events of a session, in their order."""
        return self._pages(f"/v1/sessions/{_segment(session)}/events", 0, tenant=tenant)

    def stream(self, after: Optional[int] = None) -> Iterator[dict[str, Any]]:
        """The events as they come, from `after` on or from now; ends when the daemon does."""
        with self._daemon.open("GET", f"/v1/stream{query(after=after)}") as response:
            for line in response:
                if line.startswith(b"data: "):
                    yield json.loads(line[6:])

    def checkpoint(self, tenant: Optional[str] = None) -> str:
        """The newest signed checkpoint (C2SP tlog-checkpoint)."""
        return self._daemon.send("GET", f"/v1/ledger/checkpoint{query(tenant=tenant)}")

    def proof(self, session: str, seq: int, tenant: Optional[str] = None) -> dict[str, Any]:
        """An event with its proof of inclusion (C2SP tlog-proof) and the key to verify it with."""
        return self._daemon.send("GET", f"/v1/ledger/proof/{_segment(session)}/{seq}{query(tenant=tenant)}")

    def _pages(self, path: str, after: int, **more: Any) -> Iterator[dict[str, Any]]:
        while True:
            page = self._daemon.send("GET", f"{path}{query(after=after, limit=500, **more)}")
            yield from page["events"]
            if page["next"] == after:
                return
            after = page["next"]


def _segment(text: str) -> str:
    return quote(text, safe="")
