"""A thread in plain forms: text, Markdown, JSON; and what a link's preview is told of it (oEmbed)."""

import json
import re
from collections.abc import Mapping
from typing import Final

from bot.json_output import serializers
from bot.web.page import JSON, MARKDOWN, TEXT, Page, PageRequest
from bot.web.site import Site
from bot.web.templates import author_label, author_path
from bot.web.thread import MULTIPLE_CHOICES, locate, locate_own, signed_paths
from retrieval.errors import AmbiguousThreadError
from retrieval.model import Thread

__all__ = ["markdown", "oembed", "own_plain_thread", "plain_thread", "text"]

_MARKED: Final = re.compile(r"([\\`*_{}\[\]<>|~&$])")
_LEADING: Final = re.compile(r"^(\s*)([#+=:!-]|\d+[.)])", re.MULTILINE)
_FORMS: Final = {"txt": TEXT, "md": MARKDOWN, "json": JSON}


def plain_thread(site: Site, request: PageRequest) -> Page:
    """Return a public thread in the plain form that its address ends in."""
    try:
        found, _ = locate(site, request)
    except AmbiguousThreadError as error:
        return _several(error, request.path["form"], {}, site.public_url or "")
    return _page(found, request.path["form"], private=False)


def own_plain_thread(site: Site, request: PageRequest) -> Page:
    """Return a server's own thread in the plain form that its signed address ends in."""
    try:
        found, _ = locate_own(site, request)
    except AmbiguousThreadError as error:
        return _several(
            error, request.path["form"], signed_paths(site, request, error), site.public_url or ""
        )
    return _page(found, request.path["form"], private=True)


def oembed(site: Site, request: PageRequest) -> Page:
    """Return what a chat program shows of a link beside the page's own description: the author.

    Of an earlier id of several threads there is none: a preview cannot offer a choice, the page does.
    """
    found, _ = locate(site, request)
    told = {"version": "1.0", "type": "link", "provider_name": "Bobbin"}
    if site.public_url:
        told["provider_url"] = site.public_url
    told["title"] = found.summary().heading
    if found.author:
        told["author_name"] = author_label(found.author)
        path = author_path(found.author)
        if path and site.public_url:
            told["author_url"] = site.public_url + path
    return Page(json.dumps(told), JSON)


def _page(found: Thread, form: str, *, private: bool) -> Page:
    made = {"txt": text, "md": markdown, "json": _json}[form](found)
    return Page(made, _FORMS[form], private=private)


def _several(error: AmbiguousThreadError, form: str, paths: Mapping[str, str], site: str) -> Page:
    """Return the candidates of an ambiguous id in the form asked for, each with its own address.

    ``paths`` lead to a server's own threads. The status is 300: the thread is not gone, and none is meant
    more than another.
    """
    links = {one.id: f"{site}{paths.get(one.id, f'/t/{one.id}')}.{form}" for one in error.candidates}
    if form == "json":
        listed = serializers.threads(error.candidates)
        body = serializers.dumps({**listed, "total": error.total, "addresses": links}) + "\n"
    else:
        heading = f"This id may mean any of {error.total} threads that open alike:"
        items = [
            f"- [{_literal(one.heading)}](<{links[one.id]}>)"
            if form == "md"
            else f"{links[one.id]}  {one.heading}"
            for one in error.candidates
        ]
        body = "\n".join([heading, "", *items, ""])
    return Page(body, _FORMS[form], MULTIPLE_CHOICES, private=bool(paths))


def text(thread: Thread) -> str:
    """Return a thread as text, in the form that saved pages have: a head, posts, each with its number."""
    posts = [f"{post.text}\n/{post.ordinal}" for post in thread.posts]
    return "\n".join(["---", *(f"{name}: {value}" for name, value in _facts(thread)), "---", *posts, ""])


def markdown(thread: Thread) -> str:
    """Return a thread as Markdown in which the posts' words stand literally."""
    told = " · ".join(_literal(value) for name, value in _facts(thread) if name != "title")
    posts = [f"**{post.ordinal}.** {_literal(post.text)}" for post in thread.posts]
    heading = f"# {_literal(' '.join(thread.summary().heading.split()))}"
    return "\n\n".join(filter(None, [heading, told, *posts])) + "\n"


def _json(thread: Thread) -> str:
    return serializers.dumps(serializers.thread(thread)) + "\n"


def _facts(thread: Thread) -> list[tuple[str, str]]:
    facts = [
        ("title", thread.title),
        ("author", thread.author),
        ("posted", thread.posted_at.date().isoformat() if thread.posted_at else None),
        ("url", thread.url),
        ("completeness", thread.completeness.value),
    ]
    return [(name, " ".join(value.split())) for name, value in facts if value]


def _literal(text: str) -> str:
    """Return Markdown that shows a text as it is, line for line."""
    shown = _LEADING.sub(lambda found: _escape_lead(found[1], found[2]), _MARKED.sub(r"\\\1", text))
    return re.sub(r"\s*\n", "\\\\\n", shown.strip()) if "\n" in shown else shown


def _escape_lead(space: str, lead: str) -> str:
    return f"{space}{lead[:-1]}\\{lead[-1]}"
