"""The good site as a fixture."""

from pathlib import Path

import pytest

from .made_site import make_site


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return make_site(tmp_path / "output")
