"""Nothing out of the archive or of an address becomes anything but text on a page."""

import contextlib
import re
import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader, nodes
from selectolax.lexbor import LexborHTMLParser

import bot.web
from bot.web.ask import ask
from bot.web.browse import author, authors, front, threads
from bot.web.error_pages import BadRequestError, GoneError
from bot.web.page import Page, PageRequest, valid_utf8
from bot.web.rate_limit import Rate
from bot.web.site import Site
from bot.web.thread import thread
from bot.web.trend import trend
from retrieval.archive import Archive
from retrieval.model import Thread
from tests.bot.web.hostile import INJECTIONS, hostile_texts, hostile_threads
from tests.bot.web.threads import keep_threads

TEMPLATES = Path(bot.web.__file__).parent / "templates"
HANGING = re.compile(r"(?:(?:^|\n)\[(?:image|video|quoted post|link): [^\n]+\])+\Z")
TAGS = re.compile(r"<([a-z][a-z0-9]*)")
PLAIN = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@dataclass(frozen=True)
class Seen:
    """A parsed page: its elements with the names of their attributes, and its texts."""

    page: LexborHTMLParser

    @property
    def skeleton(self) -> list[tuple[str, tuple[str, ...]]]:
        for node in self.page.css("li.post .text a"):
            node.unwrap()  # links are held by a test of their own
        for node in self.page.css("li.post figure, li.post .text"):
            node.decompose()  # and so is what hangs on a post, which may be all of it
        return [(str(node.tag), tuple(sorted(node.attributes))) for node in self.page.css("*")]

    def texts(self, selector: str) -> list[str]:
        return [node.text() for node in self.page.css(selector)]


def seen(page: Page) -> Seen:
    assert isinstance(page.body, str)
    return Seen(LexborHTMLParser(page.body))


def as_parsed(text: str) -> str:
    """A text as HTML can hold it: one kind of line end, no lone surrogate."""
    sound = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return sound.replace("\r\n", "\n").replace("\r", "\n")


def harmless(whole: Thread) -> Thread:
    """The same thread with a harmless word wherever somebody could have written something."""
    posts = tuple(
        replace(post, text=f"word {post.ordinal}", author="name" if post.author else None, url=post.url)
        for post in whole.posts
    )
    return replace(
        whole,
        posts=posts,
        author="name" if whole.author else None,
        title="title" if whole.title else None,
    )


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with Archive.open(tmp_path / "archive.db") as archive:
        yield Site(archive, bytes(32), rate=Rate(1e9, 1e9))


def asking(path: Mapping[str, str] | None = None, **query: str) -> PageRequest:
    return PageRequest(path or {}, {name: valid_utf8(value) for name, value in query.items()})


def page_of(site: Site, whole: Thread, **query: str) -> Seen:
    return seen(thread(site, asking({"thread": whole.id}, **query)))


@contextlib.contextmanager
def only(site: Site, whole: Thread) -> Iterator[Thread]:
    """Keep a thread for as long as the context lasts; give it as the archive has it."""
    keep_threads(site.archive, [whole])
    (listed,) = site.archive.catalog.threads(site.scope())
    yield site.archive.catalog.thread(listed.id, site.scope())
    site.archive.take_back([source.id for source in site.archive.catalog.sources()])


@given(hostile_threads(), hostile_texts)
@PLAIN
def test_a_thread_s_page_has_the_elements_of_a_harmless_one_and_every_word(
    site: Site, whole: Thread, question: str
) -> None:
    with only(site, whole) as kept:
        shown, marked = page_of(site, kept), page_of(site, kept, q=question[:1000])
    with only(site, harmless(kept)) as calm:
        expected = page_of(site, calm).skeleton
    words = [HANGING.sub("", post.text) for post in kept.posts]
    assert shown.texts("li.post .text") == [as_parsed(text) for text in words if text]
    assert marked.texts("li.post .text") == shown.texts("li.post .text")
    assert {tag for node in shown.page.css("li.post .text *") if (tag := node.tag)} <= {"a"}
    assert shown.skeleton == expected
    assert {tag for tag, _ in marked.skeleton} <= {tag for tag, _ in expected} | {"a", "mark", "p"}


@given(st.lists(hostile_threads(), min_size=1, max_size=3))
@PLAIN
def test_lists_and_answers_hold_no_element_out_of_a_post(site: Site, whole: list[Thread]) -> None:
    keep_threads(site.archive, whole)
    allowed = set(TAGS.findall("".join(path.read_text() for path in TEMPLATES.glob("*.html"))))
    pages = [front(site, PageRequest()), threads(site, PageRequest()), authors(site, PageRequest())]
    pages += [
        author(site, PageRequest({"author": one.name})) for one in site.archive.catalog.authors(site.scope())
    ]
    pages += [ask(site, asking(q=post.text[:1000])) for post in whole[0].posts if post.text.strip()]
    for page in map(seen, pages):
        for tag, attributes in page.skeleton:
            assert tag in allowed
            assert not [name for name in attributes if name.startswith("on") or name == "style"]
        for node in page.page.css("[href], [src], [action]"):
            for name in {"href", "src", "action"} & node.attributes.keys():
                assert re.match(r"/|#|https?://", node.attributes[name] or "")


@given(hostile_texts)
@example("".join(INJECTIONS)[:1000])
@PLAIN
def test_a_question_in_an_address_is_text_wherever_it_is_repeated(site: Site, question: str) -> None:
    for make in (ask, trend):
        calm = seen(make(site, PageRequest(query={"q": "zzzz"}))).skeleton
        shown = seen(make(site, asking(q=question)))
        if question.split():
            assert shown.skeleton == calm
    assert seen(ask(site, asking(q=question))).texts("h1")


@given(hostile_texts)
@PLAIN
def test_no_address_is_trouble(site: Site, text: str) -> None:
    for make, asked in (
        (thread, asking({"thread": valid_utf8(text)}, q=text, m=text)),
        (author, asking({"author": valid_utf8(text)}, page=text)),
        (threads, asking(collection=text, page=text)),
        (threads, asking(page=text)),
        (ask, asking(q=text, n=text)),
    ):
        try:
            assert make(site, asked).status == 200
        except (GoneError, BadRequestError, LookupError):
            continue


def test_no_template_lets_anything_through_unescaped() -> None:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    for path in TEMPLATES.iterdir():
        tree = environment.parse(path.read_text())
        filters = {node.name for node in tree.find_all(nodes.Filter)}
        assert filters <= {"day", "length", "line", "urlencode", "xml"}, path.name
        assert not list(tree.find_all(nodes.ScopedEvalContextModifier)), path.name
        # An attribute without quotation marks would end at the first space.
        assert not re.search(r"\s[a-z-]+=\{\{", path.read_text()), path.name
    python = "".join(path.read_text() for path in TEMPLATES.parent.glob("*.py"))
    assert python.count("Markup(") == 1


def test_an_address_quotes_what_it_is_given() -> None:
    environment = Environment(autoescape=True)
    for text in INJECTIONS:
        sound = text.encode("utf-8", "replace").decode()
        made = environment.from_string("{{ text | urlencode }}").render(text=sound)
        assert urllib.parse.unquote(made) == sound
        assert not set(made) & set("<>\"'& ")
