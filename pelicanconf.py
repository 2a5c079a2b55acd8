"""The site's settings. Addresses and everything that safety rests on are fixed by the plugins."""

SITENAME = "The people of Sallow Lane"
SITESUBTITLE = (
    "A pump and gearbox workshop, told by those who work in it, bring things to it and call it at night"
)
SITEURL = ""
FEED_DOMAIN = "http://127.0.0.1:8000"

PATH = "content"
OUTPUT_PATH = "output"
CACHE_PATH = ".cache"
THEME = "theme"
TIMEZONE = "Europe/Berlin"
DEFAULT_LANG = "en"
DEFAULT_PAGINATION = 24

PELICAN_CLASS = "plugins.Site"
PLUGIN_PATHS = ["."]
PLUGINS = [
    "plugins.guard",
    "plugins.people",
    "plugins.fastbuild",
    "plugins.stories",
    "plugins.photos",
    "plugins.conversations",
    "plugins.desk",
    "plugins.syndication",
    "plugins.submissions",
    "plugins.publishing",
]

# Who keeps the conversations, and where; "" switches them off.
FIRSTHAND_CONVERSATIONS = "isso"
FIRSTHAND_ISSO_URL = "/comments"

# Who reads the stories that come in: the slug of a person in content/people/.
FIRSTHAND_STORY_READER = "emeka-ashgrove"
