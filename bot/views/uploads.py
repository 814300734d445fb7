"""What a server's admins see of its own files: progress, reports, lists, and what a removal would take."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, ClassVar, Final

from discord import ButtonStyle
from discord.ui import Button, File, LayoutView

from bot.i18n import Translations
from bot.servers.unanswered import UNANSWERED_RETENTION, UnansweredWords
from bot.views.escape import escape_line
from bot.views.layout import BOBBIN, CALM, Part, layout, row, text
from bot.views.layout import date as day_of
from bot.views.settings import language_name
from retrieval.formats.import_types import FileReport, Forgotten, SourceFile

__all__ = [
    "PAGE",
    "PlainControl",
    "UploadControl",
    "bold_name",
    "file_list",
    "no_thread",
    "progress",
    "removal",
    "report_on",
    "unanswered",
]

PAGE: Final = 10
"""Files on a page of the list."""

_NAME, _REASON, _LINE = 100, 300, 150
_PARTS: Final = 6
_BAR: Final = 20


class UploadControl:
    """The custom_ids of buttons: what to do, and the page or the mark of the file it is done to (0: all)."""

    TEMPLATE: ClassVar[re.Pattern[str]] = re.compile(
        r"bob1u\.(?P<action>page|remove|keep)\.(?P<number>\d{1,15})(?:\.(?P<side>[bn]))?"
    )

    @staticmethod
    def custom_id(action: str, number: int, side: str = "") -> str:
        """Return the custom_id; ``side`` tells two buttons of one message apart that may do the same."""
        return f"bob1u.{action}.{number}.{side}" if side else f"bob1u.{action}.{number}"


class PlainControl:
    """The custom_ids of the button that imports a refused file as plain text.

    It holds the collection that the file was meant for, of at most 40 characters. The file itself hangs on
    the message, so that any later process finds it there.
    """

    TEMPLATE: ClassVar[re.Pattern[str]] = re.compile(r"bob1x\.(?P<collection>(?s:.{1,40}))")

    @staticmethod
    def custom_id(collection: str) -> str:
        """Return the custom_id for a file that was meant for a collection."""
        return f"bob1x.{collection}"


def bold_name(name: str) -> str:
    """Return a file's name as it is shown: inert, in bold."""
    return f"**{escape_line(name, _NAME) or '…'}**"


def progress(name: str, posts: int, share: float, translations: Translations) -> LayoutView:
    """Return how far an upload is: a bar, the share, and how many posts."""
    done = round(max(0.0, min(share, 1.0)) * _BAR)
    bar = "▰" * done + "▱" * (_BAR - done)
    sentence = translations.say(
        "uploads-reading", name=bold_name(name), percent=int(share * 100), count=posts
    )
    return layout([text(sentence, bar)], colour=CALM)


def no_thread(
    name: str, attached: File[Any] | None, collection: str, translations: Translations
) -> LayoutView:
    """Return that an upload shows no sign of a thread, with the button that imports it all the same.

    ``attached`` is the file, which hangs on the message for the button; ``None`` where it is too large for
    that, and then there is no button.
    """
    parts: list[Part] = [text(translations.say("uploads-no-thread", name=bold_name(name)))]
    if attached is None:
        return layout([*parts, text(f"-# {translations.say('uploads-plain-too-large')}")], colour=CALM)
    button: Button[Any] = Button(
        label=translations.say("uploads-plain"),
        style=ButtonStyle.secondary,
        custom_id=PlainControl.custom_id(collection),
    )
    view = layout([*parts, text(f"-# {translations.say('uploads-plain-means')}"), row(button)], colour=CALM)
    view.add_item(attached)
    return view


def report_on(
    name: str, reports: Sequence[FileReport], broken: str, translations: Translations
) -> LayoutView:
    """Return what came of an upload. ``broken`` is the sentence that says why it was broken off, or ""."""
    read = [report for report in reports if report.read]
    failed = [report for report in reports if report.error is not None]
    passed_over = _passed_over(reports, translations)
    parts: list[Part] = []
    if broken:
        before = translations.say("uploads-kept-before", count=len(read)) if read else ""
        parts.append(text(broken, before))
    elif not read and passed_over and not failed:
        sentence = translations.say("uploads-nothing-in-it", name=bold_name(name))
        return layout([text(sentence, passed_over)], colour=CALM)
    elif not read:
        reason = "; ".join(escape_line(report.error or "", _REASON) for report in failed[:1]) or "–"
        return layout(
            [text(translations.say("uploads-failed", name=bold_name(name), reason=reason))], colour=CALM
        )
    else:
        parts.append(
            text(translations.say("uploads-partly" if failed else "uploads-done", name=bold_name(name)))
        )
    if read:
        parts.append(text(*_counts(read, translations)))
    if passed_over:
        parts.append(text(passed_over))
    notes = [
        f"{escape_line(report.file, _NAME)}: {escape_line(report.error or '', _LINE)}" for report in failed
    ]
    notes += [escape_line(warning, _LINE) for report in read for warning in report.warnings]
    if notes:
        parts.append(
            text(
                translations.say("uploads-warnings"),
                _few([f"- {note}" for note in notes], translations, "\n"),
            )
        )
    return layout(parts, colour=BOBBIN if read else CALM)


