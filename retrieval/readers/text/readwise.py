"""Readwise's exports of a thread, to Obsidian and to Logseq: highlights, each with the address of its post.

The addresses are the delimiters: what stands above one, back to the one before it, is one post. What the
reader noted between them is no post. Unrelated posts of an author, which Readwise collects under "Tweets
From", are threads of their own.
"""

import re
from typing import Final

from retrieval.errors import RejectedError
from retrieval.formats.import_types import LeftOut, Reading, SavedFile
from retrieval.model import AttachmentKind
from retrieval.patterns import pattern
from retrieval.readers.attachments import attachment_of
from retrieval.readers.decoding import decode, glance, is_blank
from retrieval.readers.known_posts import KnownPost, numbered_runs, thread_of
from retrieval.readers.text.markdown import IMAGE
from retrieval.readers.x_ids import x_post_id

__all__ = ["FORM", "read", "recognise"]

FORM = "Readwise export (Markdown)"

_ADDRESS: Final = pattern(
    r"\s?\(?\[(?:View (?:Tweet|Post|Highlight)|Link|Location|\d{1,9})\]\("
    r"https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/(?P<handle>\w{1,30})/status/(?P<id>\d{1,19})[^()\s]{0,99}\)\)?"
)
_FIELD: Final = pattern(
    r"\s*(?:[-*]\s)?(?:\*\*)?(?P<key>[A-Za-z][A-Za-z -]{1,30}?)(?:\*\*)?::?(?:\*\*)?\s(?P<value>.*)"
)
_AUTHOR: Final = pattern(r"@(\w{1,30}) on Twitter|@(\w{1,30})\b")
_TITLE: Final = ("full title", "full-title", "title", "document title")
_PARTS: Final = frozenset({"metadata", "highlights"})
_FIELDS: Final = frozenset({"author", "category", "url", *_TITLE, "tags", "summary", "document tags"})
_HEADING: Final = pattern(r"\s*(?:[-*]\s)?#{1,6}\s+(?P<words>.*)")
_FIRST_SYNCED: Final = pattern(r"\s*(?:[-*]\s)?(?:New )?[Hh]ighlights (?:first synced|added)\b")
_NOTE: Final = pattern(
    r"\s*(?:[-*]\s|>\s?)?(?:\*\*)?(?:Note|Tags)(?:\*\*)?:|\s*(?:[-*]\s)?(?:#\S+\s*|\[\[[^\[\]]*\]\]\s*)+$"
)
_LEAD: Final = pattern(r"\s*(?:[-*]\s+|>\s?)?")
_READWISE: Final = pattern(
    r"rw-book-cover|\breadwise\b|^#{1,3}\s*Highlights\s*$|#tweets\b|\[\[tweets\]\]",
    re.IGNORECASE | re.MULTILINE,
)


def recognise(file: SavedFile) -> float:
    """Return 0.96 for text with Readwise's own words and the address of a post behind a highlight."""
    text = glance(file)
    return 0.96 if "/status/" in text and _READWISE.search(text) and _ADDRESS.search(text) else 0.0


def read(file: SavedFile) -> Reading:
    """Return the thread that the highlights are, or each of the posts where they are unrelated.

    Every line that is not blank is in exactly one post or in ``left_out``.
    """
    text, notes = decode(file)
    lines = text.split("\n")
    fields, begin = _metadata(lines)
    posts, left_out = _highlights(lines, begin)
    if not posts:
        raise RejectedError(file.name, "holds no highlight with the address of its post; export it once more")
    title = next((fields[key] for key in _TITLE if fields.get(key)), None) or file.title
    match = _AUTHOR.search(fields.get("author", ""))
    author = f"@{match[1] or match[2]}" if match else fields.get("author") or file.author
    posts = sorted(posts, key=lambda post: int(post.source_id or 0))
    unrelated = (title or "").casefold().startswith("tweets from ")
    runs = list(numbered_runs(posts)) if unrelated else [posts]
    made = [thread_of(run, title=None if unrelated else title, author=author) for run in runs]
    warnings = tuple(warning for _, odd in made for warning in odd)
    return Reading(FORM, tuple(thread for thread, _ in made), tuple(left_out), (*notes, *warnings))


def _metadata(lines: list[str]) -> tuple[dict[str, str], int]:
    """Return the fields above the highlights, their keys in small letters, and where highlights begin."""
    fields: dict[str, str] = {}
    begin = 0
    first = next((index for index, line in enumerate(lines) if _ADDRESS.search(line)), len(lines))
    for index, line in enumerate(lines[: first + 1]):
        heading = _HEADING.match(line)
        if heading:
            words = heading["words"].strip()
            if words.casefold() not in _PARTS and not fields.get("title") and index < first:
                fields.setdefault("title", words)
            begin = index + 1
        elif index < first and (_FIRST_SYNCED.match(line) or line.strip() in {"---", "***"}):
            begin = index + 1
        elif index < first and (match := _FIELD.match(line)) and not _ADDRESS.search(line):
            value = match["value"].strip().strip('"').replace("[[", "").replace("]]", "")
            fields.setdefault(match["key"].casefold(), value)
            if match["key"].casefold() in {
                "author",
                "category",
                "url",
                *_TITLE,
                "tags",
                "summary",
                "document tags",
            }:
                begin = index + 1
    return fields, min(begin, first)


def _highlights(lines: list[str], begin: int) -> tuple[list[KnownPost], list[LeftOut]]:
    head = sum(not is_blank(line) for line in lines[:begin])
    left_out = [LeftOut("what the export says of the thread", head, (1, begin))] if head else []
    posts: list[KnownPost] = []
    held: list[tuple[int, str]] = []
    for index in range(begin, len(lines)):
        line = lines[index]
        start = 0
        for match in _ADDRESS.finditer(line):
            held.append((index, line[start : match.start()]))
            span = (held[0][0] + 1, index + 1)
            text = _words(held)
            shown = [
                attachment_of(AttachmentKind.IMAGE, one["source"], one["alt"]) for one in IMAGE.finditer(text)
            ]
            text = IMAGE.sub("", text).strip()
            held, start = [], match.end()
            if is_blank(text) and not any(shown):
                left_out.append(LeftOut("address without a highlight", 1, span))
            else:
                posts.append(
                    KnownPost(
                        text,
                        x_post_id(match["id"]),
                        match["handle"],
                        attachments=tuple(one for one in shown if one),
                        lines=span,
                    )
                )
        if start:
            if not is_blank(line[start:]):
                left_out.append(LeftOut("text behind an address", 1, (index + 1, index + 1)))
        elif not held and (_HEADING.match(line) or _FIRST_SYNCED.match(line) or _NOTE.match(line)):
            left_out.append(LeftOut("note or heading of the export", 1, (index + 1, index + 1)))
        elif held or not is_blank(line):
            held.append((index, line))
    rest = [index for index, line in held if not is_blank(line)]
    if rest:
        left_out.append(LeftOut("text behind the last highlight", len(rest), (rest[0] + 1, rest[-1] + 1)))
    return posts, left_out


def _words(held: list[tuple[int, str]]) -> str:
    """Return the words of a highlight without the marks of lists and quotations around them."""
    words = [
        _LEAD.sub("", text, count=1) if number == 0 else text.strip() for number, (_, text) in enumerate(held)
    ]
    return "\n".join(part.removeprefix("> ").rstrip() for part in words).strip()
