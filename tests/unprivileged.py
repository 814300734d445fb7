"""Processes that permission bits hold for, also where the tests run as the superuser."""

import ctypes
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

__all__ = ["bound_by_permissions", "needs_permissions"]

_DROP_CAPABILITY = 24
# CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER: what lets the superuser pass by permission bits.
_PASSING_BY = (1, 2, 3)


def bound_by_permissions() -> None:
    """Give up, before a program is executed, what lets the superuser pass by permission bits."""
    if os.geteuid() == 0:
        library = ctypes.CDLL(None, use_errno=True)
        for capability in _PASSING_BY:
            if library.prctl(_DROP_CAPABILITY, capability, 0, 0, 0):
                raise OSError(ctypes.get_errno(), "the capability cannot be given up")


def _is_bound() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o500)
        try:
            tried = subprocess.run(
                [sys.executable, "-c", "import sys; open(sys.argv[1], 'w')", f"{folder}/tried"],
                check=False,
                capture_output=True,
                preexec_fn=bound_by_permissions,
            )
        except (OSError, subprocess.SubprocessError):
            return False
        return tried.returncode != 0


def needs_permissions(test: object) -> object:
    """Skip a test where no process can be bound by permission bits."""
    bound = sys.platform == "linux" and _is_bound()
    return pytest.mark.skipif(not bound, reason="no process here is bound by permission bits")(test)
