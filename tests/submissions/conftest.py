"""A storyteller at the small site's form."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.conftest import Site

from .teller import Clock, Teller


@pytest.fixture
def make_teller(site: Site) -> Iterator[Callable[..., Teller]]:
    """A storyteller; variables of the receiver's environment may be given."""
    made: list[Teller] = []

    def make(**env: str) -> Teller:
        made.append(Teller(site.root, Clock(), **env))
        return made[-1]

    yield make
    for teller in made:
        teller.site.outbox.database.close()


@pytest.fixture
def teller(make_teller: Callable[..., Teller]) -> Teller:
    """One storyteller."""
    return make_teller()
