"""A comment's text as a page may show it."""

from plugins.conversations.markup import MOST_TAGS, comment_html


def test_of_a_text_that_is_nothing_but_tags_the_words_are_shown():
    nested = "<b>" * (MOST_TAGS + 1) + "really &lt;so&gt;"
    assert comment_html(nested, "https://site.example/") == "<p>really &lt;so&gt;</p>"
    assert comment_html("<script>" * 50_000 + "alert(1)", "") == "<p>alert(1)</p>"
    assert comment_html("<a " * 50_000, "").startswith("<p>&lt;a &lt;a ")


def test_what_people_write_keeps_its_tags():
    listed = "<ul>" + "<li>one <b>more</b></li>" * 300 + "</ul>"
    assert comment_html(listed, "").count("<b>more</b>") == 300
