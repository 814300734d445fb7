"""The pages and their paths below the site's root."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.web.api import api_routes
from bot.web.ask import ask, ask_json, find_question
from bot.web.browse import author, authors, front, threads
from bot.web.downloads import citation_file, oembed, own_plain_thread, plain_thread
from bot.web.editions import edition, edition_feed, editions
from bot.web.machines import feed, opensearch, robots, sitemap, sitemap_part
from bot.web.page import Page, PageRequest
from bot.web.quotes import find_quote, verify, verify_json
from bot.web.site import Site
from bot.web.thread import cite, find_thread, own_thread, thread
from bot.web.trend import trend
from bot.web.when import find_words, when, when_csv, when_json

__all__ = ["ROUTES", "Route"]

_SEARCH: Final = 4.0
_FORM: Final = "{form:txt|md|json}"


@dataclass(frozen=True, slots=True)
class Route:
    """A page's path, the function that makes it, and the tokens that a request costs at least.

    ``find`` raises what ``make`` would where there is no such page, without making it, and returns an empty
    page of its kind; ``private`` pages have no state that a client may keep.
    """

    path: str
    make: Callable[[Site, PageRequest], Page]
    cost: float = 1.0
    find: Callable[[Site, PageRequest], Page] | None = None
    private: bool = False


ROUTES: Final = (
    Route("/", front),
    Route("/ask", ask, _SEARCH, find_question),
    Route("/ask.json", ask_json, _SEARCH, find_question),
    Route("/verify", verify, _SEARCH, find_quote),
    Route("/verify.json", verify_json, _SEARCH, find_quote),
    Route("/when", when, _SEARCH, find_words),
    Route("/when.json", when_json, _SEARCH, find_words),
    Route("/when.csv", when_csv, _SEARCH, find_words),
    Route("/trend", trend, _SEARCH, find_question),
    *(Route(path, make, _SEARCH) for path, make in api_routes()),
    Route("/threads", threads),
    Route("/authors", authors),
    Route("/author/{author:.+}", author),
    Route("/feed.atom", feed, _SEARCH),
    Route("/sitemap.xml", sitemap),
    Route(r"/sitemap-{number:[1-9]\d{0,5}}.xml", sitemap_part, _SEARCH),
    Route("/opensearch.xml", opensearch),
    Route("/robots.txt", robots, 0.0),
    Route("/t/{thread}.oembed", oembed),
    Route("/t/{thread}.{form:csl\\.json|bib}", citation_file),
    Route(f"/t/{{thread}}.{_FORM}", plain_thread),
    Route("/t/{thread}/cite", cite, find=find_thread),
    Route("/t/{thread}", thread, find=find_thread),
    Route(f"/s/{{token}}/{{thread}}.{_FORM}", own_plain_thread, private=True),
    Route("/s/{token}/{thread}", own_thread, private=True),
    Route("/d/{token}", editions, private=True),
    Route("/d/{token}/feed.atom", edition_feed, private=True),
    Route(r"/d/{token}/{day:\d{4}-\d\d-\d\d}", edition, _SEARCH, private=True),
)
