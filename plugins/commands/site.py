"""Building, serving and publishing the site."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Any

from invoke.tasks import task

from .place import place, plainly, port_of, say


@task(
    help={
        "output": "another folder than output/",
        "full": "ignore all that was kept from earlier builds",
        "production": "with publishconf.py",
        "address": "where the site is tried, for the links of its feeds",
    }
)
def build(c: Any, output: str = "", full: bool = False, production: bool = False, address: str = "") -> None:
    """Build what changed into output/; says what it did and how long it took."""
    gc.disable()  # this process ends with its build
    from plugins.fastbuild.build import build_site

    overrides: dict[str, Any] = {"OUTPUT_PATH": str(Path(output).resolve())} if output else {}
    if address:
        overrides["FEED_DOMAIN"] = address
    with plainly():
        file = place.root / "publishconf.py" if production else place.settings
        print(build_site(file, full=full, **overrides))
    gc.freeze()  # whatever is left goes with the process, unsearched


@task(help={"port": "another port than 8000", "no-comments": "without the comment server"})
def serve(c: Any, port: str = "8000", no_comments: bool = False) -> None:
    """Build and serve the whole platform on this machine; builds again on every change."""
    from plugins.serving import build_command
    from plugins.serving import serve as run
    from plugins.serving.listening import MOUNT as LISTEN
    from plugins.serving.listening import listening_app
    from plugins.submissions.running import MOUNT, running

    with plainly():
        address = f"http://127.0.0.1:{port_of(port)}"
        build = build_command([sys.executable, "-m", "invoke", "build", "--address", address], place.root)
        with running(place.root, place.settings, address=address) as receiver:
            mounts = {MOUNT: receiver, LISTEN: listening_app(place.settings)}
            run(place.root, build=build, port=port_of(port), comments=not no_comments, mounts=mounts)


@task(help={"port": "another port than 8000"})
def livereload(c: Any, port: str = "8000") -> None:
    """The same as serve, under the name that Pelican's users know."""
    serve(c, port=port)


@task()
def preview(c: Any) -> None:
    """Build with the production settings into output/."""
    build(c, production=True)


@task(help={"to": "folder:PATH, rsync:HOST:/PATH or pages:BRANCH instead of FIRSTHAND_PUBLISH_TO"})
def publish(c: Any, to: str = "") -> None:
    """Build for production, check every link, feed and picture, and upload."""
    from pelican.settings import read_settings

    from plugins.fastbuild.build import build_site
    from plugins.publishing import publish as run
    from plugins.publishing.targets import find_target

    with plainly():
        settings_file = place.root / "publishconf.py"
        settings = read_settings(str(settings_file))
        target = to or settings.get("FIRSTHAND_PUBLISH_TO", "")
        find_target(target)  # a wrong one is said before the build, not after
        print(build_site(settings_file))
        run(Path(settings["OUTPUT_PATH"]), target, settings["SITEURL"], say)
