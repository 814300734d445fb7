import json
from pathlib import Path

import pytest

from tests.bot.archives import week
from tests.bot.cli.commands import run
from tests.bot.cli.schemas import ANSWER, LISTED, POST, checked, closed, many


@pytest.mark.usefixtures("filled")
def test_a_question_is_answered_with_the_post_that_holds_its_words() -> None:
    result = run("ask", "why", "was", "the", "lamp", "moved", "for", "the", "ferry?")
    assert result.exit_code == 0
    assert "The first move was for the ferry." in " ".join(result.stdout.replace("│", "").split())
    assert "by Ada Example" in result.stdout
    assert "post 2 of 4" in result.stdout
    assert "bobbin thread " in result.stdout


@pytest.mark.usefixtures("filled")
def test_a_quoted_question_and_its_loose_words_are_the_same_question() -> None:
    assert run("ask", "lamp ferry").stdout == run("ask", "lamp", "ferry").stdout


@pytest.mark.usefixtures("filled")
def test_an_unanswerable_question_is_answered_so_with_exit_status_one() -> None:
    result = run("ask", "xylophone quartets")
    assert result.exit_code == 1
    assert "Nothing in the archive answers this." in result.stdout
    assert "│" not in result.stdout


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("когда построили мост?", "Russian"),
        ("谁是日本首相？", "Chinese"),
        ("wann wurde die Brücke über den Fluss gebaut?", "German"),
        ("who built the bridge of the xylophone?", None),
    ],
)
def test_a_question_in_a_language_that_the_archive_does_not_hold_is_answered_so(
    question: str, language: str | None
) -> None:
    for shown in (run("ask", question).stdout, run("chat", stdin=f"{question}\nquit\n").stdout):
        notice = f"This reads as {language}; the archive is in English."
        assert (notice in " ".join(shown.split())) is (language is not None)
        assert ("This reads as" in shown) is (language is not None)


@pytest.mark.usefixtures("filled")
def test_a_misspelt_word_is_answered_by_a_known_one() -> None:
    result = run("ask", "--json", "fishermn")
    assert result.exit_code == 0
    assert checked(result, ANSWER)["corrected"] == {"fishermn": "fishermen"}
    assert "fishermen" in run("ask", "fishermn").output.split("\n")[0]


@pytest.mark.usefixtures("filled")
def test_what_was_searched_instead_is_stated_with_every_verdict_and_not_suggested() -> None:
    result = run("ask", "--json", "fishermn on a xylophone in Patagonia")
    answer = checked(result, ANSWER)
    assert answer["verdict"] != "answer"
    assert answer["corrected"] == {"fishermn": "fishermen"}
    assert "fishermen" not in answer["suggestions"]["terms"]
    assert "Searched for “fishermen” instead of “fishermn”." in run("ask", "fishermn on a xylophone").output


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("question", ["who wanted the light back?", "oven", "xylophone"])
def test_json_answers_keep_the_contract(question: str) -> None:
    result = run("ask", "--json", question)
    answer = checked(result, ANSWER)
    assert answer["question"] == question
    assert answer["answered"] is (answer["verdict"] == "answer") is (answer["confidence"] >= 0.5)
    assert bool(answer["excerpts"]) is (answer["verdict"] != "nothing") is (result.exit_code == 0)
    assert [excerpt["rank"] for excerpt in answer["excerpts"]] == list(range(1, len(answer["excerpts"]) + 1))
    for excerpt in answer["excerpts"]:
        assert excerpt["quote"] in excerpt["post"]["text"]
        assert excerpt["post"]["id"] == f"{excerpt['thread']['id']}/{excerpt['post']['ordinal']}"
        assert all(0 <= start < end <= len(excerpt["quote"]) for start, end in excerpt["highlights"])


