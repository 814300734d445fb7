"""The rows of common terms: whose they are, what stands in them, and that they take no more than they may."""

import numpy as np
import pytest

from retrieval.index import postings as module
from retrieval.index.postings import Postings, Rows


def test_the_most_common_terms_have_the_rows_in_whatever_order_terms_are_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_ROWS_LEAST", 0)
    documents = 300
    # The n-th of twelve words stands in every (n + 1)-th document.
    postings = Postings.build([[f"w{n}" for n in range(12) if not d % (n + 1)] for d in range(documents)])
    rows = Rows(4)
    values = rows.begin(np.arange(1, len(postings.shapes) + 1, dtype=np.uint8))
    assert rows.table(postings).shape == (4, documents)
    asked = {n: rows.of(postings.vocabulary.get(f"w{n}") or 0, postings) for n in reversed(range(12))}
    assert {n for n, row in asked.items() if row >= 0} == {0, 1, 2, 3}
    for n in range(4):
        number = postings.vocabulary.get(f"w{n}") or 0
        start, end = postings.offsets[number : number + 2]
        expected = np.zeros(documents)
        expected[postings.posts[start:end]] = values[postings.codes[start:end]]
        assert (rows.table(postings)[asked[n]] == expected).all()
        assert rows.of(number, postings) == asked[n]


def test_rare_terms_have_no_row_where_there_is_room_for_all() -> None:
    postings = Postings.build([["often", "once"] if d == 5 else ["often"] for d in range(1_000)])
    rows = Rows(8)
    rows.begin(np.arange(1, len(postings.shapes) + 1, dtype=np.uint8))
    assert rows.of(postings.vocabulary.get("often") or 0, postings) >= 0
    assert rows.of(postings.vocabulary.get("once") or 0, postings) == -1
