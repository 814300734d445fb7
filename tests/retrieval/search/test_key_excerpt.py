"""The excerpt that tells most of a thread: the archive's own weights choose it, and it is verbatim."""

import random
from collections import Counter
from collections.abc import Callable
from math import log
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analysis.analyzer import analyzer
from retrieval.archive import Archive
from retrieval.errors import ThreadNotFoundError
from retrieval.search.key_excerpt import KEY_EXCERPT_LENGTH, choose_key_excerpt
from tests.bot.archives import LAMPS, RIVERS, fill

ENGLISH = analyzer("en")


def information(*corpus: str) -> Callable[[str], float]:
    counts = Counter(term for text in corpus for term in set(ENGLISH.terms(text)))
    return lambda term: log((len(corpus) + 1) / max(counts[term], 1))


def test_the_words_that_the_thread_repeats_and_the_archive_hardly_knows_choose_the_post() -> None:
    posts = [
        "A thread, as promised, about a thing I have been thinking of.",
        "The quicksilver bath lets the lens of the lighthouse turn.",
        "Without quicksilver the lens would grind; without the lens there is no lighthouse.",
        "That is all, thank you for reading this thread.",
    ]
    found = choose_key_excerpt(posts, information(*posts, *[posts[0]] * 20, *[posts[3]] * 20), ENGLISH)
    assert found.post == 2
    assert posts[2][found.start : found.end] == posts[2]


def test_of_a_long_post_only_the_telling_sentences_are_taken() -> None:
    filler = "And so it went on and on for a good while. " * 20
    post = f"{filler}The ferry crosses where the current is slack, said the ferryman of the ferry. {filler}"
    found = choose_key_excerpt([post], information(post), ENGLISH)
    assert "ferryman" in post[found.start : found.end]
    assert found.end - found.start <= KEY_EXCERPT_LENGTH


@given(st.lists(st.text(max_size=400), min_size=1, max_size=6))
def test_whatever_the_posts_hold_the_slice_lies_within_one(posts: list[str]) -> None:
    found = choose_key_excerpt(posts, information(*posts), ENGLISH)
    assert 0 <= found.start <= found.end <= len(posts[found.post])


def test_a_thread_without_posts_tells_nothing() -> None:
    with pytest.raises(ValueError, match="without posts"):
        choose_key_excerpt([], lambda _term: 1.0, ENGLISH)


def test_an_archive_tells_of_a_thread_in_its_own_words(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        fill(archive, rivers=RIVERS, lamps=LAMPS)
        scope = archive.catalog.scope()
        for summary in archive.catalog.threads(scope):
            told = archive.answers.key_excerpt(summary.id, scope)
            assert told.quote in archive.catalog.thread(summary.id, scope).posts[told.post.ordinal - 1].text
            assert told.quote.strip()
        with pytest.raises(ThreadNotFoundError):
            archive.answers.key_excerpt("000000000000", scope)


@pytest.mark.parametrize("seed", range(40))
def test_of_posts_whose_words_weigh_the_same_the_first_is_chosen(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same weights each time
    shared = [f"{letter}{number}lamp" for letter in "bdfgk" for number in range(4)]
    texts = [" ".join([*shared, f"own{number}word", f"own{number}word"]) for number in range(20)]
    idf = {term: chance.random() for term in ENGLISH.terms(" ".join(shared))}
    assert choose_key_excerpt(texts, lambda term: idf.get(term, 0.3), ENGLISH).post == 0


LIGHTHOUSE = "The lens of the lighthouse floats in quicksilver."


@pytest.mark.parametrize(
    "other",
    [
        "It is in the lighthouse that the lens floats in quicksilver.",
        "@ada_example the lens of the lighthouse floats in quicksilver.",
        "... the lens of the lighthouse floats in quicksilver.",
        "#lens #lighthouse #quicksilver https://example.org/lighthouse",
        "However, the lens of the lighthouse floats in quicksilver.",
        "subscribe to my newsletter on quicksilver and the lens of the lighthouse.",
        "Please follow me for the lens of the lighthouse and quicksilver.",
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_of_two_posts_on_the_same_the_one_that_stands_by_itself_is_chosen(
    other: str,
    turned: bool,  # noqa: FBT001 - a parameter
) -> None:
    posts = ["A thread.", *([LIGHTHOUSE, other] if turned else [other, LIGHTHOUSE])]
    found = choose_key_excerpt(posts, information(*posts, *["A thread."] * 20), ENGLISH)
    assert posts[found.post] == LIGHTHOUSE


def test_what_leans_on_the_post_before_gives_way_to_what_follows_it() -> None:
    posts = ["A thread.", f"Which is why he left it there. {LIGHTHOUSE} {LIGHTHOUSE}"]
    found = choose_key_excerpt(posts, information(*posts, *["A thread."] * 20), ENGLISH)
    assert posts[found.post][found.start : found.end] == f"{LIGHTHOUSE} {LIGHTHOUSE}"


def test_of_posts_that_are_as_good_the_first_of_the_thread_opens_it() -> None:
    posts = [
        "The lighthouse has a lens of quicksilver.",
        "Keepers polish a lens and quicksilver of the lighthouse.",
    ]
    assert choose_key_excerpt(posts, information(*posts), ENGLISH).post == 0
