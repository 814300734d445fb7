"""Every sentence with arguments: text that others wrote is inert in it, in every language.

Each argument of each message of the locale files is of one kind. A new one fails here until its kind stands
in the tables, and one of text by others until something below shows it with hostile text.
"""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from bot.alerts.model import Alert, AlertOptions, Report, ReportKind
from bot.client import Bobbin
from bot.commands.alert import _confirmed
from bot.commands.digest import _unclear
from bot.commands.digest_options import selection_lines
from bot.digest.contents import Digest, QuestionCounts
from bot.digest.model import DigestOptions, Position, Subscription
from bot.digest.resurfacing import Frequency, Selection
from bot.fetching.schedule import Course
from bot.fetching.service import Account
from bot.i18n import LANGUAGES, Translations, translations_for
from bot.interactions import upload_job
from bot.servers.access import Refusal
from bot.servers.feedback_store import FeedbackCount, FeedbackNote
from bot.servers.follow_store import Follow, Followed, Place
from bot.servers.preferences import Preferences
from bot.servers.unanswered import UnansweredWords
from bot.servers.uploads import Allowance, UploadInterruption
from bot.settings import Settings
from bot.views import (
    alerts,
    answers,
    digests,
    headers,
    lists,
    notices,
    quotes,
    settings,
    setup,
    stats,
    trend,
    uploads,
    when,
)
from bot.views.access import refused
from bot.views.custom_id import FilteredListState, ListState, Order, packed_words
from bot.views.escape import escape_line
from bot.views.following import following_lines, following_view
from bot.views.layout import Reply, lines_view
from bot.web.addresses import no_page
from retrieval.archive import Archive, Statistics
from retrieval.formats.import_types import Counts, FileReport, Forgotten, LeftOut, SavedFile, SourceFile
from retrieval.model import (
    Answer,
    Completeness,
    Excerpt,
    FirstMention,
    Interpretation,
    Mention,
    Period,
    Post,
    PostEdit,
    QuoteCheck,
    QuotePart,
    QuoteResult,
    Suggestions,
    ThenAndNow,
    ThreadSummary,
    Verdict,
    Weighing,
)
from retrieval.query_language import Condition, Filter, Kind, Not, Query, UnwritableError
from tests.bot.conftest import running
from tests.bot.test_i18n import sentences
from tests.bot.views.judge import displayed
from tests.discord import Channel, Person, Upload
from tests.discord.fixtures import Loopback

HOSTILE = "<@1> @everyone [a](https://evil.example) **x** `c` ||s|| \u202etxt"
LIVE = re.compile(r"<@1>|(?<!\\)@everyone|\]\(http|https://evil|(?<!\\)\*\*x|(?<!\\)`c|(?<!\\)\|\|s|\u202e")
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)

