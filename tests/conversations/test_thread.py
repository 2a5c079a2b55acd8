"""Nesting, and who waits for an answer."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from plugins.conversations.thread import MAX_DEPTH, Comment, Thread, anchor_of, flat, nest, unanswered

START = datetime(2026, 11, 1, tzinfo=UTC)


def comment(name, parent=None, *, minute=0, staff=False):
    when = START + timedelta(minutes=minute)
    return Comment(
        name, parent, "Ann", "", when, Markup(f"<p>{name}</p>"), staff, None, anchor_of("isso", name)
    )


def thread(*comments):
    return Thread("x", "isso", None, nest(comments))


def outline(comments):
    return [(c.id, outline(c.replies)) for c in comments]


names = st.sampled_from(["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "missing"])
threads = st.lists(
    st.builds(
        lambda name, parent, minute: comment(name, parent, minute=minute),
        names,
        st.none() | names,
        st.integers(0, 5),
    ),
    max_size=30,
)


@settings(deadline=None)
@given(threads)
def test_no_comment_is_lost_and_none_is_doubled(comments):
    def kept(found):
        return sorted((c.id, c.parent or "", c.published) for c in found)

    assert kept(flat(nest(comments))) == kept(comments)


@settings(deadline=None)
@given(threads, st.randoms())
def test_the_order_of_the_list_does_not_matter(comments, random):
    shuffled = list(comments)
    random.shuffle(shuffled)
    unique = {c.id: c for c in comments}
    assert nest(unique.values()) == nest([c for c in shuffled if unique[c.id] is c])


@settings(deadline=None)
@given(threads)
def test_siblings_stand_by_time_and_nothing_is_too_deep(comments):
    def look(level, depth):
        assert depth <= MAX_DEPTH + 1
        assert [c.published for c in level] == sorted(c.published for c in level)
        for found in level:
            look(found.replies, depth + 1)

    look(nest(comments), 1)


def test_a_reply_to_nobody_stands_at_the_top():
    assert outline(nest([comment("1"), comment("2", "gone", minute=1)])) == [("1", []), ("2", [])]


def test_a_circle_is_opened_at_its_earliest_comment():
    circle = [comment("1", "3", minute=1), comment("2", "1", minute=2), comment("3", "2", minute=3)]
    assert outline(nest(circle)) == [("1", [("2", [("3", [])])])]
    assert outline(nest([comment("1", "1")])) == [("1", [])]


def test_a_very_long_chain_neither_nests_for_ever_nor_takes_for_ever():
    chain = [comment("0"), *(comment(str(n), str(n - 1), minute=n) for n in range(1, 5000))]
    assert len(list(flat(nest(chain)))) == 5000


def test_numbers_in_ids_count_as_numbers():
    assert [c.id for c in nest([comment("10"), comment("9")])] == ["9", "10"]


def test_a_question_waits_until_staff_answers_somewhere_under_it():
    question = comment("1")
    assert thread(question).waiting
    other = comment("2", "1", minute=1)
    assert unanswered(thread(question, other)) != ()
    answer = comment("3", "2", minute=2, staff=True)
    assert unanswered(thread(question, other, answer)) == ()
    assert not thread(question, other, answer).waiting


def test_a_readers_last_word_waits_again():
    assert thread(comment("1"), comment("2", "1", minute=1, staff=True), comment("3", "2", minute=2)).waiting


def test_an_unanswered_question_waits_although_staff_spoke_last_elsewhere():
    assert thread(comment("1"), comment("2", minute=1), comment("3", "2", minute=2, staff=True)).waiting


def test_nothing_waits_in_an_empty_thread_or_under_staff_alone():
    assert not thread().waiting
    assert not thread(comment("1", staff=True)).waiting


def test_anchors_are_plain_words():
    assert anchor_of("isso", "12") == "comment-isso-12"
    strange = anchor_of("bluesky", 'at://did:plc:x/"><script>')
    assert strange.startswith("comment-bluesky-")
    assert strange.replace("-", "").isalnum()
