"""The frozen data that everything else passes around: threads, posts, scopes, excerpts, answers."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from retrieval.analysis.headlines import HEADLINE_POSTS, headline
from retrieval.query_language import PLAIN, Filter, Query

__all__ = [
    "Answer",
    "Attachment",
    "AttachmentKind",
    "Author",
    "Cap",
    "Collection",
    "Completeness",
    "Excerpt",
    "FirstMention",
    "Hit",
    "Interpretation",
    "Mention",
    "Period",
    "Post",
    "PostEdit",
    "QuoteCheck",
    "QuotePart",
    "QuoteResult",
    "Scope",
    "Suggestions",
    "ThenAndNow",
    "Thread",
    "ThreadSummary",
    "Uncounted",
    "Verdict",
    "Weighing",
    "identity",
    "post_key",
]

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_ID_LENGTH = 12
_TELLING = 40


class Completeness(StrEnum):
    """How much of a thread is known, from least to most."""

    FRAGMENT = "fragment"
    PREVIEW = "preview"
    COMPLETE = "complete"

    @property
    def rank(self) -> int:
        """Order by how much is known: 0 for a fragment, 2 for a complete thread."""
        return list(Completeness).index(self)


class Verdict(StrEnum):
    """What the archive holds on a question."""

    ANSWER = "answer"
    """Posts that answer it."""
    CLOSEST = "closest"
    """Posts that come close; none answers it for certain."""
    NOTHING = "nothing"


class Cap(StrEnum):
    """Why posts are no answer, however much of the question they hold."""

    NO_SUBJECT = "no subject"
    """The question names no subject: "what should I do?"."""
    UNCONFIRMED = "unconfirmed"
    """It asks who did something, and no post says that anyone did."""
    NO_NUMBER = "no number"
    """It asks for a number, and no post has one."""


class Uncounted(StrEnum):
    """Why words are not counted by month, which is not the same as standing in no post."""

    COMMON = "common"
    """They are stop words alone: nearly every post holds them."""
    WORDLESS = "wordless"
    """They hold no word: "??"."""


class AttachmentKind(StrEnum):
    """What hangs on a post and is not its words."""

    IMAGE = "image"
    VIDEO = "video"
    QUOTED = "quoted post"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture, a video, a quoted post or a linked page that hangs on a post, as far as it is known.

    ``address`` is where it stands on the web, ``description`` what its author says that it shows. Nothing is
    ever loaded from the address.
    """

    kind: AttachmentKind
    address: str | None = None
    description: str | None = None

    @property
    def line(self) -> str:
        """Return the line that stands for it in a post's text: with its description, else its address."""
        return f"[{self.kind}: {self.description or self.address or 'no description'}]"


@dataclass(frozen=True, slots=True)
class Post:
    """One post of a thread, its text word for word.

    ``ordinal`` is its place in what is known of the thread, from 1; ``number`` is what the author
    wrote, where that is known; ``marker`` is how it was written, where it stood on a line of its own.
    ``attachments`` are what hangs on it, most of them with a line at the end of ``text``, so that they can be
    found; posts kept by earlier versions of Bobbin have the lines alone.
    ``lines`` (first and last, from 1) say where the post stood in the saved file; they describe the
    file, not the post, and do not count when posts are compared. ``posted_at`` is aware UTC.
    """

    ordinal: int
    text: str
    number: int | None = None
    source_id: str | None = None
    url: str | None = None
    posted_at: datetime | None = None
    author: str | None = None
    marker: str | None = None
    lines: tuple[int, int] | None = field(default=None, compare=False)
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Thread:
    """Posts of one author in their order.

    ``id`` is twelve characters of Crockford's base 32, safe in an address; left empty it is derived
    from the first post by :func:`identity`, so it is the same on every machine and every import.
    ``length`` is the number of posts known here. Unknown author, title, url and time stay ``None``.

    Raises ``ValueError`` when there are no posts or their ordinals are not 1, 2, 3, …
    """

    posts: tuple[Post, ...]
    completeness: Completeness = Completeness.COMPLETE
    author: str | None = None
    title: str | None = None
    url: str | None = None
    posted_at: datetime | None = None
    id: str = ""
    lines: tuple[int, int] | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if not self.posts:
            raise ValueError("a thread needs at least one post")
        if [post.ordinal for post in self.posts] != list(range(1, len(self.posts) + 1)):
            raise ValueError("the ordinals of a thread's posts must run 1, 2, 3, …")
        if not self.id:
            object.__setattr__(self, "id", identity(post.text for post in self.posts))

    @property
    def length(self) -> int:
        """Return the number of posts that are known."""
        return len(self.posts)

    def summary(self) -> "ThreadSummary":
        """Return the thread without its posts, for lists."""
        return ThreadSummary(
            id=self.id,
            length=self.length,
            completeness=self.completeness,
            opening=headline([post.text for post in self.posts[:HEADLINE_POSTS]]),
            author=self.author,
            title=self.title,
            url=self.url,
            posted_at=self.posted_at,
        )