THEIRS = {
    "follow-begun": {"collection", "name"},
    "follow-already": {"name"},
    "follow-failed": {"name", "reason"},
    "follow-unknown": {"name"},
    "follow-ended": {"name"},
    "following-author": {"collection", "name"},
    "following-trouble": {"reason"},
    "following-status-trouble": {"name", "reason"},
    "access-in": {"server"},
    "access-role": {"roles"},
    "alert-added": {"query"},
    "alert-changed": {"query"},
    "alert-from": {"server"},
    "alert-matched": {"query"},
    "alert-no-words": {"typed"},
    "alert-quiet-unknown": {"typed"},
    "alert-unknown": {"typed"},
    "answer-did-you-mean": {"words"},
    "answer-nothing-found-about": {"question"},
    "answer-or": {"last", "words"},
    "answer-searched": {"words"},
    "answer-searched-instead": {"asked", "searched"},
    "answer-words-known": {"words"},
    "answer-words-unknown": {"words"},
    "answer-asked-by": {"name", "question"},
    "answer-shared-by": {"name"},
    "digest-at-unknown": {"typed"},
    "digest-heading-named": {"name"},
    "digest-shown-never": {"sources"},
    "digest-shown-often": {"sources"},
    "digest-shown-seldom": {"sources"},
    "digest-source-unknown": {"typed"},
    "digest-takes": {"sources"},
    "digest-times": {"title"},
    "digest-told": {"server"},
    "digest-unknown": {"names", "typed"},
    "digest-weighed": {"source"},
    "digest-which": {"names"},
    "digest-zone-nearest": {"typed"},
    "digest-zone-unknown": {"typed"},
    "notice-hello": {"name"},
    "obstacle-admin": {"server"},
    **{f"filter-{kind}": {"value"} for kind in ("author", "in", "phrase", "thread", "word")},
    "filter-not": {"what"},
    **{f"filters-{key}": {"filters"} for key in ("held", "newest", "none-answer", "none-pass", "unmet")},
    "filters-no-phrase": {"phrase"},
    "filters-no-value": {"typed"},
    "quotes-author-differs": {"author", "known"},
    "quotes-author-matches": {"author"},
    "quotes-author-unknown": {"author"},
    "quotes-difference": {"words"},
    "settings-language-unknown": {"name"},
    "settings-title": {"server"},
    "setup-title": {"name"},
    "threads-by": {"author"},
    "threads-no-day": {"typed"},
    "threads-of": {"collection"},
    "threads-titled": {"words"},
    "trend-described": {"words"},
    "uploads-collections": {"names"},
    "when-described": {"words"},
    "when-about": {"author", "words"},
    "when-about-none": {"author", "words"},
    "when-edited": {"words"},
    "when-none": {"words"},
    "uploads-done": {"name"},
    "uploads-export": {"collection"},
    "uploads-failed": {"name", "reason"},
    "uploads-file": {"collection"},
    "uploads-left-out": {"what"},
    "uploads-no-thread": {"name"},
    "uploads-nothing-in-it": {"name"},
    "uploads-partly": {"name"},
    "uploads-passed-over": {"names"},
    "uploads-reading": {"name"},
    "uploads-refused": {"name"},
    "uploads-removal": {"name"},
    "uploads-room": {"name"},
    "uploads-stats-thread": {"title"},
    "uploads-stopping": {"name"},
    "uploads-taking-up": {"name"},
    "uploads-time": {"name"},
    "uploads-too-large": {"name"},
    "uploads-unanswered-line": {"words"},
    "uploads-waiting": {"name"},
}
"""What people typed, and what they called threads, files, servers, roles and themselves."""

ON_PAGES = {
    "page-author-description": {"name"},
    "page-operator-remove": {"filter"},
    "page-cite-title": {"title"},
}
"""Text by others that pages alone show: their templates escape it (``tests/bot/web/test_hostile.py``)."""

