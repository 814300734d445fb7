"""A digest as a message: within every limit, inert, the same for the same digest."""

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot
from bot.digest.contents import Digest, Feature, NewThreads, QuestionCounts
from bot.digest.model import PauseReason
from bot.i18n import LANGUAGES, translations_for
from bot.views.custom_id import ArrivalsState
from bot.views.digests import DIGEST_PAGE_SIZE, arrivals_page, digest_view, marker, why_paused
from bot.web.addresses import Pages
from retrieval.model import Excerpt, Post, Thread, ThreadSummary
from tests.bot.views.hostile import pages, summaries
from tests.bot.views.judge import assert_fits, buttons, displayed, labels, live_marks, parts

ENGLISH = translations_for("en")
DAY = date(2026, 11, 22)
THREAD = Thread(
    tuple(Post(place, f"Post {place} is about bobbins.") for place in range(1, 19)), title="All about bobbins"
)
TOLD = Excerpt(THREAD.posts[6], THREAD.summary(), 0, len(THREAD.posts[6].text))
WHOLE = Digest(
    server_id=1,
    day=DAY,
    after=DAY - timedelta(days=1),
    arrivals=NewThreads((TOLD,), 3, 10, 13),
    feature=Feature(TOLD, 7),
    asked=QuestionCounts(12, 1, ((THREAD.summary(), 5),)),
)


@settings(deadline=None)
@given(
    shown=pages(5),
    more=st.integers(0, 10**6),
    quoted=st.lists(summaries(), max_size=3),
    days=st.integers(1, 400),
    language=st.sampled_from(LANGUAGES),
)
def test_a_digest_of_any_threads_fits_and_is_inert(
    shown: list[Excerpt], more: int, quoted: list[ThreadSummary], days: int, language: str
) -> None:
    asked = QuestionCounts(10**6, days, tuple((summary, 10**6) for summary in quoted))
    arrivals = NewThreads(tuple(shown), len(shown) + more, 2**63, 2**63 + 5)
    after = DAY - timedelta(days=days)
    view = digest_view(
        Digest(1, DAY, after, arrivals, Feature(shown[0], 3), asked), translations_for(language)
    )
    assert_fits(view)
    assert set(live_marks("\n".join(displayed(view)))) <= set("-'")


def test_it_says_what_is_new_what_the_archive_has_and_what_was_asked() -> None:
    view = digest_view(WHOLE, ENGLISH)
    said = "\n".join(displayed(view))
    assert "## Daily digest · 22 November 2026" in said
    assert "### 3 new threads" in said
    assert "and 2 more" in said
    assert "### From the archive: posted 7 years ago today" in said
    assert "Yesterday 12 questions were answered. Quoted most:" in said
    assert "post 7 of 18" in said
    assert labels(view) == ["Full thread", "All 3 new threads", "Full thread", "All about bobbins · 5×"]


def test_the_same_digest_is_the_same_message() -> None:
    assert parts(digest_view(WHOLE, ENGLISH)) == parts(digest_view(WHOLE, ENGLISH))


def test_it_carries_its_date_where_it_is_found_again() -> None:
    assert parts(digest_view(WHOLE, ENGLISH))[0]["id"] == marker(DAY) == 20261122


def test_a_late_one_says_what_it_covers() -> None:
    late = Digest(1, DAY, DAY - timedelta(days=30), feature=Feature(TOLD))
    assert "since the last digest, that of 23 October 2026" in "\n".join(
        displayed(digest_view(late, ENGLISH))
    )
    assert "since" not in "\n".join(displayed(digest_view(WHOLE, ENGLISH)))


def test_the_role_stands_in_it_where_one_was_chosen() -> None:
    assert displayed(digest_view(WHOLE, ENGLISH, role_id=42))[0].startswith("<@&42>\n")
    assert "<@" not in "".join(displayed(digest_view(WHOLE, ENGLISH)))


@pytest.mark.parametrize(("language", "said"), [("de", "22. November 2026"), ("uk", "22 листопада 2026")])
def test_it_speaks_the_servers_language_and_quotes_as_written(language: str, said: str) -> None:
    shown = "\n".join(displayed(digest_view(WHOLE, translations_for(language))))
    assert said in shown
    assert "> Post 7 is about bobbins" in shown


def test_an_empty_digest_is_no_message() -> None:
    with pytest.raises(ValueError, match="without any part"):
        digest_view(Digest(1, DAY), ENGLISH)


@settings(deadline=None)
@given(st.lists(summaries(), max_size=DIGEST_PAGE_SIZE), st.integers(0, 2000))
def test_pages_of_new_threads_fit_and_turn_as_far_as_they_go(found: list[ThreadSummary], page: int) -> None:
    total = 2000 * DIGEST_PAGE_SIZE
    view = arrivals_page(found, total, ArrivalsState(1, 2**63, page), ENGLISH, reader=2**64 - 1)
    assert_fits(view)
    if found:
        states = [
            ArrivalsState.decode(one["custom_id"])
            for one in buttons(view)
            if one["label"] in {"Back", "Next"}
        ]
        assert [state.page for state in states] == [near for near in (page - 1, page + 1) if 0 <= near < 2000]


@given(st.builds(ArrivalsState, st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1), st.integers(0, 65_535)))
def test_a_buttons_state_survives_its_custom_id(state: ArrivalsState) -> None:
    assert ArrivalsState.decode(state.encode()) == state
    assert ArrivalsState.TEMPLATE.fullmatch(state.encode())
    with pytest.raises(ValueError, match="base64url"):
        ArrivalsState.decode(state.encode()[:-1] + "~")


@pytest.mark.parametrize("reason", PauseReason)
def test_every_reason_for_a_pause_has_its_sentence(reason: PauseReason) -> None:
    sentences = {why_paused(reason, 5, translations_for(language)) for language in LANGUAGES}
    assert len(sentences) == len(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_commands_in_sentences_have_the_names_they_have_in_that_language(language: str) -> None:
    said = (Path(bot.__file__).parent / "locales" / language / "digest.ftl").read_text(encoding="utf-8")
    translations = translations_for(language)
    names = {
        f"/{translations.say('command-digest')} {translations.say(f'command-digest-{name}')}"
        for name in ("setup", "preview", "now", "pause", "resume", "off", "status")
    }
    named = set(re.findall("`(/[^`]+)`", said))
    assert named
    assert named <= names


def test_quotes_of_public_threads_link_to_their_pages_and_those_of_a_server_open_here() -> None:
    pages_at = Pages("https://threads.example.org", bytes(32))
    view = digest_view(WHOLE, ENGLISH, page_of=pages_at.public)
    address = f"https://threads.example.org/t/{THREAD.id}#7"
    assert [one["url"] for one in buttons(view) if "url" in one] == [address, address]
    own = replace(TOLD, server_id=5)
    mine = replace(WHOLE, arrivals=NewThreads((own,), 1, 1, 2), feature=Feature(own, 7))
    assert [one for one in buttons(digest_view(mine, ENGLISH, page_of=pages_at.public)) if "url" in one] == []
