"""Whose turn it is to look into the inbox, where several processes share one."""

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

__all__ = ["inbox_lock"]

# What a file system says that knows no locks: then there is nobody to take turns with that could be known.
_NO_LOCKS: Final = frozenset({errno.ENOLCK, errno.ENOTSUP, errno.EINVAL, errno.ENOSYS})


@contextlib.contextmanager
def inbox_lock(folder: Path) -> Iterator[bool]:
    """Hold the inbox ``folder`` while inside; yields whether it is ours, at once.

    The kernel lets go of it when a process dies, however it dies. Raises ``OSError`` where the folder
    cannot be opened.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield _lock(handle)
    finally:
        os.close(handle)


def _lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
    return True