def _counts(read: Sequence[FileReport], translations: Translations) -> list[str]:
    """Return the lines that count what was read, what was left out, and name the languages."""
    counts = [_counted("threads", read, translations), _counted("posts", read, translations)]
    left_out: dict[str, int] = {}
    for report in read:
        for part in report.left_out:
            left_out[part.why] = left_out.get(part.why, 0) + part.count
    reasons = [f"{escape_line(why, _LINE)} ({count:,})" for why, count in left_out.items()]
    if reasons:
        counts.append(translations.say("uploads-left-out", what=_few(reasons, translations, ", ")))
    languages = dict.fromkeys(code for report in read for code in report.languages)
    if languages:
        counts.append(_languages(languages, translations))
    return counts


def _languages(codes: Iterable[str], translations: Translations) -> str:
    """Return the line that names the languages of threads."""
    names = [language_name(code, translations) for code in codes]
    return translations.say("uploads-languages", count=len(names), names=_few(names, translations, ", "))


def _passed_over(reports: Sequence[FileReport], translations: Translations) -> str:
    """Return the line that names what was left out since it is no thread, "" where nothing was."""
    names = [escape_line(report.file, _NAME) for report in reports if report.skipped is not None]
    return translations.say("uploads-passed-over", names=_few(names, translations, ", ")) if names else ""


def file_list(
    files: Sequence[SourceFile], languages: Iterable[str], page: int, translations: Translations
) -> LayoutView:
    """Return one page (from 0, moved to the nearest there is) of a server's files.

    ``languages`` are those of its threads, by ISO 639-1 code.
    """
    head = f"### {translations.say('uploads-list')}"
    if not files:
        return layout([text(head, translations.say("uploads-none"))], colour=CALM)
    pages = -(-len(files) // PAGE)
    page = max(0, min(page, pages - 1))
    lines = [
        f"{bold_name(file.name)}\n-# "
        + translations.say(
            "uploads-file",
            threads=translations.say("threads", count=file.threads),
            posts=translations.say("posts", count=file.posts),
            collection=escape_line(file.collection, _NAME),
            day=day_of(file.read_at),
        )
        for file in files[page * PAGE : (page + 1) * PAGE]
    ]
    if named := list(languages):
        head += f"\n-# {_languages(named, translations)}"
    parts: list[Part] = [text(head), *(text(line) for line in lines)]
    if pages > 1:
        parts.append(text(f"-# {translations.say('uploads-page', page=page + 1, pages=pages)}"))
        back, following = max(page - 1, 0), min(page + 1, pages - 1)
        parts.append(
            row(
                _button(translations.say("uploads-back"), "page", back, side="b", disabled=page == back),
                _button(
                    translations.say("uploads-next"), "page", following, side="n", disabled=page == following
                ),
            )
        )
    return layout(parts, colour=CALM)


def removal(name: str | None, number: int, would: Forgotten, translations: Translations) -> LayoutView:
    """Return what a removal would take, with the buttons that do it or not; ``name`` is ``None`` for all."""
    asked = (
        translations.say("uploads-removal-all")
        if name is None
        else translations.say("uploads-removal", name=bold_name(name))
    )
    takes = translations.say(
        "uploads-removal-takes",
        threads=translations.say("threads", count=would.threads),
        posts=translations.say("posts", count=would.posts),
    )
    changes = ""
    if would.changed:
        changes = translations.say(
            "uploads-removal-changes", threads=translations.say("threads", count=would.changed)
        )
    buttons = row(
        _button(translations.say("uploads-remove"), "remove", number, style=ButtonStyle.danger),
        _button(translations.say("uploads-keep"), "keep", number),
    )
    return layout([text(f"### {asked}", takes, changes), buttons], colour=CALM)


def unanswered(missed: Sequence[UnansweredWords], translations: Translations) -> LayoutView:
    """Return the words of questions that found nothing."""
    lines = [
        "- "
        + translations.say(
            "uploads-unanswered-line",
            words=f"**{escape_line(one.words, _NAME)}**",
            count=one.times,
            closest=one.closest,
            day=day_of(_noon(one.last)),
        )
        for one in missed
    ]
    listing = "\n".join(lines) or translations.say("uploads-unanswered-none")
    kept = translations.say("uploads-unanswered-kept", days=UNANSWERED_RETENTION.days)
    return layout(
        [text(f"### {translations.say('uploads-unanswered')}", listing), text(f"-# {kept}")], colour=CALM
    )


def _counted(what: str, reports: Iterable[FileReport], translations: Translations) -> str:
    new = updated = unchanged = 0
    for report in reports:
        counts = report.threads if what == "threads" else report.posts
        new, updated, unchanged = new + counts.new, updated + counts.updated, unchanged + counts.unchanged
    return translations.say(f"uploads-{what}", new=new, updated=updated, unchanged=unchanged)


def _few(entries: Sequence[str], translations: Translations, between: str) -> str:
    """Join the first few entries, and say how many more there are."""
    more = len(entries) - _PARTS
    shown = [*entries[:_PARTS], *([translations.say("uploads-more", count=more)] if more > 0 else [])]
    return between.join(shown)


def _button(  # noqa: PLR0913 - all but the first three are named where it is called
    label: str,
    action: str,
    number: int,
    *,
    side: str = "",
    disabled: bool = False,
    style: ButtonStyle = ButtonStyle.secondary,
) -> Button[Any]:
    custom_id = UploadControl.custom_id(action, number, side)
    return Button(label=label, style=style, custom_id=custom_id, disabled=disabled)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
