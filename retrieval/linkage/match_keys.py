"""The keys under which versions are stored, so that those that may be one thread are found and no others."""

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from retrieval.linkage.fingerprint import TELLING, fingerprint_of
from retrieval.model import Completeness, Thread

__all__ = ["is_alone", "key_of_post_id", "match_keys", "reach", "seeks"]

#: The keys of what is being imported are asked for more than once.
_REMEMBERED: Final = 2_000
#: How a version goes is kept for each of so many posts.
_EACH: Final = 16
#: A wording is compared by so many characters first, since a form may cut the rest.
_START: Final = TELLING


def match_keys(version: Thread) -> frozenset[int]:
    """Return numbers of 63 bits under which a version is stored, for those that may be one with it.

    They stand for the ids of its posts, for how it goes up to some of its posts, and for how it goes up
    to the last of these. The store keeps them: to make them otherwise takes a migration.
    """
    return _marks(version)[0]


def key_of_post_id(source_id: str) -> int:
    """Return the key of every version that holds the post with this id."""
    return _number(f"post {source_id}")


def seeks(version: Thread) -> frozenset[int]:
    """Return the keys of the stored versions that may be one thread with this one.

    Threads that share their first posts and go on differently have keys in common and do not seek one
    another; so a thousand of them are no more work than as many different ones.
    """
    return _marks(version)[1]


def reach(version: Thread) -> int:
    """Return the key of the versions that go as this one does up to its last known post, or further."""
    return _marks(version)[2]


def is_alone(version: Thread) -> bool:
    """Return whether a version is one post of which nothing follows."""
    return version.length == 1 and version.completeness is Completeness.COMPLETE


@lru_cache(_REMEMBERED)
def _marks(version: Thread) -> tuple[frozenset[int], frozenset[int], int]:
    """Return the keys of a version, those it seeks, and how far it goes."""
    ids = {f"post {post.source_id}" for post in version.posts if post.source_id}
    ways = _ways(version)
    if is_alone(version):
        # Only what is one post may be the same.
        own = f"alone {ways[0]}"
        return _numbers(ids | {own}), _numbers(ids | {own, f"ends {ways[0]}"}), _number(own)
    # Of a fragment it is not known where its first gap is.
    end = ways[0] if version.completeness is Completeness.FRAGMENT else ways[-1]
    held = ids | {f"through {way}" for way in ways} | {f"ends {end}"}
    sought = ids | {f"ends {way}" for way in ways} | {f"through {end}"}
    if version.length == 1:
        sought.add(f"alone {end}")
    return _numbers(held), _numbers(sought), _number(f"through {end}")


def _ways(version: Thread) -> list[str]:
    """Return hashes of how a version goes: up to where it is telling, and to each of the next fifteen posts.

    Beyond, the distance doubles: threads rarely share so many posts, and the store keeps every hash.

    Those of a whole and of a part from its first post on are the same as far as the part goes. A version
    that says too little to be known by has one of all that it says.
    """
    hashes: list[str] = []
    digest = hashlib.sha256()
    length = further = 0
    for post in version.posts:
        plain = fingerprint_of(post.text).plain
        length += len(plain)
        digest.update(_bytes(plain[:_START]) + b"\0")
        if length < TELLING:
            continue
        further += 1
        if further <= _EACH or further & (further - 1) == 0:
            hashes.append(digest.hexdigest())
    return hashes or [f"short {digest.hexdigest()}"]


def _numbers(marks: Iterable[str]) -> frozenset[int]:
    return frozenset(map(_number, marks))


def _number(mark: str) -> int:
    return int.from_bytes(hashlib.sha256(_bytes(mark)).digest()[:8], "big") >> 1


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
