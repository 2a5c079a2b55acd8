"""Two who change a file below one folder wait for one another."""

import threading

from plugins.guard.files import alone_in


def test_who_comes_second_reads_what_the_first_wrote(tmp_path):
    folder, begun, order = tmp_path / "new", threading.Event(), []

    def second():
        begun.set()
        with alone_in(folder):
            order.append("second")

    other = threading.Thread(target=second)
    with alone_in(folder):
        other.start()
        begun.wait(20)
        other.join(0.05)
        order.append("first")
    other.join(20)
    assert order == ["first", "second"]


def test_a_disk_without_locks_is_written_to_all_the_same(tmp_path, monkeypatch):
    def none(*_):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("plugins.guard.files.fcntl.flock", none)
    with alone_in(tmp_path):
        (tmp_path / "a").write_text("a")
    assert (tmp_path / "a").read_text() == "a"
