"""Conversations: a question that leaves out what the question before it names."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from retrieval.analysis.analyzer import Analyzer
from retrieval.evaluation.bench import Bench
from retrieval.evaluation.collection import Judged
from retrieval.evaluation.measures import QueryResult, measure
from retrieval.model import Verdict
from retrieval.search.search_result import Conversation

__all__ = ["Exchange", "FollowUps", "QuestionPair", "converse", "pairs", "sum_up"]

_QUOTED_THREADS = 3


@dataclass(frozen=True, slots=True)
class QuestionPair:
    """Two questions, the second by its id, in full, and elliptical."""

    first: str
    name: str
    second: str
    elliptical: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """What is found for a pair's second question, in full and elliptical, alone and as a follow-up."""

    name: str
    elliptical: QueryResult
    elliptical_followed: QueryResult
    full: QueryResult
    full_followed: QueryResult


@dataclass(frozen=True, slots=True)
class FollowUps:
    """nDCG@10 of second questions: in full and elliptical, alone and as follow-ups."""

    pairs: int
    elliptical: float
    elliptical_followed: float
    full: float
    full_followed: float


def pairs(judged: Judged, analyzer: Analyzer) -> list[QuestionPair]:
    """Return the consecutive questions about one thread that share a content word.

    The elliptical second question lacks the words whose terms the first has.
    """
    thread_of = {post.id: post.thread for post in judged.posts}
    about = {
        name: {thread_of[post] for post in judged.relevant(name) if post in thread_of}
        for name in judged.questions
    }
    pairs_of_one_thread = []
    for (before, first), (name, second) in pairwise(judged.questions.items()):
        elliptical = _leave_out(second, set(analyzer.terms(first)), analyzer)
        if about[before] & about[name] and elliptical != second:
            pairs_of_one_thread.append(QuestionPair(first, name, second, elliptical))
    return pairs_of_one_thread


def converse(bench: Bench, pair: QuestionPair) -> Exchange:
    """Ask the first question and then the second, as a conversation does, and the second alone.

    A conversation knows the first question's terms and the threads that answered it, at most three.
    """
    before = bench.search(pair.first)
    answered = before.verdict is Verdict.ANSWER
    threads = list(dict.fromkeys(bench.threads[hit.post] for hit in before.hits)) if answered else []
    conversation = Conversation(before.terms, threads[:_QUOTED_THREADS], before.confidence)

    def followed(question: str) -> QueryResult:
        return QueryResult(bench.ranking(bench.search(question, conversation)), 0.0)

    return Exchange(
        name=pair.name,
        elliptical=bench.ask(pair.elliptical),
        elliptical_followed=followed(pair.elliptical),
        full=bench.ask(pair.second),
        full_followed=followed(pair.second),
    )


def sum_up(judged: Judged, exchanges: Iterable[Exchange]) -> FollowUps:
    """Measure conversations; raise ``ValueError`` when there is none."""
    held = list(exchanges)
    asked = judged.only(exchange.name for exchange in held)
    return FollowUps(
        pairs=len(held),
        elliptical=measure(asked, {one.name: one.elliptical for one in held}).ndcg_10,
        elliptical_followed=measure(asked, {one.name: one.elliptical_followed for one in held}).ndcg_10,
        full=measure(asked, {one.name: one.full for one in held}).ndcg_10,
        full_followed=measure(asked, {one.name: one.full_followed for one in held}).ndcg_10,
    )


def _leave_out(text: str, terms: set[str], analyzer: Analyzer) -> str:
    """Return the text without the words whose terms are all among these."""
    kept, end = "", 0
    for token in analyzer.tokens(text):
        if token.start >= end and token.terms and terms.issuperset(token.terms):
            kept += text[end : token.start]
            end = token.end
    return " ".join((kept + text[end:]).split()) if end else text
