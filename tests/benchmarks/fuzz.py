"""Damage saved files of every form and see what the readers make of them.

Samples are the files in ``tests/retrieval/readers/samples``; a folder in there is a bundle, such as an
account export. Each is damaged at random, again and again, and read by the reader of its form. Counted
are crashes (any exception but ``ReadError``, which is a refusal with its reason), and posts lost from
intact parts: posts whose own bytes the damage did not touch and whose words are nowhere in what was read.
A loss is untold where the reading names neither more left out nor more warnings than without the damage.
Counted apart, and no loss, are posts of a line that damage turned into one of a newer version of the open
form: what such a line means is not known, so none of it is guessed at, and the line is named as left out.
Its status is 1 where a post of an intact part was lost or a reader crashed. Run it as
``python -m tests.benchmarks.fuzz [--inputs 100000] [--form …] [--seed 1] [--processes 1]``.
"""

import argparse
import io
import multiprocessing
import random
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import IO, Final

from retrieval.errors import ReadError
from retrieval.formats.import_types import Member, Reading, SavedFile
from retrieval.model import Post
from retrieval.readers.html import x_page
from retrieval.readers.json import discord_chat, open_form
from retrieval.readers.registry import Reader, readers
from retrieval.readers.text import copied_x, web_clipper
from tests.benchmarks.bars import fail_below_bar

__all__ = ["Damage", "Outcome", "Sample", "damaged", "main", "parts", "samples", "try_out"]

#: No file may take longer, in seconds.
_SLOWEST: Final = 10.0
SAMPLES: Final = Path(__file__).resolve().parents[1] / "retrieval" / "readers" / "samples"
_TOKENS: Final = (
    *(
        b"<",
        b">",
        b'"',
        b"'",
        b"</div>",
        b"<div>",
        b"<!--",
        b"-->",
        b"<script>",
        b"<textarea>",
        b"&#0;",
        b"&",
    ),
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"\\",
        b'\\"',
        b"null",
        b"true",
        b"1e999",
        b"-1",
        b"[[[[[[[[",
        b"{}",
    ),
    *(
        b"\n",
        b"\r\n",
        b"\n\n",
        b"\t",
        b"  \n",
        b"\x00",
        b"\xff",
        b"\xed\xa0\x80",
        b"\xe2\x80\xa8",
        b"\xef\xbb\xbf",
    ),
    *(
        b"/1",
        b"2/",
        b"/END",
        b"1.",
        b"9/11",
        b"---",
        "• • •".encode(),
        b"99999999999999999999",
        b"$",
        b"%",
        b"*",
    ),
)
_SPACE: Final = re.compile(r"\s+")
_KIND: Final = re.compile(r"\[(?:image|video|quoted post|link): (.*)\]")
_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ,.;]{7,}")
_WINDOW: Final = 64
# Most copies stay small, since reading is linear; one in some fifty is as large as a long page.
_SMALL_COPY: Final = 2**14
_LARGEST_COPY: Final = 2**19
_HEADED: Final = frozenset({copied_x.FORM, web_clipper.FORM})
#: Forms in which the posts of others part an author's, and one alone between those is no thread.
_IN_ROWS: Final = _HEADED | {discord_chat.FORM, x_page.FORM}


@dataclass(frozen=True, slots=True)
class Sample:
    """A file, or the members of a bundle, that a reader reads; a single file's name is empty."""

    name: str
    contents: Mapping[str, bytes]

    def file(self, contents: Mapping[str, bytes] | None = None) -> SavedFile:
        """Return the sample, or what became of it, as a reader takes it."""
        held = self.contents if contents is None else contents
        if "" in held:
            return SavedFile(self.name, held[""])
        return SavedFile(self.name, bundle=_Bundle(tuple(held.items())))


