"""``bobbin when``: the first post, as text, JSON and CSV."""

import csv
import io
import json

import jsonschema
import pytest

from tests.bot.cli.commands import run
from tests.bot.cli.schemas import FIRST_MENTION

pytestmark = pytest.mark.usefixtures("filled")


def test_what_has_no_date_and_what_the_archive_covers_is_stated() -> None:
    result = run("when", "the", "lamp")
    assert result.exit_code == 0
    assert "Without a known date, so perhaps earlier: 3" in result.stdout
    assert "No post of this archive has a known date" in result.stdout
    nothing = run("when", "carburettor")
    assert nothing.exit_code == 1
    assert "No post of this archive says “carburettor”" in nothing.stdout


def test_json_and_csv_list_every_post() -> None:
    found = json.loads(run("when", "--json", "the", "lamp").stdout)
    jsonschema.validate(found, FIRST_MENTION)
    assert (found["total"], found["undated"], found["first"]) == (3, 3, None)
    rows = list(csv.DictReader(io.StringIO(run("when", "--csv", "the", "lamp").stdout)))
    assert [row["text"] for row in rows] == [one["post"]["text"] for one in found["mentions"]]
    assert len(json.loads(run("when", "--json", "-n", "1", "the", "lamp").stdout)["mentions"]) == 1


def test_an_author_is_shown_then_and_now() -> None:
    found = json.loads(run("when", "--json", "--author", "ada example", "lamp").stdout)
    assert (found["total"], found["undated"], found["earliest"], found["latest"]) == (3, 3, [], [])
    shown = run("when", "--author", "Ada Example", "lamp")
    assert "about “lamp”: 3, 3 of them without a known date" in shown.stdout
    assert run("when", "--author", "Nobody", "lamp").exit_code == 1
    assert run("when", "--author", "Nobody", "--csv", "lamp").exit_code == 2


def test_words_without_a_letter_or_too_long_are_refused() -> None:
    assert run("when", "…").exit_code == 2
    assert "at most 200" in run("when", "a" * 201).stderr


@pytest.mark.usefixtures("filled")
def test_words_that_are_too_common_to_count_are_not_said_to_stand_nowhere() -> None:
    for words, sentence, uncounted in (
        ("the", "too common to count", "common"),
        ("of the", "too common to count", "common"),
        ("zeppelin", "No post of this archive holds", None),
        ("the zeppelin", "No post of this archive holds", None),
    ):
        counted = run("trend", *words.split())
        assert (counted.exit_code, sentence in counted.stdout) == (1, True), words
        assert json.loads(run("trend", "--json", words).stdout)["uncounted"] == uncounted
    assert json.loads(run("trend", "--json", "lamp").stdout)["uncounted"] is None
