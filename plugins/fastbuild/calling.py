"""What a function that templates call depends on: a site may give filters and globals of its own."""

from __future__ import annotations

import inspect
import os
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from .code import PLUGINS
from .fingerprint import Fingerprints, digest

_PLACES = sysconfig.get_paths()
_INSTALLED = tuple(os.path.realpath(_PLACES[name]) for name in ("stdlib", "platstdlib", "purelib", "platlib"))


def fingerprint_of(value: Any) -> bytes:
    """A function's by its name, its file, and the values of whose method it is; a plain value's own.

    A site's own function counts with the functions, values and modules that it names. What it asks
    a clock, a disk or a network for is not known here. What has no fingerprint is new in every build.
    """
    try:
        return _of(value, set())
    except (TypeError, ValueError, OSError, AttributeError):
        return os.urandom(8)


def travels(value: Any) -> bool:
    """False for a function that another process may not find, or find another in its place."""
    if not callable(value):
        return True
    if _is_python_s(value):
        return True
    for one in (_function(value), type(value)):  # or an object that can be called
        try:
            return _is_known(inspect.getfile(one))
        except TypeError:
            continue
    return False


def _is_python_s(value: Any) -> bool:
    """Of the interpreter itself; no file says how it works."""
    if inspect.isclass(value):
        return value.__module__ in sys.stdlib_module_names
    return inspect.isbuiltin(value) or inspect.ismethoddescriptor(value)


def _function(value: Any) -> Any:
    return inspect.unwrap(getattr(value, "__func__", value))


def _of(value: Any, seen: set[int]) -> bytes:
    if isinstance(value, ModuleType):
        file = getattr(value, "__file__", None)
        return digest(value.__name__, b"" if file is None or _is_known(file) else Path(file).read_bytes())
    if not callable(value) or (hasattr(value, "fingerprint") and not inspect.isclass(value)):
        return Fingerprints().of(value)
    if id(value) in seen:
        return b""
    seen.add(id(value))
    owner, function = getattr(value, "__self__", None), _function(value)
    if _is_python_s(function) and (owner is None or inspect.ismodule(owner)):
        return digest(getattr(value, "__module__", None), value.__qualname__)
    if owner is None or inspect.ismodule(owner):
        state = b""
    elif hasattr(owner, "fingerprint"):
        state = owner.fingerprint()
    else:
        state = Fingerprints().of(vars(owner))
    file = inspect.getfile(function)
    parts = [value.__module__, value.__qualname__, state, Path(file).read_bytes()]
    if isinstance(function, FunctionType) and not _is_known(file):
        parts += [function.__code__.co_firstlineno, *_asked_for(function, seen)]
    return digest(parts)


def _is_known(file: str) -> bool:
    """Ours, or installed: what it is made of changes only with the code's fingerprint, or a new version."""
    path = os.path.realpath(file)
    return path.startswith((f"{PLUGINS}{os.sep}", *(f"{folder}{os.sep}" for folder in _INSTALLED)))


def _asked_for(function: FunctionType, seen: set[int]) -> Iterator[bytes]:
    values = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    values += [cell.cell_contents for cell in function.__closure__ or ()]
    names = sorted(set(_names(function.__code__)) & function.__globals__.keys())
    values += [function.__globals__[name] for name in names]
    for value in values:
        yield _of(value, seen)


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
