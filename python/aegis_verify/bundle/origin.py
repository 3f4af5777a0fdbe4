"""Names of logs: `aegis-<id>` of an installation, `aegis-<id>/<tenant>` of a tenant."""

from __future__ import annotations

import re
from dataclasses import dataclass

# From the second epoch on, its number follows the id.
_INSTALLATION = re.compile("aegis-[0-9a-f]{12}(?:@(?:[2-9]|[1-9][0-9]{1,8}))?")


@dataclass(frozen=True)
class LogNames:
    """The two logs that a bundle is about: one key signs both, each under its name."""

    origin: str
    installation: str


def log_names(origin: str, tenant: str) -> LogNames | None:
    """The names that follow from that of a tenant's log; None when it is not one of this tenant."""
    installation, slash, owner = origin.partition("/")
    if not slash or owner != tenant or not _INSTALLATION.fullmatch(installation):
        return None
    return LogNames(origin, installation)
