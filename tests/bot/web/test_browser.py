"""The pages in a real browser: by keyboard, without scripts, on a phone, in the dark, for everybody."""

from collections.abc import AsyncIterator
from dataclasses import replace
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
from retrieval.model import Attachment, AttachmentKind, Post, Thread
from tests.bot.web.browsers import AXE, browsing, contrast, needs_axe, needs_browser, visiting
from tests.bot.web.conftest import KEY
from tests.bot.web.hostile import INJECTIONS
from tests.bot.web.threads import ARABIC, DATED, FRAGMENT, PREVIEW, UNDATED, keep_threads, thread_of

# Each starts a browser.
pytestmark = [pytest.mark.slow, needs_browser, pytest.mark.asyncio(loop_scope="module")]

HOSTILE = Thread(
    tuple(Post(place, text.replace("\ud800", "") or ".") for place, text in enumerate(INJECTIONS, 1)),
    author="<img src=x onerror=window.pwned=1>",
    title='"><script>window.pwned=1</script>',
    url='https://posts.example/"><script>window.pwned=1</script>',
)
OWN = thread_of("The harbour office keeps a list of every lamp that was ever moved.", title="Our own")
LONG = thread_of(
    *[f"A long thread about the weir, number {place} of it." for place in range(1, 351)],
    "Here comes the zebra, at the end.",
    title="The weir",
)
PICTURES = (
    Attachment(AttachmentKind.IMAGE, "https://lamps.example/lens.jpg", "a lens on a table"),
    Attachment(AttachmentKind.QUOTED, "https://x.com/ada_of_the_oder/status/5"),
)
LINKED = thread_of(
    "Read about rings (https://lamps.example/rings?a=1), says @ada_of_the_oder.\n[image: a lens on a table]"
    "\n[quoted post: https://x.com/ada_of_the_oder/status/5]",
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324" * 30,
    title="Rings",
)
LINKED = replace(LINKED, posts=(replace(LINKED.posts[0], attachments=PICTURES), *LINKED.posts[1:]))
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
        keep_threads(archive, [*DATED, UNDATED, PREVIEW, FRAGMENT, ARABIC, HOSTILE, LONG, LINKED])
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
        f"/t/{LINKED.id}",
        f"/t/{LINKED.id}/cite",
        "/threads?sort=length",
        "/de/authors?q=ada",
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
        await visit.page.locator(".quote summary").first.focus()
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
@pytest.mark.parametrize(
    "how",
    [
        {"color_scheme": "light"},
        {"color_scheme": "dark"},
        {"color_scheme": "light", "viewport": {"width": 360, "height": 700}},
        {"color_scheme": "light", "forced_colors": "active"},
    ],
    ids=["light", "dark", "phone", "forced colours"],
)
async def test_no_accessibility_rule_is_broken(
    browser: Browser, address: str, places: list[str], how: dict[str, Any]
) -> None:
    # The dark changes nothing but colours.
    rules = "{runOnly: ['color-contrast']}" if how["color_scheme"] == "dark" else "{}"
    async with visiting(browser, address, **how) as visit:
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


async def test_the_matches_of_a_thread_are_walked_one_after_the_other(browser: Browser, address: str) -> None:
    async with visiting(browser, address) as visit:
        await visit.open(f"/t/{UNDATED.id}")
        await visit.page.get_by_role("searchbox", name="Search in this thread").fill("lens")
        await visit.page.keyboard.press("Enter")
        await visit.page.wait_for_url("**?q=lens")
        await visit.page.get_by_role("link", name="Go to the first").click()
        visited = [await visit.page.locator("li.post:target").get_attribute("id")]
        while await visit.page.locator("li.post:target").get_by_role("link", name="next match").count():
            await visit.page.locator("li.post:target").get_by_role("link", name="next match").click()
            visited.append(await visit.page.locator("li.post:target").get_attribute("id"))
        assert visited == [str(post.ordinal) for post in UNDATED.posts if "lens " in post.text]


async def test_a_long_thread_has_pages_and_every_link_reaches_its_post(
    browser: Browser, address: str
) -> None:
    async with visiting(browser, address) as visit:
        await visit.open(f"/t/{LONG.id}")
        assert await visit.page.locator("li.post").count() == 200
        await visit.page.get_by_role("link", name="Further").click()
        assert await visit.page.locator("li.post").first.get_attribute("id") == "201"
        # An address made before there were pages leads to an entry that leads on.
        await visit.open(f"/t/{LONG.id}#333")
        await visit.page.locator("a:target").click()
        await visit.page.wait_for_url("**?page=2#333")
        assert "number 333" in await visit.page.locator("li.post:target .text").inner_text()
        await visit.open(f"/t/{LONG.id}?q=zebra")
        await visit.page.get_by_role("link", name="Go to the first").click()
        assert "zebra" in await visit.page.locator("li.post:target mark").inner_text()


