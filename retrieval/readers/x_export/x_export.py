"""X account exports: a zip, its folder, or one of its files; every layout since 2013."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from tempfile import TemporaryFile
from typing import Any, Final

from retrieval.errors import ReadError, RejectedError
from retrieval.formats.import_types import LeftOut, Reading, SavedFile
from retrieval.formats.thread_file import ThreadFile
from retrieval.model import Attachment, Completeness, Post, Thread
from retrieval.patterns import pattern
from retrieval.readers import x_ids
from retrieval.readers.attachments import id_without_attachments, with_attachments
from retrieval.readers.reply_tree import ChainStart
from retrieval.readers.x_export.disk_reply_tree import DiskReplyChain, DiskReplyTree
from retrieval.readers.x_export.json_array import BrokenRecord, Restart
from retrieval.readers.x_export.x_manifest import (
    ACCOUNT,
    MONTH,
    NOTES,
    POSTS,
    ExportTally,
    PostFile,
    likeness,
    post_files,
)
from retrieval.readers.x_export.x_post import Account, account_of, is_repost, long_post_text
from retrieval.readers.x_export.x_post import exported_post as post_of

__all__ = ["BUNDLE", "FORM", "INSIDE", "read", "recognise"]

FORM = "X account export"

#: The names of files that make what is around them an export, whose first folder is ``root``.
BUNDLE = pattern(
    r"(?P<root>/?(?:[^/]+/)*?)(?:(?:data/)?tweets?(?:-part\d{1,4})?|(?:data/js/tweets/)?\d{4}_\d{2})\.js"
)
#: What an export brings with it: messages, likes, media, pages, and files on all that.
INSIDE = pattern(
    r"(?:data|assets|js|css|img|lib|[^/]*_media)/.*"
    r"|[^/]*\.js|Your archive\.html|index\.html|README\.txt|tweets\.csv"
)

_REPOST: Final = "repost of another author's post"
_ALONE: Final = {
    ChainStart.ANOTHER: "reply to another author",
    ChainStart.UNKNOWN: "reply to a post that is not in the export, and nothing says whose",
}
_NO_POST: Final = "no post: without one id, or without a text of a post's length"
_DUPLICATE: Final = "post that is in the export more than once"
_VERSION: Final = "earlier version of an edited post"
_EMPTY: Final = "post without text"
_NO_NOTE: Final = "full text of a long post that is not in the export"
_UNOPENED: Final = "file of the export that was not opened; only posts are read"
_ID_LENGTH: Final = 20
_OTHER: Final = "file with the name of a post file that holds something else"


def recognise(file: SavedFile) -> float:
    """Return 1.0 for what begins as the files of an export do, and for a bundle with post files, else 0.0.

    A file whose beginning is damaged is 0.5, and so is a bundle whose post files cannot be opened: this
    reader is asked and says why.
    """
    if file.bundle is None:
        return likeness(file.content)
    found = [part for part in post_files(file) if BUNDLE.fullmatch(part.name)]
    if any(part.kind in POSTS for part in found):
        return 1.0
    return 0.5 if any(part.error for part in found) else 0.0


def read(file: SavedFile) -> Reading:
    """Return the account's threads, and its posts that stand alone, out of the post files and no other.

    A thread is complete, also one that hangs under another account's post. It is a fragment where a post of
    its own is missing above it, or where it branches off from a longer one: such branches are kept as
    threads of their own. Single replies to others are no threads.

    Raises :class:`~retrieval.errors.RejectedError` for a file of an export that holds no posts, and
    :class:`~retrieval.errors.ReadError` for a bundle whose post files cannot be opened.
    """
    found = sorted(post_files(file), key=lambda part: part.place)
    if not any(part.kind in POSTS for part in found):
        errors = [part.error for part in found if part.error]
        raise errors[0] if errors else RejectedError(file.name, _why_nothing(found))
    tally = ExportTally(found, file.notice)
    with DiskReplyTree() as spool:
        whose = _take_all(found, spool, tally)
        author = f"@{whose.handle}" if whose.handle else file.author
        # It is closed with the threads.
        threads = ThreadFile.write(_threads(spool, whose, author, tally), TemporaryFile())  # noqa: SIM115
        tally.left_out[_DUPLICATE] = tally.posts - spool.count()
        tally.left_out[_VERSION] = spool.counts["versions"]
        tally.left_out[_NO_NOTE] = spool.notes_left()
        tally.warnings += [*_missing(found), *_oddities(spool.counts)]
    if file.bundle is not None:
        tally.left_out[_UNOPENED] = len(file.bundle.members) - len(found)
    if file.title or file.url or file.posted_at:
        tally.warnings.append("an export has many threads; the title, address or time given is not used")
    left_out = (
        LeftOut(why, count, example=tally.examples.get(why))
        for why, count in sorted(tally.left_out.items())
        if count
    )
    return Reading(FORM, threads, tuple(left_out), tuple(tally.warnings), sha256=tally.sha256())


def _why_nothing(found: Sequence[PostFile]) -> str:
    kind = found[0].kind if found else ""
    if kind in {ACCOUNT, NOTES}:
        return "is a part of an X export and holds no posts of its own; import the whole export"
    return f"holds {kind.replace('_', ' ') or 'no posts'}; of an X export Bobbin reads nothing but posts"


def _take_all(found: Sequence[PostFile], spool: DiskReplyTree, tally: ExportTally) -> Account:
    """Put the posts of all parts into the spool; return whose they are."""
    whose = Account()
    for part in found:
        if part.error:
            tally.broken(part, part.error.reason)
        elif part.kind == ACCOUNT:
            whose = _whose(part, tally)
        elif part.kind in {NOTES, *POSTS}:
            _take(part, spool, tally)
        else:
            tally.left_out[_OTHER] += 1
    return replace(whose, handle=whose.handle or spool.handle())


def _whose(part: PostFile, tally: ExportTally) -> Account:
    whose = Account()
    try:
        for record in tally.values(part):
            account = record.get("account") if isinstance(record, dict) else None
            if isinstance(account, dict):
                whose = account_of(account)
            elif not isinstance(record, Restart):
                tally.broken(
                    part, record if isinstance(record, BrokenRecord) else "a record that names no account"
                )
    except ReadError as error:
        tally.broken(part, error.reason)
    return whose


def _take(part: PostFile, spool: DiskReplyTree, tally: ExportTally) -> None:
    """Put a part's posts into the spool; what of it cannot be read is reported, and the rest goes in."""
    before, posts = Counter(tally.left_out), tally.posts
    with spool.part():
        try:
            number = 0
            # Damage may have put two records of the part together to one that looks whole.
            suspect = False
            for record in tally.values(part):
                number += 1
                if isinstance(record, Restart):
                    spool.forget()
                    suspect = True
                    tally.left_out, tally.posts, number = Counter(before), posts, 0
                elif isinstance(record, BrokenRecord):
                    tally.broken(part, record)
                elif why := _take_record(record, part, spool, tally, suspect=suspect):
                    tally.broken(part, f"record {number}: {why}")
        except ReadError as error:
            tally.broken(part, error.reason)


