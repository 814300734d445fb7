"""How sure is sure."""

import math

from hypothesis import given
from hypothesis import strategies as st

from retrieval.search.confidence import ENOUGH, Evidence

SHARE = st.floats(0, 1)
EVIDENCE = st.builds(Evidence, SHARE, SHARE, st.floats(0, 1000), st.none() | SHARE, st.booleans())


@given(EVIDENCE)
def test_confidence_is_a_probability(evidence: Evidence) -> None:
    assert 0 <= evidence.confidence() <= 1
    assert math.isfinite(evidence.confidence())


@given(EVIDENCE)
def test_a_post_that_holds_the_whole_question_is_enough(evidence: Evidence) -> None:
    assert (evidence.confidence() >= ENOUGH) >= evidence.whole


@given(EVIDENCE, SHARE)
def test_more_of_the_question_never_makes_it_less_sure(evidence: Evidence, more: float) -> None:
    covered = max(evidence.covered, more)
    surer = Evidence(covered, evidence.spelled, evidence.amount, evidence.named, evidence.whole)
    assert surer.confidence() >= evidence.confidence()
