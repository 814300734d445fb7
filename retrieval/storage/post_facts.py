"""What filters ask of posts beside their words: authors, times, links, pictures; as arrays."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrieval.linkage.redaction import author_forms
from retrieval.storage.connections import Connections

__all__ = ["PostFacts", "PostFactsReader"]

_Texts: TypeAlias = tuple[str | None, ...]

_AT_ONCE: Final = 5_000
_LINKED, _PICTURED = 1, 2
_SHOWN: Final = re.compile(r"\[(?:image|video): [^\n]*\]")
_ADDRESS: Final = re.compile(r"https?://|www\.")
# Most pictures and links have a line in the text, and stand beside it where they are known as data
# (retrieval/readers/attachments.py). The text is read of those posts only that may have one.
_FACTS: Final = """
    select p.pk, substr(coalesce(p.posted_at, t.posted_at), 1, 26), coalesce(p.author, t.author),
        p.attachments,
        case when instr(p.text, 'http') or instr(p.text, 'www.') or instr(p.text, '[image: ') then p.text end
    from posts p join threads t on t.pk = p.thread_pk
    where p.pk between ? and ? order by p.pk
"""


@dataclass(frozen=True, slots=True)
class PostFacts:
    """Facts of some posts (n), in their order.

    ``moments`` (n) are places in ``times``, which rise, of the post's time or else its thread's; -1 where
    neither is known. ``times`` are microseconds since 1970. ``authors`` (n) are numbers, 0 for an unknown
    one; the post's own author comes before its thread's. ``names`` maps each form of an author's name,
    folded, to the numbers of the authors that have it. ``links`` and ``pictures`` (n) say whether the post
    has any.
    """

    moments: NDArray[np.int32]
    times: NDArray[np.int64]
    authors: NDArray[np.unsignedinteger[Any]]
    names: dict[str, frozenset[int]]
    links: NDArray[np.bool_]
    pictures: NDArray[np.bool_]

    def only(self, kept: NDArray[np.bool_]) -> "PostFacts":
        """Return the facts of some of the posts."""
        return replace(
            self,
            moments=self.moments[kept],
            authors=self.authors[kept],
            links=self.links[kept],
            pictures=self.pictures[kept],
        )


class PostFactsReader:
    """Reads the facts of posts; raises :class:`~retrieval.errors.StoreError` when the database refuses."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def of(self, pks: NDArray[np.int64]) -> PostFacts:
        """Return the facts of posts by their numbers in the store; of those gone, that nothing is known."""
        size = len(pks)
        moments = np.full(size, np.datetime64("NaT", "us"))
        authors = np.zeros(size, np.uint32)
        signs = np.zeros(size, np.uint8)
        numbers: dict[str | None, int] = {None: 0}
        order = np.argsort(pks, kind="stable")
        rising = pks[order]
        for held, posted, written, attached, texts in self._rows(rising):
            places = np.searchsorted(rising, held)
            known = rising[np.minimum(places, size - 1)] == held
            rows = order[places[known]]
            # In UTC, so NumPy reads the text as it is.
            moments[rows] = np.array(posted, "datetime64[us]")[known]
            by = np.array([numbers.setdefault(name, len(numbers)) for name in written], np.uint32)
            authors[rows] = by[known]
            signs[rows] = np.array(list(map(_signs, attached, texts)), np.uint8)[known]
        names: dict[str, set[int]] = {}
        for name, number in numbers.items():
            for form in author_forms(name) if name else ():
                names.setdefault(form, set()).add(number)
        dated = ~np.isnat(moments)
        times, places = np.unique(moments[dated].astype(np.int64), return_inverse=True)
        places_of = np.full(size, -1, np.int32)
        places_of[dated] = places
        return PostFacts(
            places_of,
            times,
            # As narrow as they can be: every question by an author goes through all of them.
            authors.astype(np.min_scalar_type(len(numbers))),
            {form: frozenset(held) for form, held in names.items()},
            (signs & _LINKED).astype(bool),
            (signs & _PICTURED).astype(bool),
        )

    def _rows(
        self, rising: NDArray[np.int64]
    ) -> Iterator[tuple[NDArray[np.int64], _Texts, _Texts, _Texts, _Texts]]:
        """Yield the columns of the posts between the first and the last number, some at a time."""
        if not len(rising):
            return
        with self._connections.apart() as db:
            cursor = db.execute(_FACTS, [int(rising[0]), int(rising[-1])])
            while batch := cursor.fetchmany(_AT_ONCE):
                pks, *columns = zip(*batch, strict=True)
                times, authors, attached, texts = columns
                yield np.array(pks, np.int64), times, authors, attached, texts


def _signs(attached: str | None, text: str | None) -> int:
    """Return whether a post has a link, and whether it has a picture; a picture's own address is no link."""
    if attached is None and text is None:
        return 0
    attached, text = attached or "", text or ""
    has_picture = "[image: " in text or '["image"' in attached
    has_link = _ADDRESS.search(_SHOWN.sub("", text)) is not None or '["link"' in attached
    return _LINKED * has_link + _PICTURED * has_picture
