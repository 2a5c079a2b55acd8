"""A new Isso has the conversations that git keeps: alive as they are on the page, the same when brought."""

import json
import shutil
from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pelican.settings import read_settings

from plugins.conversations.bring import bring
from plugins.conversations.cleaned import cleaned
from plugins.conversations.comments.markdown import as_markdown
from plugins.conversations.comments.seed import seed
from plugins.conversations.provider import Said
from plugins.conversations.providers.isso_markdown import renderer
from plugins.conversations.settings import check
from plugins.guard.html import plain_text
from tests.conversations.asked import NOW
from tests.conversations.real_isso import RealIsso

ROOT = Path(__file__).resolve().parents[3]


def shown(html):
    """As a page has it that was brought from Isso."""
    made = renderer()(as_markdown(html))
    found = cleaned(Said("1", None, "", "", NOW, made), "isso", "isso", "/", NOW)
    assert found is not None
    return found["html"]


def test_the_sample_sites_conversations_are_alive_and_the_same(tmp_path):
    wanted = ("conversations/*.json*", "people/*.md", "stories/*/*.md")
    for path in (path for pattern in wanted for path in (ROOT / "content").glob(pattern)):
        target = tmp_path / "content" / path.relative_to(ROOT / "content")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    isso = RealIsso(tmp_path / "comments.db")
    assert seed(isso.file, tmp_path / "content") > 20
    settings = read_settings(str(ROOT / "pelicanconf.py"))
    settings |= {"FIRSTHAND_ISSO_DB": str(isso.file)}
    check(settings)
    said = []
    done = bring(tmp_path / "content", settings, say=said.append, now=NOW)
    assert (done.changed, done.failed) == ([], [])  # text, times, names, answers, and who is staff
    files = list((tmp_path / "content" / "conversations").glob("*.json"))
    for path in files:
        kept = [one["id"] for one in json.loads(path.read_text("utf-8"))["comments"]]
        assert sorted(kept) == sorted(str(one["id"]) for one in isso.live(path.stem))
    assert len(files) > 3


def test_what_is_no_comment_of_isso_stays_out(tmp_path):
    folder = tmp_path / "content" / "conversations"
    folder.mkdir(parents=True)

    def one(name, parent=None, **more):
        said = {"id": name, "parent": parent, "author": "Ann", "url": None, "html": f"<p>{name}</p>"}
        return said | {"published": "2026-05-01T10:00:00Z", "staff": None, **more}

    told = [
        one("1"),
        one("2", "1"),
        one("3", "2"),
        one("feed-9"),
        one("x"),
        one("5", published="?"),
        one("1"),
    ]
    told += [one("6", gone=True), one("7", "8"), one("8", "7"), one(str(10**30))]
    (folder / "a.json").write_text(json.dumps({"provider": "isso", "comments": told}))
    (folder / "b.json").write_text("{")
    (folder / "c.json").write_text(json.dumps({"provider": "feed", "comments": [one("4"), one("isso-9")]}))
    isso = RealIsso(tmp_path / "comments.db")
    seed(isso.file, tmp_path / "content")
    assert [(one["id"], one["parent"], one["mode"]) for one in isso.live("a")] == [
        (1, None, 1),
        (2, 1, 1),
        (3, 1, 1),
        (6, None, 4),
    ]
    assert [one["id"] for one in isso.live("c")] == [9]
    assert isso.post("a", "It goes on.")["id"] > 9


@pytest.mark.parametrize(
    "html",
    [
        '<p><strong>b</strong><em>c</em><a href="https://e.example/" rel="nofollow ugc noopener">d</a></p>',
        "<p>x<br>\ny</p>\n<p>z</p>",
        "<blockquote>\n<p>a dent</p>\n</blockquote>\n<p>no * star [x](y) # ~ ^</p>",
        "<p>use <code>a*b</code></p>\n<pre><code>x = 1\ny &lt; 2\n</code></pre>",
        "<p>1. not a list</p>\n<p>- nor this</p>",
        "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
    ],
)
def test_html_comes_back_as_it_was(html):
    assert shown(html) == html


def test_a_list_comes_back_as_a_list():
    assert "<ul>\n<li>front</li>\n<li>back</li>\n</ul>" in shown("<ul>\n<li>front</li>\n<li>back</li>\n</ul>")
    assert "<ol>\n<li>one</li>\n<li>two</li>\n</ol>" in shown("<ol><li><p>one</p></li><li>two</li></ol>")


@given(st.text(st.sampled_from("ab1 .,-+=*_`[]()<>~^#|\\!&;:\"'"), min_size=1, max_size=30))
def test_words_mean_nothing_but_themselves(words):
    kept = " ".join(words.split())
    assert " ".join(plain_text(shown(f"<p>{escape(kept)}</p>")).split()) == kept
