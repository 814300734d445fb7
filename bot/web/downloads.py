"""A thread as a file: text, Markdown, JSON, citations; and the description of a link to it (oEmbed)."""

import json
from collections.abc import Callable, Mapping
from typing import Final

from bot.json_output import serializers
from bot.web.citations import Citation, bibtex, csl_json
from bot.web.export_formats import author_label, literal_markdown, markdown, text
from bot.web.page import BIBTEX, CSL_JSON, JSON, MARKDOWN, TEXT, Page, PageRequest
from bot.web.site import Site
from bot.web.templates import author_path, single_line
from bot.web.thread import MULTIPLE_CHOICES, locate, locate_own, signed_paths
from retrieval.errors import AmbiguousThreadError
from retrieval.model import Thread

__all__ = ["citation_file", "oembed", "own_plain_thread", "plain_thread"]

_MEDIA_TYPES: Final = {"txt": TEXT, "md": MARKDOWN, "json": JSON}


def plain_thread(site: Site, request: PageRequest) -> Page:
    """Return a public thread in the plain form that its address ends in."""
    try:
        thread, _ = locate(site, request)
    except AmbiguousThreadError as error:
        return _several(error, request.path["form"], {}, request)
    return _page(thread, request.path["form"], private=False)


def own_plain_thread(site: Site, request: PageRequest) -> Page:
    """Return a server's own thread in the plain form that its signed address ends in."""
    try:
        thread, _ = locate_own(site, request)
    except AmbiguousThreadError as error:
        return _several(error, request.path["form"], signed_paths(site, request, error), request)
    return _page(thread, request.path["form"], private=True)


def citation_file(site: Site, request: PageRequest) -> Page:
    """Return a public thread's citation in the form that its address ends in."""
    thread, _ = locate(site, request)
    citation = Citation.of(thread, request.address(f"/t/{thread.id}"))
    if request.path["form"] == "bib":
        return Page(bibtex(citation), BIBTEX)
    return Page(csl_json(citation), CSL_JSON)


def oembed(site: Site, request: PageRequest) -> Page:
    """Return what a chat program shows of a link beside the page's own description: the author.

    Of an earlier id of several threads there is none: a preview cannot offer a choice, the page does.
    """
    thread, _ = locate(site, request)
    described = {"version": "1.0", "type": "link", "provider_name": "Bobbin"}
    if request.public_url:
        described["provider_url"] = request.public_url
    described["title"] = single_line(thread.summary().heading)
    if thread.author:
        described["author_name"] = single_line(author_label(thread.author))
        path = author_path(thread.author)
        if path and request.public_url:
            described["author_url"] = request.public_url + path
    return Page(json.dumps(described), JSON)


def _page(thread: Thread, form: str, *, private: bool) -> Page:
    writers: Mapping[str, Callable[[Thread], str]] = {"txt": text, "md": markdown, "json": _json}
    return Page(writers[form](thread), _MEDIA_TYPES[form], private=private)


def _json(thread: Thread) -> str:
    return serializers.dumps(serializers.thread(thread)) + "\n"


def _several(error: AmbiguousThreadError, form: str, paths: Mapping[str, str], request: PageRequest) -> Page:
    """Return the candidates of an ambiguous id in the form asked for, each with its own address.

    ``paths`` lead to a server's own threads. The status is 300: the thread is not gone, and none is meant
    more than another.
    """
    site = request.public_url or request.base
    links = {
        candidate.id: f"{site}{paths.get(candidate.id, f'/t/{candidate.id}')}.{form}"
        for candidate in error.candidates
    }
    if form == "json":
        listed = serializers.threads(error.candidates)
        body = serializers.dumps({**listed, "total": error.total, "addresses": links}) + "\n"
    else:
        heading = f"This id may mean any of {error.total} threads that open alike:"
        items = [
            f"- [{literal_markdown(candidate.heading)}](<{links[candidate.id]}>)"
            if form == "md"
            else f"{links[candidate.id]}  {candidate.heading}"
            for candidate in error.candidates
        ]
        body = "\n".join([heading, "", *items, ""])
    return Page(body, _MEDIA_TYPES[form], MULTIPLE_CHOICES, private=bool(paths))
