"""The pages in a real browser: by keyboard, without scripts, on a phone, in the dark, for everybody."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Literal

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from bot.web.addresses import Pages
from bot.web.app import make_app
from bot.web.rate_limit import Rate
from bot.web.server import serving
from bot.web.site import Site
from retrieval.archive import Archive
from retrieval.model import Post, Thread
from tests.bot.web.browsers import AXE, browsing, contrast, needs_axe, needs_browser, visiting
from tests.bot.web.conftest import KEY
from tests.bot.web.hostile import INJECTIONS
from tests.bot.web.threads import ARABIC, DATED, FRAGMENT, PREVIEW, UNDATED, keep_threads, thread_of

pytestmark = [needs_browser, pytest.mark.asyncio(loop_scope="module")]

HOSTILE = Thread(
    tuple(Post(place, text.replace("\ud800", "") or ".") for place, text in enumerate(INJECTIONS, 1)),
    author="<img src=x onerror=window.pwned=1>",
    title='"><script>window.pwned=1</script>',
    url='https://posts.example/"><script>window.pwned=1</script>',
)
OWN = thread_of("The harbour office keeps a list of every lamp that was ever moved.", title="Our own")
OURS = 42
Scheme = Literal["light", "dark"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with browsing() as started:
        yield started


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def address(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    path = tmp_path_factory.mktemp("web") / "archive.db"
    with Archive.open(path) as archive:
        keep_threads(archive, [*DATED, UNDATED, PREVIEW, FRAGMENT, ARABIC, HOSTILE])
        keep_threads(archive, [OWN], server_id=OURS)
        app = make_app(Site(archive, KEY, rate=Rate(1e6, 1e6)))
        async with serving(app, "127.0.0.1", 0) as port:
            yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def places() -> list[str]:

    own = Pages("", KEY).address(OWN.id, datetime.now(UTC), server_id=OURS)
    return [
        "/",
        "/ask",
        "/ask?q=Why+does+the+ferry+cross+at+dawn%3F",
        "/ask?q=sourdough+bread+recipes",
        "/threads?page=2",
        "/authors",
        "/author/ada_of_the_oder",
        "/trend?q=ferry",
        f"/t/{UNDATED.id}?q=lens#3",
        f"/t/{FRAGMENT.id}",
        f"/t/{PREVIEW.id}",
        f"/t/{ARABIC.id}",
        own,
    ]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_a_question_by_keyboard_leads_to_the_quoted_post(
    browser: Browser, address: str, *, scripts: bool
) -> None:
    async with visiting(browser, address, java_script_enabled=scripts) as visit:
        page = visit.page
        await visit.open("/")
        await page.get_by_role("searchbox").focus()
        await page.keyboard.type("Why does the ferry cross at dawn?")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/ask?q=*")
        quoted = await page.locator("blockquote").first.inner_text()
        assert "crossed" in await page.locator("blockquote mark").all_inner_texts()
        await page.locator(".quote figcaption a").first.click()
        await page.wait_for_url("**/t/*#*")
        target = page.locator("li.post:target")
        assert (await target.locator(".text").inner_text()) == quoted
        assert await target.locator("mark").first.is_visible()
        box = await target.bounding_box()
        assert box is not None
        assert 0 <= box["y"] < 720


async def test_the_score_opens_on_demand(browser: Browser, address: str) -> None:
    async with visiting(browser, address) as visit:
        await visit.open("/ask?q=Why+does+the+ferry+cross+at+dawn%3F")
        table = visit.page.locator("table.shares").first
        assert not await table.is_visible()
        await visit.page.locator("summary").first.focus()
        await visit.page.keyboard.press("Enter")
        assert await table.is_visible()
        widths = [
            await bar.evaluate("bar => bar.getBoundingClientRect().width")
            for bar in await table.locator("rect").all()
        ]
        assert max(widths) > 20
        assert widths[0] == max(widths)


async def test_lists_are_turned_page_by_page(browser: Browser, address: str) -> None:
    async with visiting(browser, address) as visit:
        await visit.open("/threads")
        first = await visit.page.locator("ul.threads a.title").all_inner_texts()
        await visit.page.get_by_role("link", name="Further").click()
        await visit.page.wait_for_url("**/threads?page=2")
        second = await visit.page.locator("ul.threads a.title").all_inner_texts()
        assert not set(first) & set(second)
        await visit.page.get_by_role("link", name="Back").click()
        await visit.page.wait_for_url("**/threads?page=1")
        assert await visit.page.locator("ul.threads a.title").all_inner_texts() == first


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_trend_is_drawn_in_the_colours_of_the_page(
    browser: Browser, address: str, scheme: Scheme
) -> None:
    async with visiting(browser, address, color_scheme=scheme) as visit:
        await visit.open("/trend?q=ferry")
        paper = await visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (contrast(paper, "rgb(0, 0, 0)") > 10) == (scheme == "light")
        bars = visit.page.locator("svg.picture .chart-bar-fill")
        assert await bars.count() > 20
        for selector, least in ((".chart-bar-fill", 3), ("text", 4.5)):
            colour = await visit.page.locator(f"svg.picture {selector}").first.evaluate(
                "one => getComputedStyle(one).fill"
            )
            assert contrast(paper, colour) >= least, selector
        assert await visit.page.locator("svg.picture text", has_text="2021").is_visible()


@pytest.mark.parametrize("width", [320, 390])
async def test_nothing_is_wider_than_a_phone(
    browser: Browser, address: str, places: list[str], width: int
) -> None:
    async with visiting(browser, address, viewport={"width": width, "height": 700}) as visit:
        for path in [*places, f"/t/{HOSTILE.id}"]:
            await visit.open(path)
            assert await visit.page.evaluate("document.documentElement.scrollWidth") <= width, path


async def test_right_to_left_lines_stand_on_the_right_and_others_on_the_left(
    browser: Browser, address: str
) -> None:
    async with visiting(browser, address) as visit:
        await visit.open(f"/t/{ARABIC.id}")
        text = visit.page.locator("li.post .text").nth(1)
        edges = await text.evaluate(
            """one => {
                const range = document.createRange(); const node = one.firstChild;
                const box = one.getBoundingClientRect(); const end = node.data.indexOf('\\n');
                const of = (a, b) => {
                    range.setStart(node, a); range.setEnd(node, b);
                    return range.getBoundingClientRect();
                };
                const arabic = of(0, end), english = of(end + 1, node.data.length);
                return [box.right - arabic.right, english.left - box.left];
            }"""
        )
        assert max(edges) < 2


async def test_hostile_threads_do_nothing_even_where_the_policy_is_switched_off(
    browser: Browser, address: str
) -> None:
    for bypass in (False, True):
        async with visiting(browser, address, bypass_csp=bypass) as visit:
            for path in (f"/t/{HOSTILE.id}", f"/t/{HOSTILE.id}?q=script", "/authors", "/ask?q=window.pwned"):
                await visit.open(path)
                await visit.page.mouse.move(200, 200)
                assert await visit.page.evaluate("window.pwned") is None
                assert await visit.page.locator("script, iframe, object, form[action^=http]").count() == 0
                assert await visit.page.locator("h1").count() == 1
            await visit.open(f"/t/{HOSTILE.id}")
            assert await visit.page.locator("li.post").count() == len(INJECTIONS)


async def test_the_browser_refuses_a_script_that_got_in(browser: Browser, address: str) -> None:
    async with visiting(browser, address) as visit:
        await visit.open("/")
        await visit.page.evaluate(
            "const s = document.createElement('script'); s.textContent = 'window.pwned = 1';"
            "document.body.append(s)"
        )
        assert await visit.page.evaluate("window.pwned") is None
        assert any("Content Security Policy" in error for error in visit.errors)
        visit.errors.clear()


@needs_axe
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_no_accessibility_rule_is_broken(
    browser: Browser, address: str, places: list[str], scheme: Scheme
) -> None:
    # The dark changes nothing but colours.
    rules = "{}" if scheme == "light" else "{runOnly: ['color-contrast']}"
    async with visiting(browser, address, color_scheme=scheme) as visit:
        for path in [*places, "/nothing-here", f"/t/{HOSTILE.id}"]:
            await visit.open(path)
            await visit.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            await visit.page.evaluate(AXE or "")
            found: dict[str, Any] = await visit.page.evaluate(f"axe.run({rules})")
            broken = [
                (rule["id"], node["html"], node.get("failureSummary"))
                for rule in found["violations"]
                for node in rule["nodes"]
            ]
            assert broken == [], path
        # A page that is not there is told as one in the console, too.
        visit.errors = [error for error in visit.errors if "404" not in error]
