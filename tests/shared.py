"""The material that lies beside the checkout and is not part of the project."""

from pathlib import Path

import pytest

__all__ = ["SHARED", "needs_shared"]

SHARED = Path(__file__).resolve().parents[2] / "shared"

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared samples are not beside the checkout; they run in CI"
)