@pytest.mark.usefixtures("filled")
def test_what_is_known_of_a_thread_stands_in_json_and_what_is_unknown_is_null() -> None:
    lamp, oven = (
        checked(run("ask", "--json", question), ANSWER)["excerpts"][0] for question in ("ferry", "crust")
    )
    assert (lamp["thread"]["author"], lamp["thread"]["posts"]) == ("Ada Example", 4)
    assert (lamp["thread"]["url"], lamp["post"]["posted_at"]) == (None, None)
    assert (oven["thread"]["author"], oven["thread"]["url"]) == (None, "https://example.org/oven")
    assert (lamp["post"]["number"], lamp["thread"]["completeness"]) == (2, "complete")


@pytest.mark.usefixtures("filled")
def test_the_number_of_quotes_is_the_setting_s_or_the_option_s(monkeypatch: pytest.MonkeyPatch) -> None:
    def count(*words: str) -> int:
        return len(checked(run("ask", "--json", "lamp", *words), ANSWER)["excerpts"])

    assert count("-n", "1") == 1
    monkeypatch.setenv("BOBBIN_QUOTES_PER_ANSWER", "2")
    assert count() == 2
    assert count("--limit", "50") > 2


@pytest.mark.parametrize(
    "words", [["-n", "0", "x"], ["-n", "51", "x"], [], [""], ["  ", " "], ["--server", "1"]]
)
def test_a_misused_question_is_a_usage_error(words: list[str]) -> None:
    result = run("ask", *words)
    assert result.exit_code == 2
    assert result.stderr.startswith("bobbin: ask")
    assert result.stdout == ""


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    "question", ["\udcff\udcfe ferry", "ferry \x1b[2J \u202e", "🛶" * 500, "a" * 20_000, "?!"]
)
def test_no_question_is_too_odd_to_ask(question: str) -> None:
    for form in ([], ["--json"]):
        result = run("ask", question, *form)
        assert result.exit_code in {0, 1}
        assert "\x1b" not in result.output


@pytest.mark.usefixtures("filled")
def test_explain_adds_the_shares_of_each_score() -> None:
    assert "score " in run("ask", "--explain", "ferry").stdout
    assert "shares" in json.loads(run("ask", "--explain", "--json", "ferry").stdout)["excerpts"][0]


def test_while_the_archive_is_empty_the_handbook_answers_and_it_is_stated(pages: Path) -> None:
    before = run("ask", "how do I import threads")
    assert before.exit_code == 0
    assert "bobbin import PATH takes files" in before.stdout
    assert "The archive is empty" in before.stderr
    run("import", str(pages))
    after = run("ask", "ferry")
    assert after.stderr == ""
    assert run("ask", "bobbin import").exit_code == 1


@pytest.mark.usefixtures("filled")
def test_help_me_answers_from_the_handbook_only() -> None:
    answer = checked(run("help-me", "--json", "how", "do", "I", "import", "threads"), ANSWER)
    assert "bobbin import PATH" in answer["excerpts"][0]["quote"]
    assert run("help-me", "ferry").exit_code == 1


@pytest.mark.usefixtures("filled")
def test_threads_are_listed_and_found_by_author() -> None:
    listed = checked(run("threads", "--json"), closed(threads=many(LISTED)))["threads"]
    assert {thread["posts"] for thread in listed} == {3, 4}
    (lamp,) = checked(run("threads", "--json", "--author", "Ada Example"), closed(threads=many(LISTED)))[
        "threads"
    ]
    assert lamp["opening"].startswith("The lamp on the quay")
    assert lamp["id"] in run("threads").stdout
    assert "1 of 2 threads" in run("threads", "-n", "1").stderr
    nobody = run("threads", "--author", "Nobody")
    assert (nobody.exit_code, nobody.stdout) == (0, "")
    assert "no thread by Nobody" in nobody.stderr


def test_a_thread_is_shown_whole_by_its_id_or_the_id_of_a_post(filled: Path) -> None:
    excerpt = json.loads(run("ask", "--json", "ferry").stdout)["excerpts"][0]
    whole = checked(run("thread", excerpt["thread"]["id"], "--json"), closed(thread=LISTED, posts=many(POST)))
    assert [post["text"] for post in whole["posts"]] == (filled / "lamp.txt").read_text().splitlines()[::2]
    assert json.loads(run("thread", excerpt["post"]["id"].upper(), "--json").stdout) == whole
    assert "post 4 of 4" in run("thread", excerpt["thread"]["id"]).stdout


