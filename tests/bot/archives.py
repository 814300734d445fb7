"""A small archive of our own threads, for every test that needs one to ask."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from sqlite_utils import Database

from retrieval.archive import Archive
from retrieval.formats.import_types import SavedFile
from retrieval.storage.connections import Connections
from retrieval.storage.database import connect

__all__ = ["HANDBOOK", "HOSTILE", "LAMPS", "RIVERS", "almost_full_disk", "fill", "keep", "week"]

RIVERS = """\
A short thread about the ferries of the river Oder, and why they cross at dawn.
/1
The ferry at Gozdowice crosses at dawn because the current is calm then; by noon the wind turns it.
/2
A ferryman steers by the poplars on the far bank. He told me the current never lies.
/3
In winter the ferry rests on the slip, and the ice does the crossing for it.
/4
In spring the current brings driftwood, and the ferry waits for it to pass.
/5
The oldest ferry on the river is driven by nothing but the current and a rope.
/6
That rope is replaced each year, and the ferry's bell is older than all of its ropes.
/END
"""

LAMPS = """\
Why do lighthouses turn? A thread about lamps, lenses and quicksilver.
/1
Augustin Fresnel cut the lens into rings, so that one lamp could be seen for twenty miles.
/2
The lens of a lighthouse floated in a bath of quicksilver, and a child could turn it with a finger.
/END
"""

_FREIGHT = "the ferry *bends* __under__ ~~its~~ freight, @here! " * 400

HOSTILE = f"""\
A hostile thread with @everyone in it, <@1> and <@&2> and <#3>, [a masked link](https://example.org), ||a
spoiler||, `code` and a ferry.
/1
Very long: {_FREIGHT}
/2
# A ferry as a heading
> and a quote
-# and small
/END
"""

HANDBOOK = """\
Bobbin answers questions with quotes out of an archive. This thread tells how to ask.
/1
To ask in a server, mention Bobbin or use the command /ask with your question.
/END
"""


def week(number: int) -> str:
    """One of many threads that open alike; only the fourth has a fifth post."""
    more = "Until next week, from all of us.\n/4\n" if number == 4 else ""
    return f"""\
Our weekly notes on the markets of three towns by the sea.
/1
None of this is advice, and all prices are in shells.
/2
Wool number {number} was sold at the pier, and nobody asked for salt.
/3
{more}END of week {number}.
/END
"""


def fill(archive: Archive, **texts: str) -> None:
    """Import each text as the public file of its name."""
    for name, text in texts.items():
        keep(archive, name, text)


def keep(archive: Archive, name: str, text: str, server_id: int | None = None) -> None:
    """Import one text, into a server's own collection where one is named."""
    file = SavedFile(f"{name}.txt", text.encode(), author="Ada", title=name.title())
    collection = "main" if server_id is None else "own"
    report = archive.import_file(file, collection=collection, server_id=server_id)
    assert report.error is None, report.error


def handbook_in(folder: Path) -> Path:
    """Write the handbook's one file into a new folder."""
    folder.mkdir(exist_ok=True)
    (folder / "asking.txt").write_text(HANDBOOK)
    return folder


@contextmanager
def almost_full_disk(connections: Connections, *, pages: int) -> Iterator[None]:
    """Let a database grow by so many pages and no more, whoever opens it to write."""

    def limited(path: Path, *, patience: float, writes: bool) -> Database:
        db = connect(path, patience=patience, writes=writes)
        if path == connections.path:
            db.execute(f"pragma max_page_count = {most}")
        return db

    with connections.writer() as db:
        most = db.execute("pragma page_count").fetchone()[0] + pages
        connections._drop_writer()
    with mock.patch("retrieval.storage.connections.connect", limited):
        yield
    connections._drop_writer()