@dataclass(frozen=True, slots=True)
class ThreadSummary:
    """A thread without its posts: what lists, completion and the heads of quotes need.

    ``length`` is the number of posts known; ``opening`` the words of its first posts that stand for a
    title where there is none, on one line.
    """

    id: str
    length: int
    completeness: Completeness
    opening: str
    author: str | None = None
    title: str | None = None
    url: str | None = None
    posted_at: datetime | None = None

    @property
    def heading(self) -> str:
        """Return the title, or the opening words where the title is unknown."""
        return self.title or self.opening


@dataclass(frozen=True, slots=True)
class Author:
    """An author of threads, with how many threads and posts there are and the time of the newest."""

    name: str
    threads: int
    posts: int
    latest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Collection:
    """A named set of threads: the operator's (``server_id`` is ``None``) or one server's own.

    ``language`` is an ISO 639-1 code; it chooses stemmer and stop words. ``handbook`` marks the
    threads that explain Bobbin. ``revision`` grows with every change to the collection.
    """

    id: int
    name: str
    server_id: int | None = None
    language: str = "en"
    handbook: bool = False
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Scope:
    """The collections that one asker may see, by their ids."""

    collections: frozenset[int]

    def __bool__(self) -> bool:
        return bool(self.collections)


@dataclass(frozen=True, slots=True)
class Hit:
    """A post that matches, with its score.

    ``post`` is the post's key in the store. ``shares`` are the named parts whose sum is ``score``;
    ``terms`` says how much of the parts that count terms (post, context, thread) is each term's.
    """

    post: int
    score: float
    shares: tuple[tuple[str, float], ...] = ()
    terms: tuple[tuple[str, float], ...] = ()

    def explain(self) -> dict[str, float]:
        """Return the score's named parts; their sum is the score."""
        return dict(self.shares)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A verbatim slice ``[start:end]`` of a post's text, with highlights as slices of the quote.

    ``start`` and ``end`` are code points of ``post.text``; each highlight is ``(start, end)``
    counted from the quote's own start, in order and without overlap. ``rank`` counts from 1.
    ``score`` is the BM25 score it was found with, ``shares`` are its named parts and ``terms`` the
    terms' own; all are empty where the post was looked up and not searched for. ``server_id`` is the
    server that the thread's collection belongs to, ``None`` where it is public.
    """

    post: Post
    thread: ThreadSummary
    start: int
    end: int
    highlights: tuple[tuple[int, int], ...] = ()
    rank: int = 1
    score: float = 0.0
    shares: tuple[tuple[str, float], ...] = ()
    terms: tuple[tuple[str, float], ...] = ()
    server_id: int | None = None

    @property
    def quote(self) -> str:
        """Return the words themselves."""
        return self.post.text[self.start : self.end]

    @property
    def whole(self) -> bool:
        """Return whether the excerpt is the whole post."""
        return self.start == 0 and self.end == len(self.post.text)


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What to try where nothing was found: words that the archive knows."""

    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Weighing:
    """What the verdict of an answer was made of.

    ``known`` and ``unknown`` are the words of the question that name its subject, as they were asked, by
    whether any post holds them. ``factors`` are what speaks for an answer, above 0, or against it, below;
    ``caps`` what rules it out. ``part`` is the part of a long message that was judged, empty for all of it.
    """

    known: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    factors: tuple[tuple[str, float], ...] = ()
    caps: tuple[Cap, ...] = ()
    part: str = ""


