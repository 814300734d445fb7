"""A real browser for the pages: Debian's Chromium and axe-core, where they are installed."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

__all__ = [
    "AXE",
    "LAUNCH",
    "Visit",
    "browsing",
    "chromium",
    "contrast",
    "needs_axe",
    "needs_browser",
    "visiting",
]

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

#: Where `.ci/run` puts it, and where npm does beside a checkout.
_PLACES = (".venv/node_modules", "node_modules")
_ROOT = Path(__file__).resolve().parents[3]
_AXE = [_ROOT / place / "axe-core/axe.min.js" for place in _PLACES]
#: The source of axe-core, which looks for what people who cannot see or point would stumble over.
AXE = next((path.read_text(encoding="utf-8") for path in _AXE if path.is_file()), None)


def chromium() -> str | None:
    """Return where the browser is, or ``None``."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


needs_browser = pytest.mark.skipif(
    chromium() is None, reason="there is no Chromium; Debian's package chromium brings it"
)
needs_axe = pytest.mark.skipif(
    AXE is None, reason="there is no axe-core; `npm install --prefix .venv axe-core` brings it"
)


class Visit:
    """A browser's window, and everything that must not happen in one."""

    def __init__(self, context: BrowserContext, page: Page, address: str) -> None:
        self.context = context
        self.page = page
        self.address = address
        self.errors: list[str] = []
        self.requested: list[str] = []
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", lambda dialog: self.errors.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: self.requested.append(request.url))

    async def open(self, path: str) -> None:
        """Open a page of the site."""
        await self.page.goto(self.address + path)


@asynccontextmanager
async def browsing() -> AsyncIterator[Browser]:
    """Start a browser and end it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=LAUNCH)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def visiting(browser: Browser, address: str, **how: Any) -> AsyncIterator[Visit]:
    """Open a window; hold that nothing went wrong in it and that no request left the site."""
    context = await browser.new_context(**how)
    try:
        visit = Visit(context, await context.new_page(), address)
        yield visit
        assert visit.errors == []
        assert [url for url in visit.requested if not url.startswith((address + "/", "data:"))] == []
    finally:
        await context.close()


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as CSS writes them, from 1 to 21 (WCAG 2)."""

    def luminance(colour: str) -> float:
        parts = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
