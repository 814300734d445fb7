"""Bobbin's own open form: one thread a line, as ``bobbin export`` and other programs write it."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Final

from retrieval.errors import RejectedError
from retrieval.formats import jsonl_format
from retrieval.formats.import_types import LeftOut, Reading, SavedFile
from retrieval.model import Completeness, Post, Thread
from retrieval.patterns import pattern
from retrieval.readers.json.json_stream import (
    as_object,
    json_keys,
    json_values,
    merge_left_out,
    objects_within,
    unreadable_record,
)

__all__ = ["FORM", "NEWER", "read", "recognise"]

FORM = "Bobbin's open form (JSON lines)"

#: Where a thread or a post may begin in what is broken.
_RECORD: Final = pattern(r'(?=\{\s{0,8}"(?:bobbin|text)"\s{0,8}:)')
#: Why a thread is left out whose line names a newer version.
NEWER: Final = "thread in a newer version of the form; update Bobbin to read it"


def recognise(file: SavedFile) -> float:
    """Return 0.98 for JSON with the keys ``bobbin`` and ``posts``."""
    return 0.98 if {"bobbin", "posts"} <= json_keys(file) else 0.0


def read(file: SavedFile) -> Reading:
    """Return the threads of the file as they stand in it; see :mod:`retrieval.formats.jsonl_format`.

    The whole posts of a broken line, or of a thread that cannot be read, are kept as a fragment. Raises
    :class:`~retrieval.errors.RejectedError` when nothing can be kept.
    """
    threads: list[Thread] = []
    left_out: list[LeftOut] = []
    rescued: defaultdict[tuple[int | None, int], dict[tuple[str, str | None], Post]] = defaultdict(dict)
    unknown: set[str] = set()
    number = damaged = 0
    for part in json_values(file, _RECORD):
        if isinstance(part, LeftOut):
            left_out.append(part)
            continue
        for value in part.value if isinstance(part.value, list) else (part.value,):
            if part.alone and "bobbin" not in as_object(value):
                _rescue_all(value, rescued[part.line, 0])
                continue
            number += 1
            try:
                found = jsonl_format.load_threads(value)
            except jsonl_format.NewerVersionError:
                left_out.append(LeftOut(NEWER, 1, (part.line, part.line) if part.line else None))
            except ValueError as error:
                left_out.append(unreadable_record(str(error), number, part.line))
                _rescue_all(value, rescued[part.line, 0 if part.line else number])
            else:
                unknown |= jsonl_format.unknown_keys(as_object(value))
                damaged += jsonl_format.damaged_fields(as_object(value))
                threads += found
    fragments = [Thread(tuple(posts.values()), Completeness.FRAGMENT) for posts in rescued.values() if posts]
    if not threads and not fragments:
        reason = left_out[0].why if left_out else "holds no thread"
        raise RejectedError(file.name, f"{reason}; nothing of it can be kept")
    kept = tuple(replace(one, author=one.author or file.author) for one in (*threads, *fragments))
    return Reading(FORM, kept, merge_left_out(left_out), tuple(_warnings(unknown, len(fragments), damaged)))


def _rescue_all(value: object, posts: dict[tuple[str, str | None], Post]) -> None:
    """Add whatever may be posts in a value that is no thread, under whatever key and however deep."""
    for held in objects_within(value, lambda _: False):
        _rescue(held, posts)


def _rescue(value: object, posts: dict[tuple[str, str | None], Post]) -> None:
    """Add a post found in a broken line to those found there before; versions hold the same ones again."""
    with suppress(ValueError):
        post = jsonl_format.load_post(len(posts) + 1, value)
        posts.setdefault((post.text, post.source_id), post)


def _warnings(unknown: Collection[str], fragments: int, damaged: int) -> Iterator[str]:
    if damaged:
        yield f"addresses, times or attachments that are damaged, left unknown: {damaged}"
    if unknown:
        named = ", ".join(sorted(key[:40] for key in unknown)[:10])
        yield f"keys that this version of Bobbin does not know were passed over: {named}"
    if fragments:
        broken = "1 thread is" if fragments == 1 else f"{fragments} threads are"
        yield f"{broken} broken; the posts that are whole are kept, each thread's as a fragment"