OURS = {
    "following-author": {"looked", "service", "succeeded"},
    "following-status": {"succeeded"},
    "access-channel": {"channels"},
    "answer-other-language": {"asked", "held"},
    "access-in": {"sentence"},
    "access-person": {"when"},
    "alert-ended": {"person"},
    "alert-goes-to-channel": {"channel"},
    "alert-look-up": {"thread"},
    "alert-quiet": {"hours", "zone"},
    "alert-quiet-is": {"hours", "zone"},
    "alert-to-channel": {"channel"},
    "access-server": {"when"},
    "digest-already": {"link"},
    "digest-changed": {"at", "channel", "days", "when", "zone"},
    "digest-heading": {"date"},
    "digest-heading-named": {"date"},
    "digest-heading-not-daily": {"date"},
    "digest-holds": {"content"},
    "digest-lacks": {"channel", "permissions"},
    "digest-mentions": {"role"},
    "digest-page-link": {"link"},
    "digest-posted": {"link"},
    "digest-preview-of": {"when"},
    "digest-resumed": {"when"},
    "digest-running": {"when"},
    "digest-set": {"at", "channel", "days", "when", "zone"},
    "digest-since": {"date"},
    "digest-status": {"at", "channel", "days", "zone"},
    "digest-status-last": {"link"},
    "digest-status-next": {"relative", "when"},
    "digest-status-paused": {"reason"},
    "digest-status-quiet": {"date"},
    "digest-told": {"reason"},
    "digest-weighed": {"often"},
    "digest-why-forbidden": {"channel"},
    "digest-zone-nearest": {"zones"},
    **{f"filter-{kind}": {"value"} for kind in ("after", "before", "lang", "on")},
    "filter-newer": {"span"},
    "filter-older": {"span"},
    "filters-no-value": {"option"},
    "notice-failed": {"reference"},
    "notice-how-to-ask": {"menu"},
    "notice-store-refuses": {"reason"},
    "notice-store-refuses-partly": {"reason"},
    "obstacle-admin": {"channel"},
    "obstacle-asker": {"channel", "reason"},
    "page-error-reference": {"reference"},
    "page-period": {"first", "last"},
    "page-when-covered": {"first", "last"},
    "when-covered": {"first", "last"},
    "when-edited": {"date"},
    "when-first": {"date"},
    "privacy-of-nobody": {"tables"},
    "settings-channels-some": {"places"},
    "settings-exempt-some": {"places"},
    "settings-language-is": {"language"},
    "settings-person-some": {"rate"},
    "settings-roles-some": {"places"},
    "settings-saved": {"sentence"},
    "settings-server-some": {"rate"},
    "setup-threads-done": {"threads"},
    "threads-since": {"day"},
    "threads-until": {"day"},
    "uploads-file": {"day", "posts", "threads"},
    "uploads-refused": {"reason"},
    "uploads-removal-changes": {"threads"},
    "uploads-removal-takes": {"posts", "threads"},
    "uploads-removed": {"posts", "threads"},
    "uploads-removed-not-wiped": {"posts", "threads"},
    "uploads-stats-own": {"posts", "threads"},
    "uploads-stats-public": {"posts", "threads"},
    "uploads-languages": {"names"},
    "uploads-unanswered-line": {"day"},
}
"""Dates, mentions of ids, addresses of Discord's, names out of closed lists, and other sentences."""

# fmt: off
NUMBERS = {
    "closest", "count", "counts", "days", "digests", "grace", "helpful", "length", "most", "new", "notes",
    "number", "ordinal", "page", "pages", "percent", "place", "posts", "reports", "room", "score", "seconds",
    "size", "unanswered", "undated", "unchanged", "unhelpful", "updated",
}
# fmt: on
"""Arguments that are numbers wherever neither table names them."""


@pytest.fixture(autouse=True)
def shown(monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, str]]:
    """Collect the arguments that hold hostile text, and hold the others to be what the tables say."""
    hostile: set[tuple[str, str]] = set()
    plain, arguments = Translations.say, sentences("en")

    def say(self: Translations, key: str, /, **values: Any) -> str:
        for name in arguments[key]:
            value = str(values[name])
            if name in THEIRS.get(key, ()):
                if "everyone" in value.casefold() or r"\@1" in value or value == r"\*Berlin\*":
                    hostile.add((key, name))
            elif name in OURS.get(key, ()):
                assert not LIVE.search(value), f"{name} of {key} holds text by others: {value}"
            else:
                assert value.replace(",", "").isdecimal(), f"{name} of {key} is {value!r}"
        return plain(self, key, **values)

    monkeypatch.setattr(Translations, "say", say)
    return hostile


def test_every_argument_is_of_one_kind() -> None:
    for key, names in sentences("en").items():
        for name in names:
            kinds = [name in table.get(key, ()) for table in (THEIRS, ON_PAGES, OURS)]
            assert sum(kinds) == 1 or (sum(kinds) == 0 and name in NUMBERS), f"what is {name} of {key}?"
    for table in (THEIRS, ON_PAGES, OURS):
        assert table.keys() <= sentences("en").keys()
        assert all(names <= sentences("en")[key] for key, names in table.items())


def summary(text: str) -> ThreadSummary:
    return ThreadSummary("0" * 12, 1, Completeness.COMPLETE, "", author=text, title=text)


def _followed() -> Followed:
    course = Course(NOW, NOW, NOW, 1, HOSTILE)
    return Followed(
        Account("Bluesky", "a.example", "did:plc:a", HOSTILE), course, Follow(1, Place(7, HOSTILE), NOW)
    )


