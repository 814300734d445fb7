"""The numbers of posts whose bounds are certain: what authors wrote at their edges, and what is missing."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from retrieval.readers.numbering import Marker, MarkerPlace, accept_markers, find_markers

__all__ = ["NumberedPost", "number_posts", "numbering_gaps"]

_VOTES: Final = 3
_SURE_VOTES: Final = 2


@dataclass(frozen=True, slots=True)
class NumberedPost:
    """A post's text without a marker on a line of its own, and the number that its author gave it."""

    text: str
    number: int | None = None
    total: int | None = None
    marker: str | None = None
    end: bool = False


def number_posts(texts: Sequence[str], tokens: Sequence[AbstractSet[str]] = ()) -> list[NumberedPost]:
    """Return each post with its number, where the numbers form a consistent sequence.

    Only the first and the last line of a post can number it, so a list inside it never does. ``tokens``
    are, of each post, what the page itself takes for numbers. Where posts are certain, numbers that
    run along with their places are a sequence, whatever their styles.
    """
    lines: list[str] = []
    spans: list[range] = []
    for text in texts:
        start = len(lines)
        lines += text.split("\n")
        spans.append(range(start, len(lines)))
    places = {span[0]: place for place, span in enumerate(spans)}
    places |= {span[-1]: place for place, span in enumerate(spans)}
    firsts, lasts = {span[0] for span in spans}, {span[-1] for span in spans}
    candidates = [
        mark
        for mark in find_markers(lines, range(len(lines)))
        if (mark.line in firsts and mark.place is not MarkerPlace.END)
        or (mark.line in lasts and mark.place is not MarkerPlace.START)
    ]
    accepted = accept_markers(candidates)
    known: Mapping[int, AbstractSet[str]] = dict(enumerate(tokens))
    offset = _offset(
        [(places[mark.line], mark, mark.text in known.get(places[mark.line], ())) for mark in candidates],
        [mark.number - places[mark.line] for mark in accepted if mark.number is not None],
    )
    found: defaultdict[int, list[Marker]] = defaultdict(list)
    for mark in accepted:
        found[places[mark.line]].append(mark)
    for mark in candidates:
        place = places[mark.line]
        if not found[place] and mark.number is not None and mark.number - place == offset:
            found[place].append(mark)
    numbered: list[NumberedPost] = []
    for place, (text, span) in enumerate(zip(texts, spans, strict=True)):
        last = numbered[-1].number if numbered else None
        numbered.append(_counted(text, [lines[index] for index in span], span[0], found[place], last))
    return numbered


def _offset(candidates: Sequence[tuple[int, Marker, bool]], accepted: Sequence[int]) -> int | None:
    """Return by how much numbers run ahead of places (from 0), ``None`` where they do not run along.

    That is what the accepted numbers say, else what three candidates agree on, or two where the page
    takes them for numbers, too. A thread begins with its first, second or third post.
    """
    if accepted:
        return Counter(accepted).most_common(1)[0][0]
    votes: Counter[int] = Counter()
    sure: Counter[int] = Counter()
    for place, mark, token in candidates:
        if mark.number is not None and -1 <= mark.number - place <= 1 and (token or not mark.listed):
            votes[mark.number - place] += 1
            sure[mark.number - place] += token
    best = [offset for offset in votes if votes[offset] >= _VOTES or sure[offset] >= _SURE_VOTES]
    return max(best, key=lambda offset: votes[offset], default=None)


def _counted(
    text: str, lines: Sequence[str], start: int, found: Sequence[Marker], last: int | None
) -> NumberedPost:
    if not found:
        return NumberedPost(text)
    removed = {mark.line - start for mark in found if mark.place is MarkerPlace.OWN}
    kept = "\n".join(line for index, line in enumerate(lines) if index not in removed).strip("\n ")
    end = any(mark.end for mark in found)
    number = next((mark.number for mark in found if mark.number is not None), None)
    if number is None and end and last is not None:
        number = last + 1
    total = next((mark.total for mark in found if mark.total is not None), None)
    return NumberedPost(kept or text, number, total, found[0].text, end)


def numbering_gaps(posts: Sequence[NumberedPost]) -> list[str]:
    """Return a sentence for each place where numbers say that posts are missing or out of order."""
    sentences = []
    known = [(place, post.number) for place, post in enumerate(posts, 1) if post.number is not None]
    for (before, last), (place, number) in pairwise([(0, 0), *known]):
        missing = number - last - (place - before)
        if number <= last:
            sentences.append(f"post {place}: number {number} follows {last}; kept as it stands")
        elif missing > 0:
            posts_are = "1 post is" if missing == 1 else f"{missing} posts are"
            sentences.append(f"post {place}: number {number} after {last}; {posts_are} missing before it")
    total = max((post.total or 0 for post in posts), default=0)
    reached = max([len(posts), *(number for _, number in known)])
    if reached < total and not any(post.end for post in posts):
        sentences.append(f"the thread ends at {reached} of {total}; the rest is missing")
    return sentences
