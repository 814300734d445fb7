"""Processes that an interrupt ends, also where the tests run in the background.

A shell, ``nohup`` or a supervisor that starts the tests in the background has them ignore interrupts, and
what they start inherits that.
"""

import signal

__all__ = ["heed_interrupts"]


def heed_interrupts() -> None:
    """Let an interrupt end the program that is executed next, for ``preexec_fn``."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
