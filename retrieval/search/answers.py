"""Questions to answers: a verdict and excerpts of the best posts, and what a question shows in threads."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import takewhile
from typing import Final

from retrieval.analysis.analyzer import Analyzer, analyzer, term_mark
from retrieval.analysis.language_detection import detect_language, thread_language
from retrieval.analysis.stop_words import stop_words
from retrieval.model import (
    Answer,
    Collection,
    Excerpt,
    FirstMention,
    Hit,
    Interpretation,
    Period,
    QuoteCheck,
    Scope,
    Suggestions,
    ThenAndNow,
    Thread,
    Uncounted,
    Verdict,
    post_key,
)
from retrieval.query_language import Query, parse_query, required
from retrieval.search.excerpts import Slices, ThreadTerms, cut_excerpt
from retrieval.search.filters import PostFilter, Resolver
from retrieval.search.index_sync import IndexSync
from retrieval.search.lookup import Lookup
from retrieval.search.quoted_posts import QuotedPosts
from retrieval.search.search_result import Conversation, SearchResult
from retrieval.search.searcher import Searcher
from retrieval.search.verdict import CERTAIN, NOTHING, least_confidence
from retrieval.storage.rows import PlacedPost
from retrieval.storage.store import Store

__all__ = ["Answers"]

#: A button's custom_id has room for so many marks.
_MARKS: Final = 8
#: From so many words on, a question tells its language.
_A_SENTENCE: Final = 3
#: So many posts are shown where none is an answer.
_CLOSEST: Final = 3
#: What so many scopes cover is remembered.
_PERIODS: Final = 64
#: A post is quoted beside the best one from this share of its score on.
_WORTH_QUOTING: Final = 1 / 3


class Answers:
    """The answers out of a store and its index.

    Every method may be called from any thread, sees nothing beyond the scope it takes, and raises
    :class:`~retrieval.errors.StoreError` when the database refuses.
    """

    def __init__(self, store: Store, index: IndexSync, lookup: Lookup, now: Callable[[], datetime]) -> None:
        self._store = store
        self._lookup = lookup
        self._now = now
        self._catalog = store.catalog
        self._index = index
        self._terms = ThreadTerms()
        self._quoted = QuotedPosts(store)
        self._periods: dict[Scope, tuple[Hashable, Period]] = {}

    def ask(self, question: str, scope: Scope, *, limit: int = 5, previous: Answer | None = None) -> Answer:
        """Return what the archive holds on a question: a verdict, and at most ``limit`` excerpts, best first.

        Where none is an answer, at most three excerpts come closest. ``previous`` is the answer before it
        in a conversation: its terms enter with less weight, and a question that names no subject takes its
        own. Operators in the question (:mod:`retrieval.query_language`) filter what is quoted, by what the
        scope holds; those of the answer before are not taken over. Raises ``ValueError`` for a ``limit``
        below 1.
        """
        if limit < 1:
            raise ValueError("an answer has room for at least one excerpt")
        return self._index.searched(
            scope, lambda searcher: self._answer(question, scope, searcher, limit, previous)
        )

    def check_quote(self, quote: str, scope: Scope, *, author: str | None = None) -> QuoteCheck:
        """Return whether posts of the scope hold a quotation; see :meth:`QuoteChecker.check`.

        Raises ``ValueError`` for a quotation of more than ``MAX_QUOTE_LENGTH`` characters.
        """
        from retrieval.search.quote_check import QuoteChecker  # noqa: PLC0415 - a plain question needs none of it

        collections = self._collections()
        return self._index.searched(
            scope,
            lambda searcher: QuoteChecker(searcher, self._store.posts, scope, collections).check(
                quote, author
            ),
        )

    def first_mention(self, words: str, scope: Scope) -> FirstMention:
        """Return every post of the scope that says words one after another as written, the earliest first.

        Raises ``ValueError`` for words of more than ``MAX_WORDS_LENGTH`` characters.
        """
        from retrieval.search.mentions import MAX_WORDS_LENGTH, find_mentions  # noqa: PLC0415 - as above

        if len(words) > MAX_WORDS_LENGTH:
            raise ValueError(f"words have at most {MAX_WORDS_LENGTH} characters")
        collections = self._collections()
        mentions = self._index.searched(
            scope, lambda searcher: find_mentions(words, searcher, self._store.posts, scope, collections)
        )
        return FirstMention(" ".join(words.split()), tuple(mentions), self.period(scope))

    def then_and_now(self, author: str, subject: str, scope: Scope, *, limit: int = 3) -> ThenAndNow:
        """Return an author's earliest and latest posts on a subject, at most ``limit`` on each side."""
        from retrieval.search.then_and_now import then_and_now  # noqa: PLC0415 - as above

        collections = self._collections()
        return self._index.searched(
            scope,
            lambda searcher: then_and_now(
                author, subject, searcher, self._store.posts, scope, collections, limit=limit
            ),
        )

    def period(self, scope: Scope) -> Period:
        """Return what a scope covers by the dates of its posts, worked out once for each archive state."""
        state = self._catalog.state()
        known = self._periods.get(scope)
        if known is None or known[0] != state:
            if len(self._periods) >= _PERIODS:
                self._periods.clear()
            known = self._periods[scope] = state, self._store.posts.period(scope)
        return known[1]

    def other_language(self, question: str, scope: Scope) -> tuple[str, ...]:
        """Return the language of a question that no thread of the scope is in, and then those of these.

        They are ISO 639-1 codes; none where the question is in one of these, or too short to tell.
        """
        held = self._languages(scope)
        question = parse_query(question).words
        asked = detect_language([question])
        words = question.casefold().split()
        if asked in held or not held:
            return ()
        # A name or two are of any language; a script of its own tells the language by a letter.
        if question.isascii() and (len(words) < _A_SENTENCE or not stop_words(asked).intersection(words)):
            return ()
        return (asked, *sorted(held))

    @staticmethod
    def marks(answer: Answer) -> tuple[int, ...]:
        """Return 16-bit marks of the question's terms, at most eight; they cannot be read back."""
        return tuple(term_mark(term) for term in answer.terms[:_MARKS])

    def recall(self, keys: Sequence[int], marks: Sequence[int], scope: Scope) -> tuple[Excerpt, ...]:
        """Return the excerpts of posts by their keys, with the marked terms highlighted.

        Posts that are gone or outside the scope are left out. An excerpt's rank is its key's place.
        """
        wanted = frozenset(marks)
        collections = self._collections()
        posts = self._store.posts.by_key(keys, scope)
        languages = self._languages_of(posts, scope)
        excerpts = {
            stored.key: _excerpt(
                stored,
                collections[stored.collection_id],
                languages[stored.pk],
                lambda term: float(term_mark(term) in wanted),
                keys.index(stored.key) + 1,
            )
            for stored in posts
        }
        return tuple(excerpts[key] for key in keys if key in excerpts)

    def recall_answer(
        self,
        keys: Sequence[int],
        marks: Sequence[int],
        scope: Scope,
        *,
        verdict: Verdict = Verdict.ANSWER,
    ) -> Answer:
        """Return what is left to know of an answer from its keys, marks and verdict, to follow up on it.

        The question itself is not: its terms are those of the quoted posts that bear its marks. Its
        confidence is the least that its verdict has.
        """
        excerpts = self.recall(keys, marks, scope)
        wanted = frozenset(marks)
        posts = self._store.posts.by_key(keys, scope)
        languages = self._languages_of(posts, scope)
        terms = [
            term
            for stored in posts
            for term in analyzer(languages[stored.pk]).terms(stored.post.text)
            if term_mark(term) in wanted
        ]
        return Answer(
            question="",
            excerpts=excerpts,
            confidence=least_confidence(verdict),
            verdict=verdict if excerpts else Verdict.NOTHING,
            terms=tuple(dict.fromkeys(terms)),
        )

    def highlights(
        self, thread: Thread, scope: Scope, *, question: str = "", marks: Sequence[int] = ()
    ) -> tuple[Slices, ...]:
        """Return for each post of a thread where the question's words, or marked terms, stand in it.

        Where none does, its words are looked for as what the archive takes them for, misspelt as they are.
        """
        language = analyzer(self._language_of(thread, scope))
        question = parse_query(question).words
        slices = self._places(thread, language, set(language.terms(question)), frozenset(marks))
        if question and not any(slices):
            # What no post holds as it was written, the archive may know in another spelling.
            terms = self._index.searched(scope, lambda searcher: searcher.terms(question))
            return self._places(thread, language, set(terms), frozenset())
        return slices

    def written(self, answer: Answer) -> dict[str, str]:
        """Return how each term of an answer's question was written there; a stem says less to a person."""
        words = " ".join(
            [parse_query(answer.question).words, *(searched for _, searched in answer.corrected)]
        )
        written: dict[str, str] = {}
        every = Scope(frozenset(collection.id for collection in self._catalog.all_collections()))
        for language in self._languages(every):
            for token in analyzer(language).tokens(words):
                for term in token.terms:
                    written.setdefault(term, words[token.start : token.end])
        return {term: written.get(term, term) for term in answer.terms}

    def months(self, words: str, scope: Scope) -> dict[str | None, int]:
        """Return in how many posts of each month ("2023-12") all the words stand, whatever their ending.

        A post without a date counts for its thread's; ``None`` has those where neither is known.
        """
        return dict(
            self._index.searched(scope, lambda searcher: self._store.posts.months(searcher.holding(words)))
        )

    def matching(self, query: str, scope: Scope, threads: Sequence[str] | None = None) -> dict[str, int]:
        """Return the threads with a post that matches a watched search, each with the place of the first.

        ``threads`` are the ids of the only ones to be looked through. See
        :mod:`retrieval.search.watching` for what matches.
        """
        from retrieval.search.mentions import posts_in_batches  # noqa: PLC0415 - as above
        from retrieval.search.watching import matching_posts  # noqa: PLC0415 - as above

        resolver = Resolver.of(self._store, self._lookup, scope, self._now())
        wanted = None if threads is None else self._catalog.thread_pks(threads, scope)
        found = self._index.searched(
            scope, lambda searcher: list(matching_posts(query, searcher, resolver, wanted))
        )
        first: dict[str, int] = {}
        for stored in posts_in_batches([pk for pk, _ in found], self._store.posts):
            if stored.collection_id in scope.collections:
                place = first.get(stored.thread.id, stored.post.ordinal)
                first[stored.thread.id] = min(place, stored.post.ordinal)
        return first

    def count_matching(self, query: str, scope: Scope) -> int:
        """Return how many threads match a watched search, those of two collections twice."""
        from retrieval.search.watching import matching_posts  # noqa: PLC0415 - as above

        resolver = Resolver.of(self._store, self._lookup, scope, self._now())
        found = self._index.searched(
            scope, lambda searcher: {thread for _, thread in matching_posts(query, searcher, resolver)}
        )
        return len(found)

    def can_match(self, query: str, scope: Scope) -> bool:
        """Return whether a watched search asks for anything; everyday words alone do not."""
        return any(required(query, analyzer(language).terms) for language in self._languages(scope))

    def query_marks(self, query: str, scope: Scope) -> tuple[int, ...]:
        """Return the marks of a search's terms in the scope's languages, at most eight; see :meth:`marks`."""
        words = parse_query(query).words
        terms = [term for language in self._languages(scope) for term in analyzer(language).terms(words)]
        return tuple(term_mark(term) for term in dict.fromkeys(terms))[:_MARKS]

    def holds_terms(self, words: str, scope: Scope) -> bool:
        """Return whether words hold any search term of a scope's languages; stop words alone do not."""
        return any(analyzer(language).terms(words) for language in self._languages(scope))

    def uncounted(self, words: str, scope: Scope) -> Uncounted | None:
        """Return why words are not counted by month, ``None`` where they are.

        Stop words count by the language that most posts of the scope are in.
        """
        parts = self._index.searched(scope, lambda searcher: searcher.parts())
        posts: Counter[str] = Counter()
        for segment, _ in parts:
            posts[segment.analyzer.language] += len(segment)
        main = analyzer(posts.most_common(1)[0][0] if posts else "en")
        if main.terms(words):
            return None
        return Uncounted.COMMON if main.words(words) else Uncounted.WORDLESS

    def key_excerpt(self, thread_id: str, scope: Scope) -> Excerpt:
        """Return the excerpt with most of what a thread is about, by the scope's own weights.

        Raises ``ThreadNotFoundError``.
        """
        from retrieval.search.key_excerpt import choose_key_excerpt  # noqa: PLC0415 - as above

        thread = self._catalog.thread(thread_id, scope)
        stored = self._store.posts.by_key([post_key(thread_id, 1)], scope)
        home = self._collections()[stored[0].collection_id] if stored else None
        language = self._language_of(thread, scope)
        choice = self._index.searched(
            scope,
            lambda searcher: choose_key_excerpt(
                [post.text for post in thread.posts],
                lambda term: searcher.information(term, language),
                analyzer(language),
            ),
        )
        post, server_id = thread.posts[choice.post], home.server_id if home else None
        return Excerpt(post, thread.summary(), choice.start, choice.end, server_id=server_id)

    def forget_texts(self) -> None:
        """Keep no text that was highlighted or quoted before; for what is forgotten."""
        self._terms.clear()
        self._quoted.clear()

    def _answer(
        self, question: str, scope: Scope, searcher: Searcher, limit: int, previous: Answer | None
    ) -> Answer:
        query = parse_query(question)
        post_filter, unheld = self._filter(query, scope, searcher)
        # Some hits may turn out to be the same post in two collections, so a few more are fetched.
        wanted = limit * 2 + 5
        result = searcher.search(query.words, wanted, self._conversation(previous, scope), post_filter)
        listed = post_filter is not None and not result.hits and not self.holds_terms(query.words, scope)
        if post_filter is not None and listed:
            hits = tuple(Hit(pk, 0.0) for pk in post_filter.newest(searcher.parts(), wanted))
            result = SearchResult(hits, judgement=CERTAIN if hits else NOTHING)
        verdict = result.verdict
        room = min(limit, _CLOSEST) if verdict is Verdict.CLOSEST else limit
        wanted = room + (len(previous.excerpts) if previous else 0)
        excerpts = self._excerpts(result, scope, searcher, wanted) if verdict is not Verdict.NOTHING else ()
        if previous and result.inherited:
            # "Why?" asks for more about the same, so what was quoted already comes last.
            excerpts = _fresh_first(excerpts, previous)
        if not excerpts:
            verdict = Verdict.NOTHING
        return Answer(
            question=question,
            excerpts=excerpts[:room],
            confidence=result.confidence,
            verdict=verdict,
            terms=result.terms,
            corrected=result.corrected,
            suggestions=_suggestions(query.words, searcher) if verdict is Verdict.NOTHING else Suggestions(),
            weighing=result.weighing(),
            inherited=result.inherited,
            interpretation=_interpretation(
                query, unheld, post_filter, searcher, nothing=verdict is Verdict.NOTHING, listed=listed
            ),
        )

    def _filter(
        self, query: Query, scope: Scope, searcher: Searcher
    ) -> tuple[PostFilter | None, tuple[str, ...]]:
        """Return what posts have to pass, ``None`` for nothing, and the quoted phrases that no post holds."""
        if query.is_plain:
            return None, ()
        resolver = Resolver.of(self._store, self._lookup, scope, self._now())
        whole = PostFilter([one.expression for one in query.filters], resolver)
        post_filter, unheld = whole.with_phrases_of(searcher.parts())
        return (post_filter if post_filter.filters else None), unheld

    def _excerpts(
        self, result: SearchResult, scope: Scope, searcher: Searcher, limit: int
    ) -> tuple[Excerpt, ...]:
        collections = self._collections()
        excerpts: dict[tuple[str, int], Excerpt] = {}
        least = result.hits[0].score * _WORTH_QUOTING
        hits = list(takewhile(lambda hit: hit.score >= least, result.hits))
        languages = searcher.languages_of([hit.post for hit in hits])
        while hits and len(excerpts) < limit:
            # Only what is quoted is read, but where a post turns out to be gone or quoted already.
            some, hits = hits[: limit - len(excerpts)], hits[limit - len(excerpts) :]
            posts = {stored.pk: stored for stored in self._quoted.by_pk([hit.post for hit in some])}
            for hit in some:
                stored = posts.get(hit.post)
                if stored is None or stored.collection_id not in scope.collections:
                    continue  # forgotten since the index was made
                place = (stored.thread.id, stored.post.ordinal)
                if place in excerpts:
                    continue
                home = collections[stored.collection_id]
                language = analyzer(languages.get(hit.post, home.language))
                start, end, marked = cut_excerpt(
                    stored.post.text,
                    lambda term: result.weights.get(term, 0.0),
                    language,
                    tokens=self._quoted.tokens(stored, language),
                )
                excerpts[place] = Excerpt(
                    stored.post,
                    stored.thread,
                    start,
                    end,
                    marked,
                    len(excerpts) + 1,
                    score=hit.score,
                    shares=hit.shares,
                    terms=hit.terms,
                    server_id=home.server_id,
                )
        return tuple(excerpts.values())

    def _conversation(self, previous: Answer | None, scope: Scope) -> Conversation:
        """Return what a search needs of the answer before it."""
        if previous is None:
            return Conversation()
        threads = [excerpt.thread.id for excerpt in previous.excerpts]
        return Conversation(previous.terms, self._catalog.thread_pks(threads, scope), previous.confidence)

    def _places(
        self, thread: Thread, language: Analyzer, terms: set[str], marks: frozenset[int]
    ) -> tuple[Slices, ...]:
        return self._terms.highlights(
            thread,
            language,
            lambda term: term in terms or (bool(marks) and term_mark(term) in marks),
        )

    def _languages(self, scope: Scope) -> frozenset[str]:
        """Return the languages that a scope's threads are in."""
        held = self._index.searched(scope, lambda searcher: searcher.languages)
        return frozenset(held) or frozenset(
            known.language for known in self._catalog.all_collections() if known.id in scope.collections
        )

    def _languages_of(self, posts: Sequence[PlacedPost], scope: Scope) -> Mapping[int, str]:
        """Return the language of each post by its number in the store."""
        collections = self._collections()
        likely = {post.pk: collections[post.collection_id].language for post in posts}
        return likely | self._index.searched(scope, lambda searcher: searcher.languages_of(list(likely)))

    def _language_of(self, thread: Thread, scope: Scope) -> str:
        likely = self._catalog.language_of(thread.id, scope) or "en"
        return thread_language((post.text for post in thread.posts), likely)

    def _collections(self) -> Mapping[int, Collection]:
        return {collection.id: collection for collection in self._catalog.all_collections()}


