"""The receiver as a server process, to be killed: `python -m tests.submissions.living FOLDER PORT`."""

from __future__ import annotations

import sys
from pathlib import Path

import waitress
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from plugins.submissions.running import running

ENV = {"FIRSTHAND_FORM_RATE": "100000 per hour", "FIRSTHAND_STORY_RATE": "100000 per hour"}


def main(root: Path, port: int) -> None:
    address = f"http://127.0.0.1:{port}"
    # Nobody here looks at a preview, however short.
    with running(root, root / "pelicanconf.py", address=address, env=ENV, quickest=-1.0) as app:
        waitress.serve(
            DispatcherMiddleware(
                lambda environ, start: [start("404 Not Found", []) and b""], {"/submit": app}
            ),
            host="127.0.0.1",
            port=port,
            threads=20,
            connection_limit=200,
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
