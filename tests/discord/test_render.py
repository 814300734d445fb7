"""Every recorded message is drawn with all its words, and nothing of others is markup there."""

import re
import sys
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.bot.web.browsers import needs_browser
from tests.discord import render
from tests.discord.components import displayed_text, walk
from tests.discord.markup import html_of

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TAGS = {
    "article",
    "b",
    "blockquote",
    "br",
    "button",
    "code",
    "div",
    "h1",
    "h2",
    "h3",
    "header",
    "hr",
    "i",
    "label",
}
TAGS |= {"li", "p", "section", "small", "span", "strong", "time", "a"}


class Tags(HTMLParser):
    """Collect the tags and the words of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.words += data


def test_every_recorded_message_is_drawn_with_all_its_words_and_no_tag_of_others() -> None:
    drawn = 0
    for language, _, cases in render.pages():
        for name, answer in cases:
            page = Tags(render.message_html(answer, language))
            assert page.tags <= TAGS, name
            if isinstance(answer, dict):
                markup = re.sub(r"<[^>]+>|\(<[^)]*>\)", "", displayed_text(answer).replace("\\", ""))
                for word in re.findall(r"\w{4,}", markup):
                    assert word in page.words, f"{name} of {language}"
                labels = [str(part["label"]) for part in walk(answer["components"]) if part.get("label")]
                assert all(label in page.words for label in labels), name
            drawn += 1
    assert drawn > 400


@pytest.mark.parametrize(
    ("markup", "html"),
    [
        ("### Title\n-# small", "<h3>Title</h3><small>small</small>"),
        ("> one\n> two", "<blockquote>one<br>two</blockquote>"),
        (r"\*\*not bold\*\* **bold**", "<p>**not bold** <strong>bold</strong></p>"),
        ("[original](<https://a.example/?b&c>)", '<p><a href="https://a.example/?b&amp;c">original</a></p>'),
        ("<t:1714521600:D>", "<p><time>May 1, 2024</time></p>"),
        ("</ask:1> <#hall> <@&2>", None),
        ("<b>&", "<p>&lt;b&gt;&amp;</p>"),
    ],
)
def test_markup_is_drawn_as_discord_draws_it(markup: str, html: str | None) -> None:
    drawn = html_of(markup, "en", NOW)
    assert drawn == html if html else drawn.count('class="mention"') == 3


def test_without_a_browser_there_are_pages_and_a_reason_for_no_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "argv", ["render", str(tmp_path), "de-ask"])
    render.main()
    assert "1 pages" in (said := capsys.readouterr().out)
    assert "there is no Chromium" in said
    assert [path.name for path in tmp_path.iterdir()] == ["de-ask.html"]


@needs_browser
def test_a_page_has_a_picture_in_each_theme_and_width(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["render", str(tmp_path), "en-trend"])
    render.main()
    assert sorted(path.stem for path in tmp_path.glob("*.png")) == [
        f"en-trend-{theme}-{width}" for theme in ("dark", "light") for width in (320, 560)
    ]
