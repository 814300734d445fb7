"""Questions to answers: a verdict and excerpts of the best posts, and what a question shows in threads."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from retrieval.analysis.analyzer import Analyzer, analyzer, term_mark
from retrieval.analysis.language_detection import detect_language
from retrieval.analysis.stop_words import stop_words
from retrieval.model import Answer, Collection, Excerpt, Scope, Suggestions, Thread, Verdict, post_key
from retrieval.search.excerpts import Slices, ThreadTerms, cut_excerpt
from retrieval.search.index_sync import IndexSync
from retrieval.search.key_excerpt import choose_key_excerpt
from retrieval.search.search_result import Conversation, SearchResult
from retrieval.search.searcher import Searcher
from retrieval.search.verdict import least_confidence
from retrieval.storage.rows import PlacedPost
from retrieval.storage.store import Store

__all__ = ["Answers"]

#: A button's custom_id has room for so many marks.
_MARKS: Final = 8
#: From so many words on, a question tells its language.
_A_SENTENCE: Final = 3
#: So many posts are shown where none is an answer.
_CLOSEST: Final = 3
#: A post is quoted beside the best one from this share of its score on.
_WORTH_QUOTING: Final = 1 / 3


class Answers:
    """The answers out of a store and its index.

    Every method may be called from any thread, sees nothing beyond the scope it takes, and raises
    :class:`~retrieval.errors.StoreError` when the database refuses.
    """

    def __init__(self, store: Store, index: IndexSync) -> None:
        self._store = store
        self._catalog = store.catalog
        self._index = index
        self._terms = ThreadTerms()

    def ask(self, question: str, scope: Scope, *, limit: int = 5, previous: Answer | None = None) -> Answer:
        """Return what the archive holds on a question: a verdict, and at most ``limit`` excerpts, best first.

        Where none is an answer, at most three excerpts come closest. ``previous`` is the answer before it
        in a conversation: its terms enter with less weight, and a question that names no subject takes its
        own. Raises ``ValueError`` for a ``limit`` below 1.
        """
        if limit < 1:
            raise ValueError("an answer has room for at least one excerpt")
        return self._index.searched(
            scope, lambda searcher: self._answer(question, scope, searcher, limit, previous)
        )

    def other_language(self, question: str, scope: Scope) -> tuple[str, ...]:
        """Return the language of a question that no collection of the scope is in, and then those of these.

        They are ISO 639-1 codes; none where the question is in one of these, or too short to tell.
        """
        held = {known.language for known in self._catalog.all_collections() if known.id in scope.collections}
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
        excerpts = {
            stored.key: _excerpt(
                stored,
                collections[stored.collection_id],
                lambda term: float(term_mark(term) in wanted),
                keys.index(stored.key) + 1,
            )
            for stored in self._store.posts.by_key(keys, scope)
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
        collections = self._collections()
        wanted = frozenset(marks)
        terms = [
            term
            for stored in self._store.posts.by_key(keys, scope)
            for term in analyzer(collections[stored.collection_id].language).terms(stored.post.text)
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
        language = analyzer(self._catalog.language_of(thread.id, scope) or "")
        slices = self._places(thread, language, set(language.terms(question)), frozenset(marks))
        if question and not any(slices):
            # What no post holds as it was written, the archive may know in another spelling.
            terms = self._index.searched(scope, lambda searcher: searcher.terms(question))
            return self._places(thread, language, set(terms), frozenset())
        return slices

    def written(self, answer: Answer) -> dict[str, str]:
        """Return how each term of an answer's question was written there; a stem says less to a person."""
        words = " ".join([answer.question, *(searched for _, searched in answer.corrected)])
        written: dict[str, str] = {}
        for language in {collection.language for collection in self._catalog.all_collections()}:
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

    def holds_terms(self, words: str, scope: Scope) -> bool:
        """Return whether words hold any search term of a scope's languages; stop words alone do not."""
        languages = {
            collection.language
            for collection in self._catalog.all_collections()
            if collection.id in scope.collections
        }
        return any(analyzer(language).terms(words) for language in languages)

    def key_excerpt(self, thread_id: str, scope: Scope) -> Excerpt:
        """Return the excerpt with most of what a thread is about, by the scope's own weights.

        Raises ``ThreadNotFoundError``.
        """
        thread = self._catalog.thread(thread_id, scope)
        stored = self._store.posts.by_key([post_key(thread_id, 1)], scope)
        home = self._collections()[stored[0].collection_id] if stored else None
        language = home.language if home else "en"
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
        """Keep no text of a thread that was highlighted before; for what is forgotten."""
        self._terms.clear()

    def _answer(
        self, question: str, scope: Scope, searcher: Searcher, limit: int, previous: Answer | None
    ) -> Answer:
        # Some hits may turn out to be the same post in two collections, so a few more are fetched.
        result = searcher.search(question, limit * 2 + 5, self._conversation(previous, scope))
        verdict = result.verdict
        room = min(limit, _CLOSEST) if verdict is Verdict.CLOSEST else limit
        wanted = room + (len(previous.excerpts) if previous else 0)
        excerpts = self._excerpts(result, scope, wanted) if verdict is not Verdict.NOTHING else ()
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
            suggestions=_suggestions(question, searcher) if verdict is Verdict.NOTHING else Suggestions(),
            weighing=result.weighing(),
            inherited=result.inherited,
        )

    def _excerpts(self, result: SearchResult, scope: Scope, limit: int) -> tuple[Excerpt, ...]:
        collections = self._collections()
        posts = {stored.pk: stored for stored in self._store.posts.by_pk([hit.post for hit in result.hits])}
        excerpts: dict[tuple[str, int], Excerpt] = {}
        least = result.hits[0].score * _WORTH_QUOTING
        for hit in result.hits:
            if hit.score < least:
                break
            stored = posts.get(hit.post)
            if stored is None or stored.collection_id not in scope.collections:
                continue  # forgotten since the index was made
            place = (stored.thread.id, stored.post.ordinal)
            if place in excerpts:
                continue
            excerpt = _excerpt(
                stored,
                collections[stored.collection_id],
                lambda term: result.weights.get(term, 0.0),
                len(excerpts) + 1,
            )
            excerpts[place] = replace(excerpt, score=hit.score, shares=hit.shares, terms=hit.terms)
            if len(excerpts) == limit:
                break
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

    def _collections(self) -> Mapping[int, Collection]:
        return {collection.id: collection for collection in self._catalog.all_collections()}


def _excerpt(stored: PlacedPost, home: Collection, weigh: Callable[[str], float], rank: int) -> Excerpt:
    start, end, marked = cut_excerpt(stored.post.text, weigh, analyzer(home.language))
    return Excerpt(stored.post, stored.thread, start, end, marked, rank, server_id=home.server_id)


def _suggestions(question: str, searcher: Searcher) -> Suggestions:
    """Return the nearest known words to the unknown ones, without any that were searched."""
    return Suggestions(tuple(dict.fromkeys(searcher.near_misses(question))))


def _fresh_first(excerpts: Sequence[Excerpt], previous: Answer) -> tuple[Excerpt, ...]:
    """Put the excerpts of posts that the answer before quoted behind the others; number them anew."""
    quoted = {(excerpt.thread.id, excerpt.post.ordinal) for excerpt in previous.excerpts}
    fresh_first = sorted(excerpts, key=lambda excerpt: (excerpt.thread.id, excerpt.post.ordinal) in quoted)
    return tuple(replace(excerpt, rank=rank) for rank, excerpt in enumerate(fresh_first, start=1))
