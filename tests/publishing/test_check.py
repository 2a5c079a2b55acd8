"""Each fault a built site can have, and the line that says so."""

import io
from pathlib import Path

import pytest
from PIL import Image

from plugins.publishing import check_site

from .made_site import BODY, FEED, URL, page, write


def told(output: Path, url: str = URL) -> list[str]:
    """The findings, with the output's place taken off."""
    return [str(finding).removeprefix(f"{output.as_posix()}/") for finding in check_site(output, url)]


def body(html: str) -> str:
    """A page whose line 13 is `html`."""
    return page("", html)


def test_good_site_has_no_findings(output: Path) -> None:
    assert told(output) == []


@pytest.mark.parametrize(
    ("html", "words"),
    [
        (
            '<a href="/stories/bell/">x</a>',
            "<a href> leads to /stories/bell/, and stories/bell/index.html does not exist."
            " Correct the link or build the page.",
        ),
        (f'<a href="{URL}/people/x">x</a>', "people/x does not exist"),
        ('<a href="http://stories.example.org/no">x</a>', "no does not exist"),
        ('<a href="//stories.example.org/no">x</a>', "no does not exist"),
        ('<a href="../../../no">x</a>', "no does not exist"),
        ('<a href="/People/">x</a>', "People/index.html does not exist"),
        ('<a href="">x</a>', "<a href> is empty. Fill it in, or leave it out."),
        ('<a href="#gone">x</a>', "<a href> leads to #gone, and this page has no such id. Correct the link"),
        ('<a href="people/#ana">x</a>', "<a href> leads to #ana, and people/index.html has no such id."),
        ('<a href="http://[">x</a>', "<a href> has http://[, which is no address."),
        ('<a href="javascript:alert(1)">x</a>', "<a href> runs a script."),
        ('<a href="http://localhost:8000/x">x</a>', "an address of the machine that built it. Build with"),
        ('<a href="http://127.0.0.1">x</a>', "an address of the machine that built it."),
        ('<img src="no.jpg">', "<img src> leads to no.jpg, and no.jpg does not exist."),
        (
            '<img srcset="a,b.jpg 1x, /no.jpg 2x" src="stories/belt/belt.jpg">',
            "<img srcset> leads to /no.jpg",
        ),
        ('<source srcset="no.avif 480w">', "<source srcset> leads to no.avif"),
        ('<video poster="no.jpg"></video>', "<video poster> leads to no.jpg"),
        ('<link rel="next" href="page/2/">', "<link href> leads to page/2/"),
        ('<meta property="og:image" content="/no.jpg">', "<meta og:image> leads to /no.jpg"),
        ('<meta http-equiv="refresh" content="0; url=/no/">', "<meta refresh> leads to /no/"),
        ('<img src="robots.txt">', "<img src> names robots.txt, which is no picture."),
        (
            '<img src="stories/belt/belt.jpg" width="640" height="640">',
            "stories/belt/belt.jpg is 640 by 480, but the page says 640 by 640."
            " Write width and height in the picture's own proportions.",
        ),
        ('<img src="stories/belt/belt.jpg" width="0" height="0">', "but the page says 0 by 0."),
        ('<p id="a"></p><p id="a"></p>', 'id="a" is also on line 13. Make every id of a page unique.'),
        (
            '<script src="https://cdn.example/x.js"></script>',
            "<script src> loads https://cdn.example/x.js from somebody else's server before the reader asks."
            " Keep a copy in theme/static/, or put a link in its place.",
        ),
        ('<img src="//cdn.example/x.png">', "<img src> loads //cdn.example/x.png"),
        ('<link rel="stylesheet" href="https://cdn.example/x.css">', "<link href> loads"),
        ('<link rel="preload" as="font" href="https://cdn.example/x.woff2">', "<link href> loads"),
        ('<link rel="preconnect" href="https://cdn.example">', "<link href> loads"),
        ('<iframe src="https://cdn.example/"></iframe>', "<iframe src> loads"),
        ("<script>go()</script>", "a script stands in the page. Move it to a file in theme/static/."),
        ("<style>p {}</style>", "a <style> stands in the page."),
        ('<p style="color: red">', "<p> has a style attribute. Use a class of the stylesheet."),
        ('<p onclick="go()">', "<p> has onclick=. Listen for it in a script of theme/static/."),
        (
            '<script type="application/ld+json">{"url": "http://localhost:8000/x"}</script>',
            "http://localhost is an address of the machine that built it.",
        ),
    ],
)
def test_fault_of_a_page(output: Path, html: str, words: str) -> None:
    write(output, "index.html", body(html))
    found = told(output)
    assert found[0].startswith("index.html:13: ")
    assert words in found[0]
    assert len(found) == 1 + (", /no.jpg 2x" in html)


