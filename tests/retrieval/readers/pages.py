"""Saved pages written for the tests, and what any reading of a text must account for."""

import random
from collections.abc import Iterator

from retrieval.formats.import_types import Reading, SavedFile
from retrieval.model import Thread
from retrieval.readers.decoding import is_blank
from retrieval.readers.text import unrolled_text

__all__ = ["LACE", "PLAIN", "accounted", "mutations", "numbers", "reading", "texts", "thread"]

LACE = """\
Bobbin lace is made of four threads at a time. Nobody believes me until they see it.
(A short 🧵)
/1
Two moves are all there is: the cross, left over right, and the twist, right over left.
/2
Everything else is where you put the pins -- and _when_ you take them out.
I learned that from a pillow that fell down the stairs.
/3
So buy a good pillow.
/END
• • •
Missing some Tweet in this thread? You can try to
force a refresh
A lighthouse keeper's day begins at dusk.
Mine began with a broken lens.
/1
The lens weighs three tons and floats on mercury.
/2
You can turn it with one finger.
/3
Salt is the enemy.
/2
It eats brass first.
/3
"""

PLAIN = """\
The first post says what a thread is about.

The second one goes on.
It has two lines.

The third one ends it.
"""


def reading(text: str, **known: str) -> Reading:
    return unrolled_text.read(SavedFile("page.txt", text.encode("utf-8", "surrogatepass"), **known))  # type: ignore[arg-type]


def thread(text: str, **known: str) -> Thread:
    return reading(text, **known).threads[0]


def texts(thread: Thread) -> list[str]:
    return [post.text for post in thread.posts]


def numbers(thread: Thread) -> list[int | None]:
    return [post.number for post in thread.posts]


def accounted(text: str, read: Reading) -> None:
    """Hold that every line with text is in one post or left out, and that posts are verbatim."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").split("\n")
    owners = dict.fromkeys(range(1, len(lines) + 1), 0)
    for part in read.threads:
        assert [post.ordinal for post in part.posts] == list(range(1, len(part.posts) + 1))
        for post in part.posts:
            assert post.lines is not None
            first, last = post.lines
            assert post.text
            assert not is_blank(post.text)
            for line in range(first, last + 1):
                owners[line] += 1
            said = [line.rstrip(" \t") for line in lines[first - 1 : last] if not is_blank(line)]
            kept = [line for line in post.text.split("\n") if not is_blank(line)]
            missing = list(said)
            for word in kept:
                # A torn tag before a post's first words is no text of it.
                at = next(i for i, whole in enumerate(missing) if whole.endswith(word))
                del missing[at]
            assert all(len(line) <= 40 or "data-tweet=" in line for line in missing), missing
    for gone in read.left_out:
        assert gone.lines is not None
        assert gone.why
        spanned = [line for line in range(gone.lines[0], gone.lines[1] + 1) if not is_blank(lines[line - 1])]
        assert len(spanned) == gone.count
        for line in spanned:
            owners[line] += 1
    for line, times in owners.items():
        assert times == 1 or (is_blank(lines[line - 1]) and times <= 1), (line, times, lines[line - 1])


def mutations(text: str, count: int, seed: int = 1) -> Iterator[str]:
    """Yield damaged copies: lines lost, doubled, swapped, blank, or single characters changed."""
    chance = random.Random(seed)  # noqa: S311 (the same damage every time)
    for _ in range(count):
        lines = text.split("\n")
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(lines))
            match chance.randrange(6):
                case 0 if len(lines) > 1:
                    del lines[at]
                case 1:
                    lines.insert(at, lines[at])
                case 2:
                    other = chance.randrange(len(lines))
                    lines[at], lines[other] = lines[other], lines[at]
                case 3:
                    lines.insert(at, "")
                case 4:
                    lines[at] = lines[at][: chance.randint(0, len(lines[at]))]
                case _:
                    position = chance.randint(0, len(lines[at]))
                    extra = chance.choice("/19)(.•\r\t\u2028 #:-x\x0c\x85")
                    lines[at] = lines[at][:position] + extra + lines[at][position:]
        yield "\n".join(lines)
