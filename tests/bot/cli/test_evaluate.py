import json
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.bot.cli.commands import process, run
from tests.bot.cli.schemas import COUNT, MAYBE, TEXT, checked, closed, many
from tests.retrieval.evaluation.judged import GARDEN, HARBOUR, write

NUMBER = {"type": "number"}
SHARE = {"type": "number", "minimum": 0, "maximum": 1}
FIGURE = {"type": ["number", "null"]}
FIGURES = ("ndcg_10", "mrr_10", "recall_10", "recall_100", "first", "per_second")
NULL = {"type": "null"}


def either(schema: object) -> dict[str, object]:
    return {"anyOf": [NULL, schema]}


RANKER = closed(name=TEXT, missing=MAYBE, **dict.fromkeys(FIGURES, FIGURE))
MISSPELT = closed(
    clean=SHARE, misspelt=SHARE, uncorrected=SHARE, untouched=COUNT, kept=NUMBER, kept_uncorrected=NUMBER
)
FOLLOW_UPS = closed(pairs=COUNT, elliptical=SHARE, elliptical_followed=SHARE, full=SHARE, full_followed=SHARE)
FOREIGN = closed(
    pairs=many(closed(questions_of=TEXT, archive_of=TEXT, answered=COUNT, asked=COUNT, closest=COUNT)),
    own=SHARE,
    foreign=SHARE,
    own_mean=SHARE,
    foreign_mean=SHARE,
    curve=many(closed(threshold=SHARE, own=SHARE, foreign=SHARE)),
    area=SHARE,
    areas={"type": "object", "additionalProperties": SHARE},
    seen=many(TEXT),
    enough=SHARE,
)
WRAPPED = closed(
    kind=TEXT,
    template=TEXT,
    answered=NUMBER,
    first=NUMBER,
    foreign=either(SHARE),
    foreign_plain=either(SHARE),
)
EVALUATION = closed(
    collections=many(
        closed(
            name=TEXT,
            posts=COUNT,
            threads=COUNT,
            questions=COUNT,
            notes=many(TEXT),
            rankers=many(RANKER),
            misspelt=either(MISSPELT),
            follow_ups=either(FOLLOW_UPS),
            asking=either(many(WRAPPED)),
        )
    ),
    foreign=either(FOREIGN),
)
installed = pytest.mark.skipif(
    find_spec("bm25s") is None or find_spec("tantivy") is None,
    reason="bm25s and tantivy are not installed; they are the extra bobbin[peers]",
)


@pytest.fixture
def harbour(place: Path) -> str:
    return str(write(place / "harbour", HARBOUR))


@pytest.fixture
def garden(place: Path) -> str:
    return str(write(place / "garden", GARDEN))


def test_it_prints_a_table_of_plain_text(harbour: str) -> None:
    result = run("evaluate", harbour)
    assert result.exit_code == 0
    head, language, measures, depths, row = [line for line in result.stdout.splitlines() if line]
    assert head == "harbour  5 posts in 2 threads, 3 questions"
    assert language.strip() == "note: read as English"
    assert measures.split() == ["nDCG", "MRR", "recall", "recall", "first", "questions"]
    assert depths.split() == ["@10", "@10", "@10", "@100", "right", "a", "second"]
    name, *shares, speed = row.split()
    assert name == "bobbin"
    (measured,) = json.loads(run("evaluate", harbour, "--json").stdout)["collections"][0]["rankers"]
    assert shares == [f"{measured[figure]:.3f}" for figure in FIGURES[:-1]]
    assert float(speed.replace(",", "")) > 0


def test_json_holds_everything_that_was_asked_for(harbour: str, garden: str) -> None:
    options = ("--peers", "--foreign", "--misspelt", "--follow-ups", "--json")
    found = checked(run("evaluate", harbour, garden, *options), EVALUATION)
    first, second = found["collections"]
    assert (first["name"], first["posts"], first["threads"], first["questions"]) == ("harbour", 5, 2, 3)
    assert [ranker["name"] for ranker in first["rankers"]][:2] == ["bobbin", "rank-bm25, as its README"]
    assert first["follow_ups"]["pairs"] == 1
    assert second["follow_ups"] is None
    pairs = {(pair["questions_of"], pair["archive_of"]): pair["asked"] for pair in found["foreign"]["pairs"]}
    assert pairs == {
        ("harbour", "harbour"): 3,
        ("garden", "garden"): 2,
        ("harbour", "garden"): 3,
        ("garden", "harbour"): 2,
    }


def test_what_was_not_asked_for_is_null(harbour: str) -> None:
    found = checked(run("evaluate", harbour, "--json"), EVALUATION)
    (collection,) = found["collections"]
    assert [ranker["name"] for ranker in collection["rankers"]] == ["bobbin"]
    assert found["foreign"] is collection["misspelt"] is collection["follow_ups"] is None


def test_tables_show_every_part(harbour: str, garden: str) -> None:
    shown = run("evaluate", harbour, garden, "--foreign", "--misspelt", "--follow-ups").stdout
    for part in (
        "misspelt, without correction",
        "1 follow-ups, nDCG@10",
        "put to the archive of",
        "foreign answered",
        "Area under the curve",
    ):
        assert part in shown


@installed
def test_peers_are_measured_in_the_same_table(harbour: str) -> None:
    rows = run("evaluate", harbour, "--peers").stdout.splitlines()
    names = (
        "bobbin",
        "rank-bm25, as its README",
        "rank-bm25, our analyzer",
        "bm25s",
        "SQLite FTS5",
        "tantivy",
    )
    for name in names:
        (row,) = [row for row in rows if row.startswith(f"{name} ")]
        assert len(row.removeprefix(name).split()) == 6


