"""Opening an address in the browser of this machine, without a word of other programs on the terminal."""

import subprocess
import sys

__all__ = ["open_in_browser"]

#: A program that still runs after so many seconds is a browser, or has one open.
_LONGEST = 2.0


def open_in_browser(address: str) -> bool:
    """Open an address; return whether that was possible, so that the address can be printed where it was not.

    It is no :func:`click.launch`, which neither notices that there is no browser nor keeps what the desktop's
    program writes about it from the terminal.
    """
    program = "open" if sys.platform == "darwin" else "xdg-open"
    nowhere = subprocess.DEVNULL
    try:
        opening = subprocess.Popen(  # noqa: S603 - the address is checked where it comes from, and no shell reads it
            [program, address], stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True
        )
    except OSError:
        return False
    try:
        return opening.wait(_LONGEST) == 0
    except subprocess.TimeoutExpired:
        return True