@pytest.mark.parametrize(
    "html",
    [
        '<a href="/stories/belt/?from=home#main">x</a>',
        '<a href="people/index.html">x</a>',
        '<a href="/p%65ople/">x</a>',
        '<a href="/people/#:~:text=Mara">x</a>',
        '<a href="/comments/feed">x</a> <script src="/comments/js/embed.min.js"></script>',
        '<a href="tel:+34123">x</a> <img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
        '<a name="old"></a> <a href="#old">x</a>',
        '<img src="stories/belt/belt.jpg" width="213" height="160">',
        '<a href="https://cdn.example/x.js">x</a> <link rel="canonical" href="https://her.example/x">',
        '<img src="theme/mark.svg" width="10" height="90">',
        '<p title="on style">style="" onclick=""</p> <!-- <p style=""> <img src="no.jpg"> -->',
    ],
)
def test_honest_page_is_left_alone(output: Path, html: str) -> None:
    write(output, "index.html", body(html))
    assert told(output) == []


def test_page_without_title_and_language(output: Path) -> None:
    write(
        output, "index.html", "<!doctype html>\n<html lang=' '><svg><title>Mark</title></svg><title> </title>"
    )
    assert told(output) == [
        "index.html:1: the page has no title. Give its template a filled <title>.",
        'index.html:1: the page names no language. Write <html lang="..."> in its template.',
    ]


def test_site_in_a_folder_of_its_host(output: Path) -> None:
    url = f"{URL}/told"
    links = '<a href="/told/people/#mara">x</a> <a href="/told">x</a> <a href="/shop/">x</a>'
    links += '<script src="/comments/x.js"></script>'
    for path in [*output.rglob("*.html"), *output.rglob("*.xml")]:
        path.write_text(path.read_text().replace(URL, url).replace('href="/', 'href="/told/'))
    write(output, "index.html", body(links).replace(URL, url))
    assert told(output, url) == []
    write(output, "index.html", body('<img src="/stories/belt/belt.jpg">').replace(URL, url))
    assert told(output, url) == [
        f"index.html:13: <img src> leads to /stories/belt/belt.jpg, outside {url}/."
        " Begin the address with {{ SITEURL }}."
    ]


def test_local_build_without_an_address(output: Path) -> None:
    for path in output.rglob("*"):
        if path.suffix in (".html", ".xml", ".txt"):
            path.write_text(path.read_text().replace(URL, ""))
    feed = output / "feeds/all.atom.xml"
    feed.write_text(feed.read_text().replace("<id>/</id>", "<id>http://localhost:8000/</id>"))
    assert told(output, "") == []


def test_site_served_from_this_machine_may_name_it(output: Path) -> None:
    here = "http://127.0.0.1:8765"
    for path in output.rglob("*"):
        if path.suffix in (".html", ".xml", ".txt"):
            path.write_text(path.read_text().replace(URL, here))
    assert told(output, here) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("</entry>", "", "all.atom.xml:16: the file is not well-formed: mismatched tag"),
        ("<id>{url}/</id>", "", "all.atom.xml:2: the feed has no <id>. RFC 4287 asks for one; write it."),
        ("<updated>2026-11-01T00:00:00Z</updated>", "", "all.atom.xml:8: the entry has no <updated>."),
        ("00:00:00Z", "", "the entry was updated at '2026-11-01T', which is no time. Write it as RFC 3339"),
        ("00Z", "00", "which is no time."),
        ("<name>Mara Lind</name>", "", "all.atom.xml:8: the entry has no author, nor has the feed."),
        ('<link href="{url}/stories/belt/" rel="alternate"/>', "", ":8: the entry links to no page."),
        ('belt/" rel', 'bell/" rel', ":13: <link href> leads to {url}/stories/bell/, and stories/bell/index"),
        ("{url}/people/#mara", "{url}/people/#ana", ":12: <uri> leads to #ana, and people/index.html has no"),
        ("belt.jpg", "no.jpg", ":14: <img src> in the entry leads to {url}/stories/belt/no.jpg"),
        ("<id>{url}/</id>", "<id>http://localhost:8000/</id>", ":4: http://localhost is an address of the"),
        ("</entry>", "</entry><entry><id>{tag}</id></entry>", "the entry has the id of line 8."),
        (
            "<feed",
            '<!DOCTYPE x [<!ENTITY a "aa">]><feed',
            ":2: the file is not well-formed: entity a declared",
        ),
    ],
)
def test_fault_of_a_feed(output: Path, old: str, new: str, words: str) -> None:
    tag = "tag:stories.example.org,2026-11-01:/stories/belt/"
    assert old in FEED
    write(output, "feeds/all.atom.xml", FEED.replace(old, new.replace("{tag}", tag)).format(url=URL))
    found = told(output)
    assert any(words.format(url=URL) in line for line in found)
    assert all(line.startswith("feeds/all.atom.xml:") for line in found)


