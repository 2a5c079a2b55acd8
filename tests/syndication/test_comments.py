"""Comments brought from a comment feed on a server, and from an export."""

import json
import re
from pathlib import Path

import pytest

from plugins.conversations.check import check_conversations

from .blog import FEEDS, Blog, forget, run
from .conftest import Served

ATOM = "application/atom+xml"


def serve(blog: Blog, text: str = "", status: int = 200) -> None:
    body = (text or (FEEDS / "comments.xml").read_text("utf-8")).encode()
    blog.served.pages["/comments/5"] = (status, ATOM, body)


def conversation(blog: Blog) -> Path:
    return blog.content / "conversations" / "five-the-lamp.json"


def test_a_thread_comes_with_its_story(blog: Blog) -> None:
    serve(blog)
    counts, said = blog.pull()
    assert counts == {"new": 5}
    assert "  comments of stories/five-the-lamp: 3 new" in said
    assert said[-1] == "5 new, 0 the same, 0 changed, 0 skipped; 3 comments brought."
    # slash:comments 0 is not asked for, and no comment became a story.
    assert blog.served.asked == ["/blog", "/comments/5"]
    assert len(list((blog.content / "stories").iterdir())) == 5
    document = json.loads(conversation(blog).read_text())
    by_author = {comment["author"]: comment for comment in document["comments"]}
    assert document["provider"] == "feed"
    assert by_author["Jo Berg"]["parent"] == by_author["Ilse"]["id"]
    assert by_author["Sam"]["parent"] is by_author["Ilse"]["parent"] is None
    assert by_author["Ilse"]["url"] == "https://walt.example/five/#comment-1"
    assert by_author["Ilse"]["published"] == "2026-11-05T11:00:00Z"
    assert {comment["staff"] for comment in document["comments"]} == {None}
    text = conversation(blog).read_text()
    for word in ("mail.example", "tracker", "<script", "onclick"):
        assert word not in text
    assert check_conversations(blog.content, {}) == []


def test_a_thread_is_asked_for_again_when_somebody_has_added_to_it(blog: Blog) -> None:
    serve(blog)
    blog.pull()
    before = conversation(blog).read_bytes()
    blog.pull()
    assert blog.served.asked.count("/comments/5") == 1
    forget(blog.content)
    blog.pull()
    assert blog.served.asked.count("/comments/5") == 2
    assert conversation(blog).read_bytes() == before
    more = (FEEDS / "comments.xml").read_text("utf-8").replace("comment-2", "comment-4").replace("Sam", "Kim")
    serve(blog, more)
    blog.edit(("<slash:comments>3", "<slash:comments>4"))
    _, said = blog.pull()
    assert "  comments of stories/five-the-lamp: 1 new" in said
    assert len(json.loads(conversation(blog).read_text())["comments"]) == 4


@pytest.mark.parametrize(
    ("status", "text", "words"),
    [
        (500, "x", "the server answered 500"),
        (200, "<!doctype html><html>", "web page"),
        (200, " ", "it is empty"),
    ],
)
def test_comments_that_cannot_be_read_are_said_and_asked_for_again(
    blog: Blog,
    status: int,
    text: str,
    words: str,
) -> None:
    serve(blog, text, status)
    counts, said = blog.pull()
    assert counts == {"new": 5}
    assert any(
        line.startswith("  comments of stories/five-the-lamp could not be read: ") and words in line
        for line in said
    )
    serve(blog)
    assert any("3 new" in line for line in blog.pull()[1])


def test_a_comment_feed_inside_the_network_is_refused(blog: Blog) -> None:
    blog.edit((f"{blog.served.url}/comments/5", "http://10.0.0.1/comments"))
    _, said = blog.pull()
    assert any("could not be read: http://10.0.0.1/comments may not be read" in line for line in said)
    assert not conversation(blog).exists()


def test_a_conversation_that_cannot_be_read_stays(blog: Blog) -> None:
    serve(blog)
    conversation(blog).parent.mkdir()
    conversation(blog).write_text("{")
    counts, said = blog.pull()
    assert counts == {"new": 5}
    assert any("comments of stories/five-the-lamp stay as they are: conversations/" in line for line in said)
    assert conversation(blog).read_text() == "{"


def test_a_feed_of_comments_makes_no_stories(content: Path, served: Served) -> None:
    served.pages["/comments"] = (200, ATOM, (FEEDS / "comments.xml").read_bytes())
    (content / "sources.toml").write_text(f'[[source]]\nperson = "jo-berg"\nfeed = "{served.url}/comments"\n')
    report, said = run(content)
    assert report.counts == {"skipped": 3}
    assert sum("it is a comment, and comments make no stories" in line for line in said) == 3
    assert not list((content / "stories").iterdir())


def test_a_comment_that_went_from_among_others_is_asked_about(blog: Blog) -> None:
    serve(blog)
    blog.pull()
    before = conversation(blog).read_bytes()
    text = (FEEDS / "comments.xml").read_text("utf-8")
    entries = text.split("<entry>")
    serve(blog, "<entry>".join([*entries[:2], *entries[3:]]))  # Sam's
    blog.edit(("<slash:comments>3", "<slash:comments>2"))
    _, said = blog.pull()
    assert (
        "  comments of stories/five-the-lamp: its feed no longer has a comment by Sam on 2026-11-05, but has"
        " older and newer ones. Nothing was removed; take it out of content/conversations/five-the-lamp.json"
        " if that was meant."
    ) in said
    assert conversation(blog).read_bytes() == before
    # One that shows only its newest has lost none.
    serve(blog, "<entry>".join(entries[:2]) + "</feed>")
    blog.edit(("<slash:comments>2", "<slash:comments>3"))
    assert not any("no longer has" in line for line in blog.pull()[1])


