"""Measure what importing promises: any order, any number of times, killed at any moment.

``sequences`` writes the same threads down in several forms (unrolled pages, whole, as previews and with
cut posts, an account export, JSON lines, the open form), imports the files in random sequences with
repeats, in folders and zips, and compares the archives. ``kills`` imports them in a process that is
killed with signal 9 at a random moment, looks what is in, and goes on with the same archive. ``pace``
prints what keeping every file's version costs, as ratios to the first import of the same run. ``small``
runs ``bobbin import``, sandbox and all, on a folder of so many small files and on one file with the same
posts, and again on both; its status is 1 where the folder takes more than three times as long. Run it as
``python -m tests.benchmarks.imports [sequences N] [kills N] [pace N] [small N]``; all of them without an
argument.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.cli.import_files import ImportOptions, import_files
from bot.inbox import input_files
from retrieval.archive import Archive
from retrieval.formats.import_types import FileReport, Limits, SavedFile
from retrieval.formats.jsonl_format import dump_line
from retrieval.model import Post, Thread
from tests.benchmarks.bars import fail_below_bar
from tests.promises import sabotage

__all__ = ["Killed", "Sequenced", "contents", "kill", "main", "sequence", "written"]

_ROOT = Path(__file__).resolve().parents[2]
_FIRST_ID = 1_670_000_000_000_000_000
_MINUTE = 60_000 << 22
_EPOCH_MS = 1_288_834_974_657
_CUT = 100
#: How many times as long as one file small files with the same posts may take.
_MOST_TIMES = 3.0
_LIMITS = Limits()
_WORDS = (
    *("anchor", "barrel", "candle", "drawer", "engine", "feather", "garden", "harbour", "island", "jacket"),
    *("kettle", "ladder", "mirror", "needle", "orchard", "pillow", "quarry", "river", "saddle", "timber"),
    *("umbrella", "valley", "window", "yarn", "bobbin", "thread", "linen", "spindle"),
)


@dataclass(frozen=True, slots=True)
class _Post:
    """A post as its author wrote it: its id, its text with ``{}`` for a link, and where the link leads."""

    id: int
    text: str
    leads: str | None = None

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=(self.id >> 22) + _EPOCH_MS)

    def shown(self, link: str) -> str:
        return self.text.format(link)

    @property
    def short(self) -> str:
        return f"https://t.co/{self.id % 10**9:x}"


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.imports", description=__doc__)
    parser.add_argument("what", nargs="*", metavar="sequences N | kills N | pace N | small N")
    parser.add_argument("--worker", nargs="+", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    sabotage.apply()
    if chosen.worker:
        _work(Path(chosen.worker[0]), chosen.worker[1:])
        return
    wanted = dict(zip(chosen.what[::2], map(int, chosen.what[1::2]), strict=True))
    wanted = wanted or {"sequences": 1000, "kills": 200, "pace": 5000, "small": 4000}
    short: list[str] = []
    for what, number in wanted.items():
        short += {"sequences": _sequences, "kills": _kills, "pace": _pace, "small": _small}[what](number)
    fail_below_bar(short)


# Any order, any number of times


@dataclass(frozen=True, slots=True)
class Sequenced:
    """A random sequence: how many threads were written, how many imports it took, what two archives hold."""

    written: int
    imports: int
    in_order: list[Thread]
    at_random: list[Thread]


def _sequences(count: int) -> list[str]:
    started = time.perf_counter()
    imports = threads = different = apart = 0
    for number in range(count):
        with tempfile.TemporaryDirectory() as folder:
            found = sequence(number, Path(folder))
        imports += found.imports
        threads += found.written
        different += found.in_order != found.at_random
        apart += len(found.at_random) - found.written
    seconds = time.perf_counter() - started
    _say(f"{count} random sequences of {imports} imports in all: {different} archives differ")
    _say(f"  of {threads} threads, in 1 to 4 forms each, {apart} stand twice")
    _say(f"  {seconds:.0f} s, {imports / seconds:.0f} imports a second")
    return [f"{different} archives differ, {apart} threads stand twice"] if different or apart else []


def sequence(seed: int, folder: Path) -> Sequenced:
    """Import a few threads in their forms once in order, and once in a random sequence with repeats."""
    chance = random.Random(seed)  # noqa: S311 - the same in every run
    threads = chance.randint(2, 6)
    names = written(folder / "saved", chance, threads)
    with Archive.open(folder / "one.db") as one:
        for name in names:
            _import(one, [name])
        first = contents(one)
    order = [*names, *chance.choices(names, k=chance.randint(0, 4))]
    chance.shuffle(order)
    groups = _grouped(order, folder / "groups", chance)
    with Archive.open(folder / "two.db") as two:
        for group in groups:
            _import(two, [group])
        second = contents(two)
    return Sequenced(threads, len(groups), first, second)


def contents(archive: Archive) -> list[Thread]:
    """Return every thread of an archive, whole, in the order of the ids."""
    scope = archive.catalog.scope()
    ids = sorted(summary.id for summary in archive.catalog.threads(scope, limit=10**6))
    return [archive.catalog.thread(name, scope) for name in ids]


def written(folder: Path, chance: random.Random, threads: int) -> list[Path]:
    """Write random threads down, each in some forms, and return the files."""
    folder.mkdir(parents=True)
    told = [_thread(chance, number) for number in range(threads)]
    made: dict[str, str | bytes] = {}
    for number, posts in enumerate(told):
        forms = chance.sample(list(_FORMS), chance.randint(1, 3))
        made |= {f"{number}-{form}": _FORMS[form](posts, told, chance) for form in forms}
    if chance.random() < 0.7:
        shared = chance.sample(told, chance.randint(1, len(told)))
        made["tweets.js"] = _export(shared)
    for name, content in made.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return [folder / name for name in made]


def _grouped(order: Sequence[Path], folder: Path, chance: random.Random) -> list[Path]:
    """Return the files in their order, some runs of them together in a folder or a zip."""
    folder.mkdir()
    groups: list[Path] = []
    remaining = list(order)
    while remaining:
        run = [remaining.pop(0) for _ in range(min(len(remaining), chance.choice([1, 1, 1, 2, 4])))]
        kind = chance.choice(["file", "folder", "zip"])
        if kind == "file":
            groups += run
            continue
        place = folder / f"{len(groups)}{'.zip' if kind == 'zip' else ''}"
        different = {f"{number}/{path.name}": path for number, path in enumerate(dict.fromkeys(run))}
        if kind == "zip":
            with zipfile.ZipFile(place, "w") as packed:
                for name, path in different.items():
                    packed.write(path, name)
        else:
            for name, path in different.items():
                (place / name).parent.mkdir(parents=True)
                (place / name).write_bytes(path.read_bytes())
        groups.append(place)
    return groups


def _import(archive: Archive, paths: Sequence[Path]) -> list[FileReport]:
    found = input_files.find_files([str(path) for path in paths], _LIMITS)
    reports = list(
        import_files(archive, found.files, ImportOptions(), _LIMITS, lambda _entry, _posts, _share: None)
    )
    failed = [f"{report.file}: {report.error}" for report in reports if report.error]
    assert not failed, failed[:3]
    assert not found.failed, found.failed[:3]
    return reports


# Forms


def _thread(chance: random.Random, number: int) -> list[_Post]:
    """Make up a thread of one to eight posts, some with a link, some long."""
    posts = []
    for place in range(chance.randint(1, 8)):
        words = " ".join(chance.choices(_WORDS, k=chance.randint(6, 40)))
        text = f"{words.capitalize()} {number}.{place}."
        leads = f"https://example.org/{number}/{place}" if chance.random() < 0.3 else None
        identified = _FIRST_ID + (number * 100 + place) * _MINUTE
        posts.append(_Post(identified, f"{text} {{}}" if leads else text, leads))
    return posts


def _page(posts: Sequence[_Post], links: Callable[[_Post], str] = lambda post: post.short) -> str:
    lines = []
    for number, post in enumerate(posts, 1):
        marker = "/END" if number == len(posts) > 1 else f"/{number}"
        lines += [post.shown(links(post)), marker]
    return "\n".join(lines) + "\n"


def _whole_page(posts: Sequence[_Post], _told: object, chance: random.Random) -> str:
    shown = chance.choice([lambda post: post.short, lambda post: post.leads or ""])
    return "---\nauthor: Ada Example\ntitle: A thread\n---\n" + _page(posts, shown)


def _cut_page(posts: Sequence[_Post], _told: object, _chance: random.Random) -> str:
    """Write a page of a service that cuts long posts."""
    short = [
        replace(post, text=f"{post.text[:_CUT]}… {post.short}", leads=None)
        if post.leads is None and len(post.text) > _CUT + 20
        else post
        for post in posts
    ]
    return _page(short)


def _page_with_previews(
    posts: Sequence[_Post], told: Sequence[Sequence[_Post]], chance: random.Random
) -> str:
    others = [other for other in told if other is not posts and len(other) > 2]
    shown = "".join(
        "\n".join(f"{post.shown(post.short)}\n/{number}" for number, post in enumerate(other[:3], 1)) + "\n"
        for other in chance.sample(others, min(len(others), 2))
    )
    page = _page(posts)
    return (
        f"{page}• • •\nMissing some Tweet in this thread? You can try to\nforce a refresh\n{shown}"
        if shown
        else page
    )


def _open_form(posts: Sequence[_Post], _told: object, _chance: random.Random) -> str:
    with tempfile.TemporaryDirectory() as folder, Archive.open(Path(folder) / "archive.db") as archive:
        report = archive.import_file(SavedFile("page.txt", _page(posts).encode(), author="@ada"))
        assert report.error is None, report.error
        return "".join(f"{dump_line(thread)}\n" for thread in contents(archive))


def _snscrape(posts: Sequence[_Post], _told: object, _chance: random.Random) -> str:
    records = []
    for place, post in enumerate(posts):
        user = {"_type": "snscrape.modules.twitter.User", "username": "ada", "id": 31}
        records.append(
            {
                "_type": "snscrape.modules.twitter.Tweet",
                "url": f"https://twitter.com/ada/status/{post.id}",
                "date": post.at.isoformat(),
                "rawContent": post.shown(post.short),
                "id": post.id,
                "user": user,
                "conversationId": posts[0].id,
                "inReplyToTweetId": posts[place - 1].id if place else None,
                "inReplyToUser": user if place else None,
                "links": [{"url": post.leads, "tcourl": post.short}] if post.leads else None,
            }
        )
    return "".join(f"{json.dumps(record)}\n" for record in records)


def _export(told: Iterable[Sequence[_Post]]) -> str:
    records = []
    for posts in told:
        for place, post in enumerate(posts):
            raw = post.shown(post.short)
            start = raw.find(post.short)
            links = [
                {
                    "url": post.short,
                    "expanded_url": post.leads,
                    "indices": [str(start), str(start + len(post.short))],
                }
            ]
            record: dict[str, Any] = {
                "id_str": str(post.id),
                "id": str(post.id),
                "created_at": post.at.strftime("%a %b %d %H:%M:%S +0000 %Y"),
                "full_text": raw,
                "entities": {"urls": links if post.leads else []},
            }
            if place:
                record |= {
                    "in_reply_to_status_id_str": str(posts[place - 1].id),
                    "in_reply_to_user_id_str": "31",
                    "in_reply_to_screen_name": "ada",
                }
            records.append({"tweet": record})
    return f"window.YTD.tweets.part0 = {json.dumps(records)}"


_FORMS: dict[str, Callable[[Sequence[_Post], Sequence[Sequence[_Post]], random.Random], str]] = {
    "page.txt": _whole_page,
    "cut.txt": _cut_page,
    "previews.txt": _page_with_previews,
    "open.jsonl": _open_form,
    "snscrape.jsonl": _snscrape,
}


# Killed at any moment


@dataclass(frozen=True, slots=True)
class Killed:
    """What was found after a kill: files told as in and not there, files in by half, problems."""

    lost: int
    half: int
    problems: int
    told: int


def _kills(count: int) -> list[str]:
    started = time.perf_counter()
    chance = random.Random(3)  # noqa: S311 - the same moments in every run
    total = Killed(0, 0, 0, 0)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            found = kill(Path(folder) / str(number % 10), chance, number)
            total = Killed(
                total.lost + found.lost,
                total.half + found.half,
                total.problems + found.problems,
                total.told + found.told,
            )
    seconds = time.perf_counter() - started
    _say(
        f"{count} kills with signal 9, {total.told} files told as in before: {total.lost} lost, "
        f"{total.half} half in, {total.problems} problems with the database ({seconds:.0f} s)"
    )
    harm = total.lost, total.half, total.problems
    return ["{} lost, {} half in, {} problems".format(*harm)] if any(harm) else []


def kill(folder: Path, chance: random.Random, number: int) -> Killed:
    """Import files in a process, kill it at a random moment, and look what is in.

    Each round goes on with the archive that the kill before left behind, as a restart does.
    """
    folder.mkdir(exist_ok=True)
    saved = {f"{number}-{place}": _marked(f"{number}.{place}", chance) for place in range(40)}
    for name, content in saved.items():
        (folder / name).write_text(content)
    path = folder / "archive.db"
    with subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.imports", "--worker", str(path)]
        + [str(folder / name) for name in saved],
        cwd=_ROOT,
        env=os.environ | {"PYTHONPATH": str(_ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout
        child.stdout.readline()
        # Anywhere from before the first import to the middle of the last, however fast the machine is.
        said = "".join(child.stdout.readline() for _ in range(chance.randrange(len(saved))))
        time.sleep(chance.uniform(0, 0.05))
        child.send_signal(signal.SIGKILL)
        said += child.stdout.read()
    told = [name for name in said.split("\n")[:-1] if name in saved]
    with Archive.open(path) as archive:
        held = dict.fromkeys(saved, 0)
        for file in archive.catalog.sources():
            name = Path(file.name).name
            if name in held:
                held[name] = file.posts
        posts = {name: content.count("\n/") for name, content in saved.items()}
        texts = sum(thread.length for thread in contents(archive)) if any(held.values()) else 0
        whole = sum(file.posts for file in archive.catalog.sources())
        problems = [problem for problem in archive.check() if not problem.startswith("note: ")]
    lost = sum(held[name] != posts[name] for name in told)
    half = sum(0 < held[name] < posts[name] for name in saved) + (texts not in {0, whole})
    return Killed(lost, half, len(problems), len(told))


def _marked(mark: str, chance: random.Random) -> str:
    """Return a page of up to 300 threads' worth of posts that no other page has."""
    posts = chance.randint(2, 300)
    return "".join(
        f"{' '.join(chance.choices(_WORDS, k=12))} {mark}.{place}\n/{place}\n"
        for place in range(1, posts + 1)
    )


