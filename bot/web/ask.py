"""A question and its answer: the quotes that Discord would give, and why each was chosen."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.i18n import translations_for
from bot.json_output import serializers
from bot.operators import filter_label, filter_notes, language_notes
from bot.web.addresses import page_query, safe_url, written_marks
from bot.web.error_pages import BadRequestError
from bot.web.page import JSON, Page, PageRequest
from bot.web.site import Site
from bot.web.templates import encoded, render_template, sliced
from bot.web.thread import MAX_QUERY_LENGTH
from retrieval.model import Answer, Excerpt
from retrieval.query_language import Kind, UnwritableError, one_line, with_operators, without_filter

__all__ = ["MAX_QUOTES", "ScoreShare", "ask", "ask_json", "find_question", "question_of", "shares_of"]

MAX_QUOTES: Final = 8
"""How many quotes an answer has on all its pages in Discord, and here when more are request for."""
_LONG_HEADING: Final = 120
#: The fields of the form, which are kinds of filters, and how many authors it offers.
_FIELDS: Final = (Kind.AUTHOR, Kind.AFTER, Kind.BEFORE, Kind.IN)
_OFFERED: Final = 50
_SEE_OTHER: Final = 303
_TERMS: Final = frozenset({"post", "context", "thread"})


@dataclass(frozen=True, slots=True)
class ScoreShare:
    """A part of a score: a term's as it was written, or another part by its name; ``percent`` of all."""

    label: str
    value: str
    percent: float
    term: bool


@dataclass(frozen=True, slots=True)
class _Quote:
    """An excerpt as the page shows it; ``words`` and ``signs`` are why it was chosen."""

    ordinal: int
    place: str
    pieces: tuple[tuple[str, bool], ...]
    opens: bool
    closes: bool
    posted_at: datetime | None
    url: str | None
    score: str
    words: tuple[str, ...]
    signs: tuple[str, ...]
    shares: tuple[ScoreShare, ...]


def question_of(request: PageRequest) -> str:
    """Return the question in the address, empty for none; raise ``BadRequestError`` for one too long."""
    question = one_line(request.query.get("q", ""))
    if len(question) > MAX_QUERY_LENGTH:
        raise BadRequestError(414)
    return question


def find_question(_site: Site, request: PageRequest) -> Page:
    """Return an empty page where a question can be answered; raise for one that is too long."""
    question = question_of(request)
    with suppress(UnwritableError):
        if (whole := _with_form(question, request)) != question:
            return _elsewhere(request, whole)
    return Page("")


def _with_form(question: str, request: PageRequest) -> str:
    """Return the question with the fields of the form written as operators."""
    return with_operators(question, ((kind, request.query.get(kind)) for kind in _FIELDS))


def _elsewhere(request: PageRequest, question: str) -> Page:
    """Return the way to the address that has the whole question in it."""
    return Page("", status=_SEE_OTHER, headers={"Location": f"{request.root}/ask?q={encoded(question)}"})


def ask(site: Site, request: PageRequest) -> Page:
    """Return the answer to the question in the address, or the question box where there is none.

    What the form's fields hold is written into the question, and the address is that of the whole.
    """
    question, unread = question_of(request), None
    try:
        if (whole := _with_form(question, request)) != question:
            return _elsewhere(request, whole)
    except UnwritableError as error:
        unread = error
    scope = site.scope()
    answer = site.archive.ask(question, scope, limit=MAX_QUOTES) if question else None
    shown = MAX_QUOTES if request.query.get("n") == str(MAX_QUOTES) else site.quotes
    written = site.archive.answers.written(answer) if answer else {}
    groups = []
    for summary, excerpts in answer.by_thread() if answer else []:
        quotes = [_quote(excerpt, written) for excerpt in excerpts if excerpt.rank <= shown]
        if quotes:
            groups.append((summary, quotes))
    return render_template(
        "ask.html",
        request,
        answer=answer,
        long=len(question) > _LONG_HEADING,
        groups=groups,
        highlighted=_highlighting(site, answer),
        more=MAX_QUOTES if answer is not None and len(answer.excerpts) > shown else 0,
        handbook=scope == site.archive.catalog.handbook_scope(),
        unread=unread,
        fields={kind: request.query.get(kind, "") for kind in _FIELDS},
        chips=_chips(answer, request) if answer else [],
        notes=_notes(site, answer, request) if answer else [],
        authors=[name for name, _ in site.archive.autocomplete.authors("", scope, limit=_OFFERED)],
        collections=[one.name for one in site.archive.catalog.collections()],
    )


