"""A site in which almost everything is wrong; expected.txt holds what must be said of it."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

SITENAME = "A site that is wrong on purpose"
SITESUBTITLE = "Two stories"
SITEURL = ""
PATH = "content"
OUTPUT_PATH = "output"
CACHE_PATH = "cache"
THEME = str(ROOT / "theme")
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
DEFAULT_PAGINATION = 24
PLUGIN_PATHS = [str(ROOT)]
PLUGINS = [
    "plugins.guard",
    "plugins.people",
    "plugins.fastbuild",
    "plugins.stories",
    "plugins.photos",
    "plugins.conversations",
    "plugins.desk",
    "plugins.publishing",
]
