"""An unrolled HTML page taken apart: its posts, what stands above each thread, and which are cards.

The page is cut where posts begin and each piece is parsed by itself, so damage to one post reaches no
other, and the depth of the whole does not matter.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

from selectolax.lexbor import LexborNode

from retrieval.patterns import pattern
from retrieval.readers.decoding import is_blank
from retrieval.readers.html.post_body import UNSEEN, PostBody, read_body
from retrieval.readers.html_fragment import (
    MOST_TAGS,
    HtmlFragment,
    classes,
    count_words,
    parse_fragment,
    walk,
)
from retrieval.readers.x_ids import x_post_id, x_post_url

__all__ = ["PageHead", "PagePost", "PostGroup", "WebPage", "parse_page", "post_starts"]

HTML_PAGE_TEXT: Final = "page text"
_SERVICE: Final = "https://threadreaderapp.com"

_ELEMENT: Final = pattern(r"<(?:article|div|h1|h2|li|p|section|span)\b[^<]*+", re.IGNORECASE)
_TAG: Final = pattern(r"""<[a-z][a-z0-9]*+(?:[^"'>]++|"[^"]*+"|'[^']*+')*+>""", re.IGNORECASE)
_OPENING_TAG: Final = pattern("<[A-Za-z]")
_NEWLINE: Final = pattern("\n")
_POST_CLASSES: Final = frozenset({"content-tweet", "card-tweetsv2"})
_TELLTALE: Final = pattern(r"content-tweet|card-tweetsv2|data-tweet|tweet_\d", re.IGNORECASE)
_POST: Final = pattern(
    r"""\s(?:class\s*=\s*(?:"(?P<a>[^"]*)"|'(?P<b>[^']*)'|(?P<c>[^\s>]+))"""
    r"""|(?:data-tweet\s*=\s*["']?|id\s*=\s*["']?tweet_)(?P<id>\d+))""",
    re.IGNORECASE,
)
_NAME: Final = pattern(r"\w{1,30}")
_NUMBERED: Final = pattern(r"tweet_\d{1,6}")
_FRAMES: Final = frozenset({"thread-card", "t-selection-thread-entry"})
_CARDS: Final = frozenset({"card-tweets", "card-tweetsv2"})
_STATUS: Final = pattern(r"(?:https?:)?//(?:www\.|mobile\.)?(?:twitter|x)\.com/(\w{1,30})/status/(\d{1,19})")
_THREAD: Final = pattern(r"(?:https?://(?:www\.)?threadreaderapp\.com)?(/thread/\d{1,19})(?:\.html)?")
_HANDLE: Final = pattern(r"\s*(@\w{1,30})\s*")
_HANDLE_CLASSES: Final = frozenset({"screenName", "twitter_screen_name"})
_COUNT: Final = pattern(r"\b(\d{1,4})\s+(?:tweets?|posts?)\b", re.IGNORECASE)
_ANNOUNCED: Final = pattern(
    r"\b\d{1,4}\s(?:tweets?|posts?)\b\W{0,5}\d{1,3}\smin(?:ute)?s?\sread\b", re.IGNORECASE
)
_LONGEST_COUNT: Final = 200
_READ_ALL: Final = pattern(r"\s*read \d+ (?:tweets?|posts?)\b", re.IGNORECASE)
_OVER: Final = pattern(r"^Missing some Tweet in this thread\?", re.IGNORECASE | re.MULTILINE)
# The head of a page is long where a browser saved its styles and scripts into it.
_HEAD: Final = 2**20
# What all pieces may cost, in pairs of words: some six seconds. Ten thousand common posts cost a hundredth.
_WORK: Final = 2_000_000_000
# Unix seconds beyond this are no date of a post.
_LATEST: Final = 2**33


@dataclass(frozen=True, slots=True)
class PageHead:
    """What the page says between two posts: above a thread or a card, and below the one before.

    ``framed`` says that a card begins, ``card`` the same less surely. ``url`` is the address of the
    thread below, ``above`` that of the thread above ("Read 12 tweets"). ``count`` is how many posts
    are announced, ``announcements`` how many threads are ("5 tweets, 2 min read"), ``words`` how many pieces
    of the page's own text there are.
    """

    framed: bool = False
    card: bool = False
    author: str | None = None
    posted_at: datetime | None = None
    url: str | None = None
    above: str | None = None
    count: int | None = None
    announcements: int = 0
    words: int = 0

    @property
    def opens(self) -> bool:
        """Return whether another thread begins below."""
        return any((self.framed, self.card, self.author, self.posted_at, self.announcements))


@dataclass(frozen=True, slots=True)
class PagePost:
    """A post on the page; ``own`` says that it carries an id of any kind, as those of cards do not."""

    body: PostBody
    lines: tuple[int, int]
    source_id: str | None = None
    handle: str | None = None
    own: bool = False


@dataclass(slots=True)
class PostGroup:
    """Posts that stand together, and what stands above them."""

    head: PageHead
    posts: list[PagePost] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class WebPage:
    """A page's own thread, ``None`` where it has none, its previews, and what was left out and why."""

    main: PostGroup | None
    previews: tuple[PostGroup, ...]
    left_out: tuple[tuple[str, int], ...] = ()
    warnings: tuple[str, ...] = ()


def post_starts(text: str) -> Iterator[int]:
    """Yield where posts begin; each character is looked at a bounded number of times."""
    begin = seen = -1
    for telltale in _TELLTALE.finditer(text):
        opening = text.rfind("<", max(seen, 0), telltale.start())
        seen = telltale.end()
        if opening < 0 or opening == begin:
            # Another attribute of the tag before, or text.
            continue
        begin = opening
        element = _ELEMENT.match(text, begin)
        tag = _TAG.match(element[0]) if element else None
        if tag and any(
            match["id"] or _POST_CLASSES & set((match["a"] or match["b"] or match["c"] or "").split())
            for match in _POST.finditer(tag[0])
        ):
            yield begin


def parse_page(text: str, at: Sequence[int]) -> WebPage:
    """Return what the page holds; every post is in one group, or counted in ``left_out``.

    ``at`` is where posts begin, as :func:`starts` finds it.
    """
    left_out: Counter[str] = Counter()
    warnings: list[str] = []
    own, groups = PostGroup(PageHead()), list[PostGroup]()
    current: PostGroup | None = None
    head = _head(parse_fragment(_above(text, at[0] if at else len(text))).nodes)
    left_out[HTML_PAGE_TEXT] += head.words
    seen: dict[str, str] = {}
    for lines, piece in _pieces(text, [*at, len(text)]):
        if not piece.nodes:
            left_out["unreadable part (more markup than any page has)"] += 1
            continue
        node, below = piece.nodes[0], _head(piece.nodes[1:])
        found = _found(node, lines)
        left_out[HTML_PAGE_TEXT] += below.words
        kept, why = _kept(found, seen, frame=bool(classes(node) & _CARDS))
        if kept:
            if kept.own:
                own.head, current = own.head if own.posts else head, own
            elif current is None or current is own or head.opens:
                current = PostGroup(head)
                groups.append(current)
            current.posts.append(kept)
            warnings += _doubts(found, seen, cut=piece.cut and node.next is None)
            seen.update({found.source_id: found.body.text} if found.source_id else {})
            left_out["words of a quoted post (its address is kept)"] += found.body.quoted
            left_out["preview of a linked page (its address is kept)"] += found.body.cards
        left_out.update([why] if why else ())
        if below.above and current is not None and current is not own:
            current.head = replace(current.head, url=below.above)
        # What holds no words, such as the frame of a card, hands on what stands above it.
        head = below if kept else _joined(head, below, card=bool(classes(node) & _CARDS))
    main, previews = _sorted(own, groups, head.announcements)
    return WebPage(main, previews, tuple((+left_out).items()), tuple(warnings))


def _above(text: str, end: int) -> str:
    """Return the end of what stands above the first post: a page's head is long, its last part tells."""
    region = text[max(0, end - _HEAD) : end]
    tags = [match.start() for match in _OPENING_TAG.finditer(region)][-MOST_TAGS:]
    return region[tags[0] :] if len(tags) == MOST_TAGS else region


def _pieces(text: str, cuts: Sequence[int]) -> Iterator[tuple[tuple[int, int], HtmlFragment]]:
    """Yield each piece with its first and last line; empty where all pieces together cost too much."""
    breaks = [match.start() for match in _NEWLINE.finditer(text)]
    spent = 0
    for start, stop in pairwise(cuts):
        spent += count_words(text[start:stop]) ** 2
        piece = parse_fragment(text[start:stop] if spent <= _WORK else "")
        first, last = bisect_right(breaks, start) + 1, bisect_right(breaks, stop - 1) + 1
        inside = (piece.nodes[0].html or "").count("\n") if piece.nodes else 0
        yield (first, min(last, first + inside)), piece


def _kept(found: PagePost, seen: Mapping[str, str], *, frame: bool) -> tuple[PagePost | None, str | None]:
    """Return the post where it is kept, and why it is not.

    An id that two posts carry is certain of neither, and no reason to lose one.
    """
    text = found.body.text
    if not text and not found.body.attachments:
        return None, None if frame else "post without text"
    if found.source_id is None or found.source_id not in seen:
        return found, None
    if text in seen[found.source_id]:
        return None, "post that the page shows twice"
    return replace(found, source_id=None), None


def _sorted(
    own: PostGroup, groups: Sequence[PostGroup], below: int
) -> tuple[PostGroup | None, tuple[PostGroup, ...]]:
    """Tell the page's own thread from its previews.

    It is the posts with ids. On pages of 2018 none has one: then it is what stands outside of cards,
    else the posts of the only card, where nothing frames it: the thread was cut out of its page. A page of a
    user announces each thread, above it or (``below`` the last one) behind it, and shows only beginnings.
    """
    if own.posts:
        return own, tuple(groups)
    outside = [group for group in groups if not (group.head.framed or group.head.card)]
    if len(outside) > 1 and sum(group.head.announcements for group in outside) + below > 1:
        return None, tuple(groups)
    if outside:
        main = PostGroup(outside[0].head, [post for group in outside for post in group.posts])
        return main, tuple(group for group in groups if group not in outside)
    if len(groups) == 1 and not groups[0].head.framed:
        return groups[0], ()
    return None, tuple(groups)


def _found(node: LexborNode, lines: tuple[int, int]) -> PagePost:
    attributes = node.attributes
    handle = attributes.get("data-screenname") or ""
    inside = read_body(node)
    if node.next is None:
        # Not closed, perhaps: then the page's own text behind the thread seems to be inside.
        over = _OVER.search(inside.text)
        inside = replace(inside, text=inside.text[: over.start()].rstrip("\n •")) if over else inside
    return PagePost(
        inside,
        lines,
        source_id=x_post_id(attributes.get("data-tweet")),
        handle=handle if _NAME.fullmatch(handle) else None,
        own="data-tweet" in attributes or _NUMBERED.fullmatch(attributes.get("id") or "") is not None,
    )


def _doubts(found: PagePost, seen: Mapping[str, str], *, cut: bool) -> Iterator[str]:
    where = f"line {found.lines[0]}"
    if found.source_id in seen:
        yield f"{where}: another post carries the id {found.source_id}, too"
    if found.body.spilled:
        yield f"{where}: the post is not closed; it was taken to end where the page's own parts begin"
    if cut:
        yield f"{where}: more markup in one post than any has; what follows it was not read"


def _joined(head: PageHead, below: PageHead, *, card: bool) -> PageHead:
    """Return what both say, the lower one where they differ."""
    return PageHead(
        framed=head.framed or below.framed,
        card=head.card or below.card or card,
        author=below.author or head.author,
        posted_at=below.posted_at or head.posted_at,
        url=below.url or head.url,
        count=below.count or head.count,
    )


def _head(nodes: Iterable[LexborNode]) -> PageHead:
    """Return what the page says between two posts."""
    found: dict[str, str | datetime | int] = {}
    framed = card = False
    words = 0
    shown: list[str] = []
    for top in nodes:
        for node, opening in walk(top, lambda node: node.tag not in UNSEEN | {"head"}):
            if not opening:
                continue
            if node.tag == "-text":
                shown.append((node.text_content or "").strip()[:_LONGEST_COUNT])
                words += not is_blank(shown[-1])
                continue
            names, attributes = classes(node), node.attributes
            framed = framed or bool(names & _FRAMES) or "data-link-href" in attributes
            card = card or bool(names & _CARDS)
            found.update(_facts(node, names, attributes))
    announcements = len(_ANNOUNCED.findall(" ".join(shown)))
    return PageHead(framed=framed, card=card, words=words, announcements=announcements, **found)  # type: ignore[arg-type]


def _facts(
    node: LexborNode, names: frozenset[str], attributes: Mapping[str, str | None]
) -> Iterator[tuple[str, str | datetime | int]]:
    """Yield the fields of :class:`Head` that one element gives."""
    href = attributes.get("href") or ""
    moment = _moment(attributes.get("data-time")) if "time" in names else None
    if moment:
        yield "posted_at", moment
    if "time" in names and (match := _STATUS.match(href)):
        yield "url", x_post_url(match[1], match[2]) or href
    if names & _HANDLE_CLASSES and (match := _HANDLE.fullmatch(node.text())):
        yield "author", match[1]
    if "thread-info" in names and (match := _COUNT.search(node.text(separator=" "))):
        yield "count", int(match[1])
    if match := _THREAD.match(attributes.get("data-link-href") or ""):
        yield "url", f"{_SERVICE}{match[1]}.html"
    if node.tag == "a" and (match := _THREAD.match(href)) and _READ_ALL.match(node.text()):
        yield "above", f"{_SERVICE}{match[1]}.html"


def _moment(seconds: str | None) -> datetime | None:
    """Return Unix seconds as aware UTC; ``None`` for what is no number or no date of a post."""
    if not seconds or not seconds.isdecimal() or len(seconds) > len(str(_LATEST)) or int(seconds) > _LATEST:
        return None
    return datetime.fromtimestamp(int(seconds), UTC) if int(seconds) else None
