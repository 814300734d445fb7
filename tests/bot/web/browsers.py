"""A real browser for the pages: Debian's Chromium, where it is installed."""

import shutil

__all__ = ["LAUNCH", "chromium"]

#: Nothing is looked up, updated or reported; the pages are all there is.
LAUNCH = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """Return where the browser is, or ``None``."""
    return shutil.which("chromium") or shutil.which("chromium-browser")
