"""Pictures and quoted posts on every page and in every form of a thread: marked, and never loaded."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from bot.web.export_formats import text_with_addresses
from bot.web.post_text import Figure, figures_of, runs_of
from bot.web.site import Site
from retrieval.archive import Archive
from retrieval.formats.import_types import SavedFile
from retrieval.model import Attachment, AttachmentKind, Post, Scope, Thread
from tests.bot.web.conftest import client_of
from tests.bot.web.hostile import hostile_threads
from tests.retrieval.readers.records import document, mastodon_status

CAT, QUOTED = "https://lace.example/media/cat.jpg", "https://lace.example/@bo/7"
STATUS = mastodon_status(
    0,
    "<p>The keepers of the quay drew a cat into every book of lamps they ever kept.</p>",
    media_attachments=[{"type": "image", "url": CAT, "description": "A cat with a <lamp>"}],
    quote={"quoted_status": {"url": QUOTED}},
)
TEXT = (
    "The keepers of the quay drew a cat into every book of lamps they ever kept."
    f"\n[image: A cat with a <lamp>]\n[quoted post: {QUOTED}]"
)
HANGING = [
    {"kind": "image", "address": CAT, "description": "A cat with a <lamp>"},
    {"kind": "quoted post", "address": QUOTED, "description": None},
]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[tuple[Archive, Scope, Thread]]:
    with Archive.open(tmp_path / "pictures.db", handbook=tmp_path / "none") as archive:
        archive.import_file(SavedFile("saved.json", document([STATUS])))
        scope = archive.catalog.scope()
        (summary,) = archive.catalog.threads(scope)
        yield archive, scope, archive.catalog.thread(summary.id, scope)


async def test_a_thread_s_page_marks_what_hangs_on_a_post_and_loads_nothing(
    kept: tuple[Archive, Scope, Thread],
) -> None:
    archive, _, thread = kept
    async with client_of(Site(archive, bytes(32))) as pages:
        for root, kinds in (("", ("Picture:", "Quoted post:")), ("/de", ("Bild:", "Zitierter Beitrag:"))):
            async with pages.get(f"{root}/t/{thread.id}?q=cat+lamp") as reply:
                page = LexborHTMLParser(await reply.text())
            (words,) = page.css("li.post .text")
            assert words.text() == TEXT.partition("\n")[0]
            picture, quoted = page.css("li.post figure.attachment")
            assert [node.text() for node in page.css("figure .kind")] == list(kinds)
            (described,) = picture.css(".described")
            assert described.text() == "A cat with a <lamp>"
            assert [node.text() for node in described.css("mark")] == ["cat", "lamp"]
            for figure, address in ((picture, CAT), (quoted, QUOTED)):
                (link,) = figure.css("a.address")
                assert (link.text(), link.attributes["href"]) == (address, address)
                assert link.attributes["rel"] == "nofollow noopener noreferrer"
            assert page.css("main img, main video, main iframe, main script, main object") == []


async def test_every_plain_form_keeps_description_and_address(kept: tuple[Archive, Scope, Thread]) -> None:
    archive, _, thread = kept
    async with client_of(Site(archive, bytes(32))) as pages:

        async def read(path: str) -> aiohttp.ClientResponse:
            reply = await pages.get(path)
            await reply.read()
            assert reply.status == 200
            return reply

        text = await (await read(f"/t/{thread.id}.txt")).text()
        assert f"[image: A cat with a <lamp>]\n[image: {CAT}]\n[quoted post: {QUOTED}]\n/1" in text
        markdown = await (await read(f"/t/{thread.id}.md")).text()
        assert CAT in markdown
        assert "A cat with a \\<lamp\\>" in markdown
        (post,) = (await (await read(f"/t/{thread.id}.json")).json())["posts"]
        assert (post["text"], post["attachments"]) == (TEXT, HANGING)
        feed = ET.fromstring(await (await read("/feed.atom")).text())  # noqa: S314 - our own
        content = "".join(feed.itertext())
        assert "A cat with a <lamp>" in content
        assert CAT in content


def test_a_saved_text_is_read_with_what_hung_on_its_posts(kept: tuple[Archive, Scope, Thread]) -> None:
    shown = text_with_addresses(kept[2].posts[0])
    assert figures_of(Post(1, shown), (), {}) == (
        Figure("image", (("A cat with a <lamp>", False),)),
        Figure("image", addresses=(CAT,)),
        Figure("quoted", addresses=(QUOTED,)),
    )


def test_what_hangs_on_posts_survives_an_export_and_goes_with_its_author(
    kept: tuple[Archive, Scope, Thread], tmp_path: Path
) -> None:
    archive, scope, thread = kept
    lines = "\n".join(archive.export()).encode()
    with Archive.open(tmp_path / "other.db", handbook=tmp_path / "none") as other:
        other.import_file(SavedFile("threads.jsonl", lines))
        again = other.catalog.thread(thread.id, other.catalog.scope())
        assert again.posts == thread.posts
        assert other.ask("cat lamp", other.catalog.scope()).excerpts[0].post == thread.posts[0]
    assert thread.author is not None
    assert archive.forget_author(thread.author).threads == 1
    assert archive.catalog.threads(scope) == []
    archive.close()
    for path in tmp_path.glob("pictures.db*"):
        assert b"cat.jpg" not in path.read_bytes(), path.name


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Look.\n[image: A cat]", (Figure("image", (("A cat", False),)),)),
        (f"Look.\n[video: {CAT}]", (Figure("video", addresses=(CAT,)),)),
        ("[image: no description]", (Figure("image"),)),
        (
            "So:\n[quoted post: https://x.com/ada/status/5]",
            (Figure("quoted", addresses=("https://x.com/ada/status/5",), author="@ada"),),
        ),
        (
            "[quoted post: https://x.com/i/status/5]",
            (Figure("quoted", addresses=("https://x.com/i/status/5",)),),
        ),
        ("[image: javascript:alert(1)]", (Figure("image", (("javascript:alert(1)", False),)),)),
        ("I write [image: A cat] in the middle\n[image: A cat]\nand go on.", ()),
        ("[image: ]", ()),
        ("[hologram: A cat]", ()),
        ("", ()),
    ],
)
def test_posts_that_earlier_versions_kept_are_marked_by_their_lines(
    text: str, figures: tuple[Figure, ...]
) -> None:
    assert figures_of(Post(1, text), (), {}) == figures


def test_a_quoted_author_is_a_link_only_to_a_page_that_there_is() -> None:
    post = Post(1, "[quoted post: https://x.com/Ada/status/5]")
    (known,) = figures_of(post, (), {"ada": "/author/ada"})
    (unknown,) = figures_of(post, (), {"bo": "/author/bo"})
    assert (known.author, known.author_path, unknown.author_path) == ("@Ada", "/author/ada", None)


def test_pictures_of_one_description_are_one_figure_and_those_without_a_line_come_last() -> None:
    cats = tuple(Attachment(AttachmentKind.IMAGE, f"https://a.example/{n}", "A cat") for n in (1, 2))
    bare = Attachment(AttachmentKind.IMAGE, "https://a.example/3")
    assert figures_of(Post(1, "Look.\n[image: A cat]", attachments=(*cats, bare)), (), {}) == (
        Figure("image", (("A cat", False),), ("https://a.example/1", "https://a.example/2")),
        Figure("image", addresses=("https://a.example/3",)),
    )


@given(thread=hostile_threads(), lined=st.booleans())
def test_words_and_figures_together_hold_all_that_is_known_and_link_to_the_web_only(
    thread: Thread, *, lined: bool
) -> None:
    for post in thread.posts:
        lines = "".join(f"\n{one.line}" for one in post.attachments) if lined else ""
        hung = Post(1, post.text + lines, attachments=post.attachments)
        words = "".join(piece for run in runs_of(hung, (), {}) for piece, _ in run.pieces)
        figures = figures_of(hung, (), {})
        assert hung.text.startswith(words)
        shown = words + "".join(piece for one in figures for piece, _ in one.pieces)
        addresses = {address for one in figures for address in one.addresses}
        assert all(address.startswith(("https://", "http://")) for address in addresses)
        for attachment in post.attachments:
            assert (attachment.description or "") in shown
