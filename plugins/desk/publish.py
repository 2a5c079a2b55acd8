"""A proposal's story into content/: one commit, of what is to be seen and of nothing that was before."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from plugins.guard.files import write_atomically
from plugins.guard.finding import ContentRefused, errors

from .check import check_story, newcomer
from .forge import ForgeDown, ForgeRefused
from .git import Git
from .own import published
from .proposal import ProposalRefused, StoryFiles
from .site import commit, drop_folder, not_on_a_proposal, put_folder, tracked


def publish_story(
    root: Path, content: Path, story: StoryFiles, name: str, words: str, *, merged: bool = False
) -> str:
    """Put the story into content/ with `status: published`, and commit it; the commit.

    Where content/people/ has no file of who tells it, one is made with their `name`. A story that an
    editor `merged` by hand is finished in the same way. Raises ContentRefused with what the check says,
    ProposalRefused, ForgeRefused, ForgeDown; then content/ is as it was.
    """
    git = Git(root)
    story = published(story)
    where = f"{content.name}/stories/{story.slug}"
    people = newcomer(story, name, content)
    if wrong := errors(check_story(story, content, people)):
        raise ContentRefused(wrong)
    folder = content / "stories" / story.slug
    not_on_a_proposal(git)
    if not merged and tracked(git, where):
        raise ProposalRefused(f"{where} is another story's address. Rename the folder on the branch.")
    if not merged and folder.exists():
        raise ProposalRefused(f"{where} is there already, uncommitted. Move it away, or commit it.")
    if merged and not _is_as_committed(git, folder, where):
        raise ProposalRefused(f"{where} is there with other words, uncommitted. Commit them first.")
    made = _written(content, story, people, merged)
    files: dict[str, bytes | None] = {f"{where}/{file}": data for file, data in story.files.items()}
    files |= {f"{content.name}/people/{slug}.md": data for slug, data in people.items()}
    try:
        return commit(git, files, words)
    except (ForgeRefused, ForgeDown):
        for path in made:
            path.unlink(missing_ok=True)
        if not merged:
            drop_folder(content, story.slug)
        raise


def _written(content: Path, story: StoryFiles, people: Mapping[str, bytes], merged: bool) -> list[Path]:
    """Write it, and return the new files of people."""
    try:
        if merged:
            for name, data in story.files.items():
                write_atomically(content / "stories" / story.slug / name, data)
        else:
            put_folder(content, story.slug, story.files)
        made = []
        for slug, data in people.items():
            path = content / "people" / f"{slug}.md"
            write_atomically(path, data)
            made.append(path)
    except OSError as error:
        raise ProposalRefused(
            f"{content.name}/stories/{story.slug} cannot be written: {error.strerror or error}."
        ) from error
    return made


def _is_as_committed(git: Git, folder: Path, where: str) -> bool:
    head, names = git.head(), {path.rpartition("/")[2] for path in tracked(git, where)}
    if not folder.is_dir() or names != {path.name for path in folder.iterdir()}:
        return False
    for name in names:
        entry = git.find(head, f"{git.prefix}{where}/{name}")
        if entry is None or entry.id != git.blob((folder / name).read_bytes()):
            return False
    return True


def subject_of_publishing(slug: str) -> str:
    """The first line of the commit that publishes a story."""
    return f"Publish stories/{slug}"
