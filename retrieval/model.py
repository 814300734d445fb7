"""The frozen data that everything else passes around: threads, posts, scopes, excerpts, answers."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

__all__ = [
    "Answer",
    "Author",
    "Cap",
    "Collection",
    "Completeness",
    "Excerpt",
    "Hit",
    "Post",
    "Scope",
    "Suggestions",
    "Thread",
    "ThreadSummary",
    "Verdict",
    "Weighing",
    "identity",
    "opening",
    "post_key",
]

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_ID_LENGTH = 12
_TELLING = 40
_HEADING = 80


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


@dataclass(frozen=True, slots=True)
class Post:
    """One post of a thread, its text word for word.

    ``ordinal`` is its place in what is known of the thread, from 1; ``number`` is what the author
    wrote, where that is known; ``marker`` is how it was written, where it stood on a line of its own.
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
            opening=opening(self.posts[0].text),
            author=self.author,
            title=self.title,
            url=self.url,
            posted_at=self.posted_at,
        )


@dataclass(frozen=True, slots=True)
class ThreadSummary:
    """A thread without its posts: what lists, completion and the heads of quotes need.

    ``length`` is the number of posts known; ``opening`` the first post's opening words on one line.
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
        """Return the title, or the opening words of the first post where the title is unknown."""
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
class Answer:
    """What the archive holds on a question: a verdict, and excerpts, best first.

    The excerpts of an ``ANSWER`` answer the question, those of ``CLOSEST`` come close, and there are none
    with ``NOTHING``. ``confidence`` is between 0 and 1, from 0.5 on for an answer. ``terms`` are the
    question's terms as they were searched. ``corrected`` are the words that the archive does not know, each
    with the one that was searched in its place. ``suggestions`` are there only with ``NOTHING``.
    ``inherited`` says that the question named no subject ("why?") and took subject and verdict of the
    answer before it.
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


def opening(text: str, limit: int = _HEADING) -> str:
    """Return the opening words of a text on one line, at most ``limit`` characters."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    return line[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:-–—") + "…"
