"""Threads out of a text's lines: what every form of text has in common once its lines are plain."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from retrieval.errors import RejectedError
from retrieval.formats.import_types import LeftOut, Reading, SavedFile
from retrieval.model import Attachment, AttachmentKind, Post, Thread
from retrieval.readers import x_ids
from retrieval.readers.attachments import id_without_attachments, with_attachments
from retrieval.readers.decoding import ANCHOR, is_blank
from retrieval.readers.text.assembly import DraftGroup, assemble_threads
from retrieval.readers.text.boilerplate import TextPage, split_boilerplate
from retrieval.readers.text.segmentation import Draft, draft_text

__all__ = ["read_lines"]

_NO_TEXT: Final = "marker without text (a post of pictures only, perhaps)"


def read_lines(
    file: SavedFile,
    form: str,
    lines: Sequence[str],
    *,
    attached: Mapping[int, Sequence[Attachment]] | None = None,
    left_out: Mapping[int, str] | None = None,
) -> Reading:
    """Return the thread of the lines and the previews that follow it.

    Every line that is not blank is in exactly one post (its marker's line with it) or in the
    reading's ``left_out``. ``attached`` are, by line, what hangs on a post there, where
    the text has an ``ANCHOR``; ``left_out`` says why lines are blank that were not.

    Raises :class:`~retrieval.errors.RejectedError` for lines without text or with nothing but
    previews of other threads.
    """
    page = split_boilerplate(lines)
    if all(is_blank(lines[index]) for index in page.main.span):
        raise RejectedError(file.name, _why_nothing(page))
    reasons = {**page.left_out, **(left_out or {})}
    warnings: list[str] = []
    threads: list[Thread] = []
    for group in assemble_threads(lines, page):
        posts: list[Post] = []
        for draft in group.drafts:
            post = _post(len(posts) + 1, lines, draft, attached or {})
            if post.text:
                posts.append(post)
            else:
                reasons.update((i, _NO_TEXT) for i in draft.span if not is_blank(lines[i]))
        if posts:
            warnings += group.warnings()
            main = threads[0] if threads else None
            threads.append(_thread(tuple(posts), group, page, file, main))
    if not threads:
        raise RejectedError(file.name, _why_nothing(page))
    return Reading(form, tuple(threads), tuple(_left_out(reasons, lines)), tuple(warnings))


def _why_nothing(page: TextPage) -> str:
    if page.previews:
        return (
            "holds only previews of other threads, and nothing of the page's own; "
            "open the thread's page again and save all of it"
        )
    return "holds no text but the page's own; open the thread's page again and save all of it"


def _post(
    ordinal: int, lines: Sequence[str], draft: Draft, attached: Mapping[int, Sequence[Attachment]]
) -> Post:
    """Return a draft's post with what hangs on it; its text is empty where there is nothing at all."""
    text = draft_text(lines, draft)
    if attached:
        text = "\n".join(line.replace(ANCHOR, "").rstrip(" ") for line in text.split("\n")).strip("\n ")
    hanging = [made for index in draft.span for made in attached.get(index, ())]
    if not text and not hanging and any(lines[index].rstrip().endswith("Image") for index in draft.span):
        # The page shows a marker and that it is a picture: "3/ Image".
        hanging = [Attachment(AttachmentKind.IMAGE)]
    identified = x_ids.x_post_id(draft.source_id)
    post = Post(
        ordinal,
        text,
        number=draft.number,
        source_id=identified,
        url=x_ids.x_post_url(draft.author, identified),
        posted_at=x_ids.time_of_id(identified),
        author=f"@{draft.author}" if draft.author else None,
        marker=draft.marker,
        lines=(draft.span[0] + 1, draft.span[-1] + 1),
    )
    return with_attachments(post, hanging)


def _thread(
    posts: tuple[Post, ...], group: DraftGroup, page: TextPage, file: SavedFile, main: Thread | None
) -> Thread:
    """Return the thread with what the file says of it, and what the operator says where it does not."""
    origin = page.origin
    spans = [post.lines for post in posts if post.lines]
    lines = (spans[0][0], spans[-1][1])
    first = posts[0]
    if main is not None:
        return Thread(
            posts,
            group.completeness,
            author=first.author or main.author,
            url=first.url,
            posted_at=group.posted_at or first.posted_at,
            id=id_without_attachments(posts),
            lines=lines,
        )
    return Thread(
        posts,
        group.completeness,
        author=first.author or origin.author or file.author,
        title=origin.title or file.title,
        url=first.url or origin.url or file.url,
        posted_at=first.posted_at or origin.posted_at or file.posted_at,
        id=id_without_attachments(posts),
        lines=lines,
    )


def _left_out(reasons: Mapping[int, str], lines: Sequence[str]) -> Iterator[LeftOut]:
    """Yield neighbouring lines left out for one reason together; blank lines between them do not count."""
    run: list[int] = []
    for index in sorted(reasons):
        apart = run and (
            reasons[index] != reasons[run[-1]]
            or any(not is_blank(lines[i]) for i in range(run[-1] + 1, index))
        )
        if apart:
            yield _lines_left_out(run, reasons)
            run = []
        run.append(index)
    if run:
        yield _lines_left_out(run, reasons)


def _lines_left_out(run: Sequence[int], reasons: Mapping[int, str]) -> LeftOut:
    return LeftOut(reasons[run[0]], len(run), (run[0] + 1, run[-1] + 1))
