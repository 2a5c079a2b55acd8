"""Where a build begins: the whole content is read and checked, and everything wrong is said at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from plugins.fastbuild.code import code
from plugins.fastbuild.reader import Reader
from plugins.fastbuild.run import run_of
from plugins.guard.finding import ContentRefused, Finding, errors
from plugins.guard.reader import base_path
from plugins.guard.survey import walk
from plugins.people import PROFILES, PersonRead

from .check import check_all
from .reading import Options, read_parcel


def read_content(settings: dict[str, Any]) -> None:
    """Read what changed, take the rest as it was kept, and check it all. Raises ContentRefused."""
    run = run_of(settings)
    lang = settings["DEFAULT_LANG"]
    content, options = Path(settings["PATH"]), Options(lang, base_path(settings))
    run.reader = Reader(run.cache, code(), options, run.crew, read_parcel)
    findings: list[Finding] = []
    run.kept = run.reader.all(walk(content, findings), run.full)
    checked = check_all([(kept.file, kept.value) for kept in run.kept.values()], findings, lang)
    if stop := errors(checked.findings):
        run.keep()  # the others need not be read again when these are mended
        raise ContentRefused(stop)
    settings[PROFILES] = {
        kept.file.slug: PersonRead(kept.file, checked.people[kept.file.slug], kept)
        for kept in run.kept.values()
        if kept.file.kind == "person"
    } | {slug: one.read for slug, one in checked.newcomers.items() if one.shows}
