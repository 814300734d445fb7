"""Every kind of message against Discord's own description of what may be sent."""

import json
from datetime import date
from functools import cache
from typing import Any

from discord.ui import LayoutView
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bot.digest.contents import Digest, Feature, NewThreads
from bot.i18n import translations_for
from bot.views.answers import answer_heading, answer_page, nothing_found
from bot.views.custom_id import AnswerState
from bot.views.digests import digest_view
from bot.views.layout import Reply
from bot.views.lists import thread_list
from bot.views.notices import explain_itself, notice
from bot.views.pages import pages_of
from bot.views.threads import post_context, thread_page
from retrieval.model import Excerpt, Suggestions, Thread
from tests.bot.views.hostile import pages, texts, threads
from tests.bot.views.judge import parts
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared

STATE = AnswerState(2**64 - 1, 0, (2**40 - 1,) * 8, (2**16 - 1,) * 8)


@cache
def contract() -> Draft202012Validator:
    described = json.loads((SHARED / "discord-api" / "openapi.json").read_text())
    message = {"$ref": "#/components/schemas/MessageCreateRequest", "components": described["components"]}
    return Draft202012Validator(message)


def faults(container: dict[str, Any]) -> list[str]:
    errors = contract().iter_errors({"flags": 1 << 15, "components": [container]})
    return [f"{error.json_path}: {error.message[:200]}" for error in errors]


def assert_meets_contract(view: LayoutView) -> None:
    assert faults(parts(view)[0]) == []


@settings(deadline=None, max_examples=30)
@given(pages(5), texts)
def test_answers_meet_the_contract(page: list[Excerpt], question: str) -> None:
    assert_meets_contract(
        answer_page(page, heading=answer_heading(question, (), Reply()), state=STATE, pages=3)
    )


@settings(deadline=None, max_examples=30)
@given(threads(), st.data())
def test_threads_meet_the_contract(thread: Thread, data: st.DataObject) -> None:
    assert_meets_contract(thread_page(thread, data.draw(st.integers(0, len(pages_of(thread)) - 1)), Reply(7)))
    assert_meets_contract(post_context(thread, data.draw(st.integers(1, thread.length)), Reply(7)))
    assert_meets_contract(thread_list([thread.summary()] * 9, total=20))


@settings(deadline=None, max_examples=20)
@given(pages(5))
def test_digests_meet_the_contract(shown: list[Excerpt]) -> None:
    digest = Digest(
        1, date(2026, 11, 22), arrivals=NewThreads(tuple(shown), 9, 1, 2), feature=Feature(shown[0])
    )
    assert_meets_contract(digest_view(digest, translations_for("uk"), role_id=2**64 - 1))


@settings(deadline=None, max_examples=20)
@given(texts)
def test_bobbins_own_words_meet_the_contract(text: str) -> None:
    assert_meets_contract(nothing_found(text, Suggestions((text,))))
    assert_meets_contract(explain_itself(text))
    assert_meets_contract(notice(text))


def test_the_contract_refuses_what_discord_would() -> None:
    assert faults({"type": 17, "components": [{"type": 10, "content": ""}]})
    assert faults({"type": 17, "components": [{"type": 2, "style": 1, "label": "a", "custom_id": "a"}]})
