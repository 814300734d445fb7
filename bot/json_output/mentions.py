"""First mentions as plain data: JSON for scripts, and CSV with a line for every post."""

import csv
import io
from collections.abc import Mapping

from bot.json_output.serializers import JsonObject, excerpt_fields, moment
from retrieval.model import FirstMention, Mention, Period, ThenAndNow, Uncounted

__all__ = ["csv_of", "first_mention", "period_fields", "then_and_now", "trend_fields"]

_COLUMNS = ("posted_at", "author", "thread", "post", "text", "url")
#: What a spreadsheet would take for a formula begins with one of these.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def first_mention(found: FirstMention, *, limit: int | None = None) -> JsonObject:
    """Return who said some words when: the first post, each author's first, counts by month, every post.

    ``mentions`` are at most ``limit``, the earliest first and those without a known date last; ``total``
    counts all. ``period`` is what the archive covers, since the first in it need not be the first anywhere.
    """
    return {
        "words": found.words,
        "total": len(found.mentions),
        "undated": len(found.undated),
        "period": period_fields(found.period),
        "first": None if found.first is None else _mention(found.first),
        "authors": [_mention(mention) for mention in found.by_author()],
        "months": [{"month": month, "posts": len(posts)} for month, posts in found.months().items()],
        "mentions": [_mention(mention) for mention in found.mentions[:limit]],
    }


def then_and_now(found: ThenAndNow) -> JsonObject:
    """Return an author's earliest and latest posts on a subject, with edits where versions are known.

    ``total`` counts all of them, ``undated`` those without a known date, which are on neither side.
    """
    return {
        "author": found.author,
        "subject": found.subject,
        "total": found.total,
        "undated": found.undated,
        "earliest": [_edited(mention) for mention in found.earliest],
        "latest": [_edited(mention) for mention in found.latest],
    }


def _edited(mention: Mention) -> JsonObject:
    edits = [
        {
            "read_at": moment(edit.read_at),
            "difference": [{"before": before, "after": after} for before, after in edit.difference],
        }
        for edit in mention.edits
    ]
    return {**_mention(mention), "edits": edits}


def period_fields(period: Period) -> JsonObject:
    """Return what an archive covers: its first and last known date, its posts, and those without a date."""
    return {
        "first": moment(period.first),
        "last": moment(period.last),
        "posts": period.posts,
        "undated": period.undated,
    }


def trend_fields(
    words: str, counts: Mapping[str | None, int], uncounted: Uncounted | None = None
) -> JsonObject:
    """Return how many posts hold some words by month, ``counts`` with ``None`` for those without a date.

    ``uncounted`` says why words are not counted that stand in posts all the same.
    """
    return {
        "words": " ".join(words.split()),
        "total": sum(counts.values()),
        "undated": counts.get(None, 0),
        "uncounted": uncounted,
        "months": [
            {"month": month, "posts": posts}
            for month, posts in sorted((month, posts) for month, posts in counts.items() if month is not None)
        ],
    }


def csv_of(found: FirstMention) -> str:
    """Return every post that says the words as CSV (RFC 4180), in the order of their dates."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(_COLUMNS)
    for mention in found.mentions:
        excerpt = mention.excerpt
        row = (
            moment(mention.posted_at),
            mention.author,
            excerpt.thread.id,
            str(excerpt.post.ordinal),
            excerpt.post.text,
            excerpt.post.url,
        )
        writer.writerow([_cell(value or "") for value in row])
    return written.getvalue()


def _cell(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value


def _mention(mention: Mention) -> JsonObject:
    return {
        "posted_at": moment(mention.posted_at),
        "author": mention.author,
        **excerpt_fields(mention.excerpt),
    }