@pytest.mark.usefixtures("filled")
def test_a_thread_of_the_handbook_is_shown_too() -> None:
    excerpt = json.loads(run("help-me", "--json", "import threads").stdout)["excerpts"][0]
    assert "changes nothing" in run("thread", excerpt["thread"]["id"]).stdout


@pytest.mark.usefixtures("filled")
def test_an_unknown_id_is_an_error_that_names_the_closest_threads() -> None:
    result = run("thread", "lamp on")
    assert result.exit_code == 1
    assert result.stderr.startswith("bobbin: no thread has the id, link or title 'lamp on'; the closest: ")
    assert "The lamp on the quay" in result.stderr
    assert "`bobbin threads` lists" in run("thread", "000000000000").stderr
    assert run("thread", "").exit_code == 1


def test_a_title_or_a_link_prints_its_thread(place: Path) -> None:
    (place / "cafe.txt").write_text("A thread on coffee.\n/1\nIt is roasted.\n/END\n")
    link = "https://threadreaderapp.com/thread/1574166776558649344.html"
    run("import", str(place / "cafe.txt"), "--title", "Café au lait", "--url", link)
    for typed in (
        "Café au lait",
        "cafe au lait",
        "Kafe au lait",
        f"{link}?utm=1",
        link.removesuffix(".html"),
    ):
        assert "It is roasted" in run("thread", typed).stdout, typed


def test_an_id_that_several_threads_had_earlier_lists_them(place: Path) -> None:
    def import_week(number: int) -> None:
        (place / f"week{number}.txt").write_text(week(number))
        assert run("import", str(place / f"week{number}.txt"), "--title", f"Week {number}").exit_code == 0

    import_week(1)
    (former,) = checked(run("threads", "--json"), closed(threads=many(LISTED)))["threads"]
    import_week(2)
    listed = run("thread", former["id"])
    assert listed.exit_code == 1
    assert "Week 1" in listed.stdout
    assert "Week 2" in listed.stdout
    assert "any of these 2 threads" in listed.stderr
    assert run("thread", former["id"], "--json").stdout == ""
    assert "Week 2" in run("thread", former["id"], "--json").stderr


@pytest.mark.usefixtures("filled")
def test_options_write_operators_and_the_interpretation_is_shown() -> None:
    by_options = run("ask", "lamp ferry", "--author", "Ada Example", "--after", "1999")
    assert by_options.stdout == run("ask", 'lamp ferry author:"Ada Example" after:1999').stdout
    assert run("ask", "lamp ferry", "--author", "Ada Example").stdout.startswith(
        "Only posts: by Ada Example."
    )
    answer = checked(run("ask", "--json", "lamp ferry", "--author", "Ada Example"), ANSWER)
    assert answer["question"] == 'lamp ferry author:"Ada Example"'
    assert answer["query"]["words"] == "lamp ferry"
    assert answer["query"]["filters"] == ['author:"Ada Example"']


@pytest.mark.usefixtures("filled")
def test_a_filter_that_no_post_passes_is_told_apart_from_an_archive_that_does_not_know() -> None:
    nobody = run("ask", "lamp ferry", "--author", "nobody")
    assert nobody.exit_code == 1
    assert nobody.stdout.startswith("No post here matches: by nobody.")
    silent = run("ask", "xylophone", "--author", "Ada Example")
    assert silent.exit_code == 1
    assert "none of them answers this: by Ada Example." in " ".join(silent.stdout.split())


@pytest.mark.usefixtures("filled")
def test_a_date_that_is_none_is_a_usage_error() -> None:
    result = run("ask", "lamp", "--before", "christmas")
    assert result.exit_code == 2
    assert "christmas" in result.stderr
