"""`./inv comments.config`: Isso's configuration for the site's own address, and how to run it there.

The file says the same each time it is made; where it was edited since, it is left as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from plugins import FirsthandError
from plugins.guard.private import write_once

from ..providers.isso import CONFIG
from .options import Options, options, own_salt
from .place import DATABASE

_HEAD = """\
Isso's configuration for {site}, made by ./inv comments.config in {root}
Nobody else may read this file: with its salt, readers' e-mail addresses could be found out.
What is not here is as in https://isso-comments.de/docs/reference/server-config/
"""
_RUN = """\
Run it in {root}, as the user who runs ./inv there, and have the system start it again:

  ISSO_SETTINGS={file} .venv/bin/waitress-serve --listen=127.0.0.1:{port} \
--no-clear-untrusted-proxy-headers isso.run:application

Have your web server hand it {endpoint}/ and say who asks, since its limits count by address. In nginx:

  location {path}/ {{
      proxy_pass http://127.0.0.1:{port}/;
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      client_max_body_size 256k;
  }}

Let nobody reach port {port} from outside. As Isso starts it warns that it does not know the backend
'nobody'; that is meant. Comments wait until somebody approves them: ./inv comments shows them.
"""
_ELSEWHERE = """\
FIRSTHAND_ISSO_URL is an address of its own: on this machine set FIRSTHAND_ISSO_DB to {database},
or ./inv comments does not know that this Isso is yours.
"""
_OPEN = """\
Others on this machine can look into {folder}, where readers' e-mail addresses will be: chmod 700 {folder}
"""


class NotConfigured(FirsthandError):
    """A configuration that cannot be made; says what is missing."""


@dataclass(frozen=True)
class Configured:
    """Where the configuration is, and what its administrator has to know."""

    path: Path
    how: str


def configure(
    root: Path, settings: dict[str, Any], *, to: Path | None = None, port: int = 8080
) -> Configured:
    """Write isso.cfg, with mode 0600, beside the database of the site that the settings name.

    Raises NotConfigured, and FirsthandError for a folder that cannot be used.
    """
    site = _origin(str(settings.get("SITEURL") or ""))
    endpoint = urljoin(f"{site}/", settings["FIRSTHAND_ISSO_URL"]).rstrip("/")
    database = root / (settings["FIRSTHAND_ISSO_DB"] or DATABASE)
    path = (to or database.with_name(CONFIG)).absolute()
    told = {"site": site, "root": root, "file": path, "port": port, "endpoint": endpoint}
    how = _RUN.format(path=urlsplit(endpoint).path, **told)
    if settings["FIRSTHAND_ISSO_DB"] in ("", DATABASE) and not settings["FIRSTHAND_ISSO_URL"].startswith("/"):
        how += "\n" + _ELSEWHERE.format(database=database)
    wanted = options(database, [site], endpoint, own_salt(database.parent), trial=False)
    wanted["server"]["listen"] = f"http://127.0.0.1:{port}"  # for `isso run`; waitress does not ask
    text = _commented(_HEAD.format(**told) + "\n" + how) + _written(wanted)
    try:
        there = write_once(path, text.encode())
        if database.parent.stat().st_mode & 0o077:
            how += "\n" + _OPEN.format(folder=database.parent)
    except OSError as error:
        raise NotConfigured(f"{path} cannot be written: {error.strerror or error}.") from error
    if there != text.encode():
        raise NotConfigured(
            f"{path} is there and says something else, so it was left alone. Write beside it and compare: "
            "--to FILE. Or remove it; the salt stays the same."
        )
    path.chmod(0o600)
    return Configured(path, how)


def _origin(address: str) -> str:
    """As browsers name it: https://xn--bcher-kva.example for https://Bücher.example/people."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode("ascii").lower()
        standard = {"http": 80, "https": 443}[parts.scheme]
        port = parts.port
    except (ValueError, KeyError):
        host, port, standard = "", None, 0
    if not host:
        raise NotConfigured(
            "Isso takes comments for one site alone, so it has to know its address. "
            "Set FIRSTHAND_SITEURL, for example to https://people.example.org"
        )
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, standard) else "")


def _commented(text: str) -> str:
    return "".join(f"# {line}".rstrip() + "\n" for line in text.splitlines())


def _written(wanted: Options) -> str:
    lines = []
    for section, values in wanted.items():
        lines += ["", f"[{section}]"]
        lines += [f"{option} = {value}".rstrip() for option, value in values.items()]
    return "\n".join(lines) + "\n"
