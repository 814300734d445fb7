"""The fixed archive: saved threads in three languages and of every completeness, and what is no thread."""

import io
import json
import random
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from tests.bot.archives import LAMPS, RIVERS

__all__ = [
    "ALTERED",
    "CHECKED",
    "COLLECTION",
    "OWN",
    "PUBLIC",
    "QUESTIONS",
    "REFUSED",
    "SERVER",
    "large_archive",
    "write",
    "write_handbook",
    "zipped",
]

ALTERED: Final = "A ferryman steers by the stars on the far bank. He told me the current never lies."
"""A quotation with one word of another."""
CHECKED: Final[Mapping[str, str]] = {
    "exact": "A ferryman steers by the poplars on the far bank.",
    "same": "ТАНЕЦЬ показує бджолам, де цвіте липа",
    "across": "the ice does the crossing for it. In spring the current brings driftwood",
    "apart": "In spring the current brings driftwood … In winter the ferry rests on the slip, and the ice",
    "altered": ALTERED,
    "absent": "Carburettors were never mentioned in any of these threads",
    "short": "the ferry",
    "hostile": "A hostile thread with @everyone in it, <@1> and <@&2> and <#3>, [a masked link]",
}
"""Quotations of every result."""

_FERRY = f"""\
---
title: Ferries of the Oder
author: "@ada_of_the_oder"
url: https://posts.example/ada/700
---
{RIVERS}"""
_OVEN = """\
Warum ein Dorf nur einen einzigen Backofen hatte: ein Faden über Brot, Asche und Schulden.
/1
Jedes Haus hatte seinen Backtag, und der Ofen kühlte von Montag bis Samstag niemals ganz aus.
/2
Wer die Glut übernahm, schuldete dem Nachbarn ein Brot. Die Müllerin führte darüber Buch.
/3
Die Asche kam auf die Felder, und im Frühjahr roch das ganze Tal nach Roggen.
/END
"""
_BEES = """\
Чому бджоли танцюють? Коротка нитка про вулики, липи та дорогу до меду.
/1
Танець показує бджолам, де цвіте липа: що довше вони танцюють, то далі летіти до дерева.
/2
Пасічник стукає у вулик тричі, перш ніж відкрити його, бо так робив ще його дід.
/3
Узимку бджоли тримаються клубком, і тепло йде від середини до краю.
/END
"""
_HOSTILE = """\
A hostile thread with @everyone in it, <@1> and <@&2> and <#3>, [a masked link](https://example.org), ||a
spoiler||, `code`, <b>markup</b> & a harmonica.
/1
# A harmonica as a heading
> and a quote
-# and small, *bending* __under__ ~~its~~ freight, @here!
/END
"""
_DAYS = 16
_OWN = """\
A thread about the cranes of the quay that only this server keeps.
/1
The zirconium crane lifts at night, when nobody walks below it.
/END
"""


def _dated() -> Iterator[dict[str, object]]:
    for number, year in enumerate((2019, 2021, 2023), start=1):
        texts = [
            f"The harbour book of {year}: what was written in it about the tides and the gulls.",
            "The tide came late, and the gulls sat on the mole until it did.",
            f"The keeper counted {year % 100} gulls and one heron.",
        ]
        posts = [
            {
                "text": text,
                "number": place,
                "id": f"{number}00{place}",
                "url": f"https://posts.example/keeper/{number}00{place}",
                "posted_at": f"{year}-04-03T09:{place:02}:00Z",
            }
            for place, text in enumerate(texts, start=1)
        ]
        yield {
            "bobbin": 1,
            "completeness": "complete",
            "author": "@harbour_keeper",
            "title": f"The harbour book, {year}",
            "url": f"https://posts.example/keeper/{number}001",
            "posted_at": f"{year}-04-03T09:01:00Z",
            "posts": posts,
        }
    yield {
        "bobbin": 1,
        "completeness": "preview",
        "author": "@miller",
        "posts": [
            {"text": "How a mill stone is cut anew, from the first furrow to the last.", "number": 1},
            {"text": "A dull stone warms the flour, and warm flour bakes badly.", "number": 2},
        ],
    }
    yield {
        "bobbin": 1,
        "completeness": "fragment",
        "title": "Salt",
        "posts": [
            {"text": "The salt road went by the old weir, and so did the smugglers.", "number": 3},
            {"text": "They paid the weir keeper in herring.", "number": 7, "author": "@another_hand"},
        ],
    }
    yield {
        "bobbin": 1,
        "completeness": "complete",
        "author": "منارة",
        "title": "المنارات",
        "posts": [
            {"text": "لماذا تدور المنارات؟ خيط عن المصابيح والعدسات، مع كلمة Fresnel في الوسط (1822)."},
            {"text": "كانت العدسة تطفو في حوض من الزئبق."},
        ],
    }


