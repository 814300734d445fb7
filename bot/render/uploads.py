"""What a server's admins see of its own files: progress, reports, lists, and what a removal would take."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, ClassVar, Final

from discord import ButtonStyle
from discord.ui import Button, File, LayoutView

from bot.catalogue import Catalogue
from bot.render.inert import inert_line
from bot.render.layout import BOBBIN, CALM, Part, layout, row, text
from bot.render.layout import date as day_of
from bot.servers.unanswered import KEPT, Missed
from retrieval.saved import FileReport, Forgotten, SourceFile

__all__ = [
    "PAGE",
    "PlainControl",
    "UploadControl",
    "file_list",
    "named",
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


def named(name: str) -> str:
    """Return a file's name as it is shown: inert, in bold."""
    return f"**{inert_line(name, _NAME) or '…'}**"


def progress(name: str, posts: int, share: float, speech: Catalogue) -> LayoutView:
    """Return how far an upload is: a bar, the share, and how many posts."""
    done = round(max(0.0, min(share, 1.0)) * _BAR)
    bar = "▰" * done + "▱" * (_BAR - done)
    said = speech.say("uploads-reading", name=named(name), percent=int(share * 100), count=posts)
    return layout([text(said, bar)], colour=CALM)


def no_thread(name: str, attached: File[Any] | None, collection: str, speech: Catalogue) -> LayoutView:
    """Return that an upload shows no sign of a thread, with the button that imports it all the same.

    ``attached`` is the file, which hangs on the message for the button; ``None`` where it is too large for
    that, and then there is no button.
    """
    parts: list[Part] = [text(speech.say("uploads-no-thread", name=named(name)))]
    if attached is None:
        return layout([*parts, text(f"-# {speech.say('uploads-plain-too-large')}")], colour=CALM)
    button: Button[Any] = Button(
        label=speech.say("uploads-plain"),
        style=ButtonStyle.secondary,
        custom_id=PlainControl.custom_id(collection),
    )
    view = layout([*parts, text(f"-# {speech.say('uploads-plain-means')}"), row(button)], colour=CALM)
    view.add_item(attached)
    return view


def report_on(name: str, reports: Sequence[FileReport], broken: str, speech: Catalogue) -> LayoutView:
    """Return what came of an upload. ``broken`` is the sentence that says why it was broken off, or ""."""
    read = [report for report in reports if report.read]
    failed = [report for report in reports if report.error is not None]
    passed_over = _passed_over(reports, speech)
    parts: list[Part] = []
    if broken:
        before = speech.say("uploads-kept-before", count=len(read)) if read else ""
        parts.append(text(broken, before))
    elif not read and passed_over and not failed:
        said = speech.say("uploads-nothing-in-it", name=named(name))
        return layout([text(said, passed_over)], colour=CALM)
    elif not read:
        reason = "; ".join(inert_line(report.error or "", _REASON) for report in failed[:1]) or "–"
        return layout([text(speech.say("uploads-failed", name=named(name), reason=reason))], colour=CALM)
    else:
        parts.append(text(speech.say("uploads-partly" if failed else "uploads-done", name=named(name))))
    if read:
        counts = [_counted("threads", read, speech), _counted("posts", read, speech)]
        left_out: dict[str, int] = {}
        for report in read:
            for part in report.left_out:
                left_out[part.why] = left_out.get(part.why, 0) + part.count
        told = [f"{inert_line(why, _LINE)} ({count:,})" for why, count in left_out.items()]
        if told:
            counts.append(speech.say("uploads-left-out", what=_few(told, speech, ", ")))
        parts.append(text(*counts))
    if passed_over:
        parts.append(text(passed_over))
    notes = [
        f"{inert_line(report.file, _NAME)}: {inert_line(report.error or '', _LINE)}" for report in failed
    ]
    notes += [inert_line(warning, _LINE) for report in read for warning in report.warnings]
    if notes:
        parts.append(
            text(speech.say("uploads-warnings"), _few([f"- {note}" for note in notes], speech, "\n"))
        )
    return layout(parts, colour=BOBBIN if read else CALM)


