"""A forge's published description of its API, and whether a call keeps to it.

The slices in `descriptions/` hold the calls that the desk makes: GitHub's from its own OpenAPI description,
Forgejo's and GitLab's from the types that their clients generate from theirs.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import httpx

HERE = Path(__file__).parent / "descriptions"
# Every forge answers these to any call, and describes few of them.
ANYWHERE = frozenset({301, 401, 403, 429, 500, 502, 503})
KINDS = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
}


class Described:
    """One forge's description."""

    def __init__(self, name: str) -> None:
        self.whole = json.loads((HERE / f"{name}.json").read_text("utf-8"))

    def operation(self, method: str, path: str) -> tuple[str, dict[str, Any], dict[str, str]]:
        """The template that a path fits, what is said of it, and what stands in its braces."""
        for template, methods in sorted(self.whole["paths"].items(), key=lambda item: item[0].count("{")):
            # A branch's name has a slash in it, and only ever comes last.
            rule = re.sub(r"\\{(head)\\}$", r"(?P<\1>.+)", re.escape(template))
            rule = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", rule)
            if (found := re.fullmatch(rule, path)) and method.lower() in methods:
                return template, methods[method.lower()], found.groupdict()
        raise AssertionError(f"no forge describes {method} {path}")

    def check_request(self, request: httpx.Request, path: str) -> None:
        """Nothing may be asked that the description does not name, and nothing left out that it needs."""
        _, operation, _ = self.operation(request.method, path)
        known = {found["name"]: found["schema"] for found in map(self._at, operation.get("parameters", []))}
        for name, text in request.url.params.items():
            assert name in known, f"{request.method} {path} has no {name}"
            value: object = int(text) if known[name].get("type") == "integer" else text
            self.check(value, known[name], name)
        body = operation.get("requestBody")
        if body is None:
            assert not request.content
            return
        assert request.headers["content-type"] == "application/json"
        schema = self._at(body["content"]["application/json"]["schema"])
        sent = json.loads(request.content)
        assert set(sent) <= set(schema["properties"]), f"unknown fields in {sorted(sent)}"
        self.check(sent, schema, "body")

    def check_answer(self, method: str, path: str, answer: httpx.Response) -> None:
        """As described, where the status is; errors that any call may get are only errors."""
        _, operation, _ = self.operation(method, path)
        described = operation["responses"].get(str(answer.status_code))
        if described is None:
            assert answer.status_code in ANYWHERE, f"{method} {path} never answers {answer.status_code}"
            return
        content = self._at(described).get("content")
        if content:
            schema = next(iter(content.values()))["schema"]
            self.check(answer.json(), schema, f"{method} {path} {answer.status_code}")

    def _at(self, found: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in found:
            target = self.whole
            for part in found["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            found = target
        return found

    def check(self, value: object, schema: dict[str, Any], where: str) -> None:
        """The part of JSON Schema that these descriptions use. Fails with where it does not fit."""
        schema = self._at(schema)
        if value is None:
            anything = not set(schema) & {"type", "allOf", "anyOf", "oneOf"}
            inner = [self._at(one) for key in ("anyOf", "oneOf") for one in schema.get(key, [])]
            assert schema.get("nullable") or anything or any(one.get("nullable") for one in inner), (
                f"{where} is null"
            )
            return
        for one in schema.get("allOf", []):
            self.check(value, one, where)
        for choices in filter(None, [schema.get("anyOf"), schema.get("oneOf")]):
            assert any(self._fits(value, one, where) for one in choices), f"{where} fits none of its kinds"
        kind = schema.get("type")
        if kind:
            right = isinstance(value, KINDS[kind]) and not (isinstance(value, bool) and kind != "boolean")
            assert right, f"{where} is {value!r}, no {kind}"
        assert value in schema.get("enum", [value]), f"{where} is {value!r}"
        if isinstance(value, dict):
            missing = set(schema.get("required", [])) - set(value)
            assert not missing, f"{where} lacks {sorted(missing)}"
            for name, inner_schema in schema.get("properties", {}).items():
                if name in value:
                    self.check(value[name], inner_schema, f"{where}.{name}")
        if isinstance(value, list) and "items" in schema:
            for number, one in enumerate(value):
                self.check(one, schema["items"], f"{where}[{number}]")

    def _fits(self, value: object, schema: dict[str, Any], where: str) -> bool:
        try:
            self.check(value, schema, where)
        except AssertionError:
            return False
        return True

    def example(self, schema: dict[str, Any]) -> Any:
        """The smallest thing that fits."""
        schema = self._at(schema)
        if schema.get("nullable"):
            return None
        if "enum" in schema:
            return schema["enum"][0]
        for key in ("anyOf", "oneOf"):
            if key in schema:
                return self.example(schema[key][0])
        if "allOf" in schema:
            return {name: value for one in schema["allOf"] for name, value in self.example(one).items()}
        kind = schema.get("type", "object" if "properties" in schema else "string")
        if kind == "object":
            fields = schema.get("properties", {})
            return {name: self.example(fields[name]) for name in schema.get("required", []) if name in fields}
        return {"array": [], "string": "2026-11-22T09:00:00Z", "boolean": False, "integer": 1, "number": 1}[
            kind
        ]

    def answer(self, method: str, path: str, status: int) -> Any:
        """An example of what a call answers; for a list, of one of its items."""
        _, operation, _ = self.operation(method, path)
        content = self._at(operation["responses"][str(status)]).get("content")
        schema = self._at(next(iter(content.values()))["schema"])
        return self.example(schema["items"] if schema.get("type") == "array" else schema)


@cache
def described(name: str) -> Described:
    """Each is read once."""
    return Described(name)