_LOG = "".join(
    f"Day {day} of the caravan: {sight}, and the camels drank at well {day}, where we wrote down what each "
    f"of them carried, who had loaded it, and how the sand had shifted since the last reading; then "
    f"we slept until the wind of evening {day} woke the cook."
    + ("\n/END\n" if day == _DAYS else f"\n/{day}\n")
    for day, sight in enumerate(("a hill of salt", "two wells", "a dry river", "nothing at all") * 4, start=1)
)
"""A thread of several pages."""


def _lines(rows: Iterator[dict[str, object]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


PUBLIC: Mapping[str, str] = {
    "ferry.txt": _FERRY,
    "lamp.txt": LAMPS,
    "oven.txt": _OVEN,
    "bees.txt": _BEES,
    "hostile.txt": _HOSTILE,
    "caravan.txt": _LOG,
    "harbour.jsonl": _lines(_dated()),
}
"""The public files by their names."""

SERVER: Final = 700_000_000_000_000_001
"""The server that has threads of its own, where no Discord is needed."""

OWN: Mapping[str, str] = {"cranes.txt": _OWN}
"""The files of a server's own."""

QUESTIONS: Mapping[str, str] = {
    "en": "Why does the ferry cross at dawn?",
    "de": "Warum kühlte der Ofen niemals aus?",
    "uk": "Чому танцюють бджоли?",
}
"""A question of each language that the archive answers."""

_JUDGED = {
    "ferry": (
        "The ferry to Skarvholm leaves from the northern pier, and this is what it carries.",
        "Marit Olander, captain of the ferry, has sailed since the winter of 1987.",
        "On Sundays the ferry takes bicycles and goats, and nobody pays for either.",
    ),
    "light": (
        "The lighthouse was painted red again, after forty years of grey.",
        "Its keeper mixes the paint with herring oil, so that the salt does not bite.",
    ),
}
COLLECTION: Mapping[str, str] = {
    "corpus.jsonl": _lines(
        {"id": f"{thread}-{place}", "thread": thread, "pos": place, "text": text}
        for thread, texts in _JUDGED.items()
        for place, text in enumerate(texts, start=1)
    ),
    "queries.jsonl": _lines(
        {"id": name, "text": text}
        for name, text in (
            ("q1", "Who is Marit Olander, the captain of the ferry?"),
            ("q2", "Does the ferry take bicycles and goats on Sundays?"),
            ("q3", "What does the keeper mix into the lighthouse paint?"),
        )
    ),
    "qrels.tsv": "q1\tferry-2\t1\nq2\tferry-3\t1\nq3\tlight-2\t2\nq3\tlight-1\t1\n",
}
"""A collection with judgements, for `evaluate`."""

REFUSED: Mapping[str, bytes] = {
    "blank.txt": b"\n" * 40,
    "broken.json": b'{"threads": [1, 2',
    "contact.vcf": b"BEGIN:VCARD\nVERSION:3.0\nFN:Ada Example\nTEL:+49 30 1234\nEND:VCARD\n",
    "empty.txt": b"",
    "passwords.csv": b"site,user,password\nbank.example,ada,hunter2\nmail.example,ada,letmein\n",
    "photo.jpg": b"\xff\xd8\xff\xe0" + bytes(99),
    "prose.txt": b"The lamp on the quay was moved twice.\n\nNeither move was written down by anybody.\n",
    "server.log": b"2026-01-03 10:00:01 INFO started\n2026-01-03 10:00:02 WARN no lamp\n",
    "style.css": b"body { color: black }\n\nh1 { margin: 0 }\n",
}
"""What is no thread, or hardly one."""


def write(folder: Path, files: Mapping[str, str | bytes]) -> list[Path]:
    """Write files into a folder, which is made where it is missing; return their paths in the order given."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return [folder / name for name in files]


def write_handbook(folder: Path) -> Path:
    """Write a handbook of one short thread; return its folder."""
    asking = (
        "Bobbin answers questions with quotes out of an archive. This thread tells how to ask.\n/1\n"
        "To ask in a server, mention Bobbin or use the command /ask with your question.\n/2\n"
        "To import threads, give Bobbin the files: bobbin import PATH takes files and folders.\n/END\n"
    )
    write(folder, {"asking.txt": asking})
    return folder


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """Pack files as a zip that does not tell when it was made."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as packed:
        for name, content in files.items():
            packed.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def large_archive(posts: int) -> str:
    """Return a file in the open form with this many posts of words by chance, always the same.

    The index of a smaller archive is not stored before it is closed.
    """
    chance = random.Random(11)  # noqa: S311 - the same words each time
    syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "ar", "en", "ost")]
    words = ["".join(chance.choices(syllables, k=chance.randint(1, 3))) for _ in range(3000)]
    weights = [1 / rank for rank in range(1, len(words) + 1)]

    def threads() -> Iterator[dict[str, object]]:
        for number in range(posts // 10):
            texts = [" ".join(chance.choices(words, weights, k=12)) for _ in range(10)]
            made = [{"text": f"{text}.", "number": place} for place, text in enumerate(texts, start=1)]
            yield {"bobbin": 1, "author": f"@author{number % 7}", "posts": made}

    return _lines(threads())
