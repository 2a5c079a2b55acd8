"""The part of YAML that front matter may use: plain values, and nothing that unfolds or is made of a tag."""

from __future__ import annotations

import re
from typing import Any

import yaml

TAG = "tag:yaml.org,2002:"


class PlainLoader(yaml.SafeLoader):
    """SafeLoader for plain values: texts, numbers, days, yes and no, and lists and fields of them.

    Refused are aliases (a few hundred bytes of them unfold into gigabytes), the anchors that they would
    name (`&Sons` is no text), tags (bytes, sets, numbers of thousands of digits) and merged fields; and it
    takes `12:30` for the text that its writer meant where YAML 1.1 reads 750.
    """

    _anchor: Any = None

    def get_single_node(self) -> Any:
        """All of it. Raises YAMLError; for an anchor only where nothing else is wrong, such as its alias."""
        node = super().get_single_node()
        if self._anchor is not None:
            raise yaml.composer.ComposerError(
                None, None, "an anchor (&name) is not allowed here", self._anchor
            )
        return node

    def compose_node(self, parent: Any, index: Any) -> Any:
        """The next node. Raises ComposerError for an alias and a tag; an anchor is noted."""
        event, mark = self.peek_event(), self.get_mark()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.events.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "an alias (*name) is not allowed here", mark)
        if getattr(event, "tag", None) not in (None, "!"):
            raise yaml.composer.ComposerError(
                None, None, "a tag (!name) is not allowed here", event.start_mark
            )
        if self._anchor is None and getattr(event, "anchor", None) is not None:
            self._anchor = event.start_mark
        return super().compose_node(parent, index)

    def flatten_mapping(self, node: Any) -> None:
        """Nothing: `<<` would merge fields, and raises ConstructorError."""
        for key, _ in node.value:
            if key.tag == f"{TAG}merge":
                raise yaml.constructor.ConstructorError(
                    None, None, "`<<` is not allowed here", key.start_mark
                )

    def construct_yaml_timestamp(self, node: Any) -> Any:
        """A day, or day and time. Raises ConstructorError, which has a line, where there is no such day."""
        try:
            return super().construct_yaml_timestamp(node)
        except ValueError as error:
            raise yaml.constructor.ConstructorError(None, None, str(error), node.start_mark) from error


PlainLoader.add_constructor(f"{TAG}timestamp", PlainLoader.construct_yaml_timestamp)
_NUMBERS = (f"{TAG}int", f"{TAG}float")
PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if tag not in _NUMBERS]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _tag, _rule in zip(_NUMBERS, (r"-?(?:0|[1-9]\d{0,14})", r"-?\d{1,15}\.\d{1,15}"), strict=True):
    PlainLoader.add_implicit_resolver(_tag, re.compile(rf"{_rule}\Z", re.ASCII), list("-0123456789"))
