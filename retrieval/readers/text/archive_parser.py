"""The Markdown that twitter-archive-parser makes of an account export: posts with their permalinks.

Posts that answer one another, or are numbered in sequence, are threads; every other post is one of its own.
"""

import re
from dataclasses import replace
from typing import Final

from retrieval.errors import RejectedError
from retrieval.formats.import_types import LeftOut, Reading, SavedFile
from retrieval.model import Attachment, AttachmentKind
from retrieval.patterns import pattern
from retrieval.readers.attachments import attachment_of
from retrieval.readers.decoding import decode, glance, is_blank
from retrieval.readers.known_posts import KnownPost, numbered_runs, thread_of
from retrieval.readers.x_ids import post_time, x_post_id

__all__ = ["FORM", "read", "recognise"]

FORM = "twitter-archive-parser (Markdown)"

#: Below each post; the tool's first versions wrote words where later ones have a picture.
_PERMALINK: Final = pattern(
    r"""\s*(?:<img src="[^"<>]{0,200}tweet\.(?:ico|png)"[^<>]{0,99}>|\(Originally on Twitter:)\s?"""
    r"""\[(?P<time>[^\[\]]{0,60})\]"""
    r"""\(https?://(?:www\.)?(?:twitter|x)\.com/(?P<handle>\w{1,30})/status/(?P<id>\d{1,19})\)\)?\s*$"""
)
_REPLYING: Final = pattern(
    r"[>*_\s]*Replying to \[(?P<name>[^\[\]]{0,99})\]\(https?://(?:www\.)?(?:twitter|x)\.com/(?P<handle>\w{1,30})"
    r"/status/(?P<id>\d{1,19})\)[*_\s]*$"
)
_RULE: Final = pattern(r"\s*-{3,}\s*$")
_IMAGE: Final = pattern(
    r"!\[(?P<alt>[^\[\]]*)\]\((?P<source>[^()\s]{1,2000})\)|<(?:img|video)\b[^<>]{0,2000}>(?:</video>)?"
)


def recognise(file: SavedFile) -> float:
    """Return 0.97 for text with the permalinks that the tool writes below each post."""
    if b"tweet." not in file.content and b"(Originally on Twitter:" not in file.content:
        return 0.0
    return 0.97 if any(_PERMALINK.match(line) for line in glance(file).split("\n")) else 0.0


def read(file: SavedFile) -> Reading:
    """Return the threads of the file; single answers to others are left out and counted.

    Raises :class:`~retrieval.errors.RejectedError` where no post has words.
    """
    text, notes = decode(file)
    posts, left_out = _posts(text.split("\n"))
    # The files of a month run from its last post to its first in some versions of the tool.
    posts.sort(key=lambda post: int(post.source_id or 0))
    handles = [post.handle for post in posts if post.handle]
    owner = max(sorted(set(handles)), key=handles.count, default=None)
    threads, warnings = [], list(notes)
    alone = 0
    for run in numbered_runs(posts):
        first = run[0]
        if len(run) == 1 and first.parent and first.parent_handle != owner:
            alone += 1
            continue
        thread, odd = thread_of(run, fragment=first.parent is not None and first.parent_handle == owner)
        threads.append(thread)
        warnings += odd
    if alone:
        left_out.append(LeftOut("reply to another author", alone))
    if not threads:
        raise RejectedError(file.name, "holds no post of its own")
    return Reading(FORM, tuple(threads), tuple(left_out), tuple(warnings))


def _posts(lines: list[str]) -> tuple[list[KnownPost], list[LeftOut]]:
    posts: list[KnownPost] = []
    left_out: list[LeftOut] = []
    held: list[int] = []
    for index, line in enumerate(lines):
        match = _PERMALINK.match(line)
        if match is None:
            if _RULE.match(line) and any(lines[at].startswith(">") for at in held):
                # The post above has no permalink that can be read, and the one below is another.
                post = _post([lines[at] for at in held], None)
                if isinstance(post, KnownPost):
                    posts.append(replace(post, lines=(held[0] + 1, index)))
                else:
                    left_out.append(LeftOut(post, 1, (held[0] + 1, index)))
                held = []
            elif held or not (is_blank(line) or _RULE.match(line)):
                held.append(index)
            continue
        post = _post([lines[at] for at in held], match)
        span = (held[0] + 1 if held else index + 1, index + 1)
        held = []
        if isinstance(post, str):
            left_out.append(LeftOut(post, 1, span))
        else:
            posts.append(replace(post, lines=span))
    rest = [index for index in held if not is_blank(lines[index]) and not _RULE.match(lines[index])]
    if rest:
        left_out.append(LeftOut("text without a permalink below it", len(rest), (rest[0] + 1, rest[-1] + 1)))
    return posts, left_out


def _post(lines: list[str], permalink: re.Match[str] | None) -> KnownPost | str:
    """Return a post with what its permalink says, where it has one, or why it is none."""
    parent = parent_handle = None
    words, attachments = [], list[Attachment | None]()
    for raw in lines:
        if reply := _REPLYING.match(raw):
            parent, parent_handle = x_post_id(reply["id"]), reply["handle"]
            continue
        line = raw.removeprefix(">").removeprefix(" ") if raw.startswith(">") else raw
        for image in _IMAGE.finditer(line):
            attachments.append(attachment_of(AttachmentKind.IMAGE, image["source"], image["alt"]))
        words.append(_IMAGE.sub("", line).rstrip())
    text = "\n".join(words).strip()
    shown = tuple(one for one in attachments if one)
    if is_blank(text) and not shown:
        return "post without text"
    if text.startswith("RT @"):
        return "repost of another author's post"
    return KnownPost(
        text,
        x_post_id(permalink["id"]) if permalink else None,
        permalink["handle"] if permalink else None,
        post_time(permalink["time"]) if permalink else None,
        shown,
        parent=parent,
        parent_handle=parent_handle,
    )
