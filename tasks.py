"""Every command of Firsthand; each is thin and calls plugins/."""

from invoke import task


@task
def build(c):
    """Build the site into output/."""
