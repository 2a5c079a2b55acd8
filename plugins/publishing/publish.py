"""Check first, upload after: a site with a fault stays where it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from plugins import FirsthandError
from plugins.guard.finding import ContentRefused, errors

from .check import check_site, is_development
from .targets import find_target

Say = Callable[[str], None]


class SiteRefused(ContentRefused):
    """A built site that must not be uploaded; says every problem at once."""


def publish(output: Path, target: str, site_url: str, say: Say) -> None:
    """Check the built site in `output` and bring it to `target` (`folder:`, `rsync:` or `pages:`).

    `site_url` is the address it is to have; `say` is given a line about each step.
    Raises SiteRefused with all findings, FirsthandError for a wrong target or a failed upload.
    """
    place = find_target(target)
    if not site_url or is_development(site_url):
        raise FirsthandError(
            f"The site's address is {site_url!r}, which readers cannot reach."
            " Set FIRSTHAND_SITEURL to its public address, then build again."
        )
    if not output.is_dir():
        raise FirsthandError(f"There is no folder {output}. Build the site first.")
    findings = check_site(output, site_url)
    if errors(findings):
        raise SiteRefused(findings)
    say(f"Checked {output}: nothing is wrong.")
    place.upload(output, say)
