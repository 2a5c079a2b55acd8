"""Templates compiled before the first page is there, by a worker that has nothing to read any more."""

from __future__ import annotations

import pickle
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from jinja2 import TemplateError

from .compiled import Compiled
from .crew import Crew
from .environment import environment_of
from .kit import Kit


def compile_ahead(kit: Kit, crew: Crew) -> Future[bytes] | None:
    """For `Compiled.take`, later; None where no worker has been called, or the kit cannot go to one."""
    if not crew.is_here or not crew.is_called or kit.packed is None:
        return None
    return crew.submit(compile_all, kit.packed)


def compile_all(packed: bytes) -> bytes:
    """A pickled kit to its templates, compiled."""
    kit: Kit = pickle.loads(packed)  # noqa: S301 - from our own build
    compiled = Compiled(Path(), b"", full=True)
    environment = environment_of(replace(kit, environment={**kit.environment, "bytecode_cache": compiled}))
    environment.filters.update(kit.filters)
    environment.tests.update(kit.tests)
    for name in environment.list_templates():
        with suppress(TemplateError):  # told when a page is made of it
            environment.get_template(name)
    return compiled.given()
