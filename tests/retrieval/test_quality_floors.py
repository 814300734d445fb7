"""Quality has floors: no field of the ranking, and no idf in one, can be taken out unnoticed."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from retrieval.analysis.arrays import Floats
from retrieval.search.fields import FieldQuery, Fields
from retrieval.search.searcher import Searcher
from retrieval.search.weights import WEIGHTS
from tests.retrieval.floors import QUESTIONS_IN, searcher, wrong

#: How far the search looks, and how many posts it scores: no parts of a score.
REACH = {"reach", "near", "far", "far_part", "keep", "widen", "widen_by", "spelled"}
#: What counts nothing any more. Zero itself is no weight: shares of the evidence are divided by it.
NOTHING = 1e-9
#: A word that asks, of small talk, or that everybody uses counts as any other.
OUT = {"asking": 1.0, "everyday": 1.0, "small_talk": 1.0}
PARTS = [field.name for field in fields(WEIGHTS) if field.name not in REACH]
#: The language that a part counts in, where that is not English.
ELSEWHERE = {"everyday": "es", "grams_elsewhere": "fr", "grams_of_many_forms": "de"}
TERMS = ("post", "context", "thread")


@pytest.mark.parametrize("language", QUESTIONS_IN)
def test_every_question_of_the_collection_has_its_post_first(language: str) -> None:
    assert wrong(searcher(language=language)) == {}


@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_the_score_is_missed_where_it_is_taken_out(part: str) -> None:
    changed: dict[str, Any] = {part: OUT.get(part, NOTHING)}
    assert wrong(searcher(replace(WEIGHTS, **changed), ELSEWHERE.get(part, "en")))


@pytest.mark.parametrize("field", [*TERMS, "pairs", "grams"])
def test_the_idf_of_a_field_is_missed_where_all_counts_alike(
    field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = searcher()
    if field in TERMS:
        monkeypatch.setattr(Fields, "terms", without_idf(search, TERMS.index(field)))
    else:
        scored = getattr(Fields, field)

        def all_alike(self: Fields, candidates: Any, wanted: FieldQuery, loops: Any = None) -> Floats:
            alike = FieldQuery(wanted.keys, np.ones(len(wanted.keys)))
            scores: Floats = scored(self, candidates, alike, loops)
            return scores

        monkeypatch.setattr(Fields, field, all_alike)
    assert wrong(search)


def without_idf(search: Searcher, place: int) -> Any:
    """Return the method that counts terms, its field at a place divided by what idf multiplies it with."""
    counted, (group,) = Fields.terms, search._groups

    def terms(self: Fields, candidates: Any, terms: Sequence[str], loops: Any = None) -> list[Floats]:
        parts = list(counted(self, candidates, terms, loops))
        parts[place] = parts[place] / np.array([group._ranker.information(term) or 1.0 for term in terms])
        return parts

    return terms
