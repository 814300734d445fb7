"""Render every message of Bobbin's as HTML and take screenshots: ``python -m tests.discord.render FOLDER``.

The messages, forms and completions are those recorded in ``tests/golden/recorded/chat``: each command, button
and menu in each language. A page shows those of one command; a picture of it is taken in dark and light, at
560 and 320 pixels, where Chromium is installed.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.bot.web.browsers import LAUNCH, chromium
from tests.discord.components import SELECTS
from tests.discord.markup import html_of

__all__ = ["main", "message_html", "page_html", "pages", "screenshots"]

#: Why there are pages but no pictures.
_NO_BROWSER = "no pictures: there is no Chromium; Debian's package chromium brings it"
_RECORDED = Path(__file__).resolve().parents[1] / "golden" / "recorded" / "chat"
_NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
_THEMES = ("dark", "light")
#: The widths of a message, in pixels, and how many stand beside each other in a picture.
_WIDTHS = {560: 3, 320: 5}
_BUTTONS = {1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link"}
#: A text, or a name in the place of an id, which has no quotes around it in the recorded JSON.
_NAMED = re.compile(r'"(?:\\.|[^"\\])*"|\{(\w+)\}')
_STYLE = """
:root { --page: #313338; --card: #2b2d31; --line: #3f4147;
  --words: #dbdee1; --aside: #949ba4;
  --link: #00a8fc; --button: #4e5058; --mention: #3c4270; --named: #c9cdfb;
  --bar: #4e5058; --field: #1e1f22; }
:root.light { --page: #fff; --card: #f2f3f5; --line: #d9dade;
  --words: #313338; --aside: #5c5e66;
  --link: #006ce7; --button: #6d6f78; --mention: #dfe1fb; --named: #3d48b8;
  --bar: #c4c9ce; --field: #e3e5e8; }
* { box-sizing: border-box; }
body { margin: 0; padding: 8px; background: var(--page); color: var(--words);
  font: 16px/22px "Noto Sans", "Noto Color Emoji", sans-serif; overflow-wrap: anywhere; }
main { columns: var(--width, 560px); column-gap: 16px; }
article { break-inside: avoid; padding: 8px 0 16px; }
h6 { margin: 0; color: var(--aside); font: 11px/14px monospace; }
header { font-size: 14px; line-height: 22px; } header span { padding: 0 4px; border-radius: 4px; color: #fff;
  background: #5865f2; font-size: 10px; } header i { color: var(--aside); font-size: 12px; }
.card { padding: 16px; border: 1px solid var(--line); border-left: 4px solid; border-radius: 8px;
  background: var(--card); }
.card > * { margin: 8px 0 0; } .card > :first-child { margin: 0; }
p, h1, h2, h3, small, blockquote, li { display: block; margin: 0 0 4px; white-space: pre-wrap; }
li { display: list-item; margin-left: 20px; }
.text > :last-child { margin-bottom: 0; }
h1, h2, h3 { font-size: 20px; line-height: 24px; } h3 { font-size: 16px; line-height: 22px; }
small { color: var(--aside); font-size: 14px; line-height: 19.25px; }
blockquote { padding-left: 12px; border-left: 4px solid var(--bar); }
a { color: var(--link); text-decoration: none; }
code { padding: 0 4px; border: 1px solid var(--line); border-radius: 3px; font-size: 14px; }
.mention { padding: 0 2px; border-radius: 3px; background: var(--mention); color: var(--named); }
.section { display: flex; gap: 16px; align-items: start; } .section > div { flex: 1; min-width: 0; }
.row { display: flex; flex-wrap: wrap; gap: 8px; }
button { min-height: 32px; padding: 2px 12px; border: 0; border-radius: 8px; color: #fff;
  font: 14px/20px inherit; font-family: inherit; background: var(--button); } button:disabled { opacity: .5; }
.primary { background: #5865f2; } .success { background: #248045; } .danger { background: #da373c; }
hr { border: 0; border-top: 1px solid var(--line); }
.field { width: 100%; padding: 8px 12px; border-radius: 4px; background: var(--field); color: var(--aside); }
.file { padding: 12px; border: 1px solid var(--line); border-radius: 8px; color: var(--link); }
.modal { padding: 16px; border-radius: 8px; background: var(--card); border: 1px solid var(--line); }
label { display: block; margin: 8px 0; }
"""


def pages(recorded: Path = _RECORDED) -> Iterator[tuple[str, str, list[tuple[str, Any]]]]:
    """Yield the language, the command, and its cases, names with answers, for each of them."""
    for language in sorted(path for path in recorded.iterdir() if path.is_dir()):
        for command in sorted(path for path in language.iterdir() if path.is_dir()):
            cases = [
                (path.relative_to(command).with_suffix("").as_posix(), answer)
                for path in sorted(command.rglob("*.json"))
                for answer in _answers(_read(path))
            ]
            if cases:
                yield language.name, command.name, cases


def page_html(language: str, cases: Iterable[tuple[str, Any]]) -> str:
    """Return a page with the cases in columns; its root has the theme and ``--width``, a message's."""
    shown = "".join(
        f'<article lang="{language}"><h6>{escape(name)}</h6>{message_html(answer, language)}</article>'
        for name, answer in cases
    )
    return (
        f'<!doctype html><html class="{_THEMES[0]}"><meta charset="utf-8"><title>Bobbin</title>'
        f"<style>{_fonts()}{_STYLE}</style><main>{shown}</main></html>"
    )


def message_html(answer: Any, language: str) -> str:
    """Return a message, a form, or the choices of a completion as HTML."""
    if isinstance(answer, list):
        return "".join(f'<div class="field">{escape(choice["name"])}</div>' for choice in answer)
    inside = "".join(_part(part, language) for part in answer.get("components", []))
    if "title" in answer:
        return f'<div class="modal"><h2>{escape(answer["title"])}</h2>{inside}</div>'
    private = "<i>only you can see this</i>" if answer.get("flags", 0) & 64 else ""
    return f"<header><b>Bobbin</b> <span>APP</span> {private}</header><section>{inside}</section>"


def screenshots(page: Page, file: Path) -> Iterator[Path]:
    """Take a picture of a page in each theme and width, beside its file; yield where they are."""
    page.goto(file.as_uri())
    cases = page.locator("article").count()
    for width, columns in _WIDTHS.items():
        page.set_viewport_size({"width": min(columns, cases) * (width + 16), "height": 400})
        for theme in _THEMES:
            look = "([theme, width]) => { document.documentElement.className = theme;"
            look += (
                " document.documentElement.style.setProperty('--width', width); return document.fonts.ready }"
            )
            page.evaluate(look, [theme, f"{width}px"])
            picture = file.with_name(f"{file.stem}-{theme}-{width}.png")
            page.screenshot(path=picture, full_page=True)
            yield picture


def _read(path: Path) -> list[Any]:
    text = path.read_text(encoding="utf-8")
    return json.loads(_NAMED.sub(lambda found: f'"{found[1]}"' if found[1] else found[0], text))  # type: ignore[no-any-return]


def _answers(recorded: list[Any]) -> Iterator[Any]:
    """Yield what people see of recorded requests: messages, forms, and the choices of a completion."""
    if recorded and "call" not in recorded[0]:
        yield recorded
    before = 0
    for request in recorded:
        body = request.get("json") or {}
        data = body.get("data") if body.get("type") else body
        if not isinstance(data, dict):
            continue
        # A deferral says whether what replaces it is private.
        before = data.get("flags", 0) or before
        if data.get("components"):
            yield {**data, "flags": data.get("flags", 0) | before}


def _part(part: Any, language: str) -> str:  # noqa: C901, PLR0911 - one line a kind
    inside = "".join(_part(child, language) for child in part.get("components") or [])
    match part["type"]:
        case 1:
            return f'<div class="row">{inside}</div>'
        case 2:
            label = " ".join(filter(None, ((part.get("emoji") or {}).get("name"), part.get("label"))))
            disabled = " disabled" if part.get("disabled") else ""
            arrow = " ↗" if "url" in part else ""
            return f'<button class="{_BUTTONS[part["style"]]}"{disabled}>{escape(label)}{arrow}</button>'
        case 4:
            return f'<div class="field">{escape(part.get("value") or part.get("placeholder") or " ")}</div>'
        case 9:
            return f'<div class="section"><div>{inside}</div>{_part(part["accessory"], language)}</div>'
        case 10:
            return f'<div class="text">{html_of(part["content"], language, _NOW)}</div>'
        case 12:
            return "".join(
                f'<div class="file">🖼 {escape(each["description"])}</div>' for each in part["items"]
            )
        case 13:
            return f'<div class="file">📄 {escape(part["file"]["url"].removeprefix("attachment://"))}</div>'
        case 14:
            return "<hr>"
        case 17:
            return f'<div class="card" style="border-left-color: #{part["accent_color"]:06x}">{inside}</div>'
        case 18:
            return f"<label>{escape(part['label'])}{_part(part['component'], language)}</label>"
        case kind if kind in SELECTS:
            chosen = [option["label"] for option in part.get("options") or [] if option.get("default")]
            chosen += [str(each["id"]) for each in part.get("default_values") or []]
            return f'<div class="field">{escape(", ".join(chosen) or part.get("placeholder") or "")} ▾</div>'
    raise ValueError(f"no picture of a component of type {part['type']}")


def _fonts() -> str:
    """Return rules for the fonts that SimCord brings, where it is installed."""
    found = find_spec("simcord")
    if found is None or found.origin is None:
        return ""
    folder = Path(found.origin).parent / "preview" / "static" / "fonts"
    fonts = {"Noto Sans": "noto-sans-latin-v*.ttf", "Noto Color Emoji": "noto-color-emoji-v*.ttf"}
    return "".join(
        f'@font-face {{ font-family: "{family}"; src: url("{path.as_uri()}"); font-weight: 100 900; }}'
        for family, pattern in fonts.items()
        for path in folder.glob(pattern)
    )


def main() -> None:
    """Write the pages, and the pictures where there is a browser."""
    parser = argparse.ArgumentParser(prog="python -m tests.discord.render", description=__doc__)
    parser.add_argument(
        "folder", type=Path, help="where pages and pictures go; it is made where it is missing"
    )
    parser.add_argument("pages", nargs="*", help="only these, such as de-ask")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    files = []
    for language, command, cases in pages():
        file = given.folder.resolve() / f"{language}-{command}.html"
        if not given.pages or file.stem in given.pages:
            file.write_text(page_html(language, cases), encoding="utf-8")
            files.append(file)
    if chromium() is None:
        sys.stdout.write(f"{len(files)} pages in {given.folder}; {_NO_BROWSER}\n")
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=LAUNCH)
        page = browser.new_page()
        pictures = [picture for file in files for picture in screenshots(page, file)]
        browser.close()
    sys.stdout.write(f"{len(files)} pages and {len(pictures)} pictures in {given.folder}\n")


if __name__ == "__main__":
    main()