def _take_record(
    record: Any, part: PostFile, spool: DiskReplyTree, tally: ExportTally, *, suspect: bool
) -> str | None:
    """Put a record where it belongs; return why it cannot be, if it cannot."""
    name = "noteTweet" if part.kind == NOTES else "tweet"
    fields = record.get(name, record) if isinstance(record, dict) else None
    if not isinstance(fields, dict):
        return _NO_POST
    if part.kind == NOTES:
        if full := long_post_text(fields):
            spool.add_note(full)
        return None if full else "a full text without its time, or without text"
    if is_repost(fields):
        tally.left_out[_REPOST] += 1
        tally.examples.setdefault(_REPOST, str(fields.get("id_str") or fields.get("id"))[:_ID_LENGTH])
        return None
    post = post_of(fields, monthly=part.kind == MONTH)
    if post is None:
        return _NO_POST
    tally.posts += 1
    spool.add(post, suspect=suspect)
    return None


def _threads(
    spool: DiskReplyTree, whose: Account, author: str | None, tally: ExportTally
) -> Iterator[Thread]:
    """Yield what is a thread, the oldest first, and count what is none."""
    for line in spool.lines(whose):
        if len(line.posts) == 1 and not line.branch and line.start in _ALONE:
            tally.left_out[_ALONE[line.start]] += 1
            _give_example(tally, _ALONE[line.start], line.posts[0].id)
            continue
        posts: list[Post] = []
        for kept in line.posts:
            number = None if kept.id is None else str(kept.id)
            url = x_ids.x_post_url(whose.handle, number) if number else None
            place = len(posts) + 1
            post = _with_pictures(
                Post(place, kept.text, source_id=number, url=url, posted_at=kept.posted_at, author=author),
                kept.pictures,
            )
            if post.text:
                posts.append(post)
            else:
                tally.left_out[_EMPTY] += 1
                _give_example(tally, _EMPTY, kept.id)
        if posts:
            spool.counts["branches"] += line.branch
            spool.counts["missing"] += line.start in {ChainStart.MISSING, ChainStart.UNKNOWN}
            yield _thread(posts, line, author)


def _give_example(tally: ExportTally, why: str, number: int | None) -> None:
    if number is not None:
        tally.examples.setdefault(why, str(number))


def _with_pictures(post: Post, pictures: Sequence[Attachment]) -> Post:
    """Return a post with its pictures; one without a description has a line only where there is no text."""
    described = [one for one in pictures if one.description]
    bare = tuple(one for one in pictures if not one.description)
    if post.text or described:
        return with_attachments(post, described, bare)
    # Else the post would be lost from its thread.
    return with_attachments(post, bare)


def _thread(posts: Sequence[Post], line: DiskReplyChain, author: str | None) -> Thread:
    whole = not line.branch and line.start in {ChainStart.ROOT, ChainStart.ANOTHER}
    return Thread(
        tuple(posts),
        Completeness.COMPLETE if whole else Completeness.FRAGMENT,
        author=author,
        url=posts[0].url,
        posted_at=posts[0].posted_at,
        id=id_without_attachments(posts),
    )


def _missing(found: Sequence[PostFile]) -> Iterator[str]:
    """Yield a warning for each part that should be there, since a later one is."""
    for kind in sorted({part.kind for part in found if part.kind in POSTS and part.kind != MONTH}):
        numbers = {part.number for part in found if part.kind == kind}
        gone = sorted(set(range(max(numbers))) - numbers)
        if gone and len(found) > 1:
            named = ", ".join(str(number) for number in gone[:5]) + (" and more" if len(gone) > 5 else "")  # noqa: PLR2004
            yield f"part {named} of {kind} is missing; what it holds is not imported"


def _oddities(counts: Counter[str]) -> Iterator[str]:
    sentences = {
        "missing": "threads that begin in the middle, since the post that they answer is not in the export",
        "branches": "branches of threads, kept as threads of their own",
        "circles": "answers to posts that are younger, which cannot be and are not believed",
        "cut": "posts that seem to be cut, without a full text in the export",
    }
    for name, what in sentences.items():
        if counts[name]:
            yield f"{what}: {counts[name]}"