@dataclass(frozen=True, slots=True)
class Interpretation:
    """How the operators in a question were understood, and what came of its filters.

    ``unheld`` are quoted phrases that no post of the scope holds, so that their words were searched instead.
    ``passing`` is how many posts of the scope pass the filters; ``unmet`` are, where nothing was found, the
    filters that no post passes even by itself. ``listed`` says that there was nothing to search for beside
    the filters, so that the newest posts that pass them are shown.
    """

    query: Query = PLAIN
    unheld: tuple[str, ...] = ()
    passing: int = 0
    unmet: tuple[Filter, ...] = ()
    listed: bool = False

    @property
    def filters(self) -> tuple[Filter, ...]:
        """Return the filters that posts had to pass."""
        return tuple(one for one in self.query.filters if one.phrase is None or one.phrase not in self.unheld)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the archive holds on a question: a verdict, and excerpts, best first.

    The excerpts of an ``ANSWER`` answer the question, those of ``CLOSEST`` come close, and there are none
    with ``NOTHING``. ``confidence`` is between 0 and 1, from 0.5 on for an answer. ``terms`` are the
    question's terms as they were searched. ``corrected`` are the words that the archive does not know, each
    with the one that was searched in its place. ``suggestions`` are there only with ``NOTHING``.
    ``inherited`` says that the question named no subject ("why?") and took subject and verdict of the
    answer before it. ``interpretation`` is how its operators were understood.
    """

    question: str
    excerpts: tuple[Excerpt, ...] = ()
    confidence: float = 0.0
    verdict: Verdict = Verdict.NOTHING
    terms: tuple[str, ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()
    suggestions: Suggestions = Suggestions()
    weighing: Weighing = Weighing()
    inherited: bool = False
    interpretation: Interpretation = Interpretation()

    @property
    def answered(self) -> bool:
        """Return whether the excerpts are an answer."""
        return self.verdict is Verdict.ANSWER

    def by_thread(self) -> list[tuple[ThreadSummary, list[Excerpt]]]:
        """Group the excerpts by thread: threads by their best excerpt, excerpts by rank."""
        groups: dict[str, tuple[ThreadSummary, list[Excerpt]]] = {}
        for excerpt in self.excerpts:
            groups.setdefault(excerpt.thread.id, (excerpt.thread, []))[1].append(excerpt)
        return list(groups.values())


class QuoteResult(StrEnum):
    """How a quotation stands to what the archive holds. None of them says that it is false."""

    EXACT = "exact"
    """A post holds it, character by character."""
    SAME = "same"
    """A post holds it but for typography: marks, dashes, case, white space, shortened links."""
    ALTERED = "altered"
    """Posts hold something near to it, or its parts, but not as it is put."""
    ABSENT = "absent"
    """No post of this archive holds anything near to it."""
    SHORT = "short"
    """It has fewer than 4 words or 20 characters, which many texts may share."""


@dataclass(frozen=True, slots=True)
class QuotePart:
    """A part of a quotation, between marks of omission, and what the archive holds of it.

    ``excerpts`` are the slices of posts that it is, or is nearest to: several where it runs through
    neighbouring posts. ``difference`` is there for an altered part: pairs of what the quotation and what the
    archive has, in order, equal or not; either may be empty.
    """

    text: str
    result: QuoteResult
    excerpts: tuple[Excerpt, ...] = ()
    difference: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class QuoteCheck:
    """A quotation held against the archive.

    ``author`` is the one it is claimed to be of, if any. ``author_matches`` is ``None`` where none is
    claimed, no post is near, or the posts' author is not known. ``together`` says that the parts stand in one
    thread in their order; without it, parts that are exact by themselves make an altered quotation.
    ``places`` is how many passages hold it as it is; the excerpts are of the first of them.
    """

    quote: str
    result: QuoteResult
    parts: tuple[QuotePart, ...] = ()
    author: str | None = None
    author_matches: bool | None = None
    together: bool = True
    places: int = 0


@dataclass(frozen=True, slots=True)
class PostEdit:
    """Another wording of a post, as a file had it that was read at ``read_at``.

    ``difference`` are pairs of what that file has and what the archive shows, in order, equal or not.
    """

    read_at: datetime
    difference: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A post that says some words, with the slice around them; date and author are its or its thread's."""

    excerpt: Excerpt
    posted_at: datetime | None
    author: str | None
    edits: tuple[PostEdit, ...] = ()

    @classmethod
    def of(  # noqa: PLR0913 - what an excerpt is made of
        cls,
        post: Post,
        thread: ThreadSummary,
        start: int,
        end: int,
        highlights: tuple[tuple[int, int], ...],
        *,
        server_id: int | None,
    ) -> "Mention":
        """Return a post as a mention, with its own date and author, or else its thread's."""
        excerpt = Excerpt(post, thread, start, end, highlights, server_id=server_id)
        return cls(excerpt, post.posted_at or thread.posted_at, post.author or thread.author)