@pytest.mark.parametrize("missing", ["bm25s", "tantivy"])
def test_a_peer_that_is_not_installed_is_stated_in_the_table(
    missing: str, harbour: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    result = run("evaluate", harbour, "--peers")
    assert result.exit_code == 0
    rows = result.stdout.splitlines()
    place = next(number for number, row in enumerate(rows) if row.startswith(f"{missing} "))
    assert rows[place].split() == [missing, *["–"] * 6]
    assert rows[place + 1].strip() == "not installed: pip install 'bobbin[peers]'"
    found = checked(run("evaluate", harbour, "--peers", "--json"), EVALUATION)
    told = {ranker["name"]: ranker["missing"] for ranker in found["collections"][0]["rankers"]}
    assert told[missing] == "not installed: pip install 'bobbin[peers]'"
    assert told["SQLite FTS5"] is None


def test_a_run_is_written_in_trecs_form(harbour: str, place: Path) -> None:
    assert run("evaluate", harbour, "--run", "own.run").exit_code == 0
    rows = [line.split(" ") for line in (place / "own.run").read_text().splitlines()]
    assert {row[0] for row in rows} == {"q1", "q2", "q3"}
    first = [row for row in rows if row[0] == "q1"]
    assert first[0][:4] == ["q1", "Q0", "ferry-2", "1"]
    assert [row[3] for row in first] == [str(rank) for rank in range(1, len(first) + 1)]
    assert {row[5] for row in rows} == {"bobbin"}


def test_runs_of_several_collections_are_named_after_them(harbour: str, garden: str, place: Path) -> None:
    assert run("evaluate", harbour, garden, "--run", "own.run").exit_code == 0
    assert sorted(path.name for path in place.glob("*.run")) == ["own.garden.run", "own.harbour.run"]


def test_a_limit_takes_so_many_questions(harbour: str) -> None:
    found = json.loads(run("evaluate", harbour, "--limit", "2", "--json").stdout)
    assert found["collections"][0]["questions"] == 2


def test_misspelling_depends_on_the_seed_alone(harbour: str) -> None:
    runs = [run("evaluate", harbour, "--misspelt", "--json", "--seed", "3") for _ in range(2)]
    first, second = (json.loads(one.stdout)["collections"][0]["misspelt"] for one in runs)
    assert first == second


def test_questions_left_out_are_counted(place: Path) -> None:
    posts, questions, grades = HARBOUR
    folder = write(place / "harbour", (posts, questions, grades[:1]))
    said = "note: 2 questions without a relevant post in qrels.tsv, which nothing here answers"
    assert said in run("evaluate", str(folder)).stdout.splitlines()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["harbour", "--foreign"], "name two or more"),
        (["harbour", "harbour"], "the same name"),
        (["nowhere"], "does not exist"),
        (["harbour", "--run", "no/such/own.run"], "There is no folder"),
        (["harbour", "--language", "english"], "no language code"),
    ],
)
def test_a_misuse_is_reported_before_anything_is_measured(words: list[str], told: str, harbour: str) -> None:
    assert Path(harbour).is_dir()
    result = run("evaluate", *words)
    assert result.exit_code == 2
    assert told in " ".join(result.stderr.split())


def test_an_id_with_a_space_cannot_stand_in_a_run(place: Path) -> None:
    posts, questions, grades = HARBOUR
    folder = write(place / "spaced", ([*posts, {"id": "a b", "text": "A post."}], questions, grades))
    result = run("evaluate", str(folder), "--run", "own.run")
    assert result.exit_code == 2
    assert "'a b'" in result.stderr


def test_a_broken_collection_ends_in_one_sentence(harbour: str) -> None:
    (Path(harbour) / "corpus.jsonl").write_text('{"text": "no id"}\n')
    shell = process("evaluate", harbour)
    out, err = shell.communicate(timeout=60)
    assert (shell.returncode, out) == (1, "")
    assert (
        err
        == f"bobbin: {harbour}/corpus.jsonl: line 1 has no id, neither as 'id' nor as '_id'; check the file\n"
    )


def test_questions_are_asked_in_templates_and_every_answer_is_written(harbour: str, tmp_path: Path) -> None:
    templates, answers = tmp_path / "templates.jsonl", tmp_path / "answers.jsonl"
    templates.write_text('{"kind": "greeting", "template": "hey all, {q} thanks!"}\n')
    result = run("evaluate", harbour, "--asking", str(templates), "--answers", str(answers), "--json")
    (collection,) = checked(result, EVALUATION)["collections"]
    assert [share["template"] for share in collection["asking"]] == ["hey all, {q} thanks!"]
    lines = [json.loads(line) for line in answers.read_text().splitlines()]
    assert len(lines) == 2 * collection["questions"]
    for line in lines:
        assert {"query", "verdict", "confidence", "posts"} <= set(line)
        assert line["verdict"] in {"answer", "closest", "nothing"}
    assert {line.get("template") for line in lines} == {None, "hey all, {q} thanks!"}
    assert "hey all" in run("evaluate", harbour, "--asking", str(templates)).stdout


def test_a_template_without_a_place_for_the_question_is_refused_with_its_line(
    harbour: str, tmp_path: Path
) -> None:
    templates = tmp_path / "templates.jsonl"
    templates.write_text('{"kind": "greeting", "template": "hey {q}"}\n{"template": "hello"}\n')
    result = run("evaluate", harbour, "--asking", str(templates))
    assert result.exit_code != 0
    assert "line 2" in result.output + result.stderr
