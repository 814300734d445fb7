"""Measure what a large part of an X account export costs: seconds, and memory over what was there before.

A part is made up, and four ways to go through it are measured, each in a process of its own: ``json.load``,
``ijson`` alone, Bobbin's reader, and a whole import into a new archive, whose reading has a process of its
own; both processes' memory counts. Ratios are against ``ijson`` alone. Run it as
``python -m tests.benchmarks.export [--mib 100] [--kept]``; with ``--kept`` every post is kept.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

__all__ = ["export", "main", "peak"]

_EPOCH_MS = 1_288_834_974_657
_MIB = 2**20
_WORDS = "the lamp on quay was moved twice last winter and nobody wrote it down so we asked keeper".split()  # noqa: SIM905 - easier to read
_COLUMNS = "{:<28}{:>10}{:>14}{:>12}{:>12}"
_WAYS = ("json.load", "ijson alone", "Bobbin's reader", "Bobbin's import")


def main() -> None:
    """Read the options and measure, or be one of the measured."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.export", description=__doc__)
    parser.add_argument("--mib", type=int, default=100, help="the size of the part")
    parser.add_argument("--kept", action="store_true", help="no reposts and no replies to others")
    parser.add_argument("--way", choices=_WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.way:
        _say(json.dumps(measured(chosen.way, chosen.file)))
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tweets.js"
        posts = export(file, chosen.mib * _MIB, kept=chosen.kept)
        found = {way: _run(way, file) for way in _WAYS}
    seconds, memory = found["ijson alone"]
    _say(f"{posts:,} posts in a part of {chosen.mib} MiB; memory is the peak over what was there before")
    _say(_COLUMNS.format("", "seconds", "MiB", "× ijson s", "× ijson MiB"))
    for way, (took, grew) in found.items():
        row = (f"{took:.2f}", f"{grew:.1f}", f"{took / seconds:.2f}", f"{grew / memory:.2f}")
        _say(_COLUMNS.format(way, *row))


def export(path: Path, size: int, *, kept: bool = False) -> int:
    """Write a part of that many bytes, or a little more, and return how many posts it has.

    A fifth of the posts are reposts, two fifths reply to others, the rest are posts and threads of up to
    twelve; with ``kept`` the latter alone.
    """
    chance = random.Random(5)  # noqa: S311 - the same part in every run
    posts = 0
    with path.open("w", encoding="utf-8") as file:
        file.write("window.YTD.tweets.part0 = [\n")
        for record in _records(chance, kept=kept):
            file.write(",\n" if posts else "")
            file.write(json.dumps({"tweet": record}, indent=2))
            posts += 1
            if file.tell() > size:
                break
        file.write("\n]")
    return posts


def measured(way: str, path: Path) -> tuple[float, float]:
    """Go through the file in one way; return the seconds and the MiB that it took."""
    run = {
        "json.load": _with_json,
        "ijson alone": _with_ijson,
        "Bobbin's reader": _read,
        "Bobbin's import": _import,
    }[way]()
    before = peak(os.getpid())
    others = _Others()
    started = time.perf_counter()
    with others:
        run(path)
    seconds = time.perf_counter() - started
    return seconds, (peak(os.getpid()) - before + others.grew) / _MIB


def peak(process: int) -> int:
    """Return the most memory that a process has had so far, in bytes; 0 when it is gone."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    told = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(told[0]) * 1024 if told else 0


class _Others:
    """What the processes that this one starts have at most, over what they begin with."""

    def __init__(self) -> None:
        self.grew = 0
        self._over = threading.Event()
        self._watching = threading.Thread(target=self._watch)

    def __enter__(self) -> None:
        self._watching.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watching.join()

    def _watch(self) -> None:
        own = Path(f"/proc/{os.getpid()}/task")
        while not self._over.wait(0.01):
            for task in own.iterdir():
                try:
                    children = (task / "children").read_text(encoding="ascii").split()
                except OSError:
                    continue
                # An interpreter with the readers and nothing read is what each begins with.
                self.grew = max([self.grew, *(peak(int(child)) - _bare() for child in children)])


def _bare() -> int:
    if not _BARE:
        code = "import retrieval.ingest.worker, tests.benchmarks.export as e, os; print(e.peak(os.getpid()))"
        out = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
        _BARE.append(int(out.stdout))
    return _BARE[0]


_BARE: list[int] = []


def _run(way: str, path: Path) -> tuple[float, float]:
    command = [sys.executable, "-m", "tests.benchmarks.export", "--way", way, "--file", str(path)]
    out = subprocess.run(command, capture_output=True, check=True, text=True)
    seconds, grew = json.loads(out.stdout)
    return seconds, grew


def _with_json() -> Callable[[Path], None]:
    def run(path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        json.loads(text[text.index("[") :])

    return run


def _with_ijson() -> Callable[[Path], None]:
    import ijson  # noqa: PLC0415 - only what is measured is imported

    def run(path: Path) -> None:
        with path.open("rb") as file:
            file.seek(file.readline().index(b"["))
            for _ in ijson.items(file, "item", use_float=True):
                pass

    return run


def _read() -> Callable[[Path], None]:
    from retrieval.formats.import_types import Limits, SavedFile  # noqa: PLC0415
    from retrieval.ingest.containers import Folder  # noqa: PLC0415 - as above
    from retrieval.readers.x_export import x_export  # noqa: PLC0415

    def run(path: Path) -> None:
        bundle = Folder(path.parent, (path.name,), Limits())
        reading = x_export.read(SavedFile("export", bundle=bundle))
        assert sum(thread.length for thread in reading.threads) > 0

    return run


def _import() -> Callable[[Path], None]:
    from retrieval.archive import Archive  # noqa: PLC0415 - as above
    from retrieval.formats.import_types import Limits, SavedFile  # noqa: PLC0415
    from retrieval.ingest.containers import Folder  # noqa: PLC0415

    # An archive loads these when they are first used: modules are nothing that a file makes grow.
    for name in ("retrieval.importer", "retrieval.ingest.sandbox", "retrieval.search.answers"):
        import_module(name)
    _bare()

    def run(path: Path) -> None:
        bundle = Folder(path.parent, (path.name,), Limits())
        with (
            tempfile.TemporaryDirectory() as folder,
            Archive.open(Path(folder) / "archive.db", limits=Limits()) as archive,
        ):
            report = archive.import_file(SavedFile("export", bundle=bundle))
            assert report.threads.new > 0

    return run


def _records(chance: random.Random, *, kept: bool) -> Iterator[dict[str, Any]]:
    """Yield posts without end, a few minutes apart."""
    number, previous, left = 1_400_000_000_000_000_000, None, 0
    while True:
        number += chance.randrange(1, 2**40)
        text = " ".join(chance.choice(_WORDS) for _ in range(chance.randrange(8, 45)))[:270]
        if left:
            left -= 1
            yield _record(number, text, answers=(previous, "1", "keeper"))
        elif not kept and (kind := chance.random()) < 0.6:
            if kind < 0.2:
                yield _record(number, f"RT @other: {text}")
            else:
                yield _record(number, f"@other {text}", answers=(number - 2**30, "2", "other"))
            continue
        else:
            left = chance.choice([0, 0, 0, 1, 2, 11])
            yield _record(number, text)
        previous = number


def _record(number: int, text: str, answers: tuple[int | None, str, str] | None = None) -> dict[str, Any]:
    moment = time.gmtime(((number >> 22) + _EPOCH_MS) / 1000)
    short = "https://t.co/abcdefghij"
    record = {
        "edit_info": {"initial": {"editTweetIds": [str(number)], "editsRemaining": "5"}},
        "retweeted": False,
        "source": '<a href="https://mobile.twitter.com" rel="nofollow">Twitter Web App</a>',
        "entities": {
            "hashtags": [],
            "symbols": [],
            "user_mentions": [{"name": "Other", "screen_name": "other", "indices": ["0", "6"], "id": "2"}],
            "urls": [
                {
                    "url": short,
                    "expanded_url": "https://example.org/a/page/with/a/long/address",
                    "display_url": "example.org/a/page…",
                    "indices": [str(len(text) + 1), str(len(text) + 1 + len(short))],
                }
            ],
        },
        "display_text_range": ["0", str(len(text) + 1 + len(short))],
        "favorite_count": "0",
        "id_str": str(number),
        "truncated": False,
        "retweet_count": "0",
        "id": str(number),
        "possibly_sensitive": False,
        "created_at": time.strftime("%a %b %d %H:%M:%S +0000 %Y", moment),
        "favorited": False,
        "full_text": f"{text} {short}",
        "lang": "en",
    }
    if answers:
        parent, user, handle = answers
        record |= {"in_reply_to_status_id": str(parent), "in_reply_to_status_id_str": str(parent)}
        record |= {"in_reply_to_user_id": user, "in_reply_to_user_id_str": user}
        record |= {"in_reply_to_screen_name": handle}
    return record


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
