"""A small whole site: three people, two stories, one of them in two languages, one conversation."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

SITENAME = "The people of Small"
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
    "plugins.syndication",
    "plugins.publishing",
]