THREAD = (("1", "0", "Ilse", "5 11", "What did it hum?"), ("2", "0", "Sam", "5 12", "Write to me."))
THREAD += (("3", "1", "Jo Berg", "6 10", "It hums in B flat."),)


def export(
    folder: Path, link: str = "https://walt.example/five/", thread: tuple[object, ...] = THREAD
) -> Path:
    """WordPress's export of the post that comments.xml is about, with the same comments."""
    comments = "".join(
        f"<wp:comment><wp:comment_id>{id}</wp:comment_id><wp:comment_author>{author}</wp:comment_author>"
        f"<wp:comment_date_gmt>2026-11-0{when[0]} {when[2:]}:00:00</wp:comment_date_gmt>"
        f"<wp:comment_content>{said}</wp:comment_content><wp:comment_approved>1</wp:comment_approved>"
        f"<wp:comment_parent>{parent}</wp:comment_parent></wp:comment>"
        for id, parent, author, when, said in thread  # type: ignore[misc]
    )
    file = folder / "wordpress.xml"
    file.write_text(
        f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Walt</title><link>https://walt.example</link><wp:wxr_version>1.2</wp:wxr_version>
<item><title>Five: the lamp</title><link>{link}</link><guid>http://walt.example/?p=5</guid>
<pubDate>Thu, 05 Nov 2026 09:00:00 +0000</pubDate>
<content:encoded><![CDATA[<p>The lamp over the bench has hummed since the spring, and nobody
minded it until it stopped.</p><p>We hung another.</p>]]></content:encoded>
<wp:post_id>5</wp:post_id><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
{comments}</item></channel></rss>""",
        "utf-8",
    )
    return file


def told(blog: Blog) -> set[tuple[str, str | None]]:
    """Who wrote, and whom they answered."""
    comments = json.loads(conversation(blog).read_text())["comments"]
    names = {comment["id"]: comment["author"] for comment in comments}
    assert len(comments) == len(names)
    assert len(names) == len(set(names.values()))
    return {(comment["author"], names.get(comment["parent"])) for comment in comments}


@pytest.mark.parametrize("first", ["feed", "export"])
def test_a_comment_in_the_feed_and_in_the_export_is_one(
    blog: Blog, first: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    said = re.sub(r"Write to me: .*?secret.txt", "Write to me.", (FEEDS / "comments.xml").read_text("utf-8"))
    serve(blog, said.replace("/five/#comment-2", "/five/comment-page-1/#comment-2"))
    files = {"feed": None, "export": export(tmp_path_factory.mktemp("export"))}
    blog.pull(file=files.pop(first))
    (other,) = files.values()
    blog.pull(file=other)
    assert told(blog) == {("Ilse", None), ("Sam", None), ("Jo Berg", "Ilse")}
    before = conversation(blog).read_bytes()
    forget(blog.content)
    blog.pull()
    assert conversation(blog).read_bytes() == before


def test_what_was_there_twice_already_becomes_one(blog: Blog) -> None:
    serve(blog)
    blog.pull()
    document = json.loads(conversation(blog).read_text())
    twice = [dict(comment, id=f"{comment['id']}0", parent=None) for comment in document["comments"]]
    document["comments"] += twice
    conversation(blog).write_text(json.dumps(document))
    forget(blog.content)
    blog.pull()
    assert told(blog) == {("Ilse", None), ("Sam", None), ("Jo Berg", "Ilse")}


def test_an_export_brings_its_comments_and_asks_nobody(
    content: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("export") / "wordpress.xml"
    file.write_text(
        """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Walt</title><link>https://walt.example</link>
<wp:wxr_version>1.2</wp:wxr_version>
<item><title>One</title><link>https://walt.example/one/</link><guid>https://walt.example/?p=1</guid>
<pubDate>Sun, 01 Nov 2026 09:00:00 +0000</pubDate>
<content:encoded><![CDATA[The door sticks in the wet, and whoever is new lifts it.]]></content:encoded>
<wp:post_id>1</wp:post_id><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
<wp:comment><wp:comment_id>11</wp:comment_id><wp:comment_author>Ilse</wp:comment_author>
<wp:comment_author_email>ilse@mail.example</wp:comment_author_email>
<wp:comment_author_IP>192.0.2.7</wp:comment_author_IP>
<wp:comment_date_gmt>2026-11-02 10:00:00</wp:comment_date_gmt>
<wp:comment_content>Lift it!</wp:comment_content>
<wp:comment_approved>1</wp:comment_approved><wp:comment_type>comment</wp:comment_type>
<wp:comment_parent>0</wp:comment_parent>
</wp:comment></item></channel></rss>""",
        "utf-8",
    )
    report, _ = run(content, file=file, source="walt-okafor")
    assert report.counts == {"new": 1}
    text = (content / "conversations" / "one.json").read_text()
    (comment,) = json.loads(text)["comments"]
    assert (comment["author"], comment["html"]) == ("Ilse", "<p>Lift it!</p>")
    assert comment["url"].startswith("https://walt.example/one/")
    assert "mail.example" not in text
    assert "192.0.2.7" not in text
    before = text
    run(content, file=file, source="walt-okafor")
    assert (content / "conversations" / "one.json").read_text() == before