async def test_lists_are_filtered_and_the_language_is_switched_without_a_script_or_a_cookie(
    browser: Browser, address: str
) -> None:
    async with visiting(browser, address, java_script_enabled=False) as visit:
        await visit.open("/threads")
        await visit.page.get_by_text("Filter and sort").click()
        await visit.page.get_by_label("Words in title").fill("ferry 2021")
        await visit.page.get_by_label("Sort by").select_option("length")
        await visit.page.get_by_role("button", name="Show the list").click()
        titles = await visit.page.locator("ul.threads a.title").all_inner_texts()
        assert titles
        assert all("2021" in title for title in titles)
        await visit.page.get_by_role("link", name="Deutsch").click()
        await visit.page.wait_for_url("**/de/threads?*")
        assert await visit.page.locator("ul.threads a.title").all_inner_texts() == titles
        await visit.page.locator("ul.threads a.title").first.click()
        assert "/de/t/" in visit.page.url
        assert await visit.page.locator("html").get_attribute("lang") == "de"
        assert await visit.context.cookies() == []


async def test_links_in_posts_open_and_mentions_lead_to_their_author(browser: Browser, address: str) -> None:
    async with visiting(browser, address) as visit:
        await visit.open(f"/t/{LINKED.id}")
        link = visit.page.locator("li.post .text a").first
        assert await link.get_attribute("href") == "https://lamps.example/rings?a=1"
        assert await link.get_attribute("rel") == "nofollow noopener noreferrer"
        picture, quoted = await visit.page.locator("li.post figure.attachment").all()
        assert (await picture.inner_text()).split("\n") == [
            "Picture: a lens on a table https://lamps.example/lens.jpg"
        ]
        for figure, address_ in ((picture, PICTURES[0].address), (quoted, PICTURES[1].address)):
            shown = figure.locator("a.address")
            assert await shown.get_attribute("href") == address_
            assert await shown.get_attribute("rel") == "nofollow noopener noreferrer"
        assert await quoted.get_by_role("link", name="@ada_of_the_oder").get_attribute("href") == (
            "/author/ada_of_the_oder"
        )
        assert await visit.page.locator("main img, main video, main iframe").count() == 0
        await visit.page.get_by_role("link", name="@ada_of_the_oder").first.click()
        await visit.page.wait_for_url("**/author/ada_of_the_oder")


async def test_the_trend_opens_at_the_newest_month_on_a_phone(browser: Browser, address: str) -> None:
    async with visiting(browser, address, viewport={"width": 360, "height": 700}) as visit:
        await visit.open("/trend?q=ferry")
        box = await visit.page.locator(".scroll").bounding_box()
        last = await visit.page.locator("svg.picture .chart-bar-fill").last.bounding_box()
        assert box is not None
        assert last is not None
        assert box["x"] <= last["x"] <= box["x"] + box["width"]
        await visit.open("/trend?q=the")
        assert "too common" in await visit.page.locator(".none").inner_text()


async def test_combining_marks_stay_inside_their_post(browser: Browser, address: str) -> None:
    async with visiting(browser, address) as visit:
        await visit.open(f"/t/{LINKED.id}")
        for place in ("li.post .text >> nth=-1", "h1"):
            assert await visit.page.locator(place).evaluate("one => getComputedStyle(one).overflow") == "clip"


async def test_print_is_dark_on_white_with_the_source(browser: Browser, address: str) -> None:
    async with visiting(browser, address, color_scheme="dark") as visit:
        await visit.page.emulate_media(media="print", color_scheme="dark")
        await visit.open(f"/t/{DATED[0].id}")
        paper = await visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
        ink = await visit.page.evaluate("getComputedStyle(document.body).color")
        assert contrast(paper, "rgb(255, 255, 255)") == 1
        assert contrast(paper, ink) > 15
        assert not await visit.page.locator("nav").first.is_visible()
        after = await visit.page.locator("a.original").first.evaluate(
            "one => getComputedStyle(one, '::after').content"
        )
        assert str(DATED[0].posts[0].url) in after


async def test_a_very_long_question_is_a_small_heading(browser: Browser, address: str) -> None:
    async with visiting(browser, address) as visit:
        await visit.open(f"/ask?q={'why+does+the+ferry+cross+' * 35}")
        box = await visit.page.locator("h1").bounding_box()
        assert box is not None
        assert box["height"] < 130
