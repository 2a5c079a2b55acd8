"""A draft made into the submission that the outbox keeps, and into the page that is shown before that."""

from __future__ import annotations

from plugins.guard.likeness import skeleton

from .compose import credited
from .drafts import Draft, Drafts
from .fields import CHOICES, STYLES, day_of
from .pages import Pages
from .preview import Preview, preview
from .submission import Photo, Submission


def submission_of(draft: Draft, drafts: Drafts) -> Submission:
    """The story of a draft whose values the form has checked."""
    values = draft.values
    chosen = values["channels"].split()
    style = values["style"] if values["style"] in STYLES else "full"
    told = Submission(
        text=values["text"],
        name=values["name"],
        consent=values["promise"],
        email=values["email"],
        title=values["title"],
        style=style,  # type: ignore[arg-type]  # one of STYLES
        shown_as=values["shown_as"],
        relationship=values["relationship"],
        lang=values["lang"],
        channels=("site", *(choice for choice in CHOICES if choice in chosen)),
        until=day_of(values["until"]),
        conversation=not values["quiet"],
        of_age=bool(values["agreed"]),
        key=draft.id,
    )
    photos = tuple(_photo(draft, place, drafts, told) for place in sorted(draft.photos))
    return Submission(**{**told.__dict__, "photos": photos})


def preview_of(draft: Draft, drafts: Drafts, pages: Pages, address: str) -> Preview:
    """How the draft will look; its photographs show from below `address`."""
    kept = (draft.photos[place] for place in sorted(draft.photos))
    shown = {
        f"photo-{number}.{photo.file.rpartition('.')[2]}": (
            f"{address}{photo.file}",
            photo.width,
            photo.height,
        )
        for number, photo in enumerate(kept, start=1)
    }
    return preview(submission_of(draft, drafts), pages, shown)


def _photo(draft: Draft, place: int, drafts: Drafts, told: Submission) -> Photo:
    kept = draft.photos[place]
    data = drafts.photo(draft, kept.file)
    if data is None:
        raise FileNotFoundError(kept.file)
    credit = draft.values[f"credit-{place}"]
    if skeleton(credit) == skeleton(told.name):
        credit = credited(
            told
        )  # who chose another name for the story did not mean to be named under a picture
    return Photo(kept.called, data, draft.values[f"alt-{place}"], credit)
