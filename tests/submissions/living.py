"""The receiver as a server process, to be killed: `python -m tests.submissions.living FOLDER PORT`."""

from __future__ import annotations

import sys
from pathlib import Path

import waitress
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from plugins.submissions.opening import open_site
from plugins.submissions.receiver import receiver_app
from plugins.submissions.status import status_pages
from plugins.submissions.working import worker_of

ENV = {"FIRSTHAND_FORM_RATE": "100000 per hour", "FIRSTHAND_STORY_RATE": "100000 per hour"}


def main(root: Path, port: int) -> None:
    woken = []
    site = open_site(
        root,
        root / "pelicanconf.py",
        env=ENV,
        arrived=lambda: [wake() for wake in woken] and None,
        quickest=-1.0,  # nobody here looks at a preview
    )
    worker = worker_of(root, site.outbox, site.pages, ENV, url=f"http://127.0.0.1:{port}")
    woken.append(worker.wake)
    app = receiver_app(site)
    if "storyteller" not in app.blueprints:
        app.register_blueprint(status_pages(site.outbox, site.pages), url_prefix="/s")
    worker.start()
    waitress.serve(
        DispatcherMiddleware(lambda environ, start: [start("404 Not Found", []) and b""], {"/submit": app}),
        host="127.0.0.1",
        port=port,
        threads=20,
        connection_limit=200,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