def _work(path: Path, names: Sequence[str]) -> None:
    """Import file after file, and say of each that it is in, once it is."""
    with Archive.open(path) as archive:
        _say("ready")
        sys.stdout.flush()
        for name in names:
            _import(archive, [Path(name)])
            _say(Path(name).name)
            sys.stdout.flush()


# What it costs


def _pace(threads: int) -> list[str]:
    """Import an export, again, under another name, and in another form."""
    chance = random.Random(5)  # noqa: S311 - the same in every run
    told = [_thread(chance, number) for number in range(threads)]
    posts = sum(map(len, told))
    export = _export(told).encode()
    scraped = "".join(_snscrape(one, told, chance) for one in told).encode()
    with tempfile.TemporaryDirectory() as folder, Archive.open(Path(folder) / "archive.db") as archive:
        first = 0.0
        _say(f"{threads} threads of {posts} posts")
        for what, name, content in (
            ("first import", "tweets.js", export),
            ("again", "tweets.js", export),
            ("under another name", "copy.js", export),
            ("in another form", "scraped.jsonl", scraped),
        ):
            started = time.perf_counter()
            report = archive.import_file(SavedFile(name, content))
            seconds = time.perf_counter() - started
            assert report.error is None, report.error
            first = first or seconds
            size = sum(part.stat().st_size for part in Path(folder).iterdir() if part.suffix == ".db")
            _say(
                f"  {what:<20}{seconds / first:6.2f} × ({posts / seconds:,.0f} posts a second), "
                f"{size / 2**20:.1f} MiB"
            )
    return []


