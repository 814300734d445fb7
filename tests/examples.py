"""Fewer examples of property tests, where a run is to be quick."""

from typing import Any

import pytest

__all__ = ["limit_examples"]


def limit_examples(item: pytest.Item, most: int) -> None:
    """Let a property test try at most so many examples; any other test stays as it is."""
    test: Any = getattr(item, "obj", None)
    test = getattr(test, "__func__", test)
    usual = getattr(test, "_hypothesis_internal_use_settings", None)
    if usual is None:
        return
    from hypothesis import settings  # noqa: PLC0415 - pytest has to rewrite it first

    if usual.max_examples > most:
        test._hypothesis_internal_use_settings = settings(usual, max_examples=most)
