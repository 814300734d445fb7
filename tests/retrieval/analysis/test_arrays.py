import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analysis.arrays import distinct


@given(st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(0, 3)))
def test_distinct_numbers_are_numpys(numbers: list[int]) -> None:
    array = np.array(numbers, np.int64)
    before = array.copy()
    assert distinct(array).tolist() == np.unique(array).tolist()
    assert array.tolist() == before.tolist()