@dataclass(frozen=True, slots=True)
class _Bundle:
    files: tuple[tuple[str, bytes], ...]

    @property
    def members(self) -> Sequence[Member]:
        return [Member(name, len(content), place) for place, (name, content) in enumerate(self.files)]

    def open(self, member: Member) -> IO[bytes]:
        return io.BytesIO(self.files[member.place][1])


@dataclass(frozen=True, slots=True)
class Damage:
    """A damaged content, and the bytes of the original that the damage touched, as ``(start, stop)``."""

    content: bytes
    touched: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Outcome:
    """What came of the damaged files of one form."""

    inputs: int = 0
    refused: int = 0
    intact: int = 0
    lost: int = 0
    newer: int = 0
    untold: int = 0
    crashes: Counter[str] = field(default_factory=Counter)
    losses: dict[str, str] = field(default_factory=dict)
    slowest: float = 0.0

    def add(self, other: "Outcome") -> None:
        """Count another outcome in."""
        self.inputs += other.inputs
        self.refused += other.refused
        self.intact += other.intact
        self.lost += other.lost
        self.newer += other.newer
        self.untold += other.untold
        self.crashes += other.crashes
        self.losses |= other.losses
        self.slowest = max(self.slowest, other.slowest)


def samples() -> dict[str, list[Sample]]:
    """Return our own sample files by the form of the reader that is surest of each.

    Samples that are refused as they stand (a page of nothing but previews) are not among them.
    """
    found: defaultdict[str, list[Sample]] = defaultdict(list)
    for path in sorted(SAMPLES.iterdir()):
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*") if file.is_file())
            sample = Sample(path.name, {str(f.relative_to(path)): f.read_bytes() for f in inside})
        else:
            sample = Sample(path.name, {"": path.read_bytes()})
        reader = max(readers(), key=lambda one: one.recognise(sample.file()))
        try:
            reader.read(sample.file())
        except ReadError:
            continue
        found[reader.FORM].append(sample)
    return dict(found)


def damaged(content: bytes, chance: random.Random) -> Damage:
    """Return a damaged copy: bytes changed, lost, swapped, doubled, cut off, or tokens put in."""
    touched, pieces, last = [], [], 0
    for start in sorted(chance.randrange(len(content)) for _ in range(chance.choice((1, 1, 1, 2, 3)))):
        if start < last:
            continue
        rest = len(content) - start
        stop = start + min(rest, chance.choice((1, 1, 2, 8, chance.randint(1, _WINDOW), rest)))
        new, gone = _replacement(content[start:stop], content, chance)
        stop = stop if gone else start
        touched.append((start, stop))
        pieces += [content[last:start], new]
        last = stop
    return Damage(b"".join([*pieces, content[last:]]), tuple(touched))


def _replacement(old: bytes, content: bytes, chance: random.Random) -> tuple[bytes, bool]:
    """Return what stands in the place of some bytes, and whether they are gone for it."""
    elsewhere = chance.randrange(len(content))
    most = chance.choice((*(_SMALL_COPY,) * 9, _LARGEST_COPY))
    return chance.choice(
        (
            (b"", True),
            (old[::-1], True),
            (chance.randbytes(min(8, len(old))), True),
            (bytes([old[0] ^ 1 << chance.randrange(8)]) + old[1:], True),
            (chance.choice(_TOKENS) * chance.choice((1, 2, 50, 1_000)), True),
            (chance.choice(_TOKENS), False),
            (content[elsewhere : elsewhere + chance.randint(1, 2 * _WINDOW)], False),
            ((old * chance.choice((2, 2, 2, 3, 500)))[:most], False),
        )
    )


