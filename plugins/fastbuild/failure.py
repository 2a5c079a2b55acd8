"""What stops a build besides the content, in plain words: a template, the disk, an error of Pelican's."""

from __future__ import annotations

import errno
import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError, UndefinedError
from pelican.generators import PelicanTemplateNotFound

from plugins import FirsthandError

_DISK = {
    errno.ENOSPC: "Make room on the disk",
    errno.EDQUOT: "Make room on the disk",
    errno.EACCES: "Give the build the right to read and write there",
    errno.EPERM: "Give the build the right to read and write there",
    errno.EROFS: "Choose a place that can be written",
    errno.EEXIST: "Remove what lies in the place of a folder",
    errno.ENOTDIR: "Remove what lies in the place of a folder",
    errno.EISDIR: "Remove the folder that lies in the place of a file",
    errno.ENOENT: "Let nothing else write there meanwhile",
    errno.EIO: "Look after the disk",
}


class BuildFailed(FirsthandError):
    """The build stopped at something else than the content."""


@contextmanager
def told_plainly() -> Iterator[None]:
    """Raise BuildFailed for what is no fault of the code: templates, the disk, Pelican's own errors."""
    try:
        yield
    except FirsthandError:
        raise
    except Exception as error:
        if told := _told(error):
            raise BuildFailed(told) from error
        raise


def _told(error: Exception) -> str:
    if isinstance(error, RuntimeError) and str(error) == "Warning or error encountered":
        return "The build stopped at the error above; the site is as it was before."
    if isinstance(error, PelicanTemplateNotFound):
        return f"{error}. Put it into the theme's templates/."
    if isinstance(error, TemplateSyntaxError):
        message = str(error.message).rstrip(".")
        return f"{_shown(error.filename or error.name or '')}:{error.lineno}: {message}. Mend it there."
    frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    templates = [f"{_shown(file)}:{line}" for file, line in frames if file.endswith(".html")]
    if isinstance(error, TemplateNotFound):
        place = f"{templates[-1]}: " if templates else ""
        return f"{place}There is no template {error}. Correct the name, or put it into templates/."
    if isinstance(error, UndefinedError):
        return f"{templates[-1]}: {error}. Correct the name there; a page is given what its template shows."
    if isinstance(error, TemplateError) or (templates and frames[-1][0].endswith(".html")):
        return f"{templates[-1]}: {error}. Mend it there."
    if isinstance(error, OSError) and error.errno in _DISK:
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror}. {_DISK[error.errno]}, and build again."
    return ""


def _shown(file: str) -> str:
    """A path below the folder we are in without that folder, as it is typed."""
    return file.removeprefix(f"{Path.cwd()}{os.sep}")
