"""The JSON that scripts rely on: answers, threads and reports of imports as plain data."""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime

from retrieval.formats.import_types import FileReport, Forgotten, LeftOut, SourceFile
from retrieval.model import (
    Answer,
    Attachment,
    Excerpt,
    Interpretation,
    Post,
    QuoteCheck,
    QuotePart,
    Thread,
    ThreadSummary,
    Weighing,
)

__all__ = [
    "JsonObject",
    "answer",
    "dumps",
    "excerpt_fields",
    "forgotten",
    "moment",
    "quote_check",
    "reports",
    "sources",
    "thread",
    "threads",
]

JsonObject = dict[str, object]

# What a terminal would obey, and lone surrogates: inside JSON's strings an escape says the same.
_UNSAFE = re.compile(
    "[\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def dumps(value: JsonObject) -> str:
    """Return the object as indented JSON in which nothing moves a terminal and UTF-8 can carry all."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return _UNSAFE.sub(lambda found: json.dumps(found[0])[1:-1], text)


def answer(found: Answer, *, explain: bool = False) -> JsonObject:
    """Return an answer: its verdict, its excerpts best first, or suggestions where nothing was found.

    ``verdict`` is ``answer``, ``closest`` (no excerpt answers for certain; these come closest) or
    ``nothing``; ``answered`` is true for an answer only. ``words`` are those of the question by whether any
    post has them.

    Highlights are ``[start, end]`` in code points of the quote; times are ISO 8601 in UTC; what is
    unknown is ``null``. ``corrected`` has the words that the archive does not know, each with the one that
    was searched in its place. ``query`` is how operators were understood: the words that are ranked by, the
    filters as they are written, the quoted phrases that no post holds, how many posts pass the filters
    (``null`` without any) and, where nothing was found, the filters that no post passes.
    ``explain`` adds the shares of each score, and what the verdict was made of.
    """
    fields: JsonObject = {
        "question": found.question,
        "answered": found.answered,
        "verdict": found.verdict.value,
        "confidence": round(found.confidence, 4),
        "corrected": dict(found.corrected),
        "excerpts": [_excerpt(excerpt, explain=explain) for excerpt in found.excerpts],
        "words": {"known": list(found.weighing.known), "unknown": list(found.weighing.unknown)},
        "suggestions": {"terms": list(found.suggestions.terms)},
        "query": _query(found.interpretation),
    }
    return fields | ({"weighing": _weighing(found.weighing)} if explain else {})


def _query(known: Interpretation) -> JsonObject:
    query = known.query
    return {
        "words": query.words,
        "filters": [query.text[one.start : one.end] for one in known.filters],
        "unheld_phrases": list(known.unheld),
        "passing": known.passing if known.filters else None,
        "unmet": [query.text[one.start : one.end] for one in known.unmet],
    }


def _weighing(weighing: Weighing) -> JsonObject:
    """Return what speaks for an answer (above 0) and against it, and what rules it out."""
    return {
        "factors": {name: round(factor, 4) for name, factor in weighing.factors},
        "caps": [cap.value for cap in weighing.caps],
        "part": weighing.part or None,
    }


def threads(listed: Iterable[ThreadSummary]) -> JsonObject:
    """Return a list of threads, without their posts."""
    return {"threads": [_listed(summary) for summary in listed]}


def thread(whole: Thread) -> JsonObject:
    """Return a thread with all its posts."""
    return {
        "thread": _listed(whole.summary()),
        "posts": [_post(post, whole.id) for post in whole.posts],
    }


def quote_check(check: QuoteCheck) -> JsonObject:
    """Return what the archive holds of a quotation.

    ``result`` is ``exact``, ``same`` (but for typography), ``altered``, ``absent`` or ``short``; the parts
    have one each. ``author_matches`` is ``null`` where no author is claimed or the archive cannot tell. The
    ``difference`` of an altered part are pairs of what the quotation and what the archive has, equal or not.
    """
    return {
        "quote": check.quote,
        "result": check.result.value,
        "author": check.author,
        "author_matches": check.author_matches,
        "together": check.together,
        "places": check.places,
        "parts": [_quote_part(part) for part in check.parts],
    }


def _quote_part(part: QuotePart) -> JsonObject:
    return {
        "text": part.text,
        "result": part.result.value,
        "posts": [
            {name: value for name, value in excerpt_fields(excerpt).items() if name != "highlights"}
            for excerpt in part.excerpts
        ],
        "difference": [{"quoted": quoted, "archived": archived} for quoted, archived in part.difference],
    }


def excerpt_fields(excerpt: Excerpt) -> JsonObject:
    """Return a quote, its highlights as ``[start, end]`` in code points, its post and its thread."""
    return {
        "quote": excerpt.quote,
        "highlights": [list(highlight) for highlight in excerpt.highlights],
        "post": _post(excerpt.post, excerpt.thread.id),
        "thread": _thread(excerpt.thread),
    }


def reports(files: Iterable[FileReport]) -> JsonObject:
    """Return what an import did, file by file."""
    return {"files": [_report(file) for file in files]}


def sources(files: Iterable[SourceFile]) -> JsonObject:
    """Return the files that threads came from, with what is there from each."""
    return {"sources": [_source(file) for file in files]}


def forgotten(done: Forgotten) -> JsonObject:
    """Return what was taken out of the archive, and the files that it came from."""
    return {
        "threads": done.threads,
        "posts": done.posts,
        "changed": done.changed,
        "files": [{"id": file.id, "name": file.name, "sha256": file.sha256} for file in done.files],
        "wiped": done.wiped,
    }


def _excerpt(excerpt: Excerpt, *, explain: bool) -> JsonObject:
    fields: JsonObject = {"rank": excerpt.rank, "score": excerpt.score, **excerpt_fields(excerpt)}
    return fields | ({"shares": dict(excerpt.shares)} if explain else {})


def _post(post: Post, thread_id: str) -> JsonObject:
    return {
        "id": f"{thread_id}/{post.ordinal}",
        "ordinal": post.ordinal,
        "number": post.number,
        "text": post.text,
        "url": post.url,
        "posted_at": moment(post.posted_at),
        "attachments": [_attachment(one) for one in post.attachments],
    }


def _attachment(attachment: Attachment) -> JsonObject:
    return {
        "kind": attachment.kind.value,
        "address": attachment.address,
        "description": attachment.description,
    }


def _thread(summary: ThreadSummary) -> JsonObject:
    return {
        "id": summary.id,
        "title": summary.title,
        "author": summary.author,
        "posts": summary.length,
        "completeness": summary.completeness.value,
        "url": summary.url,
    }


def _listed(summary: ThreadSummary) -> JsonObject:
    """Return a thread where it stands for itself: most have no title, so the opening tells them apart."""
    return _thread(summary) | {"opening": summary.opening, "posted_at": moment(summary.posted_at)}


def moment(time: datetime | None) -> str | None:
    """Return a time as ISO 8601 in UTC, ``None`` where it is unknown."""
    return time.astimezone(UTC).isoformat() if time else None


def _report(file: FileReport) -> JsonObject:
    return {
        "file": file.file,
        "form": file.form,
        "threads": asdict(file.threads),
        "posts": asdict(file.posts),
        "left_out": [_left_out(part) for part in (*file.left_out, *_whole(file))],
        "merged": [asdict(part) for part in file.merged],
        "warnings": list(file.warnings),
        "error": file.error,
        "repeated": file.repeated,
        "languages": list(file.languages),
    }


def _whole(file: FileReport) -> Iterable[LeftOut]:
    """Yield what was left out where that is the whole file, which is no thread."""
    if file.skipped is not None:
        yield LeftOut(file.skipped)


def _left_out(part: LeftOut) -> JsonObject:
    fields: JsonObject = {"why": part.why, "count": part.count}
    fields |= {"lines": list(part.lines)} if part.lines else {}
    return fields | ({"example": part.example} if part.example else {})


def _source(file: SourceFile) -> JsonObject:
    return {
        "id": file.id,
        "name": file.name,
        "sha256": file.sha256,
        "form": file.form,
        "read_at": moment(file.read_at),
        "collection": file.collection,
        "server_id": None if file.server_id is None else str(file.server_id),
        "threads": file.threads,
        "posts": file.posts,
    }
