"""Who a thread is by, and what is left of it when an author is forgotten.

What has been forgotten is known again by marks: short texts that name an author, a post's id, or how a
thread begins. The store keeps them only as keyed hashes.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from retrieval.linkage.fingerprint import fingerprint_of, is_distinctive
from retrieval.model import Completeness, Post, Thread

__all__ = [
    "author_forms",
    "author_mark",
    "author_marks",
    "author_names",
    "folded_name",
    "masked_file_name",
    "names_another",
    "without_authors",
]

#: A thread of fewer letters could be by anyone.
_TELLING: Final = 40
_BEGINNING: Final = 60

# Where addresses name whose post they lead to.
_OWNERS: Final = (
    re.compile(
        r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/(?P<name>\w{1,30})/status(?:es)?/", re.IGNORECASE
    ),
    re.compile(r"https?://bsky\.app/profile/(?P<name>[^/?#]{1,253})/post/", re.IGNORECASE),
    re.compile(r"https?://(?P<host>[^/@?#]{1,253})/(?:@|users/)(?P<name>[^/@?#]{1,100})/", re.IGNORECASE),
)
#: What stands around a handle within a name.
_HANDLE: Final = re.compile(r"[\s(\[·|,]+(?=@\w)|(?<=\w)[)\]]+\s*$")
_NOBODY: Final = frozenset({"i", "anyuser"})


def folded_name(name: str) -> str:
    """Return an author's name as names are compared: without case and without the "@" in front."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split()).removeprefix("@")


def author_forms(name: str) -> frozenset[str]:
    """Return the folded forms of an author's name: all of it, and where it has a handle in it, each part.

    "Ada Lovelace (@ada)" is also "ada lovelace" and "ada".
    """
    return frozenset({folded_name(name)} | {folded_name(part) for part in _HANDLE.split(name)}) - {""}


def author_names(thread: Thread) -> frozenset[str]:
    """Return the folded names that a thread gives its author, by itself or in its addresses."""
    first = thread.posts[0]
    return _names((thread.author, first.author), (thread.url, first.url))


def names_another(thread: Thread, name: str) -> bool:
    """Return whether a thread names an author surely other than the one of a folded name, by a handle."""
    first = thread.posts[0]
    written = (one for one in (thread.author, first.author) if one and one.startswith("@"))
    handles = _names(written, (thread.url, first.url))
    return bool(handles) and name not in handles


def author_mark(name: str) -> str:
    """Return the mark of an author by a folded name."""
    return f"author {name}"


def author_marks(thread: Thread) -> frozenset[str]:
    """Return the marks by which a thread is known again where it does not name its author."""
    ids = {f"post {post.source_id}" for post in thread.posts if post.source_id}
    return frozenset(ids | _openings(thread))


def without_authors(thread: Thread, gone: Callable[[str], bool]) -> Thread | None:
    """Return a thread without what is by forgotten authors, ``None`` where it is itself.

    ``gone`` returns whether a mark is that of a forgotten author. A thread that does not name its author by a
    handle is also known by how it begins. What remains of another author's thread is a fragment.
    """
    if any(gone(author_mark(name)) for name in author_names(thread)):
        return None
    if not names_another(thread, "") and any(map(gone, _openings(thread))):
        return None
    posts = [post for post in thread.posts if not _post_gone(post, gone)]
    if len(posts) == thread.length:
        return thread
    if not posts:
        return None
    return replace(
        thread,
        posts=tuple(replace(post, ordinal=ordinal) for ordinal, post in enumerate(posts, 1)),
        completeness=Completeness.FRAGMENT,
        id="",
    )


def masked_file_name(name: str, authors: Iterable[str]) -> str:
    """Return a file's name in which no author's name stands."""
    for author in sorted(authors, key=len, reverse=True):
        if author:
            name = re.sub(rf"(?<![^\W_]){re.escape(author)}(?![^\W_])", "…", name, flags=re.IGNORECASE)
    return name


def _post_gone(post: Post, gone: Callable[[str], bool]) -> bool:
    named = (author_mark(name) for name in _names((post.author,), (post.url,)))
    return any(map(gone, named)) or bool(post.source_id and gone(f"post {post.source_id}"))


def _names(names: Iterable[str | None], addresses: Iterable[str | None]) -> frozenset[str]:
    folded = {folded_name(name) for name in names if name}
    for address in addresses:
        for pattern in _OWNERS:
            owner = pattern.match(address or "")
            if owner:
                host = owner.groupdict().get("host")
                name = folded_name(owner["name"])
                folded.add(f"{name}@{host.casefold()}" if host else name)
                break
    return frozenset(folded - _NOBODY - {""})


def _openings(thread: Thread) -> frozenset[str]:
    """Return the marks of how a thread begins, where that says enough."""
    if sum(len(post.text) for post in thread.posts) < _TELLING:
        return frozenset()
    marks = {f"opening {replace(thread, id='').id}"}
    first = fingerprint_of(thread.posts[0].text)
    if is_distinctive(first):
        marks.add(f"beginning {hashlib.sha256(first.plain[:_BEGINNING].encode()).hexdigest()}")
    return frozenset(marks)