def report(**fields: Any) -> FileReport:
    return FileReport(HOSTILE, **fields)


def _checked(*, together: bool = True, matches: bool | None = False) -> QuoteCheck:
    excerpt = Excerpt(Post(1, HOSTILE), summary(HOSTILE), 0, len(HOSTILE))
    part = QuotePart(
        HOSTILE, QuoteResult.ALTERED, (excerpt,), ((HOSTILE, ""), ("", HOSTILE), (HOSTILE, HOSTILE))
    )
    return QuoteCheck(HOSTILE, QuoteResult.ALTERED, (part,), HOSTILE, matches, together=together, places=2)


def _both() -> ThenAndNow:
    edit = PostEdit(NOW, ((HOSTILE, ""), ("", HOSTILE)))
    mention = Mention(Excerpt(Post(1, HOSTILE), summary(HOSTILE), 0, len(HOSTILE)), NOW, HOSTILE, (edit,))
    return ThenAndNow(HOSTILE, HOSTILE, (mention,), (mention,), 3, 1)


def _mentioned() -> FirstMention:
    excerpt = Excerpt(Post(1, HOSTILE), summary(HOSTILE), 0, len(HOSTILE))
    mentions = (
        Mention(excerpt, NOW, HOSTILE),
        Mention(excerpt, NOW, HOSTILE * 2),
        Mention(excerpt, None, HOSTILE),
    )
    return FirstMention(HOSTILE, mentions, Period(NOW, NOW, 3, 1))


def _filtered() -> list[Answer]:
    kinds = (Kind.AUTHOR, Kind.IN, Kind.THREAD, Kind.PHRASE, Kind.WORD)
    filters = tuple(
        Filter(one, 0, 1)
        for kind in kinds
        for one in (Condition(kind, HOSTILE), Not(Condition(kind, HOSTILE)))
    )
    query = Query(HOSTILE, HOSTILE, filters[:6])
    whole = Interpretation(Query(HOSTILE, HOSTILE, filters[6:]), passing=2)
    return [
        Answer(HOSTILE, verdict=Verdict.ANSWER, interpretation=whole),
        Answer(HOSTILE, verdict=Verdict.ANSWER, interpretation=Interpretation(query, listed=True)),
        Answer(HOSTILE, interpretation=Interpretation(query, unheld=(HOSTILE,), unmet=filters[:1])),
        Answer(HOSTILE, interpretation=Interpretation(query)),
        Answer(HOSTILE, interpretation=whole),
    ]


def _hostile_alert() -> Alert:
    return Alert(1, 1, AlertOptions(2, 3, HOSTILE), Position("a", 1))


def _hostile_digest() -> Subscription:
    options = DigestOptions(1, ZoneInfo("Etc/UTC"), time(9), name=HOSTILE)
    return Subscription(1, options, date(2026, 3, 1), Position("a", 0))


