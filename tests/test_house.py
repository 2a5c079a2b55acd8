"""The house: imports point down, there is no circle, and every room says what lives in it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PLUGINS = ROOT / "plugins"
# From the ground up. Packages of one floor know nothing of each other.
FLOORS = [
    {"guard", "database", "mail"},
    {"people", "fastbuild"},
    {"stories"},
    {"photos", "conversations", "desk"},
    {"syndication", "submissions", "serving", "publishing"},
    {"commands"},
]
FLOOR = {name: number for number, names in enumerate(FLOORS) for name in names}
PACKAGES = sorted(path.parent.name for path in PLUGINS.glob("*/__init__.py"))


def imports_of(file: Path) -> set[str]:
    """The modules of plugins/ that a file imports, as dotted names."""
    package = file.relative_to(ROOT).with_suffix("").parts[:-1]
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            name = ".".join([*base, *(node.module or "").split(".")]).strip(".")
            found.add(name)
            found |= {f"{name}.{alias.name}" for alias in node.names}
    return {name for name in found if name.split(".")[0] == "plugins"}


def packages_imported(file: Path) -> set[str]:
    return {name.split(".")[1] for name in imports_of(file) if name.count(".")} & set(PACKAGES)


def test_every_package_has_a_floor():
    assert set(PACKAGES) <= set(FLOOR)


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_point_down(package):
    upward = {
        f"{file.relative_to(ROOT)} imports {other}"
        for file in (PLUGINS / package).rglob("*.py")
        for other in packages_imported(file) - {package}
        if FLOOR[other] >= FLOOR[package]
    }
    assert not upward


@pytest.mark.parametrize("package", PACKAGES)
def test_there_is_no_circle_within_a_package(package):
    files = {
        "plugins." + ".".join(file.relative_to(PLUGINS).with_suffix("").parts): file
        for file in (PLUGINS / package).rglob("*.py")
        if file.name != "__init__.py"
    }
    edges = {name: {other for other in imports_of(file) if other in files} for name, file in files.items()}
    done: set[str] = set()
    while ready := {name for name in edges if name not in done and edges[name] - {name} <= done}:
        done |= ready
    assert set(edges) == done, f"a circle among {sorted(set(edges) - done)}"


@pytest.mark.parametrize("file", sorted(PLUGINS.rglob("*.py")), ids=lambda file: str(file.relative_to(ROOT)))
def test_every_module_says_what_lives_in_it(file):
    assert ast.get_docstring(ast.parse(file.read_text("utf-8")))


@pytest.mark.parametrize("package", PACKAGES)
def test_the_door_plate_holds_no_logic(package):
    tree = ast.parse((PLUGINS / package / "__init__.py").read_text("utf-8"))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    assert len(ast.unparse(tree).splitlines()) <= 60


def test_settings_files_import_no_plugin():
    for name in ("pelicanconf.py", "publishconf.py"):
        assert not imports_of(ROOT / name)