def _excerpt(
    stored: PlacedPost, home: Collection, language: str, weigh: Callable[[str], float], rank: int
) -> Excerpt:
    start, end, marked = cut_excerpt(stored.post.text, weigh, analyzer(language))
    return Excerpt(stored.post, stored.thread, start, end, marked, rank, server_id=home.server_id)


def _interpretation(  # noqa: PLR0913 - all but the first four are named
    query: Query,
    unheld: tuple[str, ...],
    post_filter: PostFilter | None,
    searcher: Searcher,
    *,
    nothing: bool,
    listed: bool,
) -> Interpretation:
    """Return how a question's operators were understood; where nothing was found, also why."""
    known = Interpretation(query, unheld, listed=listed)
    if post_filter is None:
        return known
    parts = searcher.parts()
    unmet = (one for one in known.filters if nothing and not post_filter.meets(one.expression, parts))
    return replace(known, passing=post_filter.count(parts), unmet=tuple(unmet))


def _suggestions(question: str, searcher: Searcher) -> Suggestions:
    """Return the nearest known words to the unknown ones, without any that were searched."""
    return Suggestions(tuple(dict.fromkeys(searcher.near_misses(question))))


def _fresh_first(excerpts: Sequence[Excerpt], previous: Answer) -> tuple[Excerpt, ...]:
    """Put the excerpts of posts that the answer before quoted behind the others; number them anew."""
    quoted = {(excerpt.thread.id, excerpt.post.ordinal) for excerpt in previous.excerpts}
    fresh_first = sorted(excerpts, key=lambda excerpt: (excerpt.thread.id, excerpt.post.ordinal) in quoted)
    return tuple(replace(excerpt, rank=rank) for rank, excerpt in enumerate(fresh_first, start=1))
