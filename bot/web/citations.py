"""How to cite a thread: plain text, Markdown, BibTeX, CSL-JSON. Pure."""

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.web.addresses import safe_url
from bot.web.export_formats import author_label
from bot.web.templates import single_line
from retrieval.model import Thread

__all__ = ["Citation", "bibtex", "csl_json", "markdown_citation", "text_citation"]

_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]<>|~])")
_LATEX: Final = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_MONTHS: Final = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


@dataclass(frozen=True, slots=True)
class Citation:
    """What is cited of a thread; what is unknown is ``None``."""

    id: str
    title: str
    author: str | None
    posted: date | None
    url: str | None
    posts: int

    @classmethod
    def of(cls, thread: Thread, page: str | None) -> "Citation":
        """Return the citation of a thread; ``page`` is its page's public address, if it has one."""
        return cls(
            thread.id,
            single_line(thread.summary().heading) or thread.id,
            single_line(author_label(thread.author)) if thread.author else None,
            thread.posted_at.date() if thread.posted_at else None,
            safe_url(thread.url) or page,
            thread.length,
        )


def text_citation(citation: Citation) -> str:
    """Return a citation as a line of text."""
    return _line(citation, f"“{citation.title}”", citation.author)


def markdown_citation(citation: Citation) -> str:
    """Return a citation as a line of Markdown in which the title is the link."""
    title = _escaped(citation.title)
    linked = f"[{title}](<{citation.url}>)" if citation.url else f"“{title}”"
    author = _escaped(citation.author) if citation.author else None
    return _line(Citation(citation.id, "", None, citation.posted, None, citation.posts), linked, author)


def bibtex(citation: Citation) -> str:
    """Return a citation as a BibTeX entry of type ``misc``; what LaTeX would obey is escaped."""
    posted = citation.posted
    fields = {
        "author": citation.author and f"{{{{{_latex(citation.author)}}}}}",
        "title": f"{{{{{_latex(citation.title)}}}}}",
        "year": posted and f"{{{posted:%Y}}}",
        "month": posted and _MONTHS[posted.month - 1],
        "howpublished": f"{{Thread of {_counted(citation.posts)}}}",
        "url": citation.url and f"{{{citation.url}}}",
    }
    lines = [f"  {name} = {value}" for name, value in fields.items() if value]
    return ",\n".join([f"@misc{{bobbin-{citation.id}", *lines]) + "\n}\n"


def csl_json(citation: Citation) -> str:
    """Return a citation as CSL-JSON, a list of one item of type ``post``."""
    item: dict[str, object] = {"id": citation.id, "type": "post", "title": citation.title}
    if citation.author:
        item["author"] = [{"literal": citation.author}]
    if citation.posted:
        posted = citation.posted
        item["issued"] = {"date-parts": [[posted.year, posted.month, posted.day]]}
    if citation.url:
        item["URL"] = citation.url
    item["genre"] = f"Thread of {_counted(citation.posts)}"
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


def _line(citation: Citation, title: str, author: str | None) -> str:
    posted = f"({citation.posted.isoformat() if citation.posted else 'n.d.'})"
    # Without an author the title comes first, as in lists of references.
    head = f"{author} {posted}. {title}" if author else f"{title} {posted}"
    cited = f"{head}, thread of {_counted(citation.posts)}"
    return ". ".join([cited, *([citation.url] if citation.url else [])])


def _counted(posts: int) -> str:
    return "1 post" if posts == 1 else f"{posts} posts"


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)


def _latex(text: str) -> str:
    return "".join(_LATEX.get(letter, letter) for letter in text)
