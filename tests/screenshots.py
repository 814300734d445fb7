"""Take pictures of the pages with a small archive of our own: ``python -m tests.screenshots FOLDER``."""

import argparse
import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import Browser

from bot.web.app import make_app
from bot.web.server import serving
from bot.web.site import Site
from retrieval.archive import Archive
from tests.bot.web.browsers import browsing
from tests.bot.web.threads import ARABIC, DATED, FRAGMENT, PREVIEW, UNDATED, keep_threads

PLACES = {
    "front": "/",
    "answer": "/ask?q=Why+does+the+ferry+cross+at+dawn%3F",
    "nothing": "/ask?q=How+do+I+bake+sourdough+bread+tomorrow%3F",
    "thread": f"/t/{UNDATED.id}?q=lens+lamp#3",
    "fragment": f"/t/{FRAGMENT.id}",
    "arabic": f"/t/{ARABIC.id}?q=العدسة",
    "threads": "/threads?page=2",
    "authors": "/authors",
    "trend": "/trend?q=ferry",
    "error": "/nothing-here",
}
SIZES = {"wide": (1100, 900), "phone": (390, 844)}


async def take(browser: Browser, address: str, folder: Path) -> None:
    """Take each page in light and dark, wide and on a phone."""
    for scheme in ("light", "dark"):
        for size, (width, height) in SIZES.items():
            page = await browser.new_page(
                viewport={"width": width, "height": height},
                color_scheme="dark" if scheme == "dark" else "light",
            )
            for name, path in PLACES.items():
                await page.goto(address + path)
                for details in await page.locator("details").all():
                    await details.evaluate("one => one.open = true")
                await page.screenshot(path=folder / f"{name}-{scheme}-{size}.png", full_page=name != "thread")
            await page.close()


async def main() -> None:
    """Serve, take the pictures, leave."""
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, Archive.open(Path(place) / "archive.db") as archive:
        keep_threads(archive, [*DATED, UNDATED, PREVIEW, FRAGMENT, ARABIC])
        app = make_app(Site(archive, b"k" * 32))
        async with serving(app, "127.0.0.1", 0) as port, browsing() as browser:
            await take(browser, f"http://127.0.0.1:{port}", folder)


if __name__ == "__main__":
    asyncio.run(main())
