"""The verdict: monotone in what matches, bounded by caps, and one of three."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.model import Cap, Verdict
from retrieval.search.verdict import (
    ANSWER_AT,
    MODEL,
    Evidence,
    TermEvidence,
    confidence_of,
    features,
    judge,
    least_confidence,
    logit_of,
    verdict_of,
)

SHARE = st.floats(0, 1)
SATURATED = st.floats(0.2, 1.9)


def terms(*, matched: bool) -> st.SearchStrategy[TermEvidence]:
    return st.builds(
        TermEvidence,
        weight=st.sampled_from([1.0, 1.0, 0.3]),
        idf=st.floats(0.7, 14),
        df=st.integers(1, 500) if matched else st.integers(0, 500),
        zipf=st.just(0.0) | st.floats(3, 6.5),
        own=SATURATED if matched else st.just(0.0),
        around=SATURATED if matched else st.just(0.0) | SATURATED,
        name=st.booleans(),
    )


ANY_TERM = st.booleans().flatmap(lambda matched: terms(matched=matched))
EVIDENCE = st.builds(
    Evidence,
    terms=st.lists(ANY_TERM, min_size=1, max_size=8).map(tuple),
    content=st.floats(0.1, 300),
    pairs=st.floats(0, 40),
    letters=SHARE,
    posts=st.integers(1, 10**6),
    mean_words=st.floats(2, 300),
    tokens_per_word=st.sampled_from([1.0, 1.65, 4.0]),
    listed=st.booleans(),
    keywords=st.booleans(),
    asks=st.booleans(),
)
CAPS = st.lists(st.sampled_from(Cap), max_size=2).map(tuple)
SOME_CAPS = st.lists(st.sampled_from(Cap), min_size=1, max_size=2).map(tuple)


@given(EVIDENCE, CAPS)
def test_every_judgement_is_a_probability_and_a_verdict(evidence: Evidence, caps: tuple[Cap, ...]) -> None:
    judgement = judge(evidence, caps)
    confidence = confidence_of(judgement.logit)
    assert 0 <= confidence <= 1
    assert math.isfinite(confidence)
    assert (judgement.verdict is Verdict.ANSWER) == (confidence >= 0.5)
    assert judgement.verdict is verdict_of(judgement.logit)


@given(EVIDENCE, terms(matched=True), st.floats(0, 50))
def test_one_more_matched_term_never_lowers_the_confidence(
    evidence: Evidence, term: TermEvidence, gained: float
) -> None:
    more = replace(evidence, terms=(*evidence.terms, term), content=evidence.content + gained)
    assert judge(more).logit >= judge(evidence).logit - 1e-9


@given(EVIDENCE, st.data())
def test_a_term_that_matches_better_never_lowers_the_confidence(
    evidence: Evidence, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(evidence.terms) - 1))
    term = evidence.terms[place]
    better = replace(term, own=max(term.own, data.draw(SATURATED)), around=max(term.around, 1.0))
    changed = (*evidence.terms[:place], better, *evidence.terms[place + 1 :])
    assert judge(replace(evidence, terms=changed)).logit >= judge(evidence).logit - 1e-9


@given(EVIDENCE, SOME_CAPS)
def test_nothing_that_is_ruled_out_is_an_answer(evidence: Evidence, caps: tuple[Cap, ...]) -> None:
    assert judge(evidence, caps).verdict is not Verdict.ANSWER


@given(EVIDENCE)
def test_the_factors_add_up_to_what_sets_a_question_apart_from_the_mean_one(evidence: Evidence) -> None:
    values = features(evidence)
    mean = MODEL.intercept + sum(MODEL.coefficients[name] * MODEL.means[name] for name in MODEL.coefficients)
    parts = sum(weight for _, weight in MODEL.factors(values))
    assert MODEL.logit(values) == pytest.approx(mean + parts, abs=1e-6)


def test_a_common_word_that_no_post_holds_costs_less_than_a_special_one() -> None:
    held = TermEvidence(weight=1, idf=6, df=3, zipf=0, own=1.2, around=1.2)
    evidence = Evidence((held, held), content=60, pairs=2, letters=0.8, posts=4000, mean_words=30)
    logits = [
        judge(replace(evidence, terms=(held, held, TermEvidence(1, 8.3, 0, zipf, 0, 0)))).logit
        for zipf in (5.5, 4.0, 0.0)
    ]
    assert logits == sorted(logits, reverse=True)
    assert logits[0] > logits[1] > logits[2]


def test_a_question_of_common_words_alone_names_no_subject() -> None:
    word = TermEvidence(weight=1, idf=6, df=3, zipf=5.6, own=1.2, around=1.2)
    judgement = judge(Evidence((word,), content=60, pairs=8, letters=1, posts=4000, mean_words=10))
    assert judgement.caps == (Cap.NO_SUBJECT,)
    assert judgement.verdict is not Verdict.ANSWER


@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_remembered_verdict_comes_back_through_its_least_confidence(verdict: Verdict) -> None:
    assert verdict_of(logit_of(least_confidence(verdict))) is verdict


@given(st.floats(-25, 25))
def test_logits_and_confidences_turn_into_each_other(logit: float) -> None:
    assert logit_of(confidence_of(logit)) == pytest.approx(logit, abs=1e-3)


def test_the_signs_of_the_fit_are_those_that_keep_it_monotone() -> None:
    assert all(
        weight <= 0 if name == "length" else weight >= 0 for name, weight in MODEL.coefficients.items()
    )
    assert MODEL.closest_at < ANSWER_AT


def test_a_name_that_most_posts_hold_says_little() -> None:
    everywhere = TermEvidence(weight=1, idf=0.4, df=100, zipf=0, own=1.2, around=1.2, name=True)
    unknown = TermEvidence(weight=1, idf=5, df=0, zipf=4.2, own=0, around=0)
    rare = replace(everywhere, idf=4.0, df=3)
    judged = [
        judge(Evidence((name, unknown, unknown), content=10, pairs=1, letters=0.4, posts=150, mean_words=30))
        for name in (everywhere, rare)
    ]
    assert judged[0].verdict is Verdict.NOTHING
    assert judged[0].logit < judged[1].logit
    assert judged[1].verdict is Verdict.CLOSEST


def test_what_was_weighed_speaks_of_names_only_where_there_are_any_and_of_pairs_only_of_two_words() -> None:
    word = TermEvidence(weight=1, idf=6, df=3, zipf=3.1, own=1.2, around=1.2)
    one = Evidence((word,), content=20, pairs=0, letters=1, posts=4000, mean_words=30, keywords=True)
    assert not {"names", "pairs"} & dict(judge(one).factors).keys()
    two = replace(one, terms=(word, replace(word, name=True)))
    assert {"names", "pairs"} <= dict(judge(two).factors).keys()


def test_a_post_that_holds_most_of_a_question_is_never_nothing() -> None:
    held = TermEvidence(weight=1, idf=2, df=5, zipf=4.6, own=1.2, around=1.2)
    missing = replace(held, idf=1.2, own=0.0, around=0.0)
    evidence = Evidence((held, held, missing), content=1, pairs=0, letters=0, posts=36, mean_words=40)
    assert judge(evidence).verdict is Verdict.CLOSEST
    assert judge(replace(evidence, terms=(held, missing, missing))).verdict is Verdict.NOTHING


@given(EVIDENCE)
def test_an_offset_holds_for_its_language_alone(evidence: Evidence) -> None:
    plain, lenient = replace(MODEL, offsets={}), replace(MODEL, offsets={"xx": 0.5})
    before = judge(evidence, model=plain)
    assert judge(evidence, model=lenient) == before
    after = judge(replace(evidence, language="xx"), model=lenient)
    assert after.logit >= before.logit


def test_english_and_a_language_without_data_have_no_offset() -> None:
    assert not {"en", "ja", "ko", "el"} & MODEL.offsets.keys()
    assert all(0 <= offset <= 1 for offset in MODEL.offsets.values())
