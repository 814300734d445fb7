"""Archives of made-up posts, as many as wanted, filled through the store as an import fills them.

As a module it adds a corpus to an archive from a process of its own, as ``bobbin import`` does:
``python -m tests.benchmarks.archives ARCHIVE CORPUS POSTS``.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby, islice
from pathlib import Path

from retrieval.archive import Archive
from retrieval.model import Post, Thread
from retrieval.storage.store import Source, Store
from tests.benchmarks.corpus import Corpus, word

__all__ = ["MARKER", "archive_of", "fill"]

#: A word of one post that is added, and of no other.
MARKER = word(10**9)

_DAY = datetime(2000, 1, 1, tzinfo=UTC)
_AT_ONCE = 5000


def archive_of(folder: Path, corpus: Corpus) -> Path:
    """Return the folder of an archive of a corpus, made where it is missing, with whatever it stores."""
    made = folder / f"archive-{corpus.folder.name}"
    if not (made / "made").exists():
        fill(made / "archive.db", corpus)
        with Archive.open(made / "archive.db") as archive:
            archive.refresh()
        (made / "made").touch()
    return made


def fill(path: Path, corpus: Corpus, mark: str = "") -> None:
    """Add a corpus to an archive; one post says also the word ``mark``."""
    with Store.open(path) as store:
        collection = store.collection("main")
        threads = _threads(corpus, mark)
        while batch := list(islice(threads, _AT_ONCE)):
            # A source is known by its hash; here the first thread's id will do.
            store.save(batch, collection, Source(corpus.folder.name, batch[0].id, "made up"), _DAY)


def _threads(corpus: Corpus, mark: str) -> Iterator[Thread]:
    posts = zip(corpus.threads().tolist(), corpus.texts(), strict=True)
    for thread, members in groupby(posts, key=lambda post: post[0]):
        texts = [text for _, text in members]
        if thread == 0 and mark:
            texts[-1] += f" {mark}"
        yield Thread(tuple(Post(ordinal, text) for ordinal, text in enumerate(texts, start=1)))


if __name__ == "__main__":
    fill(Path(sys.argv[1]), Corpus(Path(sys.argv[2]), int(sys.argv[3])), MARKER)
