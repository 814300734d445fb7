from hypothesis import given
from hypothesis import strategies as st

from retrieval.model import Thread
from retrieval.storage.import_transaction import batches
from tests.retrieval.versions import thread

ALIKE = "I have just published another article on my website, please read it: number"


def article(number: int) -> Thread:
    return thread(f"{ALIKE} {number}")


def other(number: int) -> Thread:
    return thread(f"{number} threads were counted in the archive when the clock struck twelve.")


@given(st.integers(0, 1200), st.integers(0, 700))
def test_every_thread_is_in_exactly_one_batch(others: int, articles: int) -> None:
    given_ = [other(number) for number in range(others)]
    for number in range(articles):
        given_.insert(number * 2, article(number))
    found = [one for batch in batches(given_) for one in batch]
    assert sorted(one.id for one in found) == sorted(one.id for one in given_)
    assert [one for batch in batches(iter(given_)) for one in batch] == given_


def test_threads_of_which_many_begin_alike_come_together_and_the_others_in_order() -> None:
    others, articles = [other(number) for number in range(1000)], [article(number) for number in range(900)]
    mixed = [one for pair in zip(others, articles, strict=False) for one in pair] + others[900:]
    found = list(batches(mixed))
    assert [len(batch) for batch in found] == [500, 500, 900]
    assert found[0] + found[1] == others
    assert found[2] == articles


def test_few_threads_keep_their_order() -> None:
    given_ = [article(number) for number in range(400)]
    assert list(batches(given_)) == [given_]
    assert list(batches([])) == []
