"""giscus: a story's conversation is a discussion of a public GitHub repository (https://giscus.app).

The discussion's title is "stories/SLUG/", one for all the languages of a story; giscus opens it with the
first comment. `conversation: {giscus: 12}` names another by its number or address. The page carries a
button; a click opens giscus in a frame. GitHub's login of an author is what GitHub vouches for.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from plugins.guard.setting import Setting
from plugins.guard.template import Words

from ..asking import Asking, NoAnswer
from ..heard import Misshapen
from ..opening import frame_box
from ..provider import Failed, Fetched, Opens, Reach, Same, Subject, Wanted
from .github_discussions import API, TOKEN, Discussions, Listed, NoDiscussion, Told

WIDGET = "https://giscus.app"
SETTINGS = (
    Setting(
        "FIRSTHAND_GISCUS_REPO",
        "",
        "The public GitHub repository whose discussions hold the conversations: owner/name.",
    ),
    Setting("FIRSTHAND_GISCUS_REPO_ID", "", "Its id, as https://giscus.app shows it."),
    Setting(
        "FIRSTHAND_GISCUS_CATEGORY", "", "The name of the discussions' category, best an Announcements one."
    ),
    Setting("FIRSTHAND_GISCUS_CATEGORY_ID", "", "Its id, as https://giscus.app shows it."),
)
AT_ONCE = 10  # discussions in one question: GitHub gives up on a question that takes ten seconds
# Those of https://giscus.app/i18n.json that are called as the web calls the language.
_LANGUAGES = frozenset(
    "ar be bg ca cs da de en eo es eu fa fr gsw he hu id it ja ko nl pl pt ro ru th tr uk uz vi".split()
)
_REPO = re.compile(r"[A-Za-z0-9-]{1,39}/[\w.-]{1,100}")
_DISCUSSION = re.compile(r"https://github\.com/([^/]+/[^/]+)/discussions/(\d{1,9})/?(?:[?#].*)?")


def from_settings(settings: dict[str, Any]) -> Giscus:
    """Giscus as the settings have it."""
    repo, repo_id, category, category_id = (settings[setting.name].strip() for setting in SETTINGS)
    return Giscus(repo, repo_id, category, category_id, api=API)


def problems(settings: dict[str, Any]) -> list[str]:
    """What is wrong with giscus' settings: of a repository that is named, all four are needed."""
    values = {setting: settings[setting.name].strip() for setting in SETTINGS}
    if not any(values.values()) and settings.get("FIRSTHAND_CONVERSATIONS") != "giscus":
        return []
    found = [f"{one.name} is missing. {one.help}" for one, value in values.items() if not value]
    repo = values[SETTINGS[0]]
    if repo and not _REPO.fullmatch(repo):
        found.append(f"{SETTINGS[0].name} is {repo!r}. {SETTINGS[0].help}")
    return found


@dataclass(frozen=True)
class Giscus:
    """The discussions of one category of one repository."""

    repo: str
    repo_id: str = ""
    category: str = ""
    category_id: str = ""
    api: str = API

    def embed(self, subject: Subject, words: Words) -> Markup:
        """A button that opens giscus; without JavaScript, a link to the discussion on GitHub."""
        number = self._number(subject.place)
        if not self.repo or number is None:
            return Markup("")
        lang = subject.lang.split("-")[0].lower()
        asked = {
            "repo": self.repo,
            "repoId": self.repo_id,
            "category": self.category,
            "categoryId": self.category_id,
            **({"number": number} if number else {"term": term_of(subject.slug), "strict": 1}),
            "reactionsEnabled": 0,
            "emitMetadata": 0,
            "inputPosition": "top",
            "theme": "preferred_color_scheme",
        }
        src = f"{WIDGET}/{lang}/widget" if lang in _LANGUAGES else f"{WIDGET}/widget"
        place = f"https://github.com/{self.repo}/discussions" + (f"/{number}" if number else "")
        return frame_box(f"{src}?{urlencode(asked)}", place, subject, words, session="giscus", tells=True)

    @property
    def origins(self) -> tuple[str, ...]:
        """Giscus' own site."""
        return (WIDGET,)

    @property
    def opens(self) -> Opens:
        """Its site shows in a frame."""
        return "frame"

    def problem(self, place: str) -> str | None:
        """No place is needed; a discussion of our repository may be named."""
        if not self.repo:
            return f"There is no repository to read: {SETTINGS[0].name} is not set."
        if self._number(place) is None:
            return (
                f"giscus needs no place, or a discussion of {self.repo}: its number,"
                " `conversation: {giscus: 12}`, or its address."
            )
        return None

    async def threads(self, wanted: Sequence[Wanted], reach: Reach) -> AsyncIterator[Fetched | Same | Failed]:
        """One request for every hundred discussions of the category, and one for every ten that are read."""
        asking = Asking("GitHub", reach)
        github = Discussions(asking, self.repo, self.category_id, self.api, reach.environ.get(TOKEN, ""))
        numbers: dict[str, int] = {}
        try:
            named = all(story.place for story in wanted)
            listed = Listed({}, {}) if named else await github.listed()
        except (NoAnswer, Misshapen) as error:
            for story in wanted:
                yield Failed(story.slug, str(error))
            return
        for story in wanted:
            place, noted = self._number(story.place), asking.note(story.slug).get("number", "")
            if place is None:
                yield Failed(story.slug, self.problem(story.place) or "")
                continue
            found = int(place) if place else listed.number_of(term_of(story.slug)) or int(noted or 0)
            if found:  # one that was there before is asked for by its number: it may have another title now
                numbers[story.slug] = found
            else:
                yield Fetched(story.slug, ())  # nobody has written yet
        for chunk in _chunks([story for story in wanted if story.slug in numbers]):
            told = await github.read([numbers[story.slug] for story in chunk])
            for story in chunk:
                number = numbers[story.slug]
                yield self._outcome(story, number, told[number], asking)

    def _outcome(self, story: Wanted, number: int, told: Told, asking: Asking) -> Fetched | Failed:
        note = asking.note(story.slug)
        if isinstance(told, NoDiscussion) and not story.place:
            note.pop("number", None)
            return Fetched(story.slug, ())  # GitHub is sure: it was there, and was deleted
        if isinstance(told, Exception):
            return Failed(story.slug, str(told))
        note["number"] = str(number)
        return Fetched(story.slug, told)

    def _number(self, place: str) -> str | None:
        """A discussion's number; "" for none named, None for what is no discussion of our repository."""
        place = place.strip()
        if not place or (place.isdecimal() and place.isascii() and 0 < int(place[:10]) < 1_000_000_000):
            return place
        found = _DISCUSSION.fullmatch(place)
        return found[2] if found and found[1].lower() == self.repo.lower() else None


def term_of(slug: str) -> str:
    """The title of a story's discussion."""
    return f"stories/{slug}/"


def _chunks(stories: Sequence[Wanted]) -> Iterable[Sequence[Wanted]]:
    return (stories[start : start + AT_ONCE] for start in range(0, len(stories), AT_ONCE))