def _notes(site: Site, answer: Answer, request: PageRequest) -> list[str]:
    """Return how a question was understood: its operators, and its language where no thread is in it."""
    translations = translations_for(request.locale)
    notes = filter_notes(answer.interpretation, answer.verdict, translations)
    if answer.answered:
        return notes
    languages = site.archive.answers.other_language(answer.question, site.scope())
    return notes + language_notes(languages, translations)


def _chips(answer: Answer, request: PageRequest) -> list[tuple[str, str]]:
    """Return the filters of an answer in words, each with the address without it."""
    known, translations = answer.interpretation, translations_for(request.locale)
    return [
        (
            filter_label(one.expression, translations),
            f"{request.root}/ask?q={encoded(without_filter(known.query, place))}",
        )
        for place, one in enumerate(known.query.filters)
        if one in known.filters
    ]


def ask_json(site: Site, request: PageRequest) -> Page:
    """Return the answer to the question in the address as JSON; raise ``BadRequestError`` without one."""
    question = question_of(request)
    if not question:
        raise BadRequestError
    answer = site.archive.ask(question, site.scope(), limit=MAX_QUOTES)
    return Page(serializers.dumps(serializers.answer(answer)) + "\n", JSON)


def _highlighting(site: Site, answer: Answer | None) -> str:
    """Return the part of a thread's address that highlights a question's words, misspelt ones as found."""
    if answer is None:
        return ""
    marks = f"&m={written_marks(site.archive.answers.marks(answer))}" if answer.corrected else ""
    return f"q={encoded(answer.question)}{marks}"


def shares_of(excerpt: Excerpt, written: dict[str, str]) -> tuple[ScoreShare, ...]:
    """Return what an excerpt's score is made of, the terms' parts first; together they are the score.

    ``written`` says how a term stood in the question; where several are written alike they are one.
    """
    of_terms: dict[str, float] = {}
    for term, share in excerpt.terms:
        label = written.get(term, term)
        of_terms[label] = of_terms.get(label, 0.0) + share
    ordered = sorted(of_terms.items(), key=lambda pair: -pair[1])
    others = [(name, share) for name, share in excerpt.shares if name not in _TERMS or not of_terms]
    total = excerpt.score or 1.0
    return tuple(
        ScoreShare(label, f"{share:.2f}", round(max(0.0, 100 * share / total), 1), term)
        for parts, term in ((ordered, True), (others, False))
        for label, share in parts
    )


def _place(ordinal: int) -> str:
    """Return the end of a thread's address, behind a query, that leads to one of its posts."""
    page = page_query(ordinal)
    return f"{'&' if page else ''}{page}#{ordinal}"


def _quote(excerpt: Excerpt, written: dict[str, str]) -> _Quote:
    text, shares = excerpt.post.text, shares_of(excerpt, written)
    return _Quote(
        ordinal=excerpt.post.ordinal,
        place=_place(excerpt.post.ordinal),
        pieces=tuple(sliced(excerpt.quote, excerpt.highlights)),
        opens=bool(text[: excerpt.start].strip()),
        closes=bool(text[excerpt.end :].strip()),
        posted_at=excerpt.post.posted_at,
        url=safe_url(excerpt.post.url),
        score=f"{excerpt.score:.2f}",
        words=tuple(share.label for share in shares if share.term and share.percent > 0),
        signs=tuple(share.label for share in shares if not share.term and share.percent > 0),
        shares=shares,
    )