# Many small files


def _small(count: int) -> list[str]:
    """Import small unrolled pages, and lines of the open form, beside one file that holds all of them."""
    chance = random.Random(7)  # noqa: S311 - the same in every run
    threads = [_thread(chance, number) for number in range(count)]
    short: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole = [
            dump_line(
                Thread(tuple(Post(place, post.shown(post.short), place) for place, post in enumerate(t, 1)))
            )
            for t in threads
        ]
        (folder / "one.jsonl").write_text("\n".join(whole) + "\n")
        for kind, files in (("txt", [_page(thread) for thread in threads]), ("jsonl", whole)):
            (folder / kind).mkdir()
            for number, content in enumerate(files):
                (folder / kind / f"{number}.{kind}").write_text(content + "\n")
        one, again = _imported(folder / "one.jsonl", folder / "one")
        _say(
            f"{count} threads of {sum(map(len, threads))} posts in one file: {one:.1f} s, again {again:.1f} s"
        )
        for kind in ("txt", "jsonl"):
            many, again = _imported(folder / kind, folder / f"{kind}.data")
            ratio = many / one
            _say(f"  in a file each, {kind:<6}{ratio:5.2f} × ({many:.1f} s), again {again / one:.2f} ×")
            if ratio > _MOST_TIMES:
                short.append(
                    f"{count} files take {ratio:.2f} times as long as one, at most {_MOST_TIMES} are due"
                )
    return short


def _imported(path: Path, data: Path) -> tuple[float, float]:
    """Import a path into an archive of its own twice, and return the processor's seconds that each took."""
    seconds = []
    for _ in range(2):
        before = os.times()
        subprocess.run(
            [sys.executable, "-m", "bot", "import", str(path)],
            cwd=_ROOT,
            env=os.environ | {"BOBBIN_DATA_DIR": str(data)},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        after = os.times()
        # The sandbox's processes are children of a child, and counted with it.
        seconds.append(sum(after[2:4]) - sum(before[2:4]))
    return seconds[0], seconds[1]


def _say(text: str) -> None:
    with suppress(BrokenPipeError):
        sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    main()
