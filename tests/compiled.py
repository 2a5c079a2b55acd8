"""Templates compiled once for all builds of a test run: most of a small build's time goes there."""

from __future__ import annotations

from typing import Any

from jinja2.bccache import Bucket, BytecodeCache
from pelican.settings import DEFAULT_CONFIG


class _Compiled(BytecodeCache):
    """Kept in memory, by all that compiling depends on."""

    kept: dict[tuple[object, ...], bytes] = {}  # noqa: RUF012 - shared on purpose

    def __repr__(self) -> str:
        return "the same in every build, as far as a page can tell"

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self.kept.get(_key(bucket)):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[_key(bucket)] = bucket.bytecode_to_string()


def _key(bucket: Bucket) -> tuple[object, ...]:
    made_for = bucket.environment
    return (
        bucket.key,
        bucket.checksum,
        type(made_for),
        *(tuple(names) for names in (made_for.filters, made_for.tests, made_for.extensions)),
    )


def compiled_once() -> dict[str, Any]:
    """JINJA_ENVIRONMENT for a build."""
    return {**DEFAULT_CONFIG["JINJA_ENVIRONMENT"], "bytecode_cache": _Compiled()}