READ = {"form": "plain text", "threads": Counts(1), "posts": Counts(2)}
SHOWN: dict[str, Callable[[Translations], Any]] = {
    "role": lambda said: refused(
        Refusal.ROLE, Preferences(roles=frozenset({7})), said, roles={7: HOSTILE}, server=HOSTILE
    ),
    "nothing": lambda said: answers.nothing_found(
        HOSTILE, Suggestions((HOSTILE,) * 3), Reply(translations=said)
    ),
    "one word": lambda said: answers.nothing_found("x", Suggestions((HOSTILE,)), Reply(translations=said)),
    "closest": lambda said: answers.answer_heading(
        None, (), Reply(translations=said), Weighing((HOSTILE,) * 2, (HOSTILE,))
    ),
    "nothing, searched otherwise": lambda said: answers.nothing_found(
        None, Suggestions(), Reply(translations=said), corrected=[(HOSTILE, HOSTILE)]
    ),
    "checked": lambda said: quotes.checked_quotes([_checked()], Reply(translations=said)),
    "checked apart": lambda said: quotes.checked_quotes(
        [_checked(matches=True), _checked(together=False, matches=None)], Reply(translations=said)
    ),
    "searched": lambda said: answers.answer_heading(None, [(HOSTILE, HOSTILE)], Reply(translations=said)),
    "shared": lambda said: answers.asked_by(
        HOSTILE, answers.answer_heading(HOSTILE, (), Reply(translations=said)), Reply(translations=said)
    ),
    "shared without its question": lambda said: answers.asked_by(HOSTILE, "", Reply(translations=said)),
    "hello": lambda said: notices.explain_itself(HOSTILE, said),
    "setup card": lambda said: setup.setup_card(
        HOSTILE, setup.SetupProgress(1, decided=True, digest=False), said
    ),
    "panel": lambda said: settings.settings_panel(Preferences(), said, server=HOSTILE),
    "list": lambda said: lists.list_page(
        lists.ThreadListing((), 0, HOSTILE, HOSTILE),
        ListState(0, Order.NEWEST),
        Reply(translations=said),
    ),
    "filtered list": lambda said: lists.list_page(
        lists.ThreadListing((), 0, None, None),
        FilteredListState(0, since=NOW.date(), until=NOW.date(), chunks=packed_words("<@1> @everyone")),
        Reply(translations=said),
    ),
    **{
        f"filters {number}": lambda said, answer=answer: answers.answer_heading(  # type: ignore[misc]
            None,
            (),
            Reply(translations=said),
            notes=answers.filter_sentences(answer, Reply(translations=said)),
        )
        for number, answer in enumerate(_filtered())
    },
    "no such value": lambda said: notices.notice(
        answers.no_such_value(UnwritableError(Kind.BEFORE, HOSTILE), said)
    ),
    "first mention": lambda said: when.first_mention_view(_mentioned(), Reply(translations=said)),
    "then and now": lambda said: when.then_and_now_view(_both(), Reply(translations=said)),
    "never": lambda said: when.then_and_now_view(ThenAndNow(HOSTILE, HOSTILE), Reply(translations=said)),
    "no mention": lambda said: when.first_mention_view(FirstMention(HOSTILE), Reply(translations=said)),
    "trend": lambda said: trend.trend_view(HOSTILE, 1, 1, said),
    "progress": lambda said: uploads.progress(HOSTILE, 1, 0.5, said),
    "no thread": lambda said: uploads.no_thread(HOSTILE, None, "own", said),
    "report": lambda said: uploads.report_on(
        HOSTILE, [report(**READ, warnings=(HOSTILE,), left_out=(LeftOut(HOSTILE),))], "", said
    ),
    "partly": lambda said: uploads.report_on(HOSTILE, [report(**READ), report(error=HOSTILE)], "", said),
    "failed": lambda said: uploads.report_on(HOSTILE, [report(error=HOSTILE)], "", said),
    "passed over": lambda said: uploads.report_on(HOSTILE, [report(skipped=HOSTILE)], "", said),
    "files": lambda said: uploads.file_list(
        [SourceFile(1, HOSTILE, "", "form", NOW, HOSTILE, server_id=1)], ["de", "en"], 0, said
    ),
    "removal": lambda said: uploads.removal(HOSTILE, 1, Forgotten(1, 1, 1), said),
    "unanswered": lambda said: uploads.unanswered([UnansweredWords(HOSTILE, 2, date(2026, 3, 1))], said),
    "figures": lambda said: stats.stats_view(
        stats.ServerStats(
            Statistics(1, 1, 1, 1),
            Statistics(1, 1, 1, 1),
            room=1,
            judged=(FeedbackCount("0" * 12, 1, 1),),
            worst=((headers.heading(summary(HOSTILE), translations=said), FeedbackCount("0" * 12, 1, 1)),),
            notes=(FeedbackNote(HOSTILE, (), NOW),),
        ),
        said,
    ),
    **{
        f"upload ends by {why.name}": lambda said, why=why: upload_job._why(  # type: ignore[misc]
            why, HOSTILE, Allowance(1, 1.0, 1), said
        )
        for why in UploadInterruption
    },
    "digest of a name": lambda said: digests.digest_view(
        Digest(1, date(2026, 3, 1), asked=QuestionCounts(1), name=HOSTILE), said
    ),
    "selection": lambda said: "\n".join(
        selection_lines(
            Selection(
                (HOSTILE,),
                (f"@{HOSTILE}",),
                5,
                2,
                tuple((f"{HOSTILE} {one}", one) for one in Frequency if one is not Frequency.NORMAL),
            ),
            said,
        )
    ),
    "report of alerts": lambda said: alerts.report_view(
        Report(1, 1, 2, ReportKind.MATCHES, "", NOW, NOW),
        [alerts.Matched(_hostile_alert(), (Excerpt(Post(1, HOSTILE), summary(HOSTILE), 0, len(HOSTILE)),))],
        HOSTILE,
        said,
        page_of=no_page,
    ),
    "list of alerts": lambda said: "\n".join(alerts.alert_lines([_hostile_alert()], said, lambda _: True)),
    **{
        f"alert {first}": lambda said, first=first: "\n".join(  # type: ignore[misc]
            _confirmed(_hostile_alert(), 2, said, first=first)
        )
        for first in (True, False)
    },
    "alert without words": lambda said: said.say("alert-no-words", typed=escape_line(HOSTILE, 100)),
    "no such digest": lambda said: _unclear([_hostile_digest()], HOSTILE, said),
    "which digest": lambda said: _unclear([_hostile_digest()], None, said),
    "followed authors": lambda said: following_view([_followed()], said),
    "followed authors of a digest": lambda said: lines_view(*following_lines([_followed()], said)),
    **{
        key: lambda said, key=key: said.say(  # type: ignore[misc]
            key,
            name=uploads.bold_name(HOSTILE),
            collection=uploads.bold_name(HOSTILE),
            reason=escape_line(HOSTILE, 300),
            most=20,
        )
        for key in ("follow-begun", "follow-already", "follow-failed", "follow-unknown", "follow-ended")
    },
    "upload refused": lambda said: said.say(
        "uploads-refused", name=uploads.bold_name(HOSTILE), reason="the disk is full"
    ),
}
#: Shown where Discord knows no markup: on a button and beside a picture.
PLAIN: dict[str, Callable[[Translations], str]] = {
    "times": lambda said: digests._counted(summary(HOSTILE), 2, said),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SHOWN)
