"""``bobbin import``: file after file into the archive, with a report on each."""

import asyncio
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import accumulate
from urllib.parse import urlsplit

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from bot.cli import options
from bot.cli.errors import complain, with_remedy
from bot.cli.options import Completed
from bot.cli.terminal import counted, escape_terminal, language_called
from bot.database import ServerFile
from bot.fetching.addresses import is_link
from bot.inbox import input_files
from bot.json_output import serializers
from bot.settings import Settings
from bot.startup import open_archive, start, version
from retrieval.archive import Archive, known_forms
from retrieval.formats.import_types import TEXT, Counts, FileReport, LeftOut, Limits, News, SavedFile

__all__ = ["ImportOptions", "import_files", "importing"]

# Work that is over at once needs no bar.
_LONG_FILES, _LONG_BYTES = 20, 4 * 2**20
# So many places of one reason are named.
_PLACES = 5


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Facts that the operator declares about the files."""

    collection: str = "main"
    author: str | None = None
    title: str | None = None
    url: str | None = None
    posted_at: datetime | None = None
    language: str | None = None
    form: str | None = None


def import_files(
    archive: Archive,
    entries: Sequence[input_files.InputFile],
    declared: ImportOptions,
    limits: Limits,
    progress: Callable[[input_files.InputFile, int, float], None],
) -> Iterator[FileReport]:
    """Import file after file, each on its own, and yield its report at once.

    ``progress`` gets the entry, the number of posts read or stored, and the share that is done (0 to 1).
    """

    def opened() -> Iterator[SavedFile | FileReport]:
        for entry in entries:
            try:
                content = b"" if entry.bundle else input_files.read_content(entry.name, limits)
            except input_files.UnreadableError as error:
                yield FileReport(entry.name, error=str(error))
                continue
            yield SavedFile(
                "standard input" if entry.name == input_files.STDIN else entry.name,
                content,
                declared.author,
                declared.title,
                declared.url,
                declared.posted_at,
                entry.bundle,
                declared.form,
                entry.named,
            )

    reports = archive.import_all(
        opened(),
        collection=declared.collection,
        language=declared.language,
        progress=lambda place, posts, share: progress(entries[place], posts, share),
    )
    yield from map(_with_remedy, reports)


def import_links(
    archive: Archive, links: Sequence[str], declared: ImportOptions, settings: Settings
) -> Iterator[FileReport]:
    """Fetch the threads of links one after the other, import each, and yield its report at once."""
    # An HTTP client takes longer to import than a file does.
    from bot.fetching.errors import FetchError  # noqa: PLC0415
    from bot.fetching.guard import Guard  # noqa: PLC0415
    from bot.fetching.links import FetchedThread, fetch_thread, user_agent  # noqa: PLC0415
    from bot.servers.follow_store import FollowStore, Place  # noqa: PLC0415
    from bot.servers.following import note_of  # noqa: PLC0415

    async def fetch(link: str) -> FetchedThread:
        async with Guard(user_agent(version(), settings.contact)) as guard:
            return await fetch_thread(guard, link)

    noted: list[FetchedThread] = []
    for link in links:
        try:
            fetched = asyncio.run(fetch(link))
        except FetchError as error:
            yield FileReport(link, error=str(error))
            continue
        reports = list(
            archive.import_files(
                fetched.file,
                collection=declared.collection,
                language=declared.language,
                news=News.ONCE_COMPLETE,
            )
        )
        if any(report.read for report in reports):
            noted.append(fetched)
        yield from map(fetched.reported, reports)
    if noted:
        place = Place(None, declared.collection)
        with ServerFile.open(settings.servers) as file:
            store = FollowStore(file)
            for fetched in noted:
                before = store.fetched(place, fetched.file.name)
                now = datetime.now(UTC)
                store.note_link(note_of(fetched, place, News.ONCE_COMPLETE, now, before=before))


def _with_remedy(report: FileReport) -> FileReport:
    """Return the report, with the option that takes in what is no thread."""
    if not report.error or not report.unknown:
        return report
    add, other = "to import it as plain text, add --form text", "--form text imports plain text alone"
    return replace(report, error=f"{report.error}; {add if report.plain else other}")


def _date(_context: click.Context, _parameter: click.Parameter, value: str | None) -> datetime | None:
    """Read a date or an ISO 8601 time; without an offset it is UTC."""
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise click.BadParameter("is no date; write 2024-05-03 or 2024-05-03T18:30:00+02:00.") from error


def _address(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """Accept an address of the web only: it will stand behind quotes as a link."""
    if value is None:
        return None
    try:
        good = urlsplit(value).scheme in {"http", "https"} and bool(urlsplit(value).hostname)
    except ValueError:
        good = False
    if not good or value != escape_terminal(value, line=True):
        raise click.BadParameter("is no address; write it in full, like https://example.org/thread.")
    return value


def _name(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    """Refuse a name without a visible character."""
    name = escape_terminal(value, line=True)
    if not name:
        raise click.BadParameter("is empty; give the collection a name.")
    return name


@click.command("import", short_help="Take saved threads into the archive.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=Completed("file"))
@click.option(
    "--collection",
    metavar="NAME",
    default="main",
    show_default=True,
    callback=_name,
    type=Completed("collections"),
    help="Where the threads are kept.",
)
@click.option("--author", metavar="NAME", help="The author, where the files do not say.")
@click.option("--title", help="The title of the one thread, where the file does not say.")
@click.option("--url", callback=_address, help="The address of the one thread, where the file does not say.")
@click.option(
    "--posted",
    callback=_date,
    metavar="TIME",
    help="When it was posted: a date or an ISO time, UTC if unsaid.",
)
@click.option(
    "--form",
    type=click.Choice([TEXT]),
    help="Import what shows no sign of a thread, too: as plain text.",
)
@options.language
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Print the whole report of each file, however many.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
def importing(  # noqa: PLR0913 - each is an option of the command
    *,
    paths: tuple[str, ...],
    collection: str,
    author: str | None,
    title: str | None,
    url: str | None,
    posted: datetime | None,
    form: str | None,
    language: str | None,
    quiet: bool,
    verbose: bool,
    as_json: bool,
) -> None:
    """Take saved threads into the archive: files, folders and zips with all in them, or - for standard input.

    A link to a post of Bluesky or Mastodon is fetched with the whole thread around it.

    An X account export goes in as a whole, as its zip or unpacked; of it only the posts are read.

    Text is imported where it shows a sign of a thread: numbers in sequence, a known page or layout, front
    matter with an author or an address. Other files of a folder or zip are left out by name; a file that is
    named itself is an error then, unless --form text asks for it.

    Importing a file again changes nothing. The exit status is 1 when some file could not be read;
    the others are in all the same.
    """
    settings = start()
    limits = settings.limits
    links = [path for path in paths if is_link(path)]
    inputs = input_files.find_files([path for path in paths if not is_link(path)], limits)
    if len(inputs.files) + len(inputs.failed) > 1 and (title or url):
        raise click.UsageError("--title and --url are of one thread; give them with a single file.")
    reports = [FileReport(path, error=reason) for path, reason in inputs.failed]
    reports += [FileReport(folder, skipped=reason) for folder, reason in inputs.passed_over]
    try:
        with open_archive(settings) as archive, _bar(inputs.files) as bar:
            declared = ImportOptions(collection, author, title, url, posted, language, form)
            progress = _Advance(bar, inputs.files) if bar else _no_progress
            # Each report is kept as soon as its file is imported.
            reports.extend(import_files(archive, inputs.files, declared, limits, progress))
            if links:
                reports.extend(import_links(archive, links, declared, settings))
    except KeyboardInterrupt:
        if len(inputs.files) > 1:
            click.echo("The files listed here are imported, the others are not.", err=True)
        raise
    finally:
        # Also when the work is broken off: what is in is in, and is declared.
        _print_reports(reports, inputs.hidden, quiet=quiet, verbose=verbose, as_json=as_json)
    if any(report.error for report in reports):
        raise click.exceptions.Exit(1)


def _bar(entries: Sequence[input_files.InputFile]) -> Progress | nullcontext[None]:
    """Return a progress bar on standard error for long work in a terminal, else nothing."""
    long = len(entries) > _LONG_FILES or sum(entry.size for entry in entries) > _LONG_BYTES
    if not long or not sys.stderr.isatty():
        return nullcontext()
    return Progress(
        TextColumn("importing"),
        BarColumn(),
        TextColumn("{task.fields[files]}/{task.fields[of]} files, {task.fields[posts]:,} posts"),
        TimeRemainingColumn(elapsed_when_finished=True),
        console=Console(stderr=True),
        transient=True,
    )


class _Advance:
    """Moves the bar by bytes, since files differ in size, and counts files and posts."""

    def __init__(self, bar: Progress, entries: Sequence[input_files.InputFile]) -> None:
        self._bar = bar
        self._places = {entry.name: place for place, entry in enumerate(entries)}
        # Also an empty file is work.
        sizes = [entry.size or 1 for entry in entries]
        self._before = [0, *accumulate(sizes)]
        self._posts = [0] * len(entries)
        self._task = bar.add_task("importing", total=sum(sizes), files=0, of=len(entries), posts=0)

    def __call__(self, entry: input_files.InputFile, posts: int, share: float) -> None:
        place = self._places[entry.name]
        self._posts[place] = posts
        done, upto = self._before[place], self._before[place + 1]
        self._bar.update(
            self._task,
            completed=done + (upto - done) * share,
            files=place + (share >= 1),
            posts=sum(self._posts),
        )


def _no_progress(_entry: input_files.InputFile, _posts: int, _share: float) -> None:
    """Ignore progress."""


def _print_reports(
    reports: Sequence[FileReport], hidden: int, *, quiet: bool, verbose: bool, as_json: bool
) -> None:
    """Print the reports: JSON or text on standard output, errors on standard error."""
    if as_json:
        click.echo(serializers.dumps(serializers.reports(reports)))
    # A line a file is enough where there are many.
    short = not verbose and sum(report.read for report in reports) > _LONG_FILES
    for report in reports:
        name = escape_terminal(report.file, line=True)
        if report.error and not as_json:
            complain(with_remedy(f"{name}: {report.error}", "check the file"))
        elif report.skipped and not quiet and not as_json:
            click.echo(f"{name}: left out; {escape_terminal(report.skipped, line=True)}")
        elif short and not quiet and not as_json:
            click.echo(f"{name}: {_short(report)}")
        elif not quiet and not as_json:
            click.echo("\n".join([f"{name}: {_form(report)}", *(f"  {line}" for line in _lines(report))]))
    if not quiet and not as_json:
        _tell_forms(reports)
    if not quiet and hidden:
        click.echo(f"Hidden files and folders skipped: {hidden}.", err=True)
    if not quiet and not as_json and len(reports) > 1:
        click.echo(_sum(reports))


def _tell_forms(reports: Sequence[FileReport]) -> None:
    """Print once which forms are read, where a file was of none and could not be imported as text either."""
    unknown = [report for report in reports if "no known form" in (report.error or report.skipped or "")]
    if unknown:
        failed = any(report.error for report in unknown)
        click.echo(f"Bobbin reads: {', '.join(known_forms())}.", err=failed)


def _short(report: FileReport) -> str:
    """Return what became of a file in one line, the reasons of what was left out counted together."""
    left_out = sum(part.count for part in report.left_out)
    aside = f"; left out: {left_out}" if left_out else ""
    notes = f"; notes: {len(report.warnings)}" if report.warnings else ""
    return f"{_form(report)}; threads: {_counts(report.threads)}{aside}{notes}"


def _form(report: FileReport) -> str:
    return f"{report.form} (imported before, not read again)" if report.repeated else f"{report.form}"


def _lines(report: FileReport) -> Iterator[str]:
    """Yield the report on a file that was read."""
    yield f"threads: {_counts(report.threads)}"
    yield f"posts: {_counts(report.posts)}"
    if report.languages:
        yield f"in: {', '.join(map(language_called, report.languages))}"
    reasons: dict[str, list[LeftOut]] = {}
    for part in report.left_out:
        reasons.setdefault(part.why, []).append(part)
    for why, parts in reasons.items():
        count = sum(part.count for part in parts)
        yield f"left out: {count} × {escape_terminal(why, line=True)}{_where(parts)}"
    for merged in report.merged:
        yield f"merged: {merged.count} × {escape_terminal(merged.what, line=True)}"
    for warning in report.warnings:
        yield f"note: {escape_terminal(warning, line=True)}"


def _where(parts: Sequence[LeftOut]) -> str:
    """Return where parts that were left out for one reason stand, or an example of them."""
    places = [part.lines for part in parts if part.lines]
    example = next((part.example for part in parts if part.example), None)
    shown = [f"{first}" if first == last else f"{first}–{last}" for first, last in places[:_PLACES]]
    more = f" and {len(places) - _PLACES} more places" if len(places) > _PLACES else ""
    if shown:
        single = len(places) == 1 and places[0][0] == places[0][1]
        return f" ({'line' if single else 'lines'} {', '.join(shown)}{more})"
    return f" (for example {escape_terminal(example, line=True)})" if example else ""


def _counts(counts: Counts) -> str:
    return f"{counts.new} new, {counts.updated} updated, {counts.unchanged} unchanged"


def _sum(reports: Sequence[FileReport]) -> str:
    """Return the last line of a report on several files."""
    failed = sum(report.error is not None for report in reports)
    threads = Counts(
        new=sum(report.threads.new for report in reports),
        updated=sum(report.threads.updated for report in reports),
        unchanged=sum(report.threads.unchanged for report in reports),
    )
    left_out = sum(report.skipped is not None for report in reports)
    read = len(reports) - failed - left_out
    aside = f", {left_out} left out" if left_out else ""
    return f"{counted(read, 'file')} read, {failed} not{aside}; threads: {_counts(threads)}."
