"""An independent verifier of Aegis ledger bundles, in the standard library alone.

The format is described in docs/reference/ledger-bundle.md; nothing here knows how Aegis itself is made.
"""

from __future__ import annotations

from .bundle.anchors import Anchors
from .bundle.folder import Unreadable
from .bundle.report import Report
from .bundle.verify import verify_bundle
from .log.key import BadKey, VerifierKey, parse_key

__all__ = ["Anchors", "BadKey", "Report", "Unreadable", "VerifierKey", "parse_key", "verify_bundle"]
