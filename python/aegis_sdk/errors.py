"""What goes wrong between a program and Aegis."""

from __future__ import annotations

from typing import Optional


class AegisRequestError(Exception):
    """Aegis could not be asked, or refused the request as such.

    An action that policy denies is no error but a result. `status` is the HTTP status, 0 when no answer
    came; `code` says why, where Aegis said it; `request_id` is to be told to whoever runs Aegis. `ran` says that
    the action ran, and only what came of it could not be told: then it is on record as not reported.
    """

    def __init__(
        self,
        message: str,
        status: int,
        code: Optional[str] = None,
        request_id: Optional[str] = None,
        retry_after: Optional[float] = None,
        ran: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.request_id = request_id
        self.ran = ran
        self.retry_after = retry_after
        """Seconds after which the same may work."""
