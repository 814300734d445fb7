"""The rules of Atom (RFC 4287, 3339, 4151), sitemaps.org and OpenSearch 1.1, each as a check. Pure.

Their schemas come with no package, so each rule that a document of Bobbin's can break is written out here.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

__all__ = ["ATOM", "OPENSEARCH", "SITEMAP", "check_feed", "check_opensearch", "check_robots", "check_sitemap"]

ATOM: Final = "{http://www.w3.org/2005/Atom}"
SITEMAP: Final = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
OPENSEARCH: Final = "{http://a9.com/-/spec/opensearch/1.1/}"
XHTML: Final = "{http://www.w3.org/1999/xhtml}"

_ONCE = ("id", "title", "updated")
_FEED = {"author", "category", "contributor", "generator", "icon", "id", "link", "logo", "rights"} | {
    "subtitle",
    "title",
    "updated",
    "entry",
}
_ENTRY = {"author", "category", "content", "contributor", "id", "link", "published", "rights", "source"} | {
    "summary",
    "title",
    "updated",
}
_AT_MOST_ONCE = (
    "generator",
    "icon",
    "logo",
    "rights",
    "subtitle",
    "content",
    "published",
    "source",
    "summary",
)
_TAG_URI = re.compile(r"tag:[a-z0-9.-]+,\d{4}(?:-\d\d){0,2}:[A-Za-z0-9\-._~:@!$&'()*+,;=%/?]*")
_REFERENCE = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_MEDIA = re.compile(r"[\w.+-]+/[\w.+-]+")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_TEMPLATE = re.compile(
    r"\{(?:searchTerms|count|startIndex|startPage|language|inputEncoding|outputEncoding)\??\}"
)
_INLINE = {f"{XHTML}{name}" for name in ("br", "a", "span", "em", "strong")}


def _is_address(text: str | None, *, whole: bool = True) -> bool:
    """Return whether a text is an address that needs no further escaping; ``whole`` ones name a host."""
    if not text or not _REFERENCE.fullmatch(text) or re.search(r"%(?![0-9A-Fa-f]{2})", text):
        return False
    parts = urlsplit(text)
    return bool(parts.scheme in {"http", "https"} and parts.hostname) if whole else True


def check_feed(body: str, *, public: bool) -> ET.Element:
    """Hold an Atom feed to RFC 4287; ``public`` ones name whole addresses. Return its root."""
    feed = ET.fromstring(body)  # noqa: S314 - our own page
    assert feed.tag == f"{ATOM}feed"
    assert _LANGUAGE.fullmatch(feed.attrib["{http://www.w3.org/XML/1998/namespace}lang"])
    assert {child.tag.removeprefix(ATOM) for child in feed} <= _FEED
    entries = feed.findall(f"{ATOM}entry")
    authors = feed.findall(f"{ATOM}author")
    assert authors or all(entry.find(f"{ATOM}author") is not None for entry in entries)
    seen = [(entry.findtext(f"{ATOM}id"), entry.findtext(f"{ATOM}updated")) for entry in entries]
    assert len(set(seen)) == len(seen)
    for element in (feed, *entries):
        _check_container(element, public=public)
    relations = [link.attrib.get("rel", "alternate") for link in feed.findall(f"{ATOM}link")]
    assert relations.count("self") == 1
    for entry in entries:
        assert {child.tag.removeprefix(ATOM) for child in entry} <= _ENTRY
        content = entry.find(f"{ATOM}content")
        assert content is not None
        assert content.attrib == {"type": "xhtml"}
        (only,) = content
        assert only.tag == f"{XHTML}div"
        assert not (content.text or "").strip()
        _check_flow(only)
    return feed


def _check_container(element: ET.Element, *, public: bool) -> None:
    for name in _ONCE:
        assert len(element.findall(f"{ATOM}{name}")) == 1, name
    for name in _AT_MOST_ONCE:
        assert len(element.findall(f"{ATOM}{name}")) <= 1, name
    assert _TAG_URI.fullmatch(str(element.findtext(f"{ATOM}id"))), element.findtext(f"{ATOM}id")
    assert str(element.findtext(f"{ATOM}title")).strip(), "a title that says something"
    for name in ("updated", "published"):
        for moment in element.findall(f"{ATOM}{name}"):
            assert _TIME.fullmatch(str(moment.text)), moment.text
            assert datetime.fromisoformat(str(moment.text)).tzinfo
    for name in ("title", "summary", "subtitle", "rights"):
        for text in element.findall(f"{ATOM}{name}"):
            assert text.attrib.get("type", "text") == "text"
            assert len(text) == 0
    for person in element.findall(f"{ATOM}author"):
        (name_of,) = person.findall(f"{ATOM}name")
        assert str(name_of.text or "").strip(), "an author with a name"
        assert {child.tag.removeprefix(ATOM) for child in person} <= {"name", "uri", "email"}
    alternates = []
    for link in element.findall(f"{ATOM}link"):
        assert _is_address(link.attrib["href"], whole=public), link.attrib["href"]
        assert _MEDIA.fullmatch(link.attrib.get("type", "text/html"))
        if link.attrib.get("rel", "alternate") == "alternate":
            alternates.append((link.attrib.get("type"), link.attrib.get("hreflang")))
    assert len(set(alternates)) == len(alternates)


def _check_flow(element: ET.Element) -> None:
    """Hold what stands in a content to XHTML: lists of items, items and paragraphs of text."""
    for child in element:
        if element.tag in {f"{XHTML}ol", f"{XHTML}ul"}:
            assert child.tag == f"{XHTML}li"
        elif element.tag in {f"{XHTML}p", f"{XHTML}a"}:
            assert child.tag in _INLINE
        assert child.tag.startswith(XHTML)
        _check_flow(child)
    if element.tag in {f"{XHTML}ol", f"{XHTML}ul"}:
        assert len(element), "a list has items"
        assert not (element.text or "").strip()


def check_sitemap(body: str, address: str) -> list[str]:
    """Hold a sitemap, or an index of some, to sitemaps.org; return the addresses in it."""
    assert len(body.encode()) <= 50 * 2**20
    root = ET.fromstring(body)  # noqa: S314 - our own page
    kind = {f"{SITEMAP}urlset": "url", f"{SITEMAP}sitemapindex": "sitemap"}[root.tag]
    assert 1 <= len(root) <= 50_000
    listed = []
    for item in root:
        assert item.tag == f"{SITEMAP}{kind}"
        (loc,) = item.findall(f"{SITEMAP}loc")
        assert {child.tag.removeprefix(SITEMAP) for child in item} <= {
            "loc",
            "lastmod",
            "changefreq",
            "priority",
        }
        assert _is_address(loc.text), loc.text
        assert len(str(loc.text)) < 2_048
        # Only addresses of the sitemap's own place may stand in it.
        assert str(loc.text).startswith(address.rsplit("/", 1)[0] + "/"), loc.text
        listed.append(str(loc.text))
    assert len(set(listed)) == len(listed)
    return listed


def check_opensearch(body: str) -> ET.Element:
    """Hold a description to OpenSearch 1.1 (draft 6); return its root."""
    root = ET.fromstring(body)  # noqa: S314 - our own page
    assert root.tag == f"{OPENSEARCH}OpenSearchDescription"
    for name, most in (("ShortName", 16), ("Description", 1_024)):
        (element,) = root.findall(f"{OPENSEARCH}{name}")
        assert len(element) == 0
        assert 1 <= len(str(element.text)) <= most
    for name, most in (("Contact", 10_000), ("Tags", 256), ("LongName", 48), ("Developer", 64)):
        assert all(len(str(found.text)) <= most for found in root.findall(f"{OPENSEARCH}{name}"))
    urls = root.findall(f"{OPENSEARCH}Url")
    assert urls
    for url in urls:
        template = _TEMPLATE.sub("x", url.attrib["template"])
        assert _is_address(template), template
        assert _MEDIA.fullmatch(url.attrib["type"])
        assert url.attrib.get("rel", "results") in {"results", "suggestions", "self", "collection"}
        assert int(url.attrib.get("indexOffset", 1)) >= 0
    assert any("{searchTerms}" in url.attrib["template"] for url in urls)
    for image in root.findall(f"{OPENSEARCH}Image"):
        assert _is_address(image.text)
        assert int(image.attrib["width"]) > 0
        assert int(image.attrib["height"]) > 0
        assert image.attrib["type"].startswith("image/")
    for language in root.findall(f"{OPENSEARCH}Language"):
        assert language.text == "*" or _LANGUAGE.fullmatch(str(language.text))
    for name in ("InputEncoding", "OutputEncoding"):
        assert all(found.text == "UTF-8" for found in root.findall(f"{OPENSEARCH}{name}"))
    return root


def check_robots(body: str) -> Sequence[str]:
    """Hold a robots.txt to RFC 9309; return the paths that nobody may crawl."""
    lines = [line for line in body.splitlines() if line]
    assert lines[0] == "User-agent: *"
    rules = [line.partition(": ") for line in lines[1:]]
    assert {name for name, _, _ in rules} <= {"Disallow", "Allow", "Sitemap"}
    assert all(_is_address(value) for name, _, value in rules if name == "Sitemap")
    assert all(value.startswith("/") for name, _, value in rules if name == "Disallow")
    return [value for name, _, value in rules if name == "Disallow"]
