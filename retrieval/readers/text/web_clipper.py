"""A thread on x.com as Obsidian's Web Clipper saves it: posts below lines with name, handle and address."""

from typing import Final

from retrieval.errors import RejectedError
from retrieval.formats.import_types import LeftOut, Reading, SavedFile
from retrieval.patterns import pattern
from retrieval.readers.decoding import ANCHOR, decode, glance, is_blank
from retrieval.readers.front_matter import front_matter
from retrieval.readers.known_posts import OTHERS, KnownPost, page_threads
from retrieval.readers.text.markdown import plain_lines
from retrieval.readers.x_ids import post_time, x_post_id

__all__ = ["FORM", "read", "recognise"]

FORM = "clipping of x.com (Obsidian Web Clipper)"

_HEAD: Final = pattern(
    r"\s{0,3}\*\*[^*\n]{1,99}\*\*\s{1,3}\[?@(?P<handle>(?:\w|\\_){1,30})\]?(?:\([^()\s]{0,200}\))?"
    r"(?:\s{0,3}[·•-])?\s{1,3}\[(?P<time>[^\[\]]{1,60})\]"
    r"\(https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/\w{1,30}/status/(?P<id>\d{1,19})[^()\s]{0,99}\)\s*$"
)
_AROUND: Final = pattern(r"\s{0,3}(?:#{1,6}\s+(?:Thread|Comments|Replies)\s*$|(?:-\s?){3,}$|(?:\*\s?){3,}$)")


def recognise(file: SavedFile) -> float:
    """Return 0.96 for text with the line that the clipper puts above a post."""
    if b"/status/" not in file.content:
        return 0.0
    return 0.96 if any(_HEAD.match(line) for line in glance(file).split("\n")) else 0.0


def read(file: SavedFile) -> Reading:
    """Return the thread: what one author posted in a row; posts of others below it are left out."""
    text, notes = decode(file)
    lines = text.split("\n")
    start, origin = front_matter(lines)
    heads = [(index, match) for index, line in enumerate(lines) if (match := _HEAD.match(line))]
    around = {index for index, line in enumerate(lines) if _AROUND.match(line)} | {
        index for index, _ in heads
    }
    plain = plain_lines(["" if index in around else line for index, line in enumerate(lines)], start)
    posts = []
    kept: set[int] = set()
    for place, (index, match) in enumerate(heads):
        end = heads[place + 1][0] if place + 1 < len(heads) else len(lines)
        span = [at for at in range(index + 1, end) if not is_blank(plain.lines[at])]
        if not span:
            continue
        words = "\n".join(
            plain.lines[at].replace(ANCHOR, "").rstrip() for at in range(span[0], span[-1] + 1)
        ).strip()
        attached = tuple(line for at in span for line in plain.attached.get(at, ()))
        number, posted_at = x_post_id(match["id"]), post_time(match["time"])
        posts.append(
            KnownPost(
                words,
                number,
                match["handle"].replace("\\", ""),
                posted_at,
                attached,
                (span[0] + 1, span[-1] + 1),
            )
        )
        kept.update(span)
    if not posts:
        raise RejectedError(file.name, "holds no post with words; clip the page again once it has loaded")
    threads, others, odd = page_threads(
        posts, origin.url, title=origin.title or file.title, author=origin.author or file.author
    )
    rest = [index for index, line in enumerate(lines) if index not in kept and not is_blank(line)]
    left_out = [LeftOut("what the clipper writes around posts", len(rest))] if rest else []
    if others:
        left_out.append(LeftOut(OTHERS, others))
    return Reading(FORM, tuple(threads), tuple(left_out), (*notes, *odd))
