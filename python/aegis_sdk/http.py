"""Requests to a daemon, in JSON, over the standard library."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException, HTTPResponse
from typing import Any, Optional
from urllib.parse import urlencode

from .errors import AegisRequestError


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The token goes to the daemon and nowhere else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class Daemon:
    """A daemon and who asks: the token of an agent, or of a person."""

    def __init__(self, url: str, token: str, timeout: float = 660.0) -> None:
        """`timeout` in seconds; an action can wait for a person, ten minutes at most."""
        if not url.startswith(("http://", "https://")):
            raise ValueError("the address of a daemon is an http or https URL")
        self._url = url.rstrip("/")
        self._token = token
        self._timeout = timeout
        # A proxy of the environment would be shown the token.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())

    def send(self, method: str, path: str, body: Optional[Mapping[str, Any]] = None) -> Any:
        """The answer: an object for JSON, else its text. Raises `AegisRequestError`."""
        with self.open(method, path, body) as response:
            try:
                text = response.read().decode("utf-8")
                return json.loads(text) if "json" in response.headers.get("Content-Type", "") else text
            except (OSError, HTTPException, ValueError) as error:
                raise AegisRequestError(f"the answer of {self._url} broke off", 0) from error

    def open(self, method: str, path: str, body: Optional[Mapping[str, Any]] = None) -> HTTPResponse:
        """An answer that is not read yet. Raises `AegisRequestError`."""
        data = None if body is None else json.dumps(body, allow_nan=False).encode("utf-8")
        request = urllib.request.Request(self._url + path, data=data, method=method)
        request.add_header("Authorization", f"Bearer {self._token}")
        if data is not None:
            request.add_header("Content-Type", "application/json")
        try:
            return self._opener.open(request, timeout=self._timeout)
        except urllib.error.HTTPError as error:
            raise _problem(error) from None
        except (urllib.error.URLError, OSError, HTTPException) as error:
            raise AegisRequestError(f"Aegis does not answer at {self._url}", 0) from error


def query(**values: Any) -> str:
    """`?a=1&b=2` of the values that are not None."""
    given = {name: value for name, value in values.items() if value is not None}
    return f"?{urlencode(given)}" if given else ""


def _problem(error: urllib.error.HTTPError) -> AegisRequestError:
    with error:
        try:
            problem = json.loads(error.read())
        except ValueError:
            problem = {}
    if not isinstance(problem, dict):
        problem = {}
    wait = error.headers.get("Retry-After", "")
    return AegisRequestError(
        problem.get("detail") or f"Aegis answered with status {error.code}",
        error.code,
        problem.get("code"),
        problem.get("request_id"),
        float(wait) if wait.isdecimal() else None,
    )
