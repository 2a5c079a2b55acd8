"""A person as a page of their own: Pelican's content, with what a profile page shows."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any, ClassVar

from pelican.contents import Content

from plugins import today
from plugins.guard.photo import Photograph, measure

from .face import Face, face_of
from .page import PersonEntry, PersonPage
from .profile import Profile, Role

# How many answers a profile shows, and conversations under the person's stories.
REPLIES = 6
TALKED = 4


class Person(Content):  # type: ignore[misc]
    """The page of a person. Everything that their file says is in `profile`."""

    mandatory_properties = ("profile",)
    allowed_statuses = ("published",)
    default_status = "published"
    default_template = "person"

    profile: Profile
    stories: list[Any]
    appears_in: list[Any]
    replies: list[Any]
    talked: list[Any]
    ask: Callable[[str], Any] | None = None  # for the latest story where somebody answers, by their slug
    has_feed: bool = False

    # What templates read most; the rest is `person.profile`.
    _FROM_PROFILE: ClassVar[frozenset[str]] = frozenset(
        "name kind roles tint pronouns place ask_me_about answers_within links left first_name".split()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stories, self.appears_in, self.replies, self.talked = [], [], [], []
        self.day = today()
        self._faces: dict[Role | None, Face] = {}
        self._url = f"people/{self.slug}/"
        self.has_left = self.profile.gone(self.day) is not None  # by today
        self.portrait = self._portrait()

    def __getattr__(self, name: str) -> Any:
        if name in Person._FROM_PROFILE and "profile" in self.__dict__:
            return getattr(self.profile, name)
        raise AttributeError(name)

    def _portrait(self) -> Photograph | None:
        profile = self.profile
        if not profile.portrait:
            return None
        source = self.metadata["file"].folder / profile.portrait
        width, height = measure(source)
        focal = f"focal-{profile.portrait_focal}" if profile.portrait_focal else ""
        url = f"people/{profile.portrait}"
        return Photograph(url, width, height, profile.portrait_alt, profile.portrait_credit, focal, source)

    @property
    def url(self) -> str:
        """The address below the site's own, as PERSON_URL has it."""
        return self._url

    @property
    def save_as(self) -> str:
        """The file below the output folder."""
        return f"{self._url}index.html"

    @property
    def role_line(self) -> str:
        """What the person does now, or did last."""
        role = self.profile.role_on(self.day)
        return role.title if role else ""

    @property
    def has_page(self) -> bool:
        """False for somebody who left and chose that only the name, or nothing, stays."""
        return self.profile.gone(self.day) in (None, "page")

    @property
    def languages(self) -> list[str]:
        """The languages' names in the site's own language; the code where we have no name."""
        names = self.settings["FIRSTHAND_WORDS"].look_up("languages", None)
        return [str(names.get(code, code)) for code in self.profile.languages]

    @property
    def face(self) -> Face:
        """The person as they show today."""
        return self.face_on(self.day)

    def face_on(self, day: datetime.date) -> Face:
        """The person with the role they had on a day."""
        role = self.profile.role_on(day)
        if role not in self._faces:  # one for all the stories of a role's time
            gone_name = self.settings["FIRSTHAND_WORDS"].say("former_colleague")
            self._faces[role] = face_of(
                self.profile, self.url, self.portrait, on=day, today=self.day, gone_name=gone_name
            )
        return self._faces[role]

    @property
    def entry(self) -> PersonEntry:
        """The person in the directory."""
        left = self.profile.left.date.year if self.profile.left and self.has_left else None
        return PersonEntry(
            self.slug, self.url, self.kind, self.tint, self.face, self.ask_me_about, self.role_line, left
        )

    def shown(self) -> dict[str, Any]:
        """What their own page is given."""
        return {"person": self.page, "content": self.metadata["body"]}

    @property
    def page(self) -> PersonPage:
        """The person's own page."""
        return PersonPage(
            slug=self.slug,
            name=self.name,
            url=self.url,
            summary=self.profile.summary,
            tint=self.tint,
            face=self.face,
            portrait=self.portrait,
            roles=self.profile.roles,
            role_line=self.role_line,
            has_left=self.has_left,
            has_feed=self.has_feed,
            ask_me_about=self.ask_me_about,
            languages=tuple(self.languages),
            answers_within=self.answers_within,
            place=self.place,
            pronouns=self.pronouns,
            links=self.links,
            speaks=self.profile.languages,
            works_here=self.kind == "staff" and not self.profile.left,
            stories=tuple([story.card for story in self.stories]),
            appears_in=tuple([story.card for story in self.appears_in]),
            replies=tuple(self.replies[:REPLIES]),
            talked=tuple(self.talked[:TALKED]),
            asked_under=self.ask(self.slug) if self.ask else None,
        )