def parts(content: bytes, reading: Reading) -> list[tuple[Post, tuple[int, int]]]:
    """Return the posts whose place in the content is known, each with its bytes.

    That is the lines a post names, with what stands above them where a form puts a post's head there, else
    its article on a page, else the largest JSON object that holds this post and no other.
    """
    posts = [post for thread in reading.threads for post in thread.posts]
    if pieces := [match.start() for match in re.finditer(rb"<article\b", content)]:
        spans = list(pairwise([*pieces, content.rindex(b"</article>")]))
        return [
            (post, span) for post in posts for span in spans if span[0] < _places(content, post)[0] < span[1]
        ]
    bounds = [0, *(match.end() for match in re.finditer(b"\n", content)), len(content)]
    if all(post.lines and post.lines[1] < len(bounds) for post in posts):
        spans = [(bounds[post.lines[0] - 1], bounds[post.lines[1]]) for post in posts if post.lines]
        if reading.form in _HEADED:
            spans = [(before[1], span[1]) for before, span in pairwise([(0, 0), *spans])]
        return list(zip(posts, spans, strict=True))
    objects = _objects(content)
    places = [_places(content, post) for post in posts]
    found = []
    for post, mine in zip(posts, places, strict=True):
        others = sorted({place for known in places for place in known if place not in mine})
        around = [
            (start, stop)
            for start, stop in objects
            if any(start < place < stop for place in mine)
            and not any(start < place < stop for place in others)
        ]
        if around:
            found.append((post, max(around, key=lambda span: span[1] - span[0])))
    return found


def _places(content: bytes, post: Post) -> list[int]:
    """Return where the longest of a post's plain words stand, which no form writes in another way."""
    plain = max(_PLAIN.findall(post.text), key=len, default="")
    return [match.start() for match in re.finditer(re.escape(plain.encode()), content)] if plain else []


def _objects(content: bytes) -> list[tuple[int, int]]:
    """Return where JSON objects stand in the content."""
    found, stack = [], []
    for match in re.finditer(rb'"(?:[^"\\]|\\.)*"|[{}]', content):
        if match[0] == b"{":
            stack.append(match.start())
        elif match[0] == b"}" and stack:
            found.append((stack.pop(), match.end()))
    return found


def try_out(reader: Reader, sample: Sample, count: int, seed: int) -> Outcome:
    """Damage a sample so many times, read each, and return what came of it."""
    chance = random.Random(seed)  # noqa: S311 (the same damage every time)
    outcome = Outcome()
    whole = reader.read(sample.file())
    places = {name: parts(content, whole) for name, content in sample.contents.items()}
    names = [name for name, content in sample.contents.items() if content]
    for number in range(count):
        name = chance.choice(names)
        damage = damaged(sample.contents[name], chance)
        file = sample.file({**sample.contents, name: damage.content})
        outcome.inputs += 1
        started = time.perf_counter()
        reading: Reading | None = None
        try:
            reader.recognise(file)
            reading = reader.read(file)
            said = _SPACE.sub(" ", " ".join(post.text for thread in reading.threads for post in thread.posts))
        except ReadError:
            outcome.refused += 1
        except Exception as error:  # noqa: BLE001 (a crash is what is looked for)
            outcome.crashes[f"{type(error).__name__}: {error}"[:100]] += 1
        outcome.slowest = max(outcome.slowest, time.perf_counter() - started)
        if reading is None:
            continue
        for post, span in _untouched(whole, places[name], damage):
            outcome.intact += 1
            if all(line in said for line in _lines(post)):
                continue
            if _is_newer(reading, sample.contents[name], span, damage):
                outcome.newer += 1
            else:
                outcome.lost += 1
                outcome.untold += (reading.left_out, reading.warnings) == (whole.left_out, whole.warnings)
                outcome.losses.setdefault(f"{sample.name} {post.ordinal}", f"seed {seed}, input {number}")
    return outcome


def _is_newer(reading: Reading, content: bytes, span: tuple[int, int], damage: Damage) -> bool:
    """Return whether a post's line was damaged and is left out as one of a newer version."""
    start, stop = content.rfind(b"\n", 0, span[0]) + 1, content.find(b"\n", span[1])
    stop = stop if stop >= 0 else len(content)
    return any(part.why == open_form.NEWER for part in reading.left_out) and any(
        start <= last and first <= stop for first, last in damage.touched
    )


