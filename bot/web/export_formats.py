"""A thread in plain forms, text and Markdown: every line, date, author and address of it. Pure."""

import re
from dataclasses import replace
from typing import Final

from retrieval.model import Post, Thread

__all__ = ["author_label", "literal_markdown", "markdown", "text", "text_with_addresses"]

_MARKED: Final = re.compile(r"([\\`*_{}\[\]<>|~&$])")
_LEADING: Final = re.compile(r"^(\s*)([#+=:!-]|\d+[.)])", re.MULTILINE)
_LINE_END: Final = re.compile(r"[ \t]*(?:\r\n|[\n\r])")


def author_label(author: str) -> str:
    """Return an author's name for display: a handle with its "@", any other name as it is."""
    return author if author.startswith("@") or not author.replace("_", "").isalnum() else f"@{author}"


def text(thread: Thread) -> str:
    """Return a thread as text: front matter, then each post with its number on a line of its own.

    A post's date, author and address stand in brackets above it, where they are known and its own.
    """
    parts = ["---", *(f"{name}: {value}" for name, value in _facts(thread)), "---"]
    for post in thread.posts:
        facts = _post_facts(post, thread)
        parts += [f"[{' · '.join(facts)}]"] if facts else []
        parts += [text_with_addresses(post), f"/{post.ordinal}"]
    return "\n".join([*parts, ""])


def markdown(thread: Thread) -> str:
    """Return a thread as Markdown in which the posts' words stand literally, line for line."""
    facts = " · ".join(_linked(value) for name, value in _facts(thread) if name != "title")
    parts = [f"# {literal_markdown(' '.join(thread.summary().heading.split()))}", facts]
    for post in thread.posts:
        parts.append(f"**{post.ordinal}.** {literal_markdown(text_with_addresses(post))}")
        parts.append(" · ".join(map(_linked, _post_facts(post, thread))))
    return "\n\n".join(filter(None, parts)) + "\n"


def literal_markdown(text: str) -> str:
    """Return Markdown that shows a text as it is, line for line."""
    shown = _LEADING.sub(lambda found: _escape_lead(found[1], found[2]), _MARKED.sub(r"\\\1", text))
    return _LINE_END.sub("\\\\\n", shown.strip("\r\n"))


def text_with_addresses(post: Post) -> str:
    """Return a post's text; below what hangs on it, the addresses that the text does not tell.

    They stand as :attr:`Attachment.line` writes them, so that they are read as such again.
    """
    addresses = {
        attachment: replace(attachment, description=None).line
        for attachment in post.attachments
        if attachment.address and attachment.address not in post.text
    }
    if not addresses:
        return post.text
    lines = []
    for line in post.text.split("\n"):
        lines.append(line)
        below = [attachment for attachment in addresses if attachment.line == line]
        lines += [addresses.pop(attachment) for attachment in below]
    return "\n".join([*lines, *addresses.values()]).strip("\n")


def _facts(thread: Thread) -> list[tuple[str, str]]:
    """Return what is known of a thread beside its posts, by name."""
    facts = [
        ("title", thread.title),
        ("author", thread.author),
        ("posted", thread.posted_at.date().isoformat() if thread.posted_at else None),
        ("url", thread.url),
        ("completeness", thread.completeness.value),
    ]
    return [(name, " ".join(value.split())) for name, value in facts if value]


def _post_facts(post: Post, thread: Thread) -> list[str]:
    """Return a post's date, its author where that is not the thread's, and its address."""
    author = post.author if post.author and post.author != thread.author else None
    posted = f"{post.posted_at:%Y-%m-%d %H:%M} UTC" if post.posted_at else None
    return [" ".join(fact.split()) for fact in (posted, author and author_label(author), post.url) if fact]


def _linked(fact: str) -> str:
    """Return a fact as Markdown, an address as a link."""
    is_address = fact.startswith(("http://", "https://")) and not re.search(r"[\s<>]", fact)
    return f"<{fact}>" if is_address else literal_markdown(fact)


def _escape_lead(space: str, lead: str) -> str:
    return f"{space}{lead[:-1]}\\{lead[-1]}"