def test_hostile_text_is_inert_in_a_view(name: str, language: str) -> None:
    view = SHOWN[name](translations_for(language))
    text = view if isinstance(view, str) else "\n".join(displayed(view))
    assert r"\<\@1\>" in text
    assert not LIVE.search(text), text


@pytest.mark.parametrize("name", PLAIN)
def test_what_cannot_be_seen_is_dropped_where_no_markup_is_known(name: str) -> None:
    text = PLAIN[name](translations_for("en"))
    assert "evil.example" in text
    assert "\u202e" not in text


@pytest_asyncio.fixture
async def hostile_server(
    loopback: Loopback, archive: Archive, settings: Settings
) -> AsyncIterator[tuple[Bobbin, Channel, Person]]:
    hall = loopback.add_guild(HOSTILE).add_channel("hall")
    admin = loopback.add_user(HOSTILE)
    assert hall.guild
    hall.guild.add_member(admin, administrator=True)
    limited = replace(settings, upload_mib=1)
    clock = {"now": datetime(2026, 11, 22, 20, tzinfo=UTC)}
    client = Bobbin(archive, limited, ready_timeout=0.01, now=lambda: clock["now"])
    async with running(client, loopback):
        client.digests.scheduler.stop()
        client.test_clock = clock  # type: ignore[attr-defined]
        yield client, hall, admin


