"""`python -m aegis_verify`, or `python aegis_verify` where the folder lies alone."""

import os
import sys

if not __package__:
    # Run as a folder: its modules are found as those of a package, and by no other name.
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

from aegis_verify.command import run  # noqa: E402

run()
