"""A story as it will look, before it is sent: the files that the desk would get, in the site's template."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from plugins.desk.proposal import STORY, ProposalRefused
from plugins.guard.content import ContentFile
from plugins.guard.finding import errors
from plugins.guard.photo import Photograph
from plugins.guard.reader import base_path
from plugins.people import Face
from plugins.people.profile import tint_of
from plugins.stories.card import Label
from plugins.stories.page import StoryPage, Told
from plugins.stories.reading import Options, Read, read_one
from plugins.stories.telling import CreditLine, relationship_of, with_figures

from .compose import credited, story_files
from .fields import Fault
from .pages import Pages
from .submission import Named, Receipt, Submission

SLUG = "your-story"


@dataclass(frozen=True)
class Preview:
    """What the story's page would be given, and what stops it from being one."""

    values: Mapping[str, Any]
    faults: tuple[Fault, ...] = ()


def preview(submission: Submission, pages: Pages, photos: Mapping[str, tuple[str, int, int]]) -> Preview:
    """The page of a story. `photos`: for each name of ours its address below the site, width and height."""
    day = datetime.datetime.now(ZoneInfo(str(pages.settings["TIMEZONE"])))
    receipt = Receipt("preview", "", day)
    try:
        story_folder = story_files(submission, receipt, Named(SLUG, "you"))
    except ProposalRefused as refused:
        return Preview({}, (Fault("text", "fault_text_set", (("what", str(refused)),)),))
    beside = frozenset(story_folder.files) - {STORY}
    file = ContentFile(Path("stories", SLUG, STORY), "", "story", SLUG, None, beside)
    root = base_path(dict(pages.settings))
    read, html = read_one(file, story_folder.files[STORY], Options(pages.default_lang, root))
    if wrong := errors(list(read.findings)):
        said = tuple(
            Fault("text", "fault_text_set", (("what", f"{finding.message} {finding.fix}"),))
            for finding in wrong
        )
        return Preview({}, said[:1])
    return Preview(_values(submission, pages, read, html, day, root, photos))


def _values(
    submission: Submission,
    pages: Pages,
    read: Read,
    html: str,
    day: datetime.datetime,
    root: str,
    photos: Mapping[str, tuple[str, int, int]],
) -> dict[str, Any]:
    story = read.story
    if story is None:
        raise ValueError("a story without errors has been read")
    name = credited(submission)
    initials = "".join(word[0] for word in name.split()[:2]).upper()
    face = Face(name, None, None, tint_of(name), initials, "", False, name.split()[0])
    shown = {
        note.name: Photograph(photos[note.name][0], *photos[note.name][1:], note.alt, note.credit)
        for note in story.photos
    }
    made_by = tuple(dict.fromkeys(note.credit for note in story.photos if note.credit))
    lines = [CreditLine("told", (face,))]
    if made_by:
        faces = tuple(Face(one, None, None, "line", "", "", False, one) for one in made_by)
        lines.append(CreditLine("photographed", faces))
    page = StoryPage(
        told=Told(b"", story, day, None, read.minutes),
        url=f"stories/{SLUG}/",
        category=Label(pages.words.say("preview_collection", submission.lang), "", "collections/"),
        tags=(),
        tellers=(face,),
        appearing=(),
        credit_lines=tuple(lines),
        relationship=relationship_of(story, pages.words),
        answering=None,
        cover=shown.get(story.cover),
        photographs=tuple(shown.values()),
        translations=(),
        related=(),
        newer=None,
        older=None,
        thread=None,
        embed=None,
        talk_feed="",
    )
    content = with_figures(html, shown, pages.words, story.lang, root)
    return {"article": page, "content": content}
