"""A thread's page on x.com, saved by a browser ("complete") or by SingleFile: articles, one a post.

The page is cut where articles begin, and each piece is parsed by itself, as unrolled pages are. The thread is
what one author posted in a row; answers of others below it are left out and counted.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from selectolax.lexbor import LexborNode

from retrieval.errors import ReadError, RejectedError
from retrieval.formats.import_types import LeftOut, Reading, SavedFile
from retrieval.model import Attachment, AttachmentKind
from retrieval.patterns import pattern
from retrieval.readers.attachments import attachment_of, link_text
from retrieval.readers.decoding import decode, is_blank
from retrieval.readers.html.unrolled_html import MAX_HTML_BYTES, MAX_POSTS
from retrieval.readers.html_fragment import TextFlow, parse_fragment, walk
from retrieval.readers.known_posts import OTHERS, KnownPost, page_threads
from retrieval.readers.x_ids import post_time, x_post_id

__all__ = ["FORM", "read", "recognise"]

FORM = "page of X (HTML)"

_ARTICLE: Final = pattern(r"""<article\b[^<>]{0,2000}?\bdata-testid\s?=\s?["']?tweet["'\s>]""", re.IGNORECASE)
_STATUS: Final = pattern(r"(?:https?://(?:www\.|mobile\.)?(?:twitter|x)\.com)?/(\w{1,30})/status/(\d{1,19})")
_OWN: Final = pattern(
    r"""(?:\burl:\s|rel=["']?canonical["']?\shref=["']?|property=["']?og:url["']?\scontent=["']?)"""
    r"""(?P<address>https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/\w{1,30}/status/\d{1,19}[^\s"'<>]{0,99})"""
)
_SIGN: Final = "tweetText"
_UNSEEN: Final = frozenset({"script", "style", "svg", "template", "button", "noscript"})


def recognise(file: SavedFile) -> float:
    """Return 0.95 for HTML with the articles of posts on x.com."""
    if file.bundle is not None or _SIGN.encode() not in file.content:
        return 0.0
    try:
        text, _ = decode(file, most=MAX_HTML_BYTES)
    except ReadError:
        return 0.0
    return 0.95 if _ARTICLE.search(text) else 0.0


def read(file: SavedFile) -> Reading:
    """Return the page's thread.

    Raises :class:`~retrieval.errors.RejectedError` for a page without a post, and
    :class:`~retrieval.errors.ReadError` for what is no text, too large or of too many posts.
    """
    text, notes = decode(file, most=MAX_HTML_BYTES)
    starts = [match.start() for match in _ARTICLE.finditer(text)]
    if len(starts) > MAX_POSTS:
        raise ReadError(file.name, f"more than {MAX_POSTS:,} posts on one page; split it into smaller files")
    pieces = (text[start:stop] for start, stop in pairwise([*starts, len(text)]))
    found = [post for piece in pieces if (post := _post(piece))]
    # A browser keeps what was scrolled past, sometimes twice.
    posts = list({(post.source_id, post.text): post for post in found}.values())
    posts = [post for post in posts if not is_blank(post.text) or post.attachments]
    if not posts:
        raise RejectedError(
            file.name, "holds no post with words; open the thread, scroll to its end and save again"
        )
    own = _OWN.search(text)
    address = own["address"] if own else None
    threads, others, odd = page_threads(posts, address, title=file.title, author=file.author)
    left_out = [LeftOut(OTHERS, others)] if others else []
    if len(found) > len(posts):
        left_out.append(LeftOut("post that the page shows twice, or without words", len(found) - len(posts)))
    return Reading(FORM, tuple(threads), tuple(left_out), (*notes, *odd))


def _post(piece: str) -> KnownPost | None:
    """Return an article's post; ``None`` for an advertisement, which has no time."""
    nodes = parse_fragment(piece).nodes
    if not nodes:
        return None
    top = nodes[0]
    link = next((node for node in top.css("a[href]") if node.css_first("time")), None)
    match = _STATUS.match(link.attributes.get("href") or "") if link else None
    time = link.css_first("time") if link else None
    if match is None or time is None:
        return None
    names = [node.mem_id for node in top.css('[data-testid="User-Name"]')]
    bodies = top.css('[data-testid="tweetText"]')
    # A quoted post begins with its author's name, the article's second.
    quoted = names[1] if len(names) > 1 else None
    own = [node for node in bodies if quoted is None or _before(top, node, quoted)]
    text, links = _text(own[0]) if own else ("", ())
    shown = [*links, *_pictures(top, quoted)]
    cut = top.css_first('[data-testid="tweet-text-show-more-link"]') is not None
    return KnownPost(
        text,
        x_post_id(match[2]),
        match[1],
        post_time(time.attributes.get("datetime")),
        tuple(dict.fromkeys(shown)),
        cut=cut,
    )


def _before(top: LexborNode, node: LexborNode, other: int) -> bool:
    """Return whether a node stands before another on the page."""
    for at, opening in walk(top, lambda _: True):
        if opening and at.mem_id in {node.mem_id, other}:
            return at.mem_id == node.mem_id
    return False


def _text(body: LexborNode) -> tuple[str, tuple[Attachment, ...]]:
    """Return a text's words, and the links whose address they do not show."""
    flow = TextFlow()
    links: list[Attachment] = []
    for node, opening in walk(body, lambda node: node.tag not in _UNSEEN and node.tag != "a"):
        if not opening:
            continue
        if node.tag == "-text":
            flow.add_verbatim(node.text_content or "")
        elif node.tag == "br":
            flow.line()
        elif node.tag == "img":
            flow.add_verbatim(node.attributes.get("alt") or "")
        elif node.tag == "a":
            words, link = link_text("".join(_words(node)), node.attributes.get("href") or "")
            flow.add_verbatim(words)
            links += [link] if link and "//t.co/" not in link.line else []
    return flow.text(), tuple(links)


def _words(node: LexborNode) -> Iterator[str]:
    for at, opening in walk(node, lambda _: True):
        if opening and at.tag == "-text":
            yield at.text_content or ""
        elif opening and at.tag == "img":
            yield at.attributes.get("alt") or ""


def _pictures(top: LexborNode, quoted: int | None) -> Iterator[Attachment]:
    for photo in top.css('[data-testid="tweetPhoto"]'):
        if quoted is not None and not _before(top, photo, quoted):
            continue
        image = photo.css_first("img")
        if image is not None:
            picture = attachment_of(
                AttachmentKind.IMAGE, image.attributes.get("src"), image.attributes.get("alt")
            )
            if picture:
                yield picture
    if top.css_first('[data-testid="videoPlayer"], video') is not None:
        video = top.css_first("video")
        poster = video.attributes.get("poster") if video else None
        yield attachment_of(AttachmentKind.VIDEO, poster) or Attachment(AttachmentKind.VIDEO)
