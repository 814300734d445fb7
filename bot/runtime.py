"""Long work in threads of its own, and settings of the interpreter that keep the event loop responsive."""

import asyncio
import contextlib
import contextvars
import gc
import signal
import sys
import threading
from collections.abc import Callable
from typing import Final, TypeVar

__all__ = ["freeze_loaded_objects", "resume_gc", "run_in_thread", "stopping_signals", "take_short_turns"]

T = TypeVar("T")


def stopping_signals() -> tuple[signal.Signals, ...]:
    """Return the signals that end Bobbin in order: SIGTERM, SIGINT, and SIGHUP unless `nohup` ignores it."""
    hangup = () if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else (signal.SIGHUP,)
    return (signal.SIGTERM, signal.SIGINT, *hangup)


async def run_in_thread(work: Callable[[], T], name: str) -> T:
    """Return what work in a thread returns; the end of the process does not wait for the thread.

    What it raises is raised here. The thread has a copy of the context. ``name`` is the thread's.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def tell(result: T | None, error: Exception | None) -> None:
        if done.cancelled():
            return
        if error is None:
            done.set_result(result)  # type: ignore[arg-type]  # without an error there is a result
        else:
            done.set_exception(error)

    def run() -> None:
        result, error = None, None
        try:
            result = work()
        except Exception as raised:  # noqa: BLE001 - raised where the result is awaited
            error = raised
        # Where the loop is closed, nothing awaits the result.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(tell, result, error)

    context = contextvars.copy_context()
    threading.Thread(target=lambda: context.run(run), name=name, daemon=True).start()
    return await done


# How long a thread that searches may keep the loop waiting, in seconds. The loop waits at each thing that it
# sends: with Python's own 5 ms, of 20 questions at a time half were acknowledged after 42 ms; with this, 21.
_SWITCHING: Final = 0.0005


def take_short_turns() -> None:
    """Let threads take short turns, in the whole process."""
    sys.setswitchinterval(_SWITCHING)


def freeze_loaded_objects() -> None:
    """Let threads take short turns, and what is there by now be left out of garbage collections.

    To be called when much has been loaded, before the first answer: looking through modules and classes
    again and again stopped every thread for 80 to 130 ms of processor time, with what is there for good
    left out for 40. Nothing is collected until :func:`resume_gc`, since more is to be loaded.
    """
    take_short_turns()
    gc.collect()
    gc.freeze()
    gc.disable()


def resume_gc() -> None:
    """Leave what was loaded since out, too, without looking through it, and collect garbage from now on.

    People are answered already, and looking would stop every thread for 50 ms.
    """
    gc.freeze()
    gc.enable()