@dataclass(frozen=True, slots=True)
class ThenAndNow:
    """An author's earliest and latest posts on a subject, each side the earliest first.

    ``total`` counts all, ``undated`` those among them without a known date, which are on neither side.
    """

    author: str
    subject: str
    earliest: tuple[Mention, ...] = ()
    latest: tuple[Mention, ...] = ()
    total: int = 0
    undated: int = 0


@dataclass(frozen=True, slots=True)
class Period:
    """What a scope covers: its first and last known date, and how many of its posts have none."""

    first: datetime | None = None
    last: datetime | None = None
    posts: int = 0
    undated: int = 0


@dataclass(frozen=True, slots=True)
class FirstMention:
    """The posts of an archive that say some words, the earliest first, those without a known date last.

    ``period`` is what the archive covers: what is the first mention in it need not be the first anywhere.
    """

    words: str
    mentions: tuple[Mention, ...] = ()
    period: Period = Period()

    @property
    def first(self) -> Mention | None:
        """Return the earliest mention of a known date."""
        return next((one for one in self.mentions if one.posted_at), None)

    @property
    def undated(self) -> tuple[Mention, ...]:
        """Return the mentions without a known date, one of which may be the first."""
        return tuple(one for one in self.mentions if one.posted_at is None)

    def by_author(self) -> list[Mention]:
        """Return the earliest mention of each author, in order; unknown authors count as one."""
        firsts: dict[str, Mention] = {}
        for mention in self.mentions:
            firsts.setdefault((mention.author or "").casefold().removeprefix("@"), mention)
        return list(firsts.values())

    def months(self) -> dict[str, list[Mention]]:
        """Return the mentions of each month ("2023-12"), by UTC, in the order of months."""
        months: dict[str, list[Mention]] = {}
        for mention in self.mentions:
            if mention.posted_at:
                months.setdefault(f"{mention.posted_at:%Y-%m}", []).append(mention)
        return months


def identity(texts: Iterable[str]) -> str:
    """Derive a thread's id from the texts of its posts, in order.

    The id is a hash of the first post's words (case, spacing and compatibility forms folded).
    A first post of fewer than forty characters ("A thread:") identifies little, so the following posts
    are added until forty are reached. A preview and its complete thread thus share their id.
    """
    words = ""
    for text in texts:
        folded = unicodedata.normalize("NFKC", text).casefold()
        words += " ".join(re.findall(r"\w+", folded)) + "\n"
        if len(words) >= _TELLING:
            break
    number = int.from_bytes(hashlib.sha256(words.encode()).digest()[:8], "big") >> 4
    return "".join(_CROCKFORD[number >> shift & 31] for shift in range(5 * (_ID_LENGTH - 1), -1, -5))


def post_key(thread_id: str, ordinal: int) -> int:
    """Derive the 40-bit key under which a post is found again from a button's custom_id.

    It depends on nothing but the thread's id and the post's place, so it outlives a re-import and a
    database made anew.
    """
    digest = hashlib.sha256(f"{thread_id}/{ordinal}".encode()).digest()
    return int.from_bytes(digest[:5], "big")