def _passed_over(reports: Sequence[FileReport], speech: Catalogue) -> str:
    """Return the line that names what was left out since it is no thread, "" where nothing was."""
    names = [inert_line(report.file, _NAME) for report in reports if report.skipped is not None]
    return speech.say("uploads-passed-over", names=_few(names, speech, ", ")) if names else ""


def file_list(files: Sequence[SourceFile], page: int, speech: Catalogue) -> LayoutView:
    """Return one page (from 0, moved to the nearest there is) of a server's files."""
    head = f"### {speech.say('uploads-list')}"
    if not files:
        return layout([text(head, speech.say("uploads-none"))], colour=CALM)
    pages = -(-len(files) // PAGE)
    page = max(0, min(page, pages - 1))
    lines = [
        f"{named(file.name)}\n-# "
        + speech.say(
            "uploads-file",
            threads=speech.say("threads", count=file.threads),
            posts=speech.say("posts", count=file.posts),
            collection=inert_line(file.collection, _NAME),
            day=day_of(file.read_at),
        )
        for file in files[page * PAGE : (page + 1) * PAGE]
    ]
    parts: list[Part] = [text(head), *(text(line) for line in lines)]
    if pages > 1:
        parts.append(text(f"-# {speech.say('uploads-page', page=page + 1, pages=pages)}"))
        back, following = max(page - 1, 0), min(page + 1, pages - 1)
        parts.append(
            row(
                _button(speech.say("uploads-back"), "page", back, side="b", disabled=page == back),
                _button(speech.say("uploads-next"), "page", following, side="n", disabled=page == following),
            )
        )
    return layout(parts, colour=CALM)


def removal(name: str | None, number: int, would: Forgotten, speech: Catalogue) -> LayoutView:
    """Return what a removal would take, with the buttons that do it or not; ``name`` is ``None`` for all."""
    asked = (
        speech.say("uploads-removal-all") if name is None else speech.say("uploads-removal", name=named(name))
    )
    takes = speech.say(
        "uploads-removal-takes",
        threads=speech.say("threads", count=would.threads),
        posts=speech.say("posts", count=would.posts),
    )
    changes = ""
    if would.changed:
        changes = speech.say("uploads-removal-changes", threads=speech.say("threads", count=would.changed))
    buttons = row(
        _button(speech.say("uploads-remove"), "remove", number, style=ButtonStyle.danger),
        _button(speech.say("uploads-keep"), "keep", number),
    )
    return layout([text(f"### {asked}", takes, changes), buttons], colour=CALM)


def unanswered(missed: Sequence[Missed], speech: Catalogue) -> LayoutView:
    """Return the words of questions that found nothing."""
    lines = [
        "- "
        + speech.say(
            "uploads-unanswered-line",
            words=f"**{inert_line(one.words, _NAME)}**",
            count=one.times,
            day=day_of(_noon(one.last)),
        )
        for one in missed
    ]
    said = "\n".join(lines) or speech.say("uploads-unanswered-none")
    kept = speech.say("uploads-unanswered-kept", days=KEPT.days)
    return layout([text(f"### {speech.say('uploads-unanswered')}", said), text(f"-# {kept}")], colour=CALM)


def _counted(what: str, reports: Iterable[FileReport], speech: Catalogue) -> str:
    new = updated = unchanged = 0
    for report in reports:
        counts = report.threads if what == "threads" else report.posts
        new, updated, unchanged = new + counts.new, updated + counts.updated, unchanged + counts.unchanged
    return speech.say(f"uploads-{what}", new=new, updated=updated, unchanged=unchanged)


def _few(entries: Sequence[str], speech: Catalogue, between: str) -> str:
    """Join the first few entries, and say how many more there are."""
    more = len(entries) - _PARTS
    shown = [*entries[:_PARTS], *([speech.say("uploads-more", count=more)] if more > 0 else [])]
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
