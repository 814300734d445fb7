"""Compare first mentions with a plain look through every post, on phrases taken from the posts themselves.

Run it as ``python -m tests.benchmarks.mentions COLLECTIONS --phrases 1000``; it exits with 1 where any phrase
has other posts, another order or another first one than the plain look.
"""

import argparse
import random
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from retrieval.archive import Archive
from retrieval.evaluation.collection import load, threads_of
from retrieval.model import Scope, Thread
from retrieval.search.quote_text import fold_text
from retrieval.storage.store import Source, Store
from tests.benchmarks.quotes import HELD

__all__ = ["dated_archive", "differences", "main", "phrases"]

_WRITINGS: list[Callable[[str], str]] = [str, str.upper, str.lower, lambda one: one.replace("'", "’")]
_START = datetime(2019, 1, 1, tzinfo=UTC)


def dated_archive(path: Path, folder: Path, names: Sequence[str] = tuple(HELD), seed: int = 1) -> None:
    """Make an archive of collections in which three posts of four have a date, and threads have authors."""
    rng = random.Random(seed)  # noqa: S311 - a repeatable sample
    with Store.open(path) as store:
        for name in names:
            collection = store.collection(name, language=HELD[name])
            threads = [_dated(thread, rng) for thread in threads_of(load(folder / name))]
            store.save(threads, collection, Source(name, name, "judged"), _START)


def _dated(thread: Thread, rng: random.Random) -> Thread:
    posts = tuple(
        replace(post, posted_at=_START + timedelta(minutes=rng.randrange(3_000_000)))
        if rng.random() < 0.75
        else post
        for post in thread.posts
    )
    # An id of its own, since those of two collections are numbered alike.
    return replace(
        thread, posts=posts, author=f"@author{rng.randrange(40)}", id=f"{rng.getrandbits(55):011x}a"[:12]
    )


def phrases(archive: Archive, count: int, seed: int = 1) -> list[str]:
    """Return runs of one to four words out of the posts, some in another case or with other marks."""
    rng = random.Random(seed)  # noqa: S311 - as above
    texts = [text for _, _, text in _posts(archive)]
    chosen: list[str] = []
    while len(chosen) < count:
        words = rng.choice(texts).split()
        size = rng.randint(1, 4)
        if len(words) > size:
            start = rng.randrange(len(words) - size)
            phrase = " ".join(words[start : start + size])[:200]
            chosen.append(rng.choice(_WRITINGS)(phrase))
    return chosen


def _posts(archive: Archive) -> Iterator[tuple[str, int, str]]:
    for collection in archive.catalog.collections():
        for thread, _ in archive._store.threads_of(collection.id):
            for post in thread.posts:
                yield thread.id, post.ordinal, post.text


def differences(archive: Archive, scope: Scope, wanted: Sequence[str]) -> tuple[list[str], float, float]:
    """Return the phrases whose mentions differ, and the seconds that both ways took."""
    looked: list[tuple[str, int, str, str]] = [
        (thread, ordinal, fold_text(text).text, text) for thread, ordinal, text in _posts(archive)
    ]
    dates: dict[tuple[str, int], datetime | None] = {
        (thread.id, post.ordinal): post.posted_at or thread.posted_at
        for collection in archive.catalog.collections()
        for thread, _ in archive._store.threads_of(collection.id)
        for post in thread.posts
    }
    different, plain, quick = [], 0.0, 0.0
    for phrase in wanted:
        begun = time.perf_counter()
        pattern = _pattern(phrase)
        places = [
            (thread, ordinal) for thread, ordinal, folded, _ in looked if pattern and pattern.search(folded)
        ]
        places.sort(key=lambda place: (dates[place] is None, dates[place] or _START, place))
        between = time.perf_counter()
        found = archive.answers.first_mention(phrase, scope).mentions
        quick += time.perf_counter() - between
        plain += between - begun
        if [(one.excerpt.thread.id, one.excerpt.post.ordinal) for one in found] != places:
            different.append(phrase)
    return different, plain, quick


def _pattern(phrase: str) -> re.Pattern[str] | None:
    """Return what finds a phrase between borders of words; scripts without spaces have none."""
    core = fold_text(phrase).text.lstrip(" '").rstrip(" '.,;:-")
    if not any(letter.isalnum() for letter in core):
        return None
    unspaced = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff"
    letter = rf"[^\W_{unspaced}]"
    before = rf"(?<!{letter})" if re.match(letter, core) else ""
    after = rf"(?!{letter})" if re.search(rf"{letter}$", core) else ""
    if core[0].isdigit():
        before += r"(?<!\d[.,:])"
    if core[-1].isdigit():
        after += r"(?![.,:]\d)"
    return re.compile(before + re.escape(core) + after)


def main() -> None:
    """Read the options, compare, and exit with 1 where anything differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.mentions", description=__doc__)
    parser.add_argument("collections", type=Path, help="the folder of the collections")
    parser.add_argument("--phrases", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mentions-") as scratch:
        path = Path(scratch) / "archive.db"
        dated_archive(path, given.collections)
        with Archive.open(path) as archive:
            archive.refresh()
            wanted = phrases(archive, given.phrases, given.seed)
            different, plain, quick = differences(archive, archive.catalog.scope(), wanted)
    each = 1e3 / len(wanted)
    print(  # noqa: T201 - a command
        f"{len(wanted):,} phrases: {len(wanted) - len(different):,} equal to a plain look through all posts;"
        f" {quick * each:.1f} ms each, the plain look {plain * each:.1f} ms"
    )
    if different:
        raise SystemExit(f"{len(different)} phrases differ: {different[:20]}")


if __name__ == "__main__":
    main()
