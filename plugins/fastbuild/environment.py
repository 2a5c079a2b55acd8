"""Jinja's environment, quicker: what it makes of a template is the same to the byte."""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping
from typing import Any

from jinja2 import BaseLoader, Environment, Template, TemplateNotFound
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

from .kit import Kit

_escaped: Callable[[str], str]
try:
    from markupsafe._speedups import _escape_inner as _escaped
except ImportError:  # of another version, or without its C part
    _escaped = escape

_SET_ADDRESS = re.compile(r"\{%-?\s*(?:raw\b|(?:set|for|with)\s+SITEURL\b|macro\b[^%]*\bSITEURL\b)")


def environment_of(kit: Kit) -> Environment:
    """The environment of a kit's templates; its site values, filters and tests are for the caller to add."""
    return _Environment(loader=_Loader(kit), auto_reload=False, cache_size=-1, **kit.environment)


def shown(value: Any) -> str:
    """What a template writes for a value, as `escape` does it.

    The text comes out as a plain one: a template joins its pieces, and nobody asks each of the
    hundred and more that a page has whether it was escaped. That takes a quarter of a page's time.
    """
    kind = type(value)
    if kind is str:
        return _escaped(value)
    return value if kind is Markup else escape(value)


class _Template(Template):
    """Jinja's; its code, which writes every value through `escape`, finds `shown` under that name."""

    @classmethod
    def from_code(
        cls,
        environment: Environment,
        code: Any,
        globals: MutableMapping[str, Any],
        uptodate: Callable[[], bool] | None = None,
    ) -> Template:
        """A template of compiled code."""
        template = super().from_code(environment, code, globals, uptodate)
        template.root_render_func.__globals__["escape"] = shown
        return template


class _Context(Context):
    """Jinja's; a macro, which half of all calls are for, is not asked which context it wants."""

    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """What the called says."""
        if type(called) is not Macro:
            return super().call(called, *args, **kwargs)
        kwargs.pop("_loop_vars", None)
        kwargs.pop("_block_vars", None)
        return called(self.eval_ctx, *args, **kwargs)


class _Environment(Environment):
    """Jinja's, whose templates find globals in a plain dict: its own chain of mappings is slow."""

    template_class, context_class = _Template, _Context

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of one template."""
        return {**self.globals, **(d or {})}


class _Loader(BaseLoader):
    """The kit's templates; a message about one names its file."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    def list_templates(self) -> list[str]:
        """The names of all of them."""
        return sorted(self._kit.sources)

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, None]:
        """The source, where it lies, and nothing that would be asked whether it changed."""
        if template not in self._kit.sources:
            raise TemplateNotFound(template)
        return _with_address(self._kit, template), self._kit.files.get(template), None


def _with_address(kit: Kit, template: str) -> str:
    """The template with the site's address written in: a page has it forty times."""
    source = kit.sources[template]
    if _SET_ADDRESS.search(source) or not isinstance(kit.site.get("SITEURL"), str):
        return source
    return source.replace("{{ SITEURL }}", str(escape(kit.site["SITEURL"])))
