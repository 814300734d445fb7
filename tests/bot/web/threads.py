"""Threads of every kind for the pages: dated, previews, fragments, right to left, and hostile ones."""

from collections.abc import Iterable
from datetime import UTC, datetime

from retrieval.archive import Archive
from retrieval.formats.import_types import SavedFile
from retrieval.formats.jsonl_format import dump_line
from retrieval.model import Completeness, Post, Thread

__all__ = ["ARABIC", "DATED", "FRAGMENT", "PREVIEW", "UNDATED", "keep_threads", "thread_of"]


def thread_of(
    *texts: str, author: str | None = None, title: str | None = None, day: tuple[int, int, int] | None = None
) -> Thread:
    """Make a complete thread of the texts, each post an hour after the one before."""
    start = datetime(*day, 9, tzinfo=UTC) if day else None
    posts = tuple(
        Post(
            place,
            text,
            place,
            url=f"https://posts.example/{author or 'x'}/{place}" if start else None,
            posted_at=start.replace(hour=9 + place % 12) if start else None,
        )
        for place, text in enumerate(texts, 1)
    )
    return Thread(posts, author=author, title=title, posted_at=start)


DATED = tuple(
    thread_of(
        f"Ferries of the river in {year}: what the ferry log of that spring says, page {month}.",
        "The ferry crossed at dawn because the current was calm, and by noon the wind had turned it.",
        *["The ferry rested on the slip while the ice did the crossing for it."] * (1 + (year + month) % 4),
        author="ada_of_the_oder",
        title=f"The ferry log, {year}-{month:02}",
        day=(year, month, 3),
    )
    for year in range(2019, 2024)
    for month in range(1, 13)
    if (year * 5 + month * 7) % 3
)
UNDATED = thread_of(
    "Why do lighthouses turn? A thread about lamps, lenses and quicksilver, by somebody who kept one.",
    "Augustin Fresnel cut the lens into rings, so that one lamp could be seen for twenty miles.",
    "The lens floated in a bath of quicksilver, and a child could turn it with a finger.\n\n"
    "Turn it too fast, though, and it would “sing”: -- a low note -- all night… 🗼",
    author="Keeper of the Lamp",
)
PREVIEW = Thread(
    (
        Post(1, "How a village bakes in one oven: a thread about ovens, turns and debts.", 1),
        Post(2, "Each house has its day, and the ash is shared.", 2),
    ),
    Completeness.PREVIEW,
    author="baker",
)
FRAGMENT = Thread(
    (
        Post(1, "The waggle dance tells the bees where the linden blooms.", 3),
        Post(2, "They follow it, and come back heavy.", 7, author="another_bee"),
    ),
    Completeness.FRAGMENT,
    title="Bees",
)
ARABIC = thread_of(
    "لماذا تدور المنارات؟ خيط عن المصابيح والعدسات، مع كلمة Fresnel في الوسط (1822).",
    "كانت العدسة تطفو في حوض من الزئبق.\nThe second line is English, and stands on the left.",
    author="منارة",
    title="المنارات",
)


def keep_threads(archive: Archive, threads: Iterable[Thread], *, server_id: int | None = None) -> None:
    """Import threads as a file in the open form; into a server's own collection where one is named."""
    content = "".join(dump_line(thread, ()) + "\n" for thread in threads).encode("utf-8", "surrogatepass")
    report = archive.import_file(
        SavedFile("threads.jsonl", content),
        collection="main" if server_id is None else "own",
        server_id=server_id,
        language="en",
    )
    assert report.error is None, report.error
