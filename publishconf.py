"""The production build's settings: pelicanconf.py, and the address the site is to have."""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

sys.path.append(str(Path(__file__).parent))
from pelicanconf import *

_given = os.environ.get("FIRSTHAND_SITEURL", "")
SITEURL = _given.strip().rstrip("/")
_address = urlsplit(SITEURL)
if _address.scheme not in ("http", "https") or not _address.netloc or _address.query or _address.fragment:
    sys.exit(
        f"publishconf.py: FIRSTHAND_SITEURL is {_given!r}."
        " Set it to the address readers will type, for example https://stories.example.org"
    )

FEED_DOMAIN = SITEURL
RELATIVE_URLS = False

# Where `./inv publish` brings the site: folder:PATH, rsync:USER@HOST:/PATH or pages:REMOTE/BRANCH.
FIRSTHAND_PUBLISH_TO = os.environ.get("FIRSTHAND_PUBLISH_TO", "")
