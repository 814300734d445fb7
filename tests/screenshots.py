"""Take pictures of the pages with a small archive of our own: ``python -m tests.screenshots FOLDER``."""

import argparse
import asyncio
import tempfile
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, ViewportSize

from bot.web.app import make_app
from bot.web.server import serving
from bot.web.site import Site
from retrieval.archive import Archive
from tests.bot.web.browsers import browsing
from tests.bot.web.threads import ARABIC, DATED, FRAGMENT, PREVIEW, UNDATED, keep_threads, thread_of

PICTURES = thread_of(
    "How a lock lifts a barge: a thread.\n[image: A barge between two closed gates, seen from above]",
    "The gates lean against the water, so that it holds them shut. See https://locks.example/gates for how.\n"
    "[video: https://videos.example/gates.mp4]",
    "@ada_of_the_oder wrote about ferries.\n[quoted post: https://posts.example/ada_of_the_oder/1]",
    author="lock_keeper",
    title="How a lock lifts a barge",
    day=(2024, 2, 3),
)
PLACES = {
    "front": "/",
    "answer": "/ask?q=What+did+Augustin+Fresnel+cut+into+rings%3F",
    "closest": "/ask?q=Why+does+the+ferry+cross+at+dawn%3F",
    "nothing": "/ask?q=How+do+I+bake+sourdough+bread+tomorrow%3F",
    "thread": f"/t/{UNDATED.id}?q=lens+lamp#3",
    "pictures": f"/t/{PICTURES.id}",
    "fragment": f"/t/{FRAGMENT.id}",
    "arabic": f"/t/{ARABIC.id}?q=العدسة",
    "cite": f"/t/{PICTURES.id}/cite",
    "threads": "/threads?page=2",
    "author": "/author/ada_of_the_oder",
    "authors": "/authors",
    "trend": "/trend?q=ferry",
    "error": "/nothing-here",
}
#: How each page is looked at: the window, and what its reader or the paper asks for.
LOOKS: dict[str, tuple[ViewportSize, dict[str, Any]]] = {
    "light-wide": (ViewportSize(width=1100, height=900), {"color_scheme": "light"}),
    "dark-wide": (ViewportSize(width=1100, height=900), {"color_scheme": "dark"}),
    "light-phone": (ViewportSize(width=390, height=844), {"color_scheme": "light"}),
    "dark-phone": (ViewportSize(width=390, height=844), {"color_scheme": "dark"}),
    "forced": (ViewportSize(width=1100, height=900), {"color_scheme": "dark", "forced_colors": "active"}),
    "print": (ViewportSize(width=794, height=1123), {"color_scheme": "dark", "media": "print"}),
}


async def take(browser: Browser, address: str, folder: Path) -> None:
    """Take each page in light and dark, wide and on a phone, in forced colours, and as it is printed."""
    for look, (window, media) in LOOKS.items():
        page = await browser.new_page(viewport=window)
        await page.emulate_media(**media)
        for name, path in PLACES.items():
            await page.goto(address + path)
            for details in await page.locator("details").all():
                await details.evaluate("one => one.open = true")
            await page.screenshot(path=folder / f"{name}-{look}.png", full_page=name != "thread")
        await page.close()


async def main() -> None:
    """Serve, take the pictures, leave."""
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, Archive.open(Path(place) / "archive.db") as archive:
        keep_threads(archive, [*DATED, UNDATED, PREVIEW, FRAGMENT, ARABIC, PICTURES])
        app = make_app(Site(archive, b"k" * 32))
        async with serving(app, "127.0.0.1", 0) as port, browsing() as browser:
            await take(browser, f"http://127.0.0.1:{port}", folder)


if __name__ == "__main__":
    asyncio.run(main())