def test_empty_feed_needs_an_author(output: Path) -> None:
    empty = FEED[: FEED.index("<entry>")] + "</feed>"
    write(output, "feeds/all.atom.xml", empty.format(url=URL))
    assert told(output) == [
        "feeds/all.atom.xml:2: the feed has no author."
        " Give the feed an <author>, as it has no entries that name one."
    ]


def test_picture_that_does_not_open_is_told_once(output: Path) -> None:
    write(output, "stories/belt/belt.jpg", "no picture")
    write(output, "theme/mark.svg", "<svg>")
    found = told(output)
    assert [line.split(":")[0] for line in found] == ["stories/belt/belt.jpg", "theme/mark.svg"]
    assert found[0].startswith("stories/belt/belt.jpg:1: the picture does not open: cannot identify")


def test_turned_photograph_is_measured_as_shown(output: Path) -> None:
    data = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (480, 640)).save(data, "JPEG", exif=exif)
    (output / "stories/belt/belt.jpg").write_bytes(data.getvalue())
    assert told(output) == []


def test_stylesheet(output: Path) -> None:
    write(
        output, "theme/site.css", "/* one\n */\n@import 'https://cdn.example/x.css';\np {b: url( 'no.png' )}"
    )
    found = told(output)
    assert found[0].startswith("theme/site.css:3: url() loads https://cdn.example/x.css")
    assert found[1].startswith("theme/site.css:4: url() leads to no.png, and theme/no.png does not exist.")
    assert len(found) == 2


def test_other_files(output: Path) -> None:
    write(output, "robots.txt", "User-agent: *\nSitemap: http://localhost:8000/sitemap.xml")
    sitemap = (output / "sitemap.xml").read_text().replace("belt", "bell")
    write(output, "sitemap.xml", sitemap)
    (output / "people/index.html").write_bytes(b"<html>\n\xff")
    (output / "theme/outside").symlink_to("/etc")
    found = told(output)
    assert found[0].startswith("people/index.html:2: this is not UTF-8.")
    assert found[1].startswith("robots.txt:2: http://localhost is an address")
    assert found[2].startswith(f"sitemap.xml:1: <loc> leads to {URL}/stories/bell/")
    assert found[3] == "theme/outside:1: it is a symbolic link. Put the file itself there."


def test_page_for_the_lost_is_shown_at_any_depth(output: Path) -> None:
    write(
        output,
        "404.html",
        body('<a href="people/">x</a><a href="/people/">x</a><a href="mailto:a@b.org">x</a>'),
    )
    assert told(output) == [
        "404.html:13: <a href> leads to people/, but this page is shown at any address."
        " Begin it with {{ SITEURL }}/."
    ]


def test_empty_folder_is_no_site(tmp_path: Path) -> None:
    assert [finding.message for finding in check_site(tmp_path, URL)] == ["the folder has no page."]


def test_findings_come_in_the_order_of_files_and_lines(output: Path) -> None:
    write(output, "index.html", body('<img src="b.png">\n<a href="#z">x</a>\n<img src="a.png">'))
    write(output, "about.html", body('<a href="/no">x</a>'))
    found = check_site(output, URL)
    assert found == sorted(found)
    assert [finding.line for finding in found] == [13, 13, 14, 15]


def test_files_are_named_from_where_one_stands(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (output / "theme/fonts/text.woff2").unlink()
    monkeypatch.chdir(output.parent)
    for place in (output, Path("output")):
        assert [finding.path for finding in check_site(place, URL)] == ["output/theme/site.css"]


def test_page_of_the_fixture_uses_every_kind_of_link() -> None:
    assert all(kind in BODY for kind in ("srcset", "#main", "mailto:", "../../people/#mara", "localhost"))
