"""What stays of an entry's HTML and what goes."""

import pytest

from plugins.syndication.excerpt import LONGEST, excerpt
from plugins.syndication.images import picture_key
from plugins.syndication.tidy import blocks
from plugins.syndication.tree import serialise

BASE = "https://walt.example/post/"
PICTURE = '<img src="https://walt.example/a.jpg" alt="A pump">'


def tidied(html: str) -> str:
    return "\n".join(serialise(block) for block in blocks(html, BASE))


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<p>one</p><p>two</p>", "<p>one</p>\n<p>two</p>"),
        ("loose <b>words</b>", "<p>loose <b>words</b></p>"),
        ("one<br><br>two<br>three", "<p>one</p>\n<p>two<br>three</p>"),
        ("<div><section><p>deep</p></section></div>", "<p>deep</p>"),
        ("<p>a</p><p>&nbsp;</p><p><br></p><div></div><p>b</p>", "<p>a</p>\n<p>b</p>"),
        ('<p><a href="/x">here</a></p>', '<p><a href="https://walt.example/x">here</a></p>'),
        ('<img src="/a.jpg" alt="A pump">', f"<p>{PICTURE}</p>"),
        ('<p>x<img src="/a.jpg" alt="A pump"></p>', f"<p>x</p>\n<p>{PICTURE}</p>"),
        ('<p><b><img src="/a.jpg" alt="A pump"></b>x</p>', f"<p>{PICTURE}</p>\n<p>x</p>"),
        ('<h2>x<img src="/a.jpg" alt="A pump"></h2>', f"<h2>x</h2>\n<p>{PICTURE}</p>"),
        ('<img src="/a.jpg">', '<p><img src="https://walt.example/a.jpg" alt=""></p>'),
        (
            '<figure><img src="/a.jpg" alt="A pump"><figcaption>Ours</figcaption></figure>',
            f"<figure>{PICTURE}<figcaption>Ours</figcaption></figure>",
        ),
        ('<picture><source srcset="/b.webp"><img src="/a.jpg" alt="A pump"></picture>', f"<p>{PICTURE}</p>"),
        ('<img src="data:image/gif;base64,R0l" data-src="/a.jpg" alt="A pump">', f"<p>{PICTURE}</p>"),
        ('<img srcset="/a.jpg 1x, /b.jpg 2x" alt="A pump">', f"<p>{PICTURE}</p>"),
        ('<p>x<img src="javascript:alert(1)" alt="words"></p>', "<p>xwords</p>"),
        ('<p>x <img src="/a.jpg" alt="home" width="16" height="16"></p>', "<p>x home</p>"),
        ('<p>x<img src="/a.gif" width="1" height="1" alt="count me"></p>', "<p>x</p>"),
        ('<p>x <img src="https://s.w.org/e.png" alt="🙂"></p>', "<p>x 🙂</p>"),
        (
            '<a href="/a.jpg"><img src="/a-300x200.jpg" alt="A pump"></a>',
            '<p><img src="https://walt.example/a.jpg https://walt.example/a-300x200.jpg" alt="A pump"></p>',
        ),
        (
            '<iframe src="https://www.youtube.com/embed/abc" title="It sings"></iframe>',
            '<p><a href="https://www.youtube.com/embed/abc">It sings</a></p>',
        ),
        (
            '<iframe src="https://player.example/1"></iframe>',
            '<p><a href="https://player.example/1">Player at player.example</a></p>',
        ),
        (
            '<video><source src="/v.mp4"></video>',
            '<p><a href="https://walt.example/v.mp4">Video at walt.example</a></p>',
        ),
        ('<iframe src="javascript:alert(1)"></iframe><p>x</p>', "<p>x</p>"),
        ('<p>x</p><div class="sharedaddy">Share me</div>', "<p>x</p>"),
        ('<p>x</p><ul class="share-buttons"><li>Tweet</li></ul>', "<p>x</p>"),
        ('<p>x <a href="https://twitter.com/intent/tweet?u=1">Tweet</a></p>', "<p>x </p>"),
        ('<p>x</p><p>The post <a href="/p">P</a> appeared first on <a href="/">W</a>.</p>', "<p>x</p>"),
        ("<p>x</p><p>Der Beitrag P erschien zuerst auf W.</p>", "<p>x</p>"),
        ('<p>x</p><p>Pierwotnie <a href="/post/">P</a> ukazał się na <a href="/">W</a>.</p>', "<p>x</p>"),
        ("<p>x</p><h3>Share this:</h3><p>Like Loading…</p><p>Related</p><p>3 Comments</p>", "<p>x</p>"),
        ('<p>x</p><p><a class="more-link" href="/post">Continue reading</a></p><p>[…]</p>', "<p>x</p>"),
        ('<p>x</p><div class="yarpp-related"><ul><li>Another</li></ul></div>', "<p>x</p>"),
        (
            "<p>The post office appeared. First on my list was Ilse.</p>",
            "<p>The post office appeared. First on my list was Ilse.</p>",
        ),
        ("<pre><span>if</span><span>  </span><span>x</span></pre>", "<pre>if  x</pre>"),
        ("<script>alert(1)</script><style>x{}</style><p>x</p>", "<p>x</p>"),
        ("<p>x<svg><animate onbegin=alert(1)></svg></p>", "<p>x</p>"),
        (
            '<p><a href="https://x.example/Conway\'s%20a b">x</a></p>',
            '<p><a href="https://x.example/Conway&#x27;s%20a%20b">x</a></p>',
        ),
        (
            '<p><a href="https://x.example/{attach}">x</a><a href="|static|y">z</a></p>',
            "<p>xz</p>",
        ),
        (
            '<p><a href="mailto:w@walt.example">x</a></p>',
            '<p><a href="mailto:w@walt.example">x</a></p>',
        ),
        ("", ""),
        ("   ", ""),
    ],
)
def test_tidied(html: str, kept: str) -> None:
    assert tidied(html) == kept


