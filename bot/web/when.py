"""Who said some words first: the first post, each author's, every post by month, and all as CSV."""

from typing import Final

from bot.json_output import serializers
from bot.json_output.mentions import csv_of, first_mention, then_and_now
from bot.web.addresses import page_query, safe_url
from bot.web.error_pages import BadRequestError
from bot.web.page import CSV, JSON, Page, PageRequest
from bot.web.site import Site
from bot.web.templates import render_template, sliced
from bot.web.trend import picture_of
from retrieval.archive import MAX_WORDS_LENGTH
from retrieval.model import FirstMention

__all__ = ["find_words", "when", "when_csv", "when_json"]

_NAME: Final = 100
_LISTED: Final = 1_000
"""So many posts are linked on the page; the CSV has all."""


def find_words(_site: Site, request: PageRequest) -> Page:
    """Return an empty page where words can be looked for; raise for those that are too long."""
    _words(request)
    _author(request)
    return Page("")


def when(site: Site, request: PageRequest) -> Page:
    """Return who said the words in the address when, or the box for them where there are none."""
    words = _words(request)
    author = _author(request)
    both = site.archive.answers.then_and_now(author, words, site.scope()) if words and author else None
    found = _find(site, words) if words and both is None else None
    months = found.months() if found else {}
    picture = picture_of({month: len(posts) for month, posts in months.items()}, request.locale)
    return render_template(
        "when.html",
        request,
        words=words,
        author=author,
        both=both,
        longest=MAX_WORDS_LENGTH,
        found=found,
        months=months,
        authors=found.by_author() if found else [],
        picture=picture,
        listed=_LISTED,
        place=page_query,
        safe_url=safe_url,
        pieces=sliced,
    )


def when_json(site: Site, request: PageRequest) -> Page:
    """Return the same as JSON; raise ``BadRequestError`` without words."""
    words, author = _words(request), _author(request)
    if words and author:
        both = site.archive.answers.then_and_now(author, words, site.scope())
        return Page(serializers.dumps(then_and_now(both)) + "\n", JSON)
    return Page(serializers.dumps(first_mention(_required(site, request))) + "\n", JSON)


def when_csv(site: Site, request: PageRequest) -> Page:
    """Return every post that says the words as CSV; raise ``BadRequestError`` without words."""
    return Page(csv_of(_required(site, request)), CSV)


def _required(site: Site, request: PageRequest) -> FirstMention:
    words = _words(request)
    if not words:
        raise BadRequestError
    return _find(site, words)


def _find(site: Site, words: str) -> FirstMention:
    return site.archive.answers.first_mention(words, site.scope())


def _author(request: PageRequest) -> str:
    author = " ".join(request.query.get("author", "").split())
    if len(author) > _NAME:
        raise BadRequestError(414)
    return author


def _words(request: PageRequest) -> str:
    words = " ".join(request.query.get("q", "").split())
    if len(words) > MAX_WORDS_LENGTH:
        raise BadRequestError(414)
    return words
