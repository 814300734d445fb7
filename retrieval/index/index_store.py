"""The stored index: of each collection the files of its segments, and a list that names them.

The list is what counts: it says which state of the collection the segments make up together. A segment's
file is written before a list names it and never changed after, so that a reader of the list finds its
files complete; where one is missing or damaged all the same, nothing of the list is used.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import time
from typing import Final

from retrieval.analysis.analyzer import analyzer
from retrieval.index.bm25 import LengthNorm
from retrieval.index.segment import Segment, norm_of
from retrieval.index.segment_file import digest_of, read_segment, write_safely, write_segment
from retrieval.storage.store import CollectionState

__all__ = ["IndexStore", "IndexedCollection", "StoredSegment"]

_FORMAT: Final = 1
#: A file that no list names may be one that another process is about to name; after an hour it is not.
_FORGOTTEN: Final = 3600
_OURS: Final = frozenset({".json", ".segment", ".part"})


@dataclass(frozen=True, slots=True, eq=False)
class StoredSegment:
    """A segment, and the name of the file that holds it, where one does."""

    segment: Segment
    file: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class IndexedCollection:
    """A collection's segments in the order of its threads, as of one state of the collection.

    ``norm`` is how the length of its posts counts.
    """

    state: CollectionState
    language: str
    parts: tuple[StoredSegment, ...]
    norm: LengthNorm

    @classmethod
    def of(
        cls,
        state: CollectionState,
        language: str,
        parts: tuple[StoredSegment, ...],
        before: float | None = None,
    ) -> "IndexedCollection":
        """Put segments together; ``before`` is the ``b`` that the collection has had so far."""
        return cls(state, language, parts, norm_of([part.segment for part in parts], before))

    def __len__(self) -> int:
        return sum(len(part.segment) for part in self.parts)


@dataclass(frozen=True, slots=True)
class _Stated:
    """What a collection's list says: ``segments`` has the language of each file by its name."""

    state: CollectionState
    language: str
    segments: Mapping[str, str]
    b: float | None


class IndexStore:
    """The folder of the stored index. What cannot be read counts as missing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, collection_id: int) -> IndexedCollection | None:
        """Return what is stored of a collection, mapped into memory; ``None`` if anything is amiss."""
        stated = self._stated(collection_id)
        if stated is None:
            return None
        parts = [
            StoredSegment(segment, name)
            for name, language in stated.segments.items()
            if (segment := read_segment(self._folder / name, analyzer(language), name)) is not None
        ]
        if len(parts) != len(stated.segments):
            return None
        return IndexedCollection.of(stated.state, stated.language, tuple(parts), stated.b)

    def keep(self, collection_id: int, indexed: IndexedCollection) -> IndexedCollection:
        """Store what is not yet stored, and return it with the files' names. Raises ``OSError``.

        Segments that are stored now come back mapped from their files.
        """
        self._folder.mkdir(exist_ok=True)
        parts = tuple(self._kept(collection_id, part) for part in indexed.parts)
        kept = replace(indexed, parts=parts)
        before = self._stated(collection_id)
        names = [part.file for part in parts]
        stated = {
            "format": _FORMAT,
            "collection": collection_id,
            "state": kept.state,
            "language": kept.language,
            "segments": names,
            "languages": [part.segment.analyzer.language for part in parts],
            "b": kept.norm.b,
        }
        content = json.dumps(stated).encode()
        content = f"{digest_of(content)}\n".encode() + content

        def write(descriptor: int) -> None:
            with open(descriptor, "wb", closefd=False) as file:
                file.write(content)

        write_safely(self._list(collection_id), write)
        for name in before.segments if before else ():
            if name not in names:
                (self._folder / name).unlink(missing_ok=True)
        return kept

    def drop(self, collection_id: int) -> None:
        """Delete what is stored of a collection. Raises ``OSError``."""
        stated = self._stated(collection_id)
        self._list(collection_id).unlink(missing_ok=True)
        for name in stated.segments if stated else ():
            (self._folder / name).unlink(missing_ok=True)

    def forget(self, others_than: Sequence[int]) -> None:
        """Delete the files of other collections than these, and files that no list has named for an hour."""
        if not self._folder.is_dir():
            return
        lists = {self._list(number) for number in others_than}
        stated = [self._stated(number) for number in others_than]
        names = {name for one in stated if one for name in one.segments}
        for path in self._folder.iterdir():
            gone = path not in lists and path.suffix == ".json"
            stray = path.name not in names and path.suffix in {".segment", ".part"}
            try:
                if gone or (stray and time() - path.stat().st_mtime > _FORGOTTEN):
                    path.unlink(missing_ok=True)
            except FileNotFoundError:
                continue

    def clear(self) -> None:
        """Delete all that is stored. Raises ``OSError``."""
        if self._folder.is_dir():
            for path in self._folder.iterdir():
                if path.suffix in _OURS:
                    path.unlink(missing_ok=True)

    def _list(self, collection_id: int) -> Path:
        return self._folder / f"{collection_id}.json"

    def _stated(self, collection_id: int) -> "_Stated | None":
        """Return what a collection's list says."""
        try:
            digest, _, content = self._list(collection_id).read_bytes().partition(b"\n")
            if digest.decode("ascii", "replace") != digest_of(content):
                return None
            stated = json.loads(content)
        except (OSError, ValueError):
            return None
        if stated.get("format") != _FORMAT or stated.get("collection") != collection_id:
            return None
        names = stated["segments"]
        # Lists of earlier versions have segments of one language.
        languages = stated.get("languages", [stated["language"]] * len(names))
        return _Stated(
            CollectionState(*stated["state"]),
            stated["language"],
            dict(zip(names, languages, strict=True)),
            stated.get("b"),
        )

    def _kept(self, collection_id: int, part: StoredSegment) -> StoredSegment:
        if part.file is not None and (self._folder / part.file).exists():
            return part
        name = f"{collection_id}-{secrets.token_hex(8)}.segment"
        write_segment(part.segment, self._folder / name, name)
        mapped = read_segment(self._folder / name, part.segment.analyzer, name)
        return StoredSegment(mapped or part.segment, name if mapped else None)