@pytest.mark.parametrize(
    "words",
    [
        "Read more books, my mother said, and fewer manuals.",
        "Posted in the middle of winter, the letter came late.",
        "Related by marriage only, they ran the yard together.",
        'I told it first <a href="/post/">here</a>, before I had found the words that I have now, on'
        ' <a href="/">my page</a>.',
        "Share this bread with me, he said.",
    ],
)
def test_a_sentence_of_the_story_stays(words: str) -> None:
    assert len(blocks(f"<p>x</p><p>{words}</p>", BASE)) == 2


@pytest.mark.parametrize(
    "other",
    [
        "http://www.walt.example/a.jpg",
        "https://walt.example/a-1024x768.jpg",
        "https://walt.example/a-scaled.jpg",
        "https://walt.example/a.jpg?w=640&ssl=1",
        "https://i2.wp.com/walt.example/a.jpg?resize=300%2C200",
        "https://walt.example/a.jpg?X-Amz-Signature=1f&X-Amz-Expires=60",
    ],
)
def test_one_picture_in_several_sizes(other: str) -> None:
    assert picture_key(other) == picture_key("https://walt.example/a.jpg")


@pytest.mark.parametrize(
    "other", ["/a.png", "/b.jpg", "/x/a.jpg", "/a.jpg?id=2", "/a-2x3.jpg", "/1024x768.jpg"]
)
def test_another_picture(other: str) -> None:
    assert picture_key(f"https://walt.example{other}") != picture_key("https://walt.example/a.jpg")


def test_blogger_says_the_size_in_the_path() -> None:
    address = "https://1.bp.blogspot.com/-x/y/{}/pump.jpg"
    assert picture_key(address.format("s72-c")) == picture_key(address.format("w640-h480"))


def test_a_nest_of_quotations_is_flattened() -> None:
    assert len(tidied("<blockquote>" * 20_000 + "deep")) < 2_000
    assert "deep" in tidied("<b><i>" * 500 + "deep")


def paragraphs(*lengths: int) -> list[str]:
    html = "".join(f"<p>{'word ' * (length // 5)}</p>" for length in lengths)
    return [serialise(block) for block in excerpt(blocks(html, BASE))]


def test_an_excerpt_has_two_to_four_whole_paragraphs() -> None:
    assert len(paragraphs(400, 400, 400)) == 2
    assert len(paragraphs(50, 50, 50, 50, 50, 50)) == 4
    assert len(paragraphs(50)) == 1


def test_an_excerpt_does_not_end_with_a_heading() -> None:
    parts = excerpt(blocks("<h2>A</h2>" + "<p>x</p>" * 3 + "<h2>B</h2><p>" + "long " * 600 + "</p>", BASE))
    assert [part.tag for part in parts] == ["h2", "p", "p", "p"]


def test_an_endless_paragraph_is_cut_after_a_sentence() -> None:
    (part,) = excerpt(blocks("<p>" + "A sentence of some words. " * 400 + "</p>", BASE))
    assert len(part.text()) <= LONGEST + 2
    assert part.text().endswith("words. …")


def test_a_story_of_a_table_alone_gives_its_words() -> None:
    (part,) = excerpt(blocks("<table><tr><td>one</td><td>two</td></tr></table>", BASE))
    assert "one" in part.text()


def test_without_a_base_relative_links_go() -> None:
    assert [serialise(block) for block in blocks('<p><a href="/x">x</a></p>', "")] == ["<p>x</p>"]
