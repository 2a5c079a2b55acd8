"""Small whole sites, built for real, and what every test finds as it was before."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pelican.log import FatalLogger
from pelican.plugins import signals

from plugins.fastbuild.build import Report, build_site
from tests.compiled import compiled_once

# The many processes that tests start find our modules compiled, whoever runs the tests.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

ROOT = Path(__file__).resolve().parents[1]
SITES = ROOT / "tests" / "sites"
TOLD = "told"
# What their tests share is costly to make: one process runs all of a line, and the longest begin.
TOGETHER = tuple(
    tuple(f"tests/{name}.py" for name in line.split())
    for line in """
    fastbuild/test_killed
    fastbuild/test_incremental
    browser/test_reading browser/test_talking browser/test_own_page
    browser/test_telling
    browser/test_pulled
    syndication/test_pulled_pages
    fastbuild/test_dask
    theme/test_pages
    """.strip().splitlines()
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--require-browser", action="store_true", help="fail where Chromium is missing")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, so that no worker is left with it at the end."""
    for item in items:
        if ROOT / "tests" / "browser" in item.path.parents:
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: (_line(item.nodeid), item.get_closest_marker("slow") is None))


def _line(nodeid: str) -> int:
    """The place of the line of TOGETHER that has a test; their number where none has."""
    file = nodeid.partition("::")[0]
    return next((place for place, files in enumerate(TOGETHER) if file in files), len(TOGETHER))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give whichever process is free the next test, or the next line of TOGETHER.

    pytest-xdist 3.8 has marks for that, which pytest 9 passes over.
    """
    from xdist.scheduler import LoadScopeScheduling

    class OneByOne(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            place = _line(nodeid)
            return TOGETHER[place][0] if place < len(TOGETHER) else nodeid

    return OneByOne(config, log)


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """What a test counted is said at the end of the run, whichever process it ran in."""
    return lambda words: record_property(TOLD, words)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    done = [*terminalreporter.stats.get("passed", []), *terminalreporter.stats.get("failed", [])]
    told = [str(words) for report in done for name, words in report.user_properties if name == TOLD]
    if told:
        terminalreporter.section("what was counted")
        terminalreporter.write_line("\n".join(told))


# Who listens, and what counts as fatal, where no site has been built: what a fixture of a module or the
# session built would stay.
FATAL = FatalLogger.fatal_lvl
LISTENERS = [
    (signal, dict(signal.receivers)) for signal in vars(signals).values() if hasattr(signal, "receivers")
]


@pytest.fixture(autouse=True)
def _as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Pelican's signals and log level outlive a build; a test gives them back."""
    FatalLogger.fatal_lvl = FATAL
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    yield
    FatalLogger.fatal_lvl = FATAL
    for signal, receivers in LISTENERS:
        signal.receivers.clear()
        signal.receivers.update(receivers)


class Site:
    """A copy of a small site in a folder of the test's own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.content = root / "content"
        self.output = root / "output"

    def write(self, path: str, text: str | bytes) -> Path:
        """Write a file below content/."""
        file = self.content / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return file

    def story(self, slug: str = "a-test", body: str = "Some words.\n", **front: str) -> Path:
        """Write a complete story; `front` replaces or adds lines of the front matter, as YAML text."""
        fields = {
            "title": "A test",
            "date": "2026-05-01",
            "author": "ada-brook",
            "category": "The workshop",
            "tags": "[tests]",
            "summary": "One sentence.",
            "consent": "{given: 2026-05-01, version: 1, name: full}",
            **{key.removesuffix("_"): value for key, value in front.items()},
        }
        lines = "".join(f"{key}: {value}\n" for key, value in fields.items() if value != "")
        return self.write(f"stories/{slug}/index.md", f"---\n{lines}---\n{body}")

    def build(self, **settings: Any) -> Report:
        """Build it for real, as `./inv build` does."""
        settings.setdefault("JINJA_ENVIRONMENT", compiled_once())
        return build_site(self.root / "pelicanconf.py", quiet=True, **settings)

    def page(self, path: str) -> str:
        """A built file's text; a folder means its index.html."""
        file = self.output / path
        return (file / "index.html" if path == "" or path.endswith("/") else file).read_text("utf-8")

    def files(self) -> set[str]:
        """Every file of the built site."""
        return {path.relative_to(self.output).as_posix() for path in self.output.rglob("*") if path.is_file()}


def copy_site(name: str, folder: Path) -> Site:
    """A site of tests/sites by its name, copied into a folder."""
    root = folder / name
    shutil.copytree(SITES / name, root)
    conf = root / "pelicanconf.py"
    conf.write_text(
        conf.read_text("utf-8").replace("Path(__file__).resolve().parents[3]", f"Path({str(ROOT)!r})")
    )
    return Site(root)


@pytest.fixture
def make_site(tmp_path: Path) -> Callable[[str], Site]:
    """Copy a site of tests/sites by its name."""
    return lambda name: copy_site(name, tmp_path)


@pytest.fixture
def site(make_site: Callable[[str], Site]) -> Site:
    """The small site."""
    return make_site("small")
