"""The code that makes the site, in sixteen bytes: what was kept under other code is not used again."""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

from .fingerprint import SIZE

PLUGINS = Path(__file__).parents[1]
# What decides, besides our own code, how a page looks.
LIBRARIES = ("pelican", "markdown", "nh3", "jinja2", "markupsafe", "PyYAML", "pillow")


@cache
def code() -> bytes:
    """The fingerprint of every module of plugins/, of the libraries' versions and of Python's."""
    found = hashlib.blake2b(sys.version.encode(), digest_size=SIZE)
    for name in LIBRARIES:
        found.update(f"{name} {version(name)}\n".encode())
    for path in sorted(PLUGINS.rglob("*.py")):
        if path.is_file():  # and not what an editor links to nowhere while somebody writes
            found.update(f"{path.relative_to(PLUGINS)}\n".encode() + path.read_bytes())
    return found.digest()
