"""Try property tests with as many examples, and growth with files as large, as the promises name.

A plugin of pytest: ``-p tests.promises.full_length`` with the number of examples in the environment.
"""

import os
from typing import Any, Final

import pytest

__all__ = ["EXAMPLES"]

EXAMPLES: Final = "TESTS_EXAMPLES"
_LARGEST: Final = 1_000_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every property test so many examples, and measure growth up to a megabyte."""
    from hypothesis import settings  # noqa: PLC0415 - pytest has to rewrite it first

    from tests import growth  # noqa: PLC0415 - as above

    growth.SIZES = (*growth.SIZES, _LARGEST)
    examples = int(os.environ[EXAMPLES])
    for item in items:
        test: Any = getattr(item, "obj", None)
        test = getattr(test, "__func__", test)
        usual = getattr(test, "_hypothesis_internal_use_settings", None)
        if usual is not None and usual.max_examples < examples:
            test._hypothesis_internal_use_settings = settings(usual, max_examples=examples)