def _untouched(
    whole: Reading, placed: Sequence[tuple[Post, tuple[int, int]]], damage: Damage
) -> list[tuple[Post, tuple[int, int]]]:
    """Return the posts that the damage did not touch, nor, where one alone is no thread, one next to them."""
    intact = [
        (post, span)
        for post, span in placed
        if not any(start < span[1] and span[0] < max(stop, start + 1) for start, stop in damage.touched)
    ]
    if whole.form not in _IN_ROWS:
        return intact
    known = {id(post): span for post, span in intact}
    rows = [[id(post) in known for post in thread.posts] for thread in whole.threads]
    return [
        (post, known[id(post)])
        for thread, row in zip(whole.threads, rows, strict=True)
        for at, post in enumerate(thread.posts)
        if row[at] and (any(row[at - 1 : at]) or any(row[at + 1 : at + 2]))
    ]


def _lines(post: Post) -> Iterator[str]:
    for line in post.text.split("\n"):
        match = _KIND.fullmatch(line)
        yield _SPACE.sub(" ", match[1] if match else line).strip()


def main() -> None:
    """Read the options, try every form out, and print one line for each."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000, help="damaged files of each form")
    parser.add_argument("--form", default="", help="only forms whose name holds this")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1)
    chosen = parser.parse_args()
    short: list[str] = []
    inputs = forms = 0
    columns = "{:<42}{:>8}{:>9}{:>9}{:>9}{:>14}{:>7}{:>8}{:>15}{:>12}"
    heads = (
        *("samples", "inputs", "refused", "crashes", "intact posts", "lost", "untold"),
        *("newer version", "slowest ms"),
    )
    _say(columns.format("form", *heads))
    for form, held in sorted(samples().items()):
        if chosen.form.casefold() not in form.casefold():
            continue
        outcome = _tried(form, held, chosen.inputs, chosen.seed, chosen.processes)
        crashes = sum(outcome.crashes.values())
        inputs, forms = inputs + outcome.inputs, forms + 1
        counts = (len(held), outcome.inputs, outcome.refused, crashes)
        posts = (outcome.intact, outcome.lost, outcome.untold, outcome.newer)
        _say(columns.format(form, *counts, *posts, f"{outcome.slowest * 1000:.0f}"))
        if crashes or outcome.lost or outcome.slowest >= _SLOWEST:
            short.append(f"{form}: {crashes} crashes, {outcome.lost} posts lost, {outcome.slowest:.1f} s")
        for crash, times in outcome.crashes.most_common(5):
            _say(f"  crash, {times} times: {crash}")
        for what, where in list(outcome.losses.items())[:5]:
            _say(f"  lost: {what} ({where})")
    without = {reader.FORM for reader in readers()} - set(samples())
    if without:
        _say(f"without a sample: {', '.join(sorted(without))}")
    _say(f"{inputs:,} damaged files of {forms} forms: {'; '.join(short) or 'no crash, no post lost'}")
    fail_below_bar(short)


def _tried(form: str, held: Sequence[Sample], inputs: int, seed: int, processes: int) -> Outcome:
    """Share the inputs out among the samples of a form."""
    rounds = max(1, processes)
    share = -(-inputs // (len(held) * rounds))
    work = [(form, sample, share, seed + round_) for sample in held for round_ in range(rounds)]
    outcome = Outcome()
    if processes > 1:
        with multiprocessing.Pool(processes) as pool:
            for one in pool.imap_unordered(_one, work):
                outcome.add(one)
    else:
        for job in work:
            outcome.add(_one(job))
    return outcome


def _one(job: tuple[str, Sample, int, int]) -> Outcome:
    form, sample, count, seed = job
    return try_out(next(reader for reader in readers() if form == reader.FORM), sample, count, seed)


def _say(line: str) -> None:
    sys.stdout.write(line.rstrip() + "\n")


if __name__ == "__main__":
    main()
