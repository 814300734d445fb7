"""Every benchmark runs, on sizes too small to say anything about speed."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from retrieval.analysis.analyzer import analyzer
from retrieval.archive import Archive
from retrieval.model import Verdict
from tests.benchmarks import answer, digest
from tests.benchmarks.bars import fail_below_bar
from tests.benchmarks.corpus import Corpus, word
from tests.benchmarks.descriptors import Outcome as DescriptorOutcome
from tests.benchmarks.engines import ENGINES, PLAIN, REFERENCE, Engine
from tests.benchmarks.growth import exponent
from tests.benchmarks.search import agreement, measure
from tests.benchmarks.signals import Stops
from tests.benchmarks.trial import Asked
from tests.benchmarks.web import Load, shortfalls
from tests.promises.sabotage import VARIABLE

# Each benchmark runs, if only small.
pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return Corpus.made(tmp_path / "corpus", posts=300, questions=20)


def run(module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_corpus_is_the_same_for_the_same_seed_and_another_for_another(tmp_path: Path) -> None:
    first, again, other = (
        Corpus.made(tmp_path / name, 200, 10, seed) for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert list(first.texts()) == list(again.texts()) != list(other.texts())
    assert first.questions() == again.questions() != other.questions()
    assert first.threads().tolist() == again.threads().tolist()


def test_posts_and_questions_are_as_long_as_they_should_be_and_questions_can_be_answered(
    corpus: Corpus,
) -> None:
    posts = list(corpus.tokens())
    assert len(posts) == corpus.posts == len(corpus.threads())
    assert {len(post) for post in posts} <= set(range(25, 46))
    said = {one for post in posts for one in post}
    for question in corpus.questions():
        assert 3 <= len(question) == len(set(question)) <= 8
        assert set(question) <= said


def test_words_differ_and_our_analyzer_leaves_them_as_they_are() -> None:
    words = [word(number) for number in range(20_000)]
    assert len(set(words)) == len(words)
    assert analyzer("en").terms(" ".join(words)) == words


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
def test_an_engine_answers_every_question(engine: Engine, corpus: Corpus) -> None:
    if engine.missing:
        pytest.skip(f"{engine.missing} is not installed; the benchmark leaves {engine.name} out, too")
    (row,) = measure([engine], corpus, patience=5)
    assert not row.reason
    assert row.asked is not None
    assert len(row.asked.hits) == 10
    assert all(hits for hits in row.asked.hits)


def test_the_plain_path_finds_what_rank_bm25_finds(corpus: Corpus) -> None:
    engines = [engine for engine in ENGINES if engine.name in {PLAIN, REFERENCE}]
    ours, theirs = (row.asked for row in measure(engines, corpus, patience=5))
    assert ours is not None
    assert theirs is not None
    compared = agreement(ours, theirs)
    assert compared.questions == compared.equal == compared.exact == 10


def test_another_post_or_score_is_a_disagreement_and_a_tie_is_none() -> None:
    def asked(*hits: tuple[int, float]) -> Asked:
        return Asked(0.0, 0, [0], [0.0], [0.0], [list(hits)])

    reference = asked((1, 3.0), (2, 2.0), (3, 2.0))
    assert agreement(asked((1, 3.0), (3, 2.0), (2, 2.0)), reference).equal == 1
    assert agreement(asked((4, 3.0), (2, 2.0), (3, 2.0)), reference).equal == 0
    assert agreement(asked((1, 3.1), (2, 2.0), (3, 2.0)), reference).equal == 0
    assert agreement(asked((1, 3.0), (2, 2.0)), reference).equal == 0


def test_an_exponent_is_the_slope_of_the_logarithms() -> None:
    assert exponent({10: 3.0, 100: 30.0, 1000: 300.0}) == pytest.approx(1.0)
    assert exponent({10: 2.0, 1000: 20.0}) == pytest.approx(0.5)
    assert exponent({10: 2.0}) is None


def test_the_comparison_prints_a_table_for_each_size_and_keeps_its_figures(tmp_path: Path) -> None:
    kept = tmp_path / "figures.json"
    printed = run(
        "search",
        "--posts",
        "200,300",
        "--questions",
        "5",
        "--patience",
        "3",
        "--peers",
        "rank",
        "--json",
        str(kept),
    )
    sizes = json.loads(kept.read_text())
    assert [size["posts"] for size in sizes] == [200, 300]
    assert all(size["agreement"]["equal"] == 5 for size in sizes)
    assert printed.count(PLAIN) == printed.count("× p50") == 2


def test_growth_is_fitted_over_sizes(tmp_path: Path) -> None:
    run(
        "growth",
        "--posts",
        "200,400",
        "--questions",
        "5",
        "--patience",
        "3",
        "--peers",
        "none",
        "--plot",
        str(tmp_path),
    )
    curves = json.loads((tmp_path / "growth.json").read_text())
    assert {(PLAIN, "p50"), (PLAIN, "memory")} <= {(one["engine"], one["measure"]) for one in curves}


def test_growth_is_fitted_over_what_the_comparison_kept(tmp_path: Path) -> None:
    for posts in (100, 1_000):
        figures = [
            {"engine": "some", "reason": "", "p50": posts**0.5, "memory": posts * 2**20},
            {"engine": "other", "reason": "not installed: other"},
        ]
        (tmp_path / f"{posts}.json").write_text(json.dumps([{"posts": posts, "engines": figures}]))
    printed = run("growth", "--measured", str(tmp_path / "100.json"), str(tmp_path / "1000.json"))
    rows = [line.split() for line in printed.splitlines() if line.startswith("some")]
    assert rows == [["some", "10.0", "31.6", "0.50"], ["some", "100.0", "1,000.0", "1.00"]]
    assert "other" not in printed


def test_a_start_is_measured() -> None:
    assert "Bobbin, first start" in run("ready", "--posts", "200", "--starts", "1")


def test_changes_are_found_while_questions_are_asked() -> None:
    assert "taken up and found" in run("changes", "--posts", "300", "--new", "60", "--quiet", "0.2")


def test_the_loop_is_watched_while_many_ask() -> None:
    printed = run("loop_delay", "--posts", "200", "--questions", "8", "--at-once", "4")
    assert "Bobbin" in printed
    assert "ratio" in printed


def test_completion_is_measured_alone_and_all_the_way() -> None:
    assert "Bobbin, frame to choices" in run("completion", "--threads", "300", "--typed", "16")


def test_starts_are_measured() -> None:
    assert "options completed" in run("start", "--runs", "1", "--threads", "20")


def judged(folder: Path, answer: str) -> Path:
    """Write a collection of one long paragraph and a question to it, which the answer stands in."""
    folder.mkdir()
    filler = "Nothing of note happened in the town that year. " * 20
    corpus = [
        {"id": f"p{place}", "thread": "t", "pos": place, "para": "a", "text": text}
        for place, text in enumerate((filler, "The ferry left Gozdowice at dawn in 1921.", filler))
    ]
    asked = {"id": "q", "text": "When did the ferry leave Gozdowice?", "answers": [answer]}
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, corpus)))
    (folder / "queries.jsonl").write_text(json.dumps(asked))
    (folder / "qrels.tsv").write_text("q\tp1\t1\n")
    return folder


def test_excerpts_are_held_to_the_share_of_them_that_holds_the_answer(tmp_path: Path) -> None:
    printed = run("excerpts", str(judged(tmp_path / "en", "1921")))
    assert [line.split()[:6] for line in printed.splitlines()] == [
        ["en", kind, "1", "questions", "excerpts", "1.000"] for kind in ("paragraphs", "threads")
    ]
    below = judged(tmp_path / "de", "never")  # a collection with a bar
    command = [sys.executable, "-m", "tests.benchmarks.excerpts", str(below)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1, done.stderr
    assert "below the bar: de, paragraphs: the answer is inside 0.000 of the excerpts" in done.stdout


def test_a_benchmark_below_its_bar_says_so_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    fail_below_bar([])
    with pytest.raises(SystemExit, match="1"):
        fail_below_bar(["2 lost"])
    assert capsys.readouterr().out == "below the bar: 2 lost\n"


#: What of each benchmark that stands for a promise is run while the promise is broken. Load and servers take
#: minutes: `python -m tests.promises --sabotage questions` and `--sabotage servers` prove those.
BROKEN = {
    "saved-files": "fuzz --inputs 300 --form HTML",
    "killed-imports": "imports kills 6",
    "import-order": "imports sequences 6",
    "digest-crashes": "digest kills --kills 8",
    "storms": "digest storm --posts 100",
    "sigterm": "signals --signals 1",
}
#: Breaks the promise before anything of the project is imported, and runs the benchmark that is named.
RUN_BROKEN = """
import runpy, sys
from tests.promises import sabotage
sabotage.apply()
del sys.argv[0]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", BROKEN)
def test_a_benchmark_fails_where_its_promise_is_broken(name: str) -> None:
    module, *rest = BROKEN[name].split()
    done = subprocess.run(
        [sys.executable, "-c", RUN_BROKEN, f"tests.benchmarks.{module}", *rest],
        cwd=ROOT,
        env=os.environ | {VARIABLE: name},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    told = done.stdout + done.stderr
    assert "below the bar" in told or "a sabotage" in told, told


def test_a_storm_that_delays_discord_or_ends_in_errors_is_below_the_bar() -> None:
    calm = [(0.1, 0.2)] * 100
    assert shortfalls(Load(calm, [(0.29, 1.0)] * 100, {200: 50, 429: 50})) == []
    (slow,) = shortfalls(Load(calm, [*[(0.1, 0.2)] * 97, *[(0.31, 0.4)] * 3], {200: 9}))
    assert "310 ms beside requests, 100 in calm" in slow
    assert shortfalls(Load(calm, calm, {200: 9, 500: 2})) == ["2 requests ended in trouble"]


def test_a_digest_that_is_lost_or_doubled_is_below_the_bar() -> None:
    assert digest._short(0, 0) == []
    assert digest._short(1, 0) == ["1 lost, 0 double"]
    assert digest._short(0, 2) == ["0 lost, 2 double"]


def test_a_question_without_a_reply_is_silent() -> None:
    assert DescriptorOutcome(asked=10, answered=6, told=3, seconds=1.0).silent == 1


def test_stops_that_go_wrong_are_below_the_bar() -> None:
    stops = Stops()
    stops.statuses.update([0, 0, -9])
    stops.digests.update([1, 0, 2])
    stops.replies.update([1, 0, 2])
    stops.longest, stops.half = 11.0, 1
    assert stops.shortfalls() == [
        "1 exits with another status than 0",
        "1 exits after more than 10 s",
        "1 digests lost",
        "1 digests posted twice",
        "1 questions with two replies",
        "1 replies cut short",
    ]
    assert Stops(digests=Counter({1: 3}), statuses=Counter({0: 3})).shortfalls() == []


@pytest.mark.slow
def test_shards_reconnect_beside_plain_discord_py() -> None:
    shown = run("shards", "--shards", "2", "--patience", "8")
    assert shown.count("Bobbin") == 2
    assert "below the bar" not in shown


def test_the_cost_of_an_answer_is_measured_beside_a_bare_client() -> None:
    report = run("answer", "--questions", "20", "--runs", "1", "--threads", "20", "--ways", "mention")
    assert [line.split()[0] for line in report.splitlines()[1:]] == ["mention,", "now"] * 4


def test_questions_find_something_in_the_share_that_is_wanted_and_all_differ(tmp_path: Path) -> None:
    answer.fill(tmp_path / "archive.db", 20)
    with Archive.open(tmp_path / "archive.db") as archive:
        scope = archive.catalog.scope()
        assert set(archive.languages(scope)) == {"en"}
        for share in (0.36, 0.84):
            questions = answer.mixed_questions(archive, share, 50, seed=1)
            found = [archive.ask(one, scope).verdict is not Verdict.NOTHING for one in questions]
            assert (len(set(questions)), sum(found)) == (50, 50 * share)


def test_a_ratio_that_was_reached_may_be_worse_by_a_fifth_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(answer, "REACHED", {"mention": (4.0, 5.0)})
    assert not answer.lost_ground("mention", 4.7, 5.9)
    assert answer.lost_ground("mention", 4.9, 5.9) == ["mention: processor time ÷ bare 4.90, reached 4.00"]
    assert answer.lost_ground("mention", 4.0, 6.1) == ["mention: p99 ÷ bare 6.10, reached 5.00"]
    assert not answer.lost_ground("another line", 99.0, 99.0)
