"""The consent of a source, by the rules of a story's own: it is what its stories will say."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from plugins.guard.content import ContentFile
from plugins.guard.document import Document
from plugins.guard.fields import Fields
from plugins.guard.finding import Finding
from plugins.stories.consent import Consent, not_yet, parse_consent

USUAL_CHANNELS = ("site", "feeds", "cards")
_WRITE = 'Write consent = {given = 2026-10-01, version = 1, name = "full"}.'
_YAML = re.compile(r"`(\w+): ")  # what a story's own file would say


def agreed(
    said: object, path: Path, shown: str, lines: Mapping[str, int], day: datetime.date
) -> tuple[dict[str, Any], list[Finding]]:
    """The consent as each of the source's stories carries it, and everything that is wrong with it.

    `lines` has the line of every field of the source; `day` is today, before which it was given.
    """
    if not isinstance(said, dict):
        return {}, [
            Finding(shown, lines.get("consent", lines[""]), "error", "`consent` is not a table.", _WRITE)
        ]
    told = {"version": 1, "channels": list(USUAL_CHANNELS), **said}
    document = Document(path, {"consent": told}, _places(told, lines), "", 1)
    fields = Fields(ContentFile(path, shown, "story", path.stem, None), document)
    consent = parse_consent(fields, "published")
    inner = fields.mapping("consent")
    if consent is not None and inner is not None:
        if message := not_yet(consent, day):
            inner.refuse("given", message, "Correct `given`.")
        if "site" not in consent.channels and not fields.findings:
            message = "Its stories would show nowhere, since `site` is not among its channels."
            inner.refuse("channels", message, 'Write channels = ["site", "feeds", "cards"].')
    findings = [replace(finding, fix=_YAML.sub(r"`\1 = ", finding.fix)) for finding in fields.findings]
    return (_as_told(consent, told) if consent and not findings else {}), findings


def _places(told: Mapping[str, Any], lines: Mapping[str, int]) -> dict[str, int]:
    """The line of the consent, and where it is a table of its own that of each of its fields."""
    if "consent" in lines:
        return {"consent": lines["consent"]}
    return {"consent": lines[""]} | {f"consent.{key}": lines[key] for key in told if key in lines}


def _as_told(consent: Consent, told: Mapping[str, Any]) -> dict[str, Any]:
    """Plain values, days as days, in the order in which they have always been written."""
    plain = {
        "given": consent.given,
        "version": told["version"],
        "name": consent.name,
        "channels": list(consent.channels),
        "shown_as": consent.shown_as,
        "until": consent.until,
        "receipt": consent.receipt,
    }
    return {key: value for key, value in plain.items() if value or key == "version"}
