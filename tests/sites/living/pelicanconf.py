"""A small site that changes all the time: eight stories in two languages, five people, two conversations."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
HERE = Path(__file__).resolve().parent

SITENAME = "The people of Living"
SITESUBTITLE = "Eight stories"
SITEURL = ""
PATH = str(HERE / "content")
OUTPUT_PATH = str(HERE / "output")
CACHE_PATH = str(HERE / ".cache")
THEME = str(HERE / "theme")
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
DEFAULT_PAGINATION = 3
FEED_MAX_ITEMS = 4
FIRSTHAND_RELATED = 3
FIRSTHAND_STORY_READER = "ada-brook"
FIRSTHAND_ISSO_URL = "/comments"
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