async def test_hostile_text_is_inert_in_what_goes_over_the_wire(
    loopback: Loopback, hostile_server: tuple[Bobbin, Channel, Person], shown: set[tuple[str, str]]
) -> None:
    client, hall, admin = hostile_server
    assert hall.guild

    async def uses(command: str, **options: Any) -> Any:
        return (await (await admin.uses(hall, command, even_if_hidden=True, **options)).final()).original

    setup = {"channel": hall, "at": "9:00", "timezone": "Europe/Berlin"}
    await uses("digest setup", **setup | {"at": HOSTILE})
    await uses("digest setup", **setup | {"timezone": HOSTILE})
    await uses("digest setup", **setup | {"timezone": "*Berlin*"})
    await uses("digest setup", **setup)
    await uses("digest setup", **setup, digest=HOSTILE[:40], authors=HOSTILE)
    await uses("alert add", query=HOSTILE, quiet=HOSTILE)
    await uses("alert remove", alert=HOSTILE)
    await uses("trend", words="ferry " + HOSTILE)
    await uses("threads", after=HOSTILE)
    panel = await uses("settings")
    form = await admin.chooses(panel, "bob1s.language", ["other"])
    await (await admin.submits(form, {"language": HOSTILE[:40]})).reply()
    private = await uses("ask", question="Why does the ferry cross with the current?", private=True)
    await (await admin.presses(private, "Share")).followup()
    await uses("archive add", file=_file(b"a" * (2 << 20)))
    await uses("archive add", file=_file(b"The quay.\n/1\nIt is of stone.\n/END\n"))
    async with client.uploading.room, client.uploading.room:
        waiting = await admin.uses(hall, "archive add", even_if_hidden=True, file=_file(b"a"))
        await waiting.reply()
    await waiting.final()
    for number in range(10):
        file = SavedFile("a.txt", f"The quay {number}.\n/1\nIt is of stone.\n/END\n".encode())
        client.archive.import_file(file, collection=f"{HOSTILE} {number}", server_id=hall.guild.id)
    await uses("archive add", file=_file(b"a"), collection="more")
    await uses("digest weigh", source=f"{HOSTILE} 1", often="seldom")
    await uses("archive export", collection=f"{HOSTILE} 1")
    hall.deny_bot()
    await loopback.settled()
    await admin.says(hall, f"{loopback.bot_user.mention} Why does the ferry cross?")
    await loopback.settled()
    client.test_clock["now"] += timedelta(days=1)  # type: ignore[attr-defined]
    client.digests.scheduler._stopped = False
    await client.digests.scheduler.tick()
    assert shown >= OVER_THE_WIRE
    written = [text for request in loopback.requests for text in contents(request.json)]
    assert sum(r"\<\@1\>" in text for text in written) > 8
    for text in written:
        assert not LIVE.search(text), text


def test_all_text_of_others_has_been_shown_with_hostile_text(shown: set[tuple[str, str]]) -> None:
    for make in (*SHOWN.values(), *PLAIN.values()):
        make(translations_for("en"))
    missing = {(key, name) for key, names in THEIRS.items() for name in names} - shown - OVER_THE_WIRE
    assert missing == set()


OVER_THE_WIRE = {
    ("alert-quiet-unknown", "typed"),
    ("alert-unknown", "typed"),
    ("answer-asked-by", "name"),
    ("digest-at-unknown", "typed"),
    ("digest-source-unknown", "typed"),
    ("digest-weighed", "source"),
    ("digest-told", "server"),
    ("digest-zone-nearest", "typed"),
    ("digest-zone-unknown", "typed"),
    ("obstacle-admin", "server"),
    ("settings-language-unknown", "name"),
    ("threads-no-day", "typed"),
    ("uploads-collections", "names"),
    ("uploads-export", "collection"),
    ("uploads-taking-up", "name"),
    ("uploads-too-large", "name"),
    ("uploads-waiting", "name"),
}


def contents(body: Any) -> Iterator[str]:
    """Yield what Discord renders as markup in the body of a request."""
    if isinstance(body, dict):
        for name, value in body.items():
            if name == "content" and isinstance(value, str):
                yield value
            else:
                yield from contents(value)
    elif isinstance(body, list):
        for value in body:
            yield from contents(value)


def _file(content: bytes) -> Upload:
    return Upload(f"{HOSTILE}.txt", content, "text/plain")
