"""What a process does once so that its event loop is rarely kept waiting."""

import gc
import sys
from typing import Final

__all__ = ["calm", "go_on"]

# How long a thread that searches may keep the loop waiting, in seconds. The loop waits at each thing that it
# sends: with Python's own 5 ms, of 20 questions at a time half were acknowledged after 42 ms; with this, 21.
_SWITCHING: Final = 0.0005


def calm() -> None:
    """Let threads take short turns, and what is there by now be left out of garbage collections.

    To be called when much has been loaded, before anybody is answered: looking through modules and classes
    again and again stopped every thread for 80 to 130 ms of processor time, with what is there for good
    left out for 40. Nothing is collected until :func:`go_on`, since more is to be loaded.
    """
    sys.setswitchinterval(_SWITCHING)
    gc.collect()
    gc.freeze()
    gc.disable()


def go_on() -> None:
    """Leave what was loaded since out, too, without looking through it, and collect garbage from now on.

    People are answered already, and looking would stop every thread for 50 ms.
    """
    gc.freeze()
    gc.enable()
